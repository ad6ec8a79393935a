"""What the record page is given on why its records are one: words in the reader's language, texts as the libraries wrote them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from api.pages.views import ResultRow

Mark = Literal["", "absent", "script", "different"]
Joined = Literal["", "same", "unsure", "different"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one record says in one column. ``mark``: it says nothing, the same in the other script, or something else than most."""

    column: str
    text: str
    mark: Mark
    language: str = ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A source record as its library wrote it, in the columns of the table."""

    library: str
    record_id: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """What one field says of two records; ``side`` is "for" or "against". ``first`` and ``second`` are what was compared."""

    field: str
    side: str
    words: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Place:
    """A source record by its library and number."""

    library: str
    record_id: str


@dataclass(frozen=True, slots=True)
class WordView:
    """What staff said of two records, when and why."""

    first: Place
    second: Place
    verdict: str
    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class LinkView:
    """Two records tied directly: the rule in words, or what staff said of them, and the findings."""

    first: Place
    second: Place
    sentence: str
    word: WordView | None
    findings: tuple[FindingView, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearView:
    """An edition kept apart. Where a rule forbids, ``field`` differs: ``ours`` against ``theirs``; else ``sentence`` says why."""

    row: ResultRow
    sentence: str = ""
    field: str = ""
    ours: str = ""
    theirs: str = ""
    word: WordView | None = None


@dataclass(frozen=True, slots=True)
class ReasonsView:
    """``agreeing`` and ``differing`` are names of fields. ``unlisted`` records are in the edition and in none of the lists.

    ``by_staff``: of the links that staff said, what the rules say where that is farthest from "same"; "" where staff said none.
    """

    libraries: int
    records: int
    agreeing: tuple[str, ...]
    differing: tuple[str, ...]
    columns: tuple[str, ...]
    members: tuple[MemberRow, ...]
    links: tuple[LinkView, ...]
    indirect: tuple[tuple[Place, Place], ...]
    near: tuple[NearView, ...]
    by_staff: Joined = ""
    outdated: bool = False
    unlisted: int = 0
