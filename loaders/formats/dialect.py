"""What a dialect is: its table, and what it reads from leader and fixed fields once the table has been through the record."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast

from loaders.formats.marc import Field, MarcRecord
from loaders.formats.romanisation import sounds_inside
from loaders.formats.rules import Draft, Table, apply
from union_catalog.bibliographic.normalise.agents import assemble_agents
from union_catalog.bibliographic.normalise.segments import is_prose
from union_catalog.bibliographic.normalise.statements import Style, parse_statement
from union_catalog.bibliographic.normalise.volumes import is_volume
from union_catalog.bibliographic.record import Audience, BibliographicRecord, Format, Series, Title
from union_catalog.holdings.model import ReportedItem
from union_catalog.text import has_cjk


class Coded(NamedTuple):
    """What fixed fields say; every "" is "not told"."""

    format: Format
    format_source: str
    audience: str
    audience_source: str
    country: str
    level: str
    languages_source: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """``complete`` may add to the draft (a language only told in 008) and gives the coded values. ``pairs`` ties 880 to its fields."""

    name: str
    table: Table
    style: Style
    complete: Callable[[MarcRecord, Draft], Coded]
    pairs: Callable[[MarcRecord], Mapping[int, Field]]


_LANGUAGE_CODE = re.compile(r" (?:eng|fre|ger|jpn|rus|chi|spa|ita|kor)$")
_NO_PAIRS: Mapping[int, Field] = {}


def no_pairs(_record: MarcRecord) -> Mapping[int, Field]:
    """For dialects that keep one script a field."""
    return _NO_PAIRS


def describe(dialect: Dialect, record: MarcRecord) -> tuple[BibliographicRecord, tuple[ReportedItem, ...]]:
    """The record in the format-neutral model and its items. Never raises for odd content; what is not understood stays as text."""
    draft = apply(dialect.table, record, dialect.pairs(record))
    coded = dialect.complete(record, draft)
    described = BibliographicRecord(
        titles=_titles(draft, dialect.style),
        agents=assemble_agents(draft.statements, draft.agents, dialect.style),
        responsibility=tuple(draft.responsibility),
        editions=tuple(draft.editions),
        publications=tuple(draft.publications),
        extents=tuple(draft.extents),
        dimensions=tuple(draft.dimensions),
        series=_distinct_series(draft),
        identifiers=tuple(draft.identifiers),
        languages=tuple(dict.fromkeys(draft.languages)),
        languages_source=coded.languages_source,
        original_languages=tuple(dict.fromkeys(draft.original_languages)),
        subjects=tuple(dict.fromkeys(draft.subjects)),
        classifications=tuple(dict.fromkeys(draft.classifications)),
        notes=tuple(draft.notes),
        summaries=tuple(draft.summaries),
        contents=tuple(draft.contents),
        links=tuple(draft.links),
        relations=tuple(draft.relations),
        format=coded.format,
        format_source=coded.format_source,
        audience=cast(Audience, coded.audience),
        audience_source=coded.audience_source,
        country=coded.country,
        level=coded.level,
    )
    return described, tuple(draft.items)


def _distinct_series(draft: Draft) -> tuple[Series, ...]:
    """Each series once: the statement as transcribed before the traced form of the same words."""
    if len(draft.series) < 2:
        return tuple(draft.series)
    return tuple({"".join(s.title.casefold().split()): s for s in reversed(draft.series)}.values())[::-1]


def _titles(draft: Draft, style: Style) -> tuple[Title, ...]:
    """The titles, the proper one with what the statement says of its volume, and a parallel title that stands there."""
    if not draft.titles or not draft.statements or style == "list":
        return tuple(draft.titles)
    statement = draft.statements[0]
    residue = parse_statement(statement.text, style).residue
    if not residue:
        return tuple(draft.titles)
    proper = draft.titles[0]
    number, name = _volume_in(residue)
    if number and not proper.volume_number:
        return (_with_volume(proper, number, name), *draft.titles[1:])
    parallel = _LANGUAGE_CODE.sub("", residue.rpartition("= ")[2])
    if parallel.isascii() and " " in parallel and parallel[:1].isupper() and not sounds_inside(proper.text, parallel):
        return (*draft.titles, Title(kind="parallel", text=parallel, source=statement.source))
    return tuple(draft.titles)


def _volume_in(residue: str) -> tuple[str, str]:
    """ "上册", "皇家读本 中", "ren liang ge mao. 2" end in a volume, "第六卷 秦始皇 李斯" begins with one, its title behind it."""
    tail = residue.replace(". ", " ").split()
    if is_volume(tail[-1]):
        return tail[-1], ""
    if len(tail) > 1 and is_volume(tail[0]) and not tail[0].isascii() and len(tail[0]) > 1:
        return tail[0], " ".join(word for word in tail[1:] if not is_prose(word) and has_cjk(word))
    return "", ""


def _with_volume(title: Title, number: str, name: str) -> Title:
    return Title(
        kind=title.kind, text=title.text, remainder=title.remainder, volume_number=number,
        volume_title=title.volume_title or name, lang=title.lang, pinyin=title.pinyin, source=title.source,
    )  # fmt: skip
