"""How Jiading and Wenzhou write CNMARC, and the ISO 2709 frame round it.

The frame is our own because pymarc writes UTF-8 and MARC-8 only, not GB18030.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pypinyin import lazy_pinyin

from demo.statements import by_role, dated, isbn_hyphenated, isbn_of_its_time, statement, subject_parts, year
from demo.tables import Copy, Creator, Description, Record

_ENTERED = "20260601"
_TYPES = {"score": "c", "map": "e", "video": "g", "audio": "i", "music": "j", "e-book": "l"}
_FORMS = {"large-print": "d", "braille": "f", "e-book": "s"}
_MATERIALS = {
    "score": "乐谱",
    "map": "地图资料",
    "video": "录像制品",
    "audio": "录音制品",
    "music": "录音制品",
    "e-book": "电子资源",
    "periodical": "期刊",
    "braille": "盲文",
}
_AUDIENCES = {"juvenile": "c  ", "adolescent": "e  "}
_COUNTRIES = {"臺北": "TW", "香港": "HK", "東京": "JP", "Paris": "FR", "London": "GB"}
_AMERICAN = ("New York", "Boston", "Philadelphia", "Englewood Cliffs")
_SUBDIVISIONS = {"heading": "a", "topic": "x", "place": "y", "era": "z"}


@dataclass(frozen=True, slots=True)
class Style:
    """What differs between the two: pinyin in 200$9 and 7XX$9, the class in every 905, brackets, dates."""

    pinyin: bool
    call_number: bool
    brackets: str
    separator: str

    def isbn(self, description: Description) -> str:
        """Jiading copies the book, Wenzhou always writes thirteen digits."""
        return isbn_hyphenated(description) if self.pinyin else isbn_of_its_time(description)

    def date(self, date: str) -> str:
        """Jiading 2004.6, Wenzhou 2004年6月."""
        if self.pinyin:
            return dated(date, lambda year, month: f"{year}年{month}月" if month else year)
        return dated(date, lambda year, month: f"{year}.{month}" if month else year)


JIADING = Style(pinyin=False, call_number=False, brackets="[]", separator=", ")
WENZHOU = Style(pinyin=True, call_number=True, brackets="()", separator="，")


def export(records: tuple[Record, ...], style: Style, encoding: str) -> bytes:
    """The library's file: ISO 2709 records one after another, lengths counted in encoded bytes."""
    return b"".join(_frame(_leader(record.description), _fields(record, style), encoding) for record in records)


def _frame(leader: str, fields: Iterable[tuple[str, str]], encoding: str) -> bytes:
    directory, body = [], b""
    for tag, text in fields:
        data = text.encode(encoding) + b"\x1e"
        directory.append(f"{tag}{len(data):04d}{len(body):05d}")
        body += data
    entries = "".join(directory).encode("ascii") + b"\x1e"
    base = 24 + len(entries)
    total = base + len(body) + 1
    return f"{total:05d}{leader[5:12]}{base:05d}{leader[17:]}".encode("ascii") + entries + body + b"\x1d"


def _leader(description: Description) -> str:
    level = "s" if description.format == "periodical" else "m"
    return f"00000n{_TYPES.get(description.format, 'a')}{level}0 2200000   450 "


def _fields(record: Record, style: Style) -> Iterator[tuple[str, str]]:
    description = record.description
    yield "001", record.record_id
    yield "005", f"{_ENTERED}000000.0"
    if description.isbn:
        yield "010", _field("  ", a=style.isbn(description), b=description.isbn_note)
    if description.issn:
        yield "011", _field("  ", a=f"{description.issn[:4]}-{description.issn[4:]}")
    yield "100", _field("  ", a=_general(description))
    yield "101", _languages(description)
    yield "102", _field("  ", a=_country(description.place))
    if description.format in _FORMS:
        yield "106", _field("  ", a=_FORMS[description.format])
    yield "200", _title(description, style)
    yield from _optional(description, style)
    yield from _creators(description, style)
    yield "801", _field(" 0", a="CN", b=f"{record.library}L", c=_ENTERED)
    if description.url:
        yield "856", _field("40", u=description.url)
    for copy in record.copies:
        yield "905", _holding(record, copy, style)


