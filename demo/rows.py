"""How Kunshan exports: a table with Chinese headings, one row an item, UTF-8 with a byte order mark."""

import csv
import io
from collections.abc import Iterator

from demo.statements import dated
from demo.tables import Copy, Creator, Description, Record

HEADINGS = (
    "控制号", "ISBN", "ISSN", "题名", "责任者", "版本", "出版地", "出版社", "出版日期", "载体形态",
    "丛书名", "语种", "分类号", "索书号", "馆藏地", "条码号", "文献类型", "资料类型", "状态", "链接",
)  # fmt: skip
_LANGUAGES = {"chi": "汉语", "eng": "英语", "fre": "法语", "jpn": "日语"}
_MATERIALS = {
    "book": "图书",
    "e-book": "电子图书",
    "audio": "有声读物",
    "braille": "盲文",
    "large-print": "大字本",
    "video": "录像",
    "music": "音乐",
    "score": "乐谱",
    "map": "地图",
    "periodical": "期刊",
}


def export(records: tuple[Record, ...]) -> bytes:
    """The library's file."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for record in records:
        writer.writerows((*_described(record), *_held(record, copy)) for copy in record.copies)
    return file.getvalue().encode("utf-8-sig")


def _described(record: Record) -> Iterator[str]:
    description = record.description
    yield record.record_id
    yield description.isbn
    yield description.issn and f"{description.issn[:4]}-{description.issn[4:]}"
    yield _title(description)
    yield " / ".join(map(_creator, description.creators))
    yield description.edition
    yield description.place
    yield description.publisher
    yield dated(description.date, lambda year, month: f"{year}-{month}" if month else year)
    yield description.extent
    yield description.series.replace(":", " ; ")
    yield "、".join(_LANGUAGES[language] for language in description.language.split())
    yield description.clc
    yield f"{description.clc}/{record.book_number}"


def _title(description: Description) -> str:
    title = " ".join(filter(None, (description.title, description.volume, description.volume_title)))
    return f"{title}：{description.remainder}" if description.remainder else title


def _creator(creator: Creator) -> str:
    """Roles are told only where they are not the author's, and of translators never."""
    role = "" if creator.role in ("", "著", "译", "author", "translator") else f" {creator.role}"
    return f"[{creator.origin}] {creator.name}{role}" if creator.origin else f"{creator.name}{role}"


def _held(record: Record, copy: Copy) -> Iterator[str]:
    online = copy.kind == "online"
    yield copy.branch
    yield copy.barcode
    yield copy.kind
    yield _MATERIALS[record.description.format]
    yield "在线" if online else copy.status or "在馆"
    yield record.description.url
