"""CNMARC (WH/T 0503): one function a block of fields."""

from collections.abc import Iterator
from datetime import UTC

from pymarc import Field, Record

from api.exports.carriers import assembled, control, field
from api.exports.roles import chinese_words, is_secondary
from union_catalog.bibliographic.record import Agent, BibliographicRecord, Identifier, Title
from union_catalog.identifiers import format_isbn
from union_catalog.services.views import RecordDetail

# Leader/06 of a format; whatever is not named is printed language material.
_TYPES = {
    "e-book": "l",
    "audio": "i",
    "video": "g",
    "music": "j",
    "score": "c",
    "map": "e",
    "picture": "k",
    "software": "l",
    "kit": "m",
}
_AUDIENCES = {"juvenile": "a  ", "adolescent": "e  ", "adult": "k  ", "general": "aek", "": "u  "}
# 106 $a, the physical medium of a text.
_MEDIA = {"book": "r", "e-book": "s", "braille": "f", "large-print": "d"}
_CLASSES = {"clc": "690", "las": "692", "ddc": "676", "lcc": "680"}
_VARIANTS = {
    "parallel": "510",
    "uniform": "500",
    "cover": "512",
    "spine": "516",
    "former": "520",
    "variant": "517",
    "other": "517",
}


def record(detail: RecordDetail) -> Record:
    """The union record with its id in 001 and the libraries that hold it in 850."""
    described = detail.record
    level = "s" if described.format == "periodical" else "m"
    made = detail.updated_at.astimezone(UTC)
    return assembled(
        f"00000n{_TYPES.get(described.format, 'a')}{level}0 2200000   450 ",
        [
            control("001", detail.summary.union_id),
            control("005", made.strftime("%Y%m%d%H%M%S.0")),
            field("100", "  ", ("a", _general_data(described, made.strftime("%Y%m%d")))),
            field("106", "  ", ("a", _MEDIA.get(described.format, ""))),
            *_identifiers(described),
            *_titles(described),
            *_imprint(described),
            *_notes(described),
            *_subjects(described),
            *_agents(described),
            field("801", " 0", ("a", "CN"), ("b", "UNION"), ("c", made.strftime("%Y%m%d"))),
            *(field("850", "  ", ("a", library.code)) for library in detail.summary.libraries),
        ],
    )


def _general_data(described: BibliographicRecord, entered: str) -> str:
    """Thirty-six characters of 100 $a; the text is said to be in Chinese characters of Unicode ("50")."""
    year = f"{described.year:04d}" if described.year else "    "
    kind = ("a" if described.format == "periodical" else "d") if described.year else "u"
    return f"{entered}{kind}{year}    {_AUDIENCES[described.audience]}y0chiy50      ea"


def _identifiers(described: BibliographicRecord) -> Iterator[Field | None]:
    for identifier in described.identifiers:
        yield _identifier(identifier)
    originals = described.original_languages
    texts = (("a", code) for code in described.languages)
    yield field("101", "1 " if originals else "0 ", *texts, *(("c", code) for code in originals))
    yield field("102", "  ", ("a", described.country.upper() if len(described.country) == 2 else ""))


def _identifier(identifier: Identifier) -> Field | None:
    good = identifier.valid and not identifier.cancelled
    match identifier.scheme:
        case "isbn":
            number = format_isbn(identifier.value) if good else identifier.value
            return field(
                "010",
                "  ",
                ("a" if good else "z", number),
                ("b", identifier.qualifier),
                ("d", identifier.price),
            )
        case "issn":
            number = f"{identifier.value[:4]}-{identifier.value[4:]}" if len(identifier.value) == 8 else identifier.value
            return field("011", "  ", ("a" if good else "z", number), ("d", identifier.price))
        case "cubn":
            return field("091", "  ", ("a", identifier.value), ("d", identifier.price))
        case _:
            return field("035", "  ", ("a" if good else "z", f"({identifier.scheme}){identifier.value}"))


def _titles(described: BibliographicRecord) -> Iterator[Field | None]:
    proper = described.title_proper
    parallels = tuple(("d", title.text) for title in described.titles if title.kind == "parallel")
    statements = tuple(("f" if place == 0 else "g", text.text) for place, text in enumerate(described.responsibility))
    if proper:
        yield field("200", "1 ", *_title_subfields(proper), *parallels, *statements, ("9", proper.pinyin))
    for title in described.titles:
        if title is not proper and title.kind in _VARIANTS:
            yield field(_VARIANTS[title.kind], "1 ", *_title_subfields(title))


def _title_subfields(title: Title) -> tuple[tuple[str, str], ...]:
    return ("a", title.text), ("e", title.remainder), ("h", title.volume_number), ("i", title.volume_title)


def _imprint(described: BibliographicRecord) -> Iterator[Field | None]:
    for edition in described.editions:
        yield field("205", "  ", ("a", edition.text))
    for issue in described.publications:
        if issue.kind in ("publication", "distribution"):
            places = (("a", place) for place in issue.places)
            publishers = (("c", publisher) for publisher in issue.publishers)
            yield field("210", "  ", *places, *publishers, ("d", issue.date or str(issue.year or "")))
    sizes = tuple(("d", size.text) for size in described.dimensions)
    for place, extent in enumerate(described.extents):
        yield field("215", "  ", ("a", extent.text), *(sizes if place == 0 else ()))
    for series in described.series:
        yield field("225", "2 ", ("a", series.title), ("v", series.number), ("x", series.issn))


def _notes(described: BibliographicRecord) -> Iterator[Field | None]:
    for tag, texts in (("300", described.notes), ("327", described.contents), ("330", described.summaries)):
        for text in texts:
            yield field(tag, "0 " if tag == "327" else "  ", ("a", text.text))
    for link in described.links:
        yield field("856", "4 ", ("u", link.url), ("z", link.label))


def _subjects(described: BibliographicRecord) -> Iterator[Field | None]:
    for subject in described.subjects:
        divisions = (("x", division) for division in subject.subdivisions)
        yield field("606", "0 ", ("a", subject.heading), *divisions, ("2", subject.scheme))
    for number in described.classifications:
        tag = _CLASSES.get(number.scheme, "686")
        yield field(
            tag,
            "  ",
            ("a", number.number),
            ("v", number.edition),
            ("2", number.scheme if tag == "686" else ""),
        )


def _agents(described: BibliographicRecord) -> Iterator[Field | None]:
    for agent in described.agents:
        words = (("4", word) for word in chinese_words(agent))
        person = agent.kind == "person"
        origin = ("c", agent.dynasty or agent.country) if person else ("c", "")
        named = (("a", agent.name), ("f", agent.dates))
        yield field(_agent_tag(agent), " 0" if person else "02", origin, *named, *words)


def _agent_tag(agent: Agent) -> str:
    """701 and 711 for equal responsibility, as China has no main entry under authors; 702 and 712 for
    what is secondary."""
    return ("70" if agent.kind == "person" else "71") + ("2" if is_secondary(agent) else "1")
