"""Suggestions: what an engine looks up for a beginning that was typed, and which of what it finds are told, in which order.

An engine answers look-ups with the records that stand first by rank and with what is frequent in all that it found, and adds nothing; so
every engine suggests the same.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, get_args

import msgspec

from union_catalog.search.characters import prepare
from union_catalog.search.document import IndexDocument
from union_catalog.search.frequent import Tally, Value, distinguished
from union_catalog.search.matches import Match, any_of
from union_catalog.search.nodes import Field, Words, describe
from union_catalog.search.order import holdings_of
from union_catalog.search.query import MAX_LENGTH, parse
from union_catalog.search.spellings import (
    Kind,
    Spelling,
    beginning,
    joined,
    of_author,
    of_heading,
    of_title,
    tokens,
    typed,
    whole,
)
from union_catalog.search.values import plain

MOST_SUGGESTIONS = 8
LONGEST_TITLE = 200
_RESERVED = 3  # places kept for titles and for names, where there are so many
_MOST_WORKS = 20
MOST_FREQUENT = 100  # values of a field that are asked for
MOST_COUNTED = 5_000  # a look-up that finds more records tells no counts: that would take too long while somebody types
WORKS = "work_id"
NAMED: Mapping[str, Kind] = {WORKS: "title", "author_name": "author", "subject_name": "subject"}
_KINDS: tuple[Kind, ...] = get_args(Kind)
_NAMES: tuple[tuple[Kind, ...], ...] = (("author",), ("subject", "series"))  # looked up apart: each counts only what is its own
_SPELLERS: dict[Kind, Callable[[str], tuple[Spelling, ...]]] = {
    "title": of_title,
    "author": of_author,
    "subject": of_heading,
    "series": of_heading,
}


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """``typed`` is what stands in the box so far; ``limit`` is 1 to MOST_SUGGESTIONS."""

    typed: str
    limit: int = MOST_SUGGESTIONS


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``query`` is what is searched when the suggestion is taken. A title names its work and the record that it was read from."""

    kind: Kind
    text: str
    query: str
    union_id: str = ""
    work_id: str = ""


@dataclass(frozen=True, slots=True)
class LookUp:
    """The first ``most`` records by rank for which ``match`` holds.

    Names of ``kinds`` in them are suggested that are (``entire``) or begin as was ``meant``. ``step`` 0 is suggested first.
    """

    step: int
    kinds: tuple[Kind, ...]
    meant: tuple[Spelling, ...]
    entire: bool
    most: int

    @property
    def match(self) -> Match:
        find = whole if self.entire else beginning
        return any_of(find(kind, spelling) for kind in self.kinds for spelling in self.meant)

    @property
    def counted(self) -> tuple[str, ...]:
        """The fields of which the MOST_FREQUENT values are to be told, with how many records that it finds have them.

        Only where it finds at most MOST_COUNTED records; else nothing of them is told.
        What is whole as it was meant also begins so, and is counted there.
        """
        return () if self.entire else tuple(field for field, kind in NAMED.items() if kind in self.kinds)

    def place_of(self, name: str) -> int:
        """The step of a name that fits: a homophone in other characters (虹 for hong) is not what was typed, but begins as it sounds."""
        if self.entire and self.step == 0 and all(one.way == "letters" for one in self.meant):
            return 0 if joined(prepare(name)).isascii() else 1
        return self.step

    def fits(self, kind: Kind, name: str) -> bool:
        """Whether it is this name of a record that it was found by."""
        if kind == "title" and not self.entire:
            return True  # a record has but one
        return any(self._is_meant(spelling) for spelling in _SPELLERS[kind](name))

    def _is_meant(self, spelling: Spelling) -> bool:
        if self.entire:
            return spelling in self.meant
        return any(spelling.way == one.way and spelling.text.startswith(one.text) for one in self.meant)


class Names(msgspec.Struct, frozen=True, array_like=True):
    """What of a record can be suggested."""

    title: str
    authors: tuple[str, ...]
    subjects: tuple[str, ...]
    series_titles: tuple[str, ...]

    def of(self, kind: Kind) -> tuple[str, ...]:
        """The names of one kind."""
        match kind:
            case "title":
                return (self.title,)
            case "author":
                return self.authors
            case "subject":
                return self.subjects
            case "series":
                return self.series_titles


_NAMES_DECODER = msgspec.msgpack.Decoder(Names)


@dataclass(frozen=True, slots=True)
class Named:
    """A record that was looked up. ``rank`` is that of order.py."""

    union_id: str
    work_id: str
    rank: int
    names: Names


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up found. ``first`` are records in the order of their rank, read as far as they are needed.

    ``counts`` has the frequent values of its fields, ``works`` the first record by rank of each work among them that was asked for.
    """

    first: Iterable[Named]
    counts: Mapping[str, Mapping[str, int]]
    works: Sequence[Named] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A name that fits, with how many records of the work, or of the name, were counted. ``record`` is None for a name that was counted."""

    step: int
    kind: Kind
    text: str
    record: Named | None
    count: int = 1

    @property
    def place(self) -> tuple[int, int, int, int, int, int, str]:
        rank = self.record.rank if self.record else 0
        return self.step, -self.count, -holdings_of(rank), len(self.text), -rank, _KINDS.index(self.kind), self.text

    @property
    def work(self) -> str:
        return (self.record.work_id or self.record.union_id) if self.record else ""


def frequent(field: str, found: Tally[Value]) -> dict[Value, int]:
    """The values of a field that an engine tells of a look-up. A work with one edition there is worth no more for having been counted."""
    return distinguished(found, least=2 if field == WORKS else 1)


