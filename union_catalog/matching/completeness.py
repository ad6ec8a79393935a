"""How much a record tells: in all, by which light records are known, and field by field, by which the fullest is found.

Only what could be meant counts: a text without a letter or digit, or with the marks of lost characters, tells nothing. Lengths do not
count, so that noise in a field makes it no fuller.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import NamedTuple

from union_catalog.bibliographic.folding import fold
from union_catalog.bibliographic.record import Agent, BibliographicRecord, Publication, Text
from union_catalog.matching.publishers import publishers_in

_LOST = re.compile("\ufffd|[?]{2,}|[\ue000-\uf8ff]|锟斤拷|烫烫")
_AMOUNT = re.compile(r"(?<!\d)(\d{1,5})\s*(?:页|頁|p\b|pages|面|叶|葉|册|冊|v\b|分钟|min)", re.IGNORECASE)


@lru_cache(maxsize=1 << 13)
def is_sound(text: str) -> bool:
    """Whether a text could be meant: it has a letter or digit, and no trace of characters that were lost on the way."""
    return any(map(str.isalnum, text)) and _LOST.search(text) is None


def _any_sound(texts: Sequence[Text]) -> bool:
    return bool(texts) and any(is_sound(text.text) for text in texts)


def _any_named(agents: Sequence[Agent]) -> bool:
    return any(is_sound(agent.name) for agent in agents)


def elements_told(record: BibliographicRecord) -> int:
    """Of the twelve elements of a full description, how many the record tells."""
    title, imprints = record.title_proper, record.publications
    return (
        (title is not None and is_sound(title.text))
        + (_any_named(record.agents) or _any_sound(record.responsibility))
        + _any_sound(record.editions)
        + any(is_sound(name) for imprint in imprints for name in imprint.publishers)
        + any(imprint.year is not None for imprint in imprints)
        + _any_sound(record.extents)
        + (bool(record.series) and _series_told(record))
        + any(identifier.valid and bool(identifier.value) for identifier in record.identifiers)
        + bool(record.languages)
        + (bool(record.subjects) and any(is_sound(subject.heading) for subject in record.subjects))
        + bool(record.classifications)
        + (_any_sound(record.summaries) or _any_sound(record.notes) or _any_sound(record.contents))
    )


class Chosen(NamedTuple):
    """How a field is chosen among records that tell it.

    ``told`` counts the essential parts of the field, ``form`` is what records agree in, ``detail`` counts what else it tells; that decides
    only between those in whose form equally many agree.
    """

    field: str
    told: Callable[[BibliographicRecord], int]
    form: Callable[[BibliographicRecord], Hashable]
    detail: Callable[[BibliographicRecord], int]


def _title_told(record: BibliographicRecord) -> int:
    title = record.title_proper
    if title is None or not is_sound(title.text):
        return 0
    return 1 + bool(title.volume_number or title.volume_title)


def _title_form(record: BibliographicRecord) -> Hashable:
    return fold(record.title_proper.text) if record.title_proper else ""


def _title_detail(record: BibliographicRecord) -> int:
    title = record.title_proper
    return 0 if title is None else is_sound(title.remainder) + bool(title.volume_number) + bool(title.volume_title) + bool(title.pinyin)


def _agents_told(record: BibliographicRecord) -> int:
    """Somebody is named, and the kinds of work that are told, three at most."""
    if not _any_named(record.agents):
        return 0
    return 1 + min(len({role for agent in record.agents if is_sound(agent.name) for role in agent.roles}), 3)


def _agents_form(record: BibliographicRecord) -> Hashable:
    return fold(record.agents[0].name) if record.agents else ""


def _agents_detail(record: BibliographicRecord) -> int:
    return len({fold(agent.name) for agent in record.agents if is_sound(agent.name)})


def _main_imprint(record: BibliographicRecord) -> Publication:
    return next((p for p in record.publications if p.kind == "publication"), record.publications[0])


def _imprint_told(record: BibliographicRecord) -> int:
    return any(is_sound(name) for p in record.publications for name in p.publishers) + (record.year is not None)


def _imprint_form(record: BibliographicRecord) -> Hashable:
    return publishers_in(_main_imprint(record).publishers), record.year


def _imprint_detail(record: BibliographicRecord) -> int:
    main = _main_imprint(record)
    return bool(main.places) + bool(main.month) + any(is_sound(name) for name in main.publishers)


def _extent_told(record: BibliographicRecord) -> int:
    return _any_sound(record.extents) + any(_AMOUNT.search(extent.text) is not None for extent in record.extents)


def _extent_form(record: BibliographicRecord) -> Hashable:
    amounts = tuple(_AMOUNT.findall(" ".join(extent.text for extent in record.extents)))
    return amounts or _texts_form("extents")(record)


def _texts_form(field: str) -> Callable[[BibliographicRecord], Hashable]:
    return lambda record: tuple(fold(text.text) for text in getattr(record, field))


def _texts_told(field: str) -> Callable[[BibliographicRecord], int]:
    return lambda record: _any_sound(getattr(record, field))


def _count(field: str) -> Callable[[BibliographicRecord], int]:
    return lambda record: min(len(getattr(record, field)), 3)


def _statements(field: str) -> Chosen:
    return Chosen(field, _texts_told(field), _texts_form(field), _count(field))


def _plain(field: str) -> Chosen:
    return Chosen(field, lambda _: 1, lambda record: getattr(record, field), lambda _: 0)


def _series_told(record: BibliographicRecord) -> int:
    return any(is_sound(series.title) for series in record.series)


TITLES = Chosen("titles", _title_told, _title_form, _title_detail)
CHOSEN = (
    Chosen("agents", _agents_told, _agents_form, _agents_detail),
    # The statement of responsibility is measured by the names behind it, so that both come from one record where they can.
    Chosen("responsibility", _agents_told, _agents_form, _agents_detail),
    _statements("editions"),
    Chosen("publications", _imprint_told, _imprint_form, _imprint_detail),
    Chosen("extents", _extent_told, _extent_form, _count("extents")),
    _statements("dimensions"),
    Chosen("series", _series_told, lambda record: tuple(fold(one.title) for one in record.series), _count("series")),
    Chosen("languages", lambda _: 1, lambda record: record.languages, _count("languages")),
    Chosen("original_languages", lambda _: 1, lambda record: record.original_languages, _count("original_languages")),
    _plain("audience"),
    _plain("country"),
)
# The carrier that a record was read to have; one that was only assumed tells nothing.
FORMAT = Chosen("format", lambda record: bool(record.format_source), lambda record: record.format, lambda _: 0)
