"""What can be asked of one document, in terms of tokens and fields. Every engine translates these kinds, and adds nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from union_catalog.search.ranking import Fits

# Where a word or phrase may stand to be found; every other text field only makes a record easier to find or ranks it.
FIELDS = ("title", "author", "series", "subject", "publisher", "other")


@dataclass(frozen=True, slots=True)
class Token:
    """One token in one field."""

    field: str
    token: str


@dataclass(frozen=True, slots=True)
class AnyToken:
    """One of many tokens in one field; of none at all none can."""

    field: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """A token in one field that begins so."""

    field: str
    beginning: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """Tokens side by side in one field, in this order."""

    field: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A whole number within bounds, both included; None is open."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one must hold; nothing at all always holds."""

    matches: tuple["Match", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One must hold; of nothing at all none can."""

    matches: tuple["Match", ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of them must hold, 1 to all."""

    count: int
    matches: tuple["Match", ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """Must not hold."""

    match: "Match"


Match = Token | AnyToken | Prefix | Sequence | Between | AllOf | AnyOf | AtLeast | Lacking


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a record is worth where the match holds. ``fits`` names the kind of fit (see ranking.py), ``part`` is the text that it is of."""

    weight: int
    match: Match
    fits: Fits = "anywhere"
    part: str = ""


def all_of(matches: Iterable[Match]) -> Match:
    found = tuple(dict.fromkeys(matches))
    return found[0] if len(found) == 1 else AllOf(found)


def any_of(matches: Iterable[Match]) -> Match:
    found = tuple(dict.fromkeys(matches))
    return found[0] if len(found) == 1 else AnyOf(found)
