"""The description of an edition as lines to read, each with the libraries whose records say so."""

from collections.abc import Iterable, Iterator, Mapping

from stdnum import isbn

from api.classes import class_name, class_table
from api.language import current_language
from api.pages.views import Fact, FactValue
from api.pages.wording import AUDIENCES, class_label, coded, named
from api.translations import gettext
from union_catalog.bibliographic.record import Agent, BibliographicRecord, Identifier, Publication, Title

# The kinds of titles that have a line of their own; the proper one heads the page.
_TITLE_LINES = {"parallel": "parallel_title", "uniform": "uniform_title", "proper": ""}

# The line of the page that tells a field of the record, for fields that cataloguers correct.
LINE_OF_FIELD = {
    "titles": "title", "agents": "agent", "responsibility": "agent", "editions": "edition", "publications": "publication",
    "extents": "extent", "dimensions": "extent", "series": "series", "identifiers": "isbn", "languages": "language",
    "original_languages": "original_language", "subjects": "subject", "classifications": "clc", "summaries": "summary",
    "format": "format", "audience": "audience",
}  # fmt: skip


def facts(record: BibliographicRecord, sources: Mapping[str, tuple[str, ...]]) -> tuple[Fact, ...]:
    """Lines in the order of the page, empty ones left out. ``sources``: field of the record → names of libraries."""
    lines = (Fact(name, tuple(values), sources.get(field, ())) for name, field, values in _lines(record))
    return tuple(line for line in lines if line.values)


def _lines(record: BibliographicRecord) -> Iterator[tuple[str, str, list[FactValue]]]:
    for line in ("parallel_title", "uniform_title", "other_title"):
        yield line, "titles", _titles(record.titles, line)
    yield "agent", "agents", [FactValue(_agent(agent), agent.name) for agent in record.agents]
    yield "edition", "editions", _plain(text.text for text in record.editions)
    yield "publication", "publications", _plain(_publication(imprint) for imprint in record.publications)
    yield "extent", "extents", _plain([_joined("；", [text.text for text in (*record.extents, *record.dimensions)])])
    yield "series", "series", [FactValue(_joined("；", [s.title, s.number]), s.title) for s in record.series if s.title]
    yield from _numbers(record)
    yield "language", "languages", _plain([_joined("、", [coded("language", code) for code in record.languages])])
    yield "original_language", "original_languages", _plain(coded("language", code) for code in record.original_languages)
    yield "audience", "audience", _plain([named(AUDIENCES, record.audience)] if record.audience else [])
    subjects = (" — ".join((subject.heading, *subject.subdivisions)) for subject in record.subjects)
    yield "subject", "subjects", [FactValue(text, text.split(" — ")[0]) for text in dict.fromkeys(subjects)]
    yield from _classes(record)
    yield "summary", "summaries", _plain(text.text for text in record.summaries)
    yield "contents", "contents", _plain(text.text for text in record.contents)
    yield "note", "notes", _plain(text.text for text in record.notes)


def _numbers(record: BibliographicRecord) -> Iterator[tuple[str, str, list[FactValue]]]:
    numbers = [number for number in record.identifiers if not number.cancelled]
    yield "isbn", "identifiers", [FactValue(_isbn(n), n.value if n.valid else "") for n in numbers if n.scheme == "isbn"]
    yield "issn", "identifiers", _plain(_issn(number.value) for number in numbers if number.scheme == "issn")


def _classes(record: BibliographicRecord) -> Iterator[tuple[str, str, list[FactValue]]]:
    numbers = dict.fromkeys(c.number for c in record.classifications if c.scheme == "clc" and c.number)
    shown = [FactValue(_classed(number), number) for number in numbers]
    yield "clc", "classifications", shown
    others = dict.fromkeys(f"{c.scheme.upper()} {c.number}" for c in record.classifications if c.scheme != "clc")
    yield "classification", "classifications", _plain(others)


def _plain(texts: Iterable[str]) -> list[FactValue]:
    return [FactValue(text) for text in dict.fromkeys(texts) if text]


def _joined(separator: str, parts: Iterable[str]) -> str:
    return separator.join(part for part in parts if part)


def _titles(titles: Iterable[Title], line: str) -> list[FactValue]:
    chosen = (title for title in titles if _TITLE_LINES.get(title.kind, "other_title") == line)
    return [FactValue(_joined("：", [title.text, title.remainder]), title.text, title.lang) for title in chosen if title.text]


def _agent(agent: Agent) -> str:
    """ "（清）曹雪芹，1715–1763（著）": the name with what the record adds to it."""
    before = agent.dynasty or agent.country
    roles = _joined("、", [coded("role", role) for role in agent.roles])
    name = _joined("，", [f"（{before}）{agent.name}" if before else agent.name, agent.dates])
    return _remarked(name, roles) if roles else name


def _publication(imprint: Publication) -> str:
    return _joined("，", [_joined("、", imprint.places), _joined("、", imprint.publishers), imprint.date])


def _isbn(number: Identifier) -> str:
    shown = str(isbn.format(number.value)) if number.valid else number.raw or number.value
    for remark in (number.qualifier, "" if number.valid else gettext("号码有误")):
        shown = _remarked(shown, remark) if remark else shown
    return shown


def _classed(number: str) -> str:
    """A class number with the narrowest class that has a name: "I247.5（I2 中国文学）"."""
    nearest = class_table().nearest(number)
    if not nearest:
        return number
    return _remarked(number, class_name(number, current_language()) if nearest == number else class_label(nearest))


def _remarked(text: str, remark: str) -> str:
    return gettext("%(told)s（%(remark)s）", told=text, remark=remark)


def _issn(value: str) -> str:
    return f"{value[:4]}-{value[4:]}" if len(value) == 8 else value
