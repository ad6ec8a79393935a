"""The lending score: what changes it, how it mends, and where it stands.

It is the network's own and is never told to anybody outside. It starts full; what harms it and what mends it are entries of a log whose
sum it is. Thresholds are of the policies (circulation.policy.NetworkTerms).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Standing = Literal["deposit_free", "deposit", "limited", "blocked"]

# Entered by rule: what a loan brought, what time mends, what became of two records of one reader: the score of the one that goes is set
# aside, that of the one that is kept goes down to the lower of both.
RULE_CAUSES = ("enrolled", "returned_late", "lost", "damaged", "found", "time", "reversed", "set_aside", "merged", "full")

# What nobody was judged by, and nobody objects to.
BALANCING = ("set_aside", "full")
# Entered by staff, with a reason: deeds that mend, and conduct that harms.
DEEDS = ("replacement_copy", "volunteering", "donation", "conduct")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTerms:
    """Points. ``late_per_day`` is taken for each late open day past the days of grace, ``late_most`` at most for one loan.

    ``repair_points`` come back for every ``repair_days`` in which nothing was taken, up to ``full``. ``deed_most`` is the most that staff
    may enter at once, either way.
    """

    full: int = 100
    late_per_day: int = 1
    late_most: int = 10
    lost: int = 20
    damaged: int = 10
    repair_points: int = 5
    repair_days: int = 30
    deed_most: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Below ``blocked_below`` nothing is lent, below ``limited_below`` little; from ``deposit_free_from`` on without a deposit."""

    deposit_free_from: int
    limited_below: int
    blocked_below: int


def points_for_lateness(terms: CreditTerms, late_days: int) -> int:
    """How many points a return ``late_days`` past its grace takes; 0 where it takes none."""
    return min(max(late_days, 0) * terms.late_per_day, terms.late_most)


def standing(points: int, thresholds: Thresholds) -> Standing:
    """What so many points allow. A limited reader also needs a deposit where the two thresholds say so."""
    if points < thresholds.blocked_below:
        return "blocked"
    if points < thresholds.limited_below:
        return "limited"
    return "deposit_free" if points >= thresholds.deposit_free_from else "deposit"


def repair(terms: CreditTerms, points: int, last_taken: date, today: date) -> int:
    """How many points time gives back today: 0 while the score is full, or ``repair_days`` are not over since the last that were taken."""
    if points >= terms.full or today < last_taken + timedelta(days=terms.repair_days):
        return 0
    return min(terms.repair_points, terms.full - points)
