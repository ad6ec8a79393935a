"""How Jiaxing writes MARC 21 in UTF-8, some records with romanised fields and their originals in 880."""

from collections.abc import Iterable, Iterator

from pymarc import Field, Indicators, Leader, Subfield
from pymarc import Record as MarcRecord

from demo.statements import by_role, dated, statement, subject_parts, year
from demo.tables import Copy, Creator, Description, Record

_ENTERED = "260601"
_TYPES = {"score": "c", "map": "e", "video": "g", "audio": "i", "music": "j"}
_FORMS = {"large-print": "d", "braille": "f", "e-book": "o"}
_AUDIENCES = {"juvenile": "j", "adolescent": "d"}
_PLACES = {"臺北": "ch ", "東京": "ja ", "Paris": "fr ", "London": "enk", "New York": "nyu"}
_SUBDIVISIONS = {"heading": "a", "topic": "x", "place": "z", "era": "y"}


def export(records: tuple[Record, ...]) -> bytes:
    """The library's file: ISO 2709 records one after another."""
    return b"".join(_marc(record).as_marc() for record in records)


def _marc(record: Record) -> MarcRecord:
    marc = MarcRecord(force_utf8=True)
    kind = "s" if record.description.format == "periodical" else "m"
    marc.leader = Leader(f"00000n{_TYPES.get(record.description.format, 'a')}{kind} a2200000   4500")
    marc.fields = list(_fields(record))
    return marc


def _fields(record: Record) -> Iterator[Field]:
    described = list(_described(record.description))
    yield from _control(record)
    yield from _romanised(described, record.description) if record.description.romanised_title else described
    if record.description.url:
        yield _field("856", "40", ("u", record.description.url))
    yield from (_holding(record, copy) for copy in record.copies)


def _field(tag: str, indicators: str, *subfields: tuple[str, str]) -> Field:
    """The subfields that have a text."""
    return Field(tag, Indicators(*indicators), [Subfield(code, text) for code, text in subfields if text])


def _control(record: Record) -> Iterator[Field]:
    yield Field("001", data=record.record_id)
    yield Field("005", data=f"20{_ENTERED}000000.0")
    yield Field("008", data=_fixed(record.description))


def _fixed(description: Description) -> str:
    periodical = description.format == "periodical"
    dates = f"{'c' if periodical else 's'}{year(description)}{'9999' if periodical else '    '}"
    place = _PLACES.get(description.place, "xxu" if description.place.endswith("Mass.") else "cc ")
    audience = _AUDIENCES.get(description.audience, " ")
    form = _FORMS.get(description.format, " ")
    return f"{_ENTERED}{dates}{place}    {audience}{form}     000 0 {description.language[:3]} d"


def _described(description: Description) -> Iterator[Field]:
    if description.isbn:
        yield _field("020", "  ", ("a", description.isbn), ("q", description.isbn_note))
    if description.issn:
        yield _field("022", "  ", ("a", f"{description.issn[:4]}-{description.issn[4:]}"))
    yield _field("040", "  ", ("a", "JXL"), ("b", "chi"), ("c", "JXL"))
    if description.original_language:
        languages = [("a", language) for language in description.language.split()]
        yield _field("041", "1 ", *languages, ("h", description.original_language))
    yield _field("084", "  ", ("a", description.clc), ("2", "clc"))
    if description.creators:
        yield _agent("1", description.creators[0])
    if description.original_title:
        yield _field("240", "10", ("a", description.original_title), ("l", "Chinese"))
    yield _title(description)
    yield from _published(description)
    for subject in description.subjects:
        parts = [(_SUBDIVISIONS[kind], text) for kind, text in subject_parts(subject)]
        yield _field("650", " 7", *parts, ("2", "ct"))
    yield from (_agent("7", creator) for creator in description.creators[1:])


def _title(description: Description) -> Field:
    """ISBD punctuation stands at the end of the subfield before."""
    responsibility = " ; ".join(statement(group, ", ", "[]") for group in by_role(description.creators))
    remainder = " : ".join(part for part in (description.parallel, description.remainder) if part)
    after_title = " :" if remainder else " /" if responsibility and not description.volume else ""
    return _field(
        "245",
        "10" if description.creators else "00",
        ("a", description.title + after_title),
        ("b", remainder + (" /" if remainder and responsibility else "")),
        ("n", description.volume),
        ("p", description.volume_title),
        ("c", responsibility and f"{responsibility}."),
    )


def _published(description: Description) -> Iterator[Field]:
    if description.edition:
        yield _field("250", "  ", ("a", f"{description.edition}."))
    date = dated(description.date, lambda year, _month: year)
    place = description.place and f"{description.place} :"
    yield _field("264", " 1", ("a", place), ("b", f"{description.publisher},"), ("c", date and f"{date}."))
    if description.extent:
        yield _field("300", "  ", ("a", description.extent))
    if description.series:
        series, _, number = description.series.partition(":")
        yield _field("490", "0 ", ("a", f"{series} ;" if number else series), ("v", number))


def _agent(block: str, creator: Creator) -> Field:
    original = creator.original and f"({creator.original})"
    tag, indicators = (f"{block}10", "2 ") if creator.is_body else (f"{block}00", "1 ")
    return _field(tag, indicators, ("a", creator.name), ("c", creator.origin), ("q", original), ("e", creator.role))


def _romanised(fields: Iterable[Field], description: Description) -> Iterator[Field]:
    """Title and imprint romanised; what stands in the book follows in 880, tied to them by $6."""
    title = (("a", f"{description.romanised_title} /"), ("c", f"{description.romanised_creators}."))
    place, publisher = f"{description.romanised_place} :", f"{description.romanised_publisher},"
    replacements = {"245": title, "264": (("a", place), ("b", publisher), ("c", f"{year(description)}."))}
    originals: list[Field] = []
    for field in fields:
        if field.tag not in replacements:
            yield field
            continue
        at = len(originals) + 1
        indicators = "".join(field.indicators or "  ")
        kept = ((part.code, part.value) for part in field.subfields)
        originals.append(_field("880", indicators, ("6", f"{field.tag}-{at:02d}/$1"), *kept))
        yield _field(field.tag, indicators, ("6", f"880-{at:02d}"), *replacements[field.tag])
    yield from originals


def _holding(record: Record, copy: Copy) -> Field:
    return _field(
        "852",
        "8 ",
        ("a", record.library),
        ("b", copy.branch),
        ("h", record.description.clc),
        ("i", record.book_number),
        ("p", copy.barcode),
        ("u", "" if copy.barcode else record.description.url),
        ("y", copy.kind),
        ("z", copy.status),
    )
