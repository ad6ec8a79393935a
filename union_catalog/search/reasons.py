"""Why a record stands where it stands: what its score is made of (see ranking.py), told of the record itself."""

from dataclasses import dataclass

from union_catalog.search import ranking
from union_catalog.search.holding import Held, holds
from union_catalog.search.matches import Weighed
from union_catalog.search.plan import Plan
from union_catalog.search.ranking import Fits


@dataclass(frozen=True, slots=True)
class Reason:
    """The part of the query, in the form that is searched ("" for the whole), what it fits, and what that is worth."""

    part: str
    fits: Fits
    weight: int


def reasons(plan: Plan, of: Held) -> tuple[Reason, ...]:
    """What a record that the plan finds scores, item by item: the weights add up to the score of its hit in the order by relevance.

    The heaviest come first. The last one, ``anywhere``, is what every result has. A plan that weighs nothing gives no reasons.
    """
    if not plan.ranking:
        return ()
    best = [one for group in plan.ranking if (one := _best(group, of)) is not None]
    found = sorted((Reason(one.part, one.fits, one.weight) for one in best), key=lambda reason: -reason.weight)
    return (*found, Reason("", "anywhere", ranking.ANYWHERE))


def _best(group: tuple[Weighed, ...], of: Held) -> Weighed | None:
    return next((one for one in sorted(group, key=lambda one: -one.weight) if holds(one.match, of)), None)
