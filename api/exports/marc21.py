"""MARC 21: one function a block of fields. ISBD punctuation is left out and leader/18 says so ("c")."""

from collections.abc import Iterator
from datetime import UTC

from pymarc import Field, Record

from api.exports.carriers import assembled, control, field
from api.exports.roles import relators
from union_catalog.bibliographic.record import Agent, BibliographicRecord, Identifier, Title
from union_catalog.services.views import RecordDetail

# Leader/06 of a format; whatever is not named is printed language material.
_TYPES = {
    "audio": "i",
    "video": "g",
    "music": "j",
    "score": "c",
    "map": "e",
    "picture": "k",
    "software": "m",
    "kit": "o",
    "other": "r",
}
_FORMS = {"e-book": "o", "braille": "f", "large-print": "d"}
_AUDIENCES = {"juvenile": "j", "adolescent": "d", "adult": "e", "general": "g"}
_CLASSES = {"ddc": "082", "lcc": "050"}
_AGENT_TAGS = {"person": "00", "body": "10", "meeting": "11"}
_VARIANTS = {"parallel": "31", "variant": "3 ", "other": "30", "cover": "34", "spine": "38", "former": "3 "}


def record(detail: RecordDetail) -> Record:
    """The union record with its id in 001 and the codes of the libraries that hold it in 850."""
    described = detail.record
    return assembled(
        _leader(described),
        [
            control("001", detail.summary.union_id),
            control("005", detail.updated_at.astimezone(UTC).strftime("%Y%m%d%H%M%S.0")),
            control("008", _fixed_field(detail)),
            *_identifiers(described),
            *_titles(described),
            *_agents(described),
            *_imprint(described),
            *_subjects(described),
            *_notes(described),
            field("850", "  ", *(("a", library.code) for library in detail.summary.libraries)),
        ],
    )


def _leader(described: BibliographicRecord) -> str:
    level = "s" if described.format == "periodical" else "m"
    return f"00000n{_TYPES.get(described.format, 'a')}{level} a2200000 c 4500"


def _fixed_field(detail: RecordDetail) -> str:
    """Forty characters of field 008, those of books; what is not known stays "|"."""
    described = detail.record
    year = f"{described.year:04d}" if described.year else "    "
    entered = detail.updated_at.astimezone(UTC).strftime("%y%m%d")
    audience = _AUDIENCES.get(described.audience, "|")
    form = _FORMS.get(described.format, " ")
    language = described.languages[0] if described.languages else "und"
    known = f"{entered}{'s' if described.year else 'n'}{year}    xx ||||{audience}{form}"
    return f"{known}{'|' * 8} ||{language:3.3} d"


def _identifiers(described: BibliographicRecord) -> Iterator[Field | None]:
    for identifier in described.identifiers:
        yield _identifier(identifier)
    texts, originals = described.languages, described.original_languages
    if len(texts) > 1 or originals:
        yield field(
            "041",
            "1 " if originals else "0 ",
            *(("a", code) for code in texts),
            *(("h", code) for code in originals),
        )
    for number in described.classifications:
        tag = _CLASSES.get(number.scheme, "084")
        yield field(
            tag,
            "04" if tag != "084" else "  ",
            ("a", number.number),
            ("2", number.scheme if tag == "084" else number.edition),
        )


def _identifier(identifier: Identifier) -> Field | None:
    code = "a" if identifier.valid and not identifier.cancelled else "z"
    match identifier.scheme:
        case "isbn":
            return field("020", "  ", (code, identifier.value), ("q", identifier.qualifier), ("c", identifier.price))
        case "issn":
            return field("022", "  ", (code if code == "a" else "y", _hyphenated(identifier.value)))
        case "lccn":
            return field("010", "  ", (code, identifier.value))
        case "oclc":
            return field("035", "  ", (code, f"(OCoLC){identifier.value}"))
        case _:
            return field("024", "7 ", (code, identifier.value), ("c", identifier.price), ("2", identifier.scheme))


def _hyphenated(issn: str) -> str:
    return f"{issn[:4]}-{issn[4:]}" if len(issn) == 8 else issn


def _titles(described: BibliographicRecord) -> Iterator[Field | None]:
    proper = described.title_proper
    statement = " ; ".join(text.text for text in described.responsibility)
    added = "1" if _main(described) else "0"
    if proper:
        yield field("245", f"{added}0", *_title_subfields(proper), ("c", statement))
    for title in described.titles:
        if title.kind == "uniform":
            yield field(
                "240" if _main(described) else "130",
                "10" if _main(described) else "0 ",
                *_title_subfields(title),
            )
        elif title.kind == "analytic":
            yield field("740", "02", *_title_subfields(title))
        elif title is not proper:
            yield field("246", _VARIANTS.get(title.kind, "30"), *_title_subfields(title))


def _title_subfields(title: Title) -> tuple[tuple[str, str], ...]:
    return ("a", title.text), ("n", title.volume_number), ("p", title.volume_title), ("b", title.remainder)


def _main(described: BibliographicRecord) -> Agent | None:
    return next((agent for agent in described.agents if agent.primary), None)


def _agents(described: BibliographicRecord) -> Iterator[Field | None]:
    main = _main(described)
    for agent in described.agents:
        block = "1" if agent is main else "7"
        first = "1" if agent.kind == "person" and "," in agent.name else "0" if agent.kind == "person" else "2"
        codes = (("4", code) for code in relators(agent))
        yield field(
            block + _AGENT_TAGS[agent.kind],
            f"{first} ",
            ("a", agent.name),
            ("c", agent.dynasty),
            ("d", agent.dates),
            *codes,
        )


def _imprint(described: BibliographicRecord) -> Iterator[Field | None]:
    functions = {
        "publication": "1",
        "distribution": "2",
        "manufacture": "3",
        "printing": "3",
        "copyright": "4",
    }
    for edition in described.editions:
        yield field("250", "  ", ("a", edition.text))
    for issue in described.publications:
        places = (("a", place) for place in issue.places)
        publishers = (("b", publisher) for publisher in issue.publishers)
        yield field(
            "264",
            f" {functions[issue.kind]}",
            *places,
            *publishers,
            ("c", issue.date or str(issue.year or "")),
        )
    sizes = tuple(("c", size.text) for size in described.dimensions)
    for place, extent in enumerate(described.extents):
        yield field("300", "  ", ("a", extent.text), *(sizes if place == 0 else ()))
    for series in described.series:
        yield field("490", "0 ", ("a", series.title), ("x", series.issn), ("v", series.number))


def _subjects(described: BibliographicRecord) -> Iterator[Field | None]:
    for subject in described.subjects:
        divisions = (("x", division) for division in subject.subdivisions)
        lcsh = subject.scheme == "lcsh"
        second = "0" if lcsh else "7" if subject.scheme else "4"
        yield field("650", f" {second}", ("a", subject.heading), *divisions, ("2", "" if lcsh else subject.scheme))


def _notes(described: BibliographicRecord) -> Iterator[Field | None]:
    for tag, indicators, texts in (
        ("500", "  ", described.notes),
        ("505", "0 ", described.contents),
        ("520", "  ", described.summaries),
    ):
        for text in texts:
            yield field(tag, indicators, ("a", text.text))
    for link in described.links:
        yield field("856", "40", ("u", link.url), ("y", link.label))