def works_of(counts: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    """The works of which an engine tells the first record that the look-up finds: those with most editions there."""
    works = counts.get(WORKS, {})
    return tuple(sorted(filter(None, works), key=lambda work: (-works[work], work))[:_MOST_WORKS])


def packed(document: IndexDocument) -> bytes:
    """The names of a record as an engine keeps them, to be read again as Names. Every name once, by code points."""
    names = (document.authors, document.subjects, document.series_titles)
    return msgspec.msgpack.encode(Names(document.title, *(tuple(sorted(set(one))) for one in names)))


def unpacked(names: bytes) -> Names:
    """What ``packed`` kept."""
    return _NAMES_DECODER.decode(names)


def beginnings(document: IndexDocument) -> str:
    """The tokens by which the names of a record are found while they are typed: those of the index's field BEGINNINGS."""
    found = tokens("title", of_title(document.title)) if document.title else []
    for author in document.authors:
        found += _of_name("author", author)
    for subject in document.subjects:
        found += _of_name("subject", subject)
    for one in document.series_titles:
        found += _of_name("series", one)
    return " ".join(dict.fromkeys(found))


@lru_cache(maxsize=1 << 16)
def _of_name(kind: Kind, name: str) -> tuple[str, ...]:
    return tuple(tokens(kind, _SPELLERS[kind](name)))


def look_ups(request: SuggestRequest) -> tuple[LookUp, ...]:
    """What is to be looked up, the best first: what is whole as it was typed, what begins so, what is abbreviated so.

    Nothing where nobody could complete what was typed.
    """
    meant = typed(request.typed)
    found: list[LookUp] = []
    for initials in (False, True):
        spellings = tuple(one for one in meant if (one.way == "initials") == initials)
        if spellings:
            step = 2 * initials
            found.append(LookUp(step, _KINDS, spellings, entire=True, most=24))
            found.append(LookUp(step + 1, ("title",), spellings, entire=False, most=64))
            found += [LookUp(step + 1, kinds, spellings, entire=False, most=48) for kinds in _NAMES]
    return tuple(found)


def chosen(request: SuggestRequest, found: Iterable[tuple[LookUp, Found]]) -> tuple[Suggestion, ...]:
    """The suggestions, step by step; within one, the works of most editions and the names of most records first.

    Of equals, what most libraries hold, then what is short, as more of it was typed.
    """
    candidates: list[_Candidate] = []
    counts: dict[tuple[Kind, str], int] = {}
    for look_up, told in found:
        for field, values in told.counts.items():
            counts |= {(NAMED[field], value): count for value, count in values.items()}
        candidates += itertools.islice(_distinct(_candidates(look_up, told.first)), 2 * request.limit)
        candidates += _candidates(look_up, told.works)
        candidates += _counted(look_up, told.counts)
    ordered = list(_distinct(sorted((_weighed(one, counts) for one in candidates), key=lambda one: one.place)))
    return tuple(map(_suggestion, _mixed(ordered, request.limit)))


def _candidates(look_up: LookUp, records: Iterable[Named]) -> Iterator[_Candidate]:
    for record in records:
        for kind in look_up.kinds:
            for name in record.names.of(kind):
                if look_up.fits(kind, name):
                    yield _Candidate(look_up.place_of(name), kind, name, record)


def _counted(look_up: LookUp, counts: Mapping[str, Mapping[str, int]]) -> Iterator[_Candidate]:
    """The frequent names that begin so; others only stand in the same records."""
    for field, values in counts.items():
        kind = NAMED[field]
        if kind != "title":
            yield from (_Candidate(look_up.step, kind, name, None) for name in values if look_up.fits(kind, name))


def _weighed(one: _Candidate, counts: Mapping[tuple[Kind, str], int]) -> _Candidate:
    return replace(one, count=counts.get((one.kind, one.work if one.kind == "title" else one.text), 1))


def _distinct(candidates: Iterable[_Candidate]) -> Iterator[_Candidate]:
    """Every work and every name once, where it stands first."""
    seen: set[tuple[Kind | Literal["work"], str]] = set()
    for one in candidates:
        marks: set[tuple[Kind | Literal["work"], str]] = {(one.kind, _key(one.text))}
        if one.kind == "title":
            marks.add(("work", one.work))
        if seen.isdisjoint(marks):
            seen |= marks
            yield one


@lru_cache(maxsize=1 << 14)
def _key(text: str) -> str:
    return joined(prepare(text))


def _mixed(ordered: Sequence[_Candidate], limit: int) -> list[_Candidate]:
    """The first of them, but some titles and some names in any case where there are any."""
    reserved = min(_RESERVED, limit // 2)
    titles = [one for one in ordered if one.kind == "title"][:reserved]
    names = [one for one in ordered if one.kind != "title"][:reserved]
    kept = {one.place for one in (*titles, *names)}
    others = [one for one in ordered if one.place not in kept][: limit - len(kept)]
    kept |= {one.place for one in others}
    return [one for one in ordered if one.place in kept]


def _suggestion(one: _Candidate) -> Suggestion:
    if one.kind == "title" and one.record:
        return Suggestion(one.kind, one.text, _query_of_title(one.text), one.record.union_id, one.record.work_id)
    return Suggestion(one.kind, one.text, describe([Field(one.kind, plain(_unquoted(one.text)))]))


def _query_of_title(title: str) -> str:
    """The title as it stands where it reads as words, else between quotation marks."""
    read = parse(title)
    if not read.warnings and all(isinstance(node, Words) for node in read.nodes):
        return title
    return describe([plain(_unquoted(title))])


def _unquoted(text: str) -> str:
    """Without what would end a phrase, and short enough to be read as a whole."""
    return " ".join(text.translate(_QUOTES).split())[: MAX_LENGTH // 2]


_QUOTES = dict.fromkeys(map(ord, '"“”„«»「」『』'), " ")
