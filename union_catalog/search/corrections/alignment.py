"""How well what was typed fits a part of a title or name, unit by unit, and what it is written there.

Every mistake has its price: what is easily mistaken is cheap, anything else dear. Prices are hundredths.
"""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from union_catalog.search.characters import is_cjk
from union_catalog.search.corrections.lookalikes import akin, alike, are_twins
from union_catalog.search.corrections.slips import slips
from union_catalog.search.corrections.sounds import nearly_sound_alike, sound_alike

TWIN = 10
HOMOPHONE = 30
LOOK_ALIKE = 30
DOUBLED = 30
SLIP = 40
FUZZY_SOUND = 45
AKIN = 50
SWAPPED = 55
MISSING = 60
EXTRA = 80
ANY_OTHER = 100
IMPOSSIBLE = 10_000


@dataclass(frozen=True, slots=True)
class Edit:
    """Units ``start`` to ``end`` of what was typed are written ``meant``."""

    start: int
    end: int
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aligned:
    """``whole``: the value ends where what was typed ends, and begins where it begins."""

    cost: int
    edits: tuple[Edit, ...]
    whole: bool


_EASILY: tuple[tuple[Callable[[str, str], bool], int], ...] = (
    (are_twins, TWIN),
    (sound_alike, HOMOPHONE),
    (alike, LOOK_ALIKE),
    (nearly_sound_alike, FUZZY_SOUND),
    (akin, AKIN),
)


@lru_cache(maxsize=1 << 15)
def price(typed: str, meant: str) -> int:
    """What it costs to take one unit for another."""
    if typed == meant:
        return 0
    if is_cjk(typed) != is_cjk(meant):
        return IMPOSSIBLE
    if not is_cjk(typed):
        return SLIP * (slips(typed, meant) or IMPOSSIBLE)
    return next((cost for mistaken, cost in _EASILY if mistaken(typed, meant)), ANY_OTHER)


def align(typed: Sequence[str], value: Sequence[str], limit: int, fixed: AbstractSet[int] = frozenset()) -> Aligned | None:
    """The cheapest way to find all of ``typed`` side by side somewhere in ``value``; None where it costs more than ``limit``.

    Units at the places ``fixed`` are no mistakes, nor is there one beside them. Equally cheap ones: the one that fits the whole value,
    then the one that begins first.
    """
    if not _shares_enough(typed, value):
        return None
    costs = _costs(typed, value, fixed)
    last = costs[-1]
    cheapest = min(last)
    if cheapest > limit:
        return None
    ends = [j for j, cost in enumerate(last) if cost == cheapest]
    ways = [_traced(typed, value, costs, end, fixed) for end in reversed(ends)]
    return next((way for way in ways if way.whole), ways[-1])


def _shares_enough(typed: Sequence[str], value: Sequence[str]) -> bool:
    """A quick look, for comparing takes its time: of five units and more all but two must be there, of eight all but three."""
    if len(typed) <= 2:
        return True
    shared, distinct = len(set(typed).intersection(value)), len(set(typed))
    if distinct < 5:
        return shared > 0
    return shared >= distinct - (3 if distinct >= 8 else 2)


def _costs(typed: Sequence[str], value: Sequence[str], fixed: AbstractSet[int]) -> list[list[int]]:
    """``[i][j]``: the cheapest way to fit the first i units of ``typed`` so that they end before unit j of ``value``."""
    rows = [[0] * (len(value) + 1)]
    for i, unit in enumerate(typed, start=1):
        extra, firm = _extra(typed, i - 1, fixed), i - 1 in fixed
        row = [rows[-1][0] + extra]
        for j, other in enumerate(value, start=1):
            missing = MISSING if i < len(typed) and is_cjk(other) and fixed.isdisjoint((i - 1, i)) else IMPOSSIBLE
            instead = 0 if unit == other else IMPOSSIBLE if firm else price(unit, other)
            ways = [rows[-1][j - 1] + instead, rows[-1][j] + extra, row[-1] + missing]
            if i > 1 and j > 1 and unit == value[j - 2] != other == typed[i - 2] and fixed.isdisjoint((i - 2, i - 1)):
                ways.append(rows[-2][j - 2] + SWAPPED)
            row.append(min(ways))
        rows.append(row)
    return rows


def _extra(typed: Sequence[str], i: int, fixed: AbstractSet[int]) -> int:
    """What it costs that this unit is too many: at either end it is none, but begins or ends another title; nor is a Latin word."""
    if i in fixed:
        return IMPOSSIBLE
    if i and typed[i] == typed[i - 1]:
        return DOUBLED
    return EXTRA if is_cjk(typed[i]) and 0 < i < len(typed) - 1 else IMPOSSIBLE


def _traced(typed: Sequence[str], value: Sequence[str], costs: list[list[int]], end: int, fixed: AbstractSet[int]) -> Aligned:
    """The way that led to a cost, backwards."""
    edits: list[Edit] = []
    i, j = len(typed), end
    while i:
        here = costs[i][j]
        same = j > 0 and typed[i - 1] == value[j - 1]
        if j and (same or i - 1 not in fixed) and here == costs[i - 1][j - 1] + price(typed[i - 1], value[j - 1]):
            if not same:
                edits.append(Edit(i - 1, i, (value[j - 1],)))
            i, j = i - 1, j - 1
        elif here == costs[i - 1][j] + _extra(typed, i - 1, fixed):
            edits.append(Edit(i - 1, i, ()))
            i -= 1
        elif j and i < len(typed) and is_cjk(value[j - 1]) and fixed.isdisjoint((i - 1, i)) and here == costs[i][j - 1] + MISSING:
            edits.append(Edit(i, i, (value[j - 1],)))
            j -= 1
        else:
            edits.append(Edit(i - 2, i, (value[j - 2], value[j - 1])))
            i, j = i - 2, j - 2
    return Aligned(costs[-1][end], tuple(reversed(edits)), whole=j == 0 and end == len(value))