def _field(indicators: str, /, **subfields: str) -> str:
    """Subfields in the order given, the empty ones left out; a code that is a digit is written ``_9``."""
    return indicators + "".join(f"\x1f{code[-1]}{text}" for code, text in subfields.items() if text)


def _general(description: Description) -> str:
    kind = "a" if description.format == "periodical" else "d"
    until = "9999" if kind == "a" else "    "
    audience = _AUDIENCES.get(description.audience, "em ")
    return f"{_ENTERED}{kind}{year(description)}{until}{audience}y0chiy50      ea"


def _languages(description: Description) -> str:
    texts = "".join(f"\x1fa{language}" for language in description.language.split())
    original = description.original_language
    return f"1 {texts}\x1fc{original}" if original else f"0 {texts}"


def _country(place: str) -> str:
    return "US" if place.endswith("Mass.") or place in _AMERICAN else _COUNTRIES.get(place, "CN")


def _title(description: Description, style: Style) -> str:
    first, *others = by_role(description.creators) or [()]
    responsibility = statement(first, style.separator, style.brackets) if first else ""
    field = _field(
        "1 ",
        a=description.title,
        _9=pinyin(description.title) if style.pinyin else "",
        b=_MATERIALS.get(description.format, ""),
        d=description.parallel,
        e=description.remainder,
        h=description.volume,
        i=description.volume_title,
        f=responsibility,
    )
    return field + "".join(f"\x1fg{statement(group, style.separator, style.brackets)}" for group in others)


def _optional(description: Description, style: Style) -> Iterator[tuple[str, str]]:
    if description.edition:
        yield "205", _field("  ", a=description.edition)
    yield "210", _field("  ", a=description.place, c=description.publisher, d=style.date(description.date))
    if description.extent:
        yield "215", _field("  ", a=description.extent)
    if description.series:
        series, _, number = description.series.partition(":")
        yield "225", _field("2 ", a=series, v=number)
    if description.original_title:
        yield "500", _field("10", a=description.original_title)
    for subject in description.subjects:
        parts = subject_parts(subject)
        yield "606", "0 " + "".join(f"\x1f{_SUBDIVISIONS[kind]}{text}" for kind, text in parts)
    yield "690", _field("  ", a=description.clc, v="5")


def _creators(description: Description, style: Style) -> Iterator[tuple[str, str]]:
    """Who stands in the first statement has primary responsibility (701, 711), the others secondary."""
    for at, group in enumerate(by_role(description.creators)):
        for creator in group:
            yield f"7{'1' if creator.is_body else '0'}{'1' if at == 0 else '2'}", _agent(creator, style)


def _agent(creator: Creator, style: Style) -> str:
    origin = f"({creator.origin})" if creator.origin else ""
    reading = pinyin(creator.name) if style.pinyin else ""
    original = f"({creator.original})" if creator.original else ""
    parts = [("c", origin), ("a", creator.name), ("9", reading), ("c", original), ("4", creator.role)]
    indicators = "02" if creator.is_body else " 0"
    return indicators + "".join(f"\x1f{code}{text}" for code, text in parts if text)


def pinyin(text: str) -> str:
    """The reading as cataloguing software makes it: syllables with blanks between; "" without Han."""
    reading = " ".join(" ".join(lazy_pinyin(text)).split())
    return "" if reading == text else reading


def _holding(record: Record, copy: Copy, style: Style) -> str:
    called = style.call_number
    return _field(
        "  ",
        a=record.library,
        b=copy.barcode,
        c=copy.branch,
        d=record.description.clc if called else "",
        e=record.book_number if called else "",
        f=copy.status,
        t=copy.kind,
        u="" if copy.barcode else record.description.url,
    )
