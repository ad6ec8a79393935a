"""The demo's exports: what they say when another program reads them."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pymarc
import pytest

from demo.cnmarc import pinyin
from demo.describe import EXPORTS, write_exports
from demo.rows import HEADINGS
from demo.tables import records


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("demo")
    write_exports(target)
    return target


def _content(folder: Path, library: str) -> bytes:
    return next((folder / export.file).read_bytes() for export in EXPORTS if export.library == library)


def _cnmarc(data: bytes, encoding: str) -> Iterator[dict[str, list[str]]]:
    """Taken apart by the directory alone, in bytes, as the standard has it."""
    while data:
        length, base = int(data[:5]), int(data[12:17])
        record, data = data[:length], data[length:]
        assert record.endswith(b"\x1e\x1d")
        entries = record[24 : base - 1]
        found: dict[str, list[str]] = {}
        for at in range(0, len(entries), 12):
            tag, size, start = (
                entries[at : at + 3],
                int(entries[at + 3 : at + 7]),
                int(entries[at + 7 : at + 12]),
            )
            field = record[base + start : base + start + size]
            assert field.endswith(b"\x1e")
            found.setdefault(tag.decode(), []).append(field[:-1].decode(encoding))
        yield found


def _record(folder: Path, library: str, edition: str, encoding: str) -> dict[str, list[str]]:
    wanted = next(record.record_id for record in records(library) if record.description.key == edition)
    return next(found for found in _cnmarc(_content(folder, library), encoding) if found["001"] == [wanted])


def _marc21(folder: Path) -> list[pymarc.Record]:
    reader = pymarc.MARCReader(_content(folder, "JX"), to_unicode=True)
    found = [record for record in reader if record is not None]
    assert len(found) == len(records("JX"))
    return found


def _marc21_record(folder: Path, edition: str) -> pymarc.Record:
    wanted = next(record.record_id for record in records("JX") if record.description.key == edition)
    return next(record for record in _marc21(folder) if record["001"].data == wanted)


def _rows(folder: Path) -> list[dict[str, str]]:
    content = _content(folder, "KS")
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True))


def test_the_same_tables_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    assert [path.read_bytes() for path in write_exports(tmp_path)] == [(folder / e.file).read_bytes() for e in EXPORTS]


@pytest.mark.parametrize(("library", "encoding"), [("JD", "gb18030"), ("WZ", "utf-8")])
def test_every_cnmarc_record_is_whole(folder: Path, library: str, encoding: str) -> None:
    found = list(_cnmarc(_content(folder, library), encoding))
    assert [record["001"][0] for record in found] == [record.record_id for record in records(library)]
    assert all(len(record["100"][0]) == 2 + 2 + 36 for record in found)
    assert [len(record["905"]) for record in found] == [len(record.copies) for record in records(library)]


def test_jiading_copies_the_book(folder: Path) -> None:
    record = _record(folder, "JD", "hongloumeng-rw-1996", "gb18030")
    assert record["010"] == ["  \x1fa7-02-000220-X"]
    assert record["200"][0].startswith("1 \x1fa红楼梦\x1ff[清]曹雪芹著\x1fg[清]高鹗续")
    assert record["210"] == ["  \x1fa北京\x1fc人民文学出版社\x1fd1996.12"]
    assert record["905"][0].startswith("  \x1faJD\x1fb")


def test_wenzhou_adds_pinyin_and_its_class(folder: Path) -> None:
    record = _record(folder, "WZ", "hongloumeng-rw-1996", "utf-8")
    assert "010" not in record
    assert record["200"][0].startswith("1 \x1fa红楼梦\x1f9hong lou meng")
    assert record["690"] == ["  \x1faI242.4\x1fv5"]
    assert "\x1fdI242.4\x1fe" in record["905"][0]


def test_pinyin_of_a_title_without_han_is_left_out() -> None:
    assert pinyin("Animal farm") == ""
    assert pinyin("长恨歌") == "chang hen ge"


def test_jiaxing_in_traditional_characters(folder: Path) -> None:
    record = _marc21_record(folder, "hongloumeng-rw-1996")
    assert record["245"]["a"] == "紅樓夢 /"
    assert record["020"]["a"] == "9787020002207"
    assert record["020"]["q"] == "全二册"
    assert record.leader[9] == "a"


def test_romanised_fields_are_paired_with_880(folder: Path) -> None:
    record = _marc21_record(folder, "pingfan-rw-2005")
    assert record["245"]["a"] == "Pingfan de shijie /"
    assert [field["6"] for field in record.get_fields("880")] == ["245-01/$1", "264-02/$1"]
    assert [record[tag]["6"] for tag in ("245", "264")] == ["880-01", "880-02"]
    assert record.get_fields("880")[0]["a"].startswith("平凡的世界")
    assert sum(1 for one in _marc21(folder) if "880" in one) >= 5


def test_fixed_fields_have_their_length(folder: Path) -> None:
    assert {len(record["008"].data or "") for record in _marc21(folder)} == {40}


def test_kunshan_tells_an_item_a_row(folder: Path) -> None:
    rows = _rows(folder)
    assert tuple(rows[0]) == HEADINGS
    assert len(rows) == sum(len(record.copies) for record in records("KS"))
    dream = next(row for row in rows if row["ISBN"] == "7-02-000220-7")
    assert (dream["题名"], dream["出版日期"], dream["责任者"]) == (
        "红楼梦",
        "1996-12",
        "[清] 曹雪芹 / [清] 高鹗 续",
    )
    assert {row["状态"] for row in rows} >= {"在馆", "借出", "在线"}


def test_a_statement_groups_those_with_one_role(folder: Path) -> None:
    record = _record(folder, "JD", "piao-rw-1990", "gb18030")
    assert record["200"][0].endswith("\x1ff[美]玛格丽特·米切尔著\x1fg戴侃, 李野光, 庄绎传译")
