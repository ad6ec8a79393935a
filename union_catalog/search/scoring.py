"""The one whole number by which a record stands where it stands, when the order is by relevance or by distance.

Relevance is the sum of ranking.py. Nearness is which ring of nearby.py the nearest branch is in that has an item to lend now: 6 for the
first ring, 1 for the last, 0 for none. By relevance with a place known, nearness only parts what is equally relevant: relevance × 7 +
nearness. By distance relevance only parts what is equally near: nearness × (HIGHEST_SCORE + 1) + relevance. Without a place the score is
relevance alone. What is equal in score goes by rank (see order.py).
"""

from dataclasses import dataclass, replace

from union_catalog.search.engine import SearchRequest
from union_catalog.search.matches import AnyToken, Weighed
from union_catalog.search.nearby import RINGS, Nearby
from union_catalog.search.plan import Plan
from union_catalog.search.ranking import ANYWHERE, HIGHEST_SCORE

_NEARNESSES = len(RINGS) + 1
_RELEVANCES = HIGHEST_SCORE + 1
HIGHEST = _NEARNESSES * _RELEVANCES
"""No score in any order is higher."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """Every record found has ``base``, and of each group the highest weight that holds."""

    base: int
    groups: tuple[tuple[Weighed, ...], ...]


def scoring(request: SearchRequest, plan: Plan) -> Scoring | None:
    """How the records of a request are scored; None where the order is not by score."""
    if request.sort not in ("relevance", "distance"):
        return None
    if request.nearby is None or not any(request.nearby.rings):
        return Scoring(ANYWHERE, plan.ranking) if plan.ranking else None
    if request.sort == "distance":
        return Scoring(ANYWHERE, (*plan.ranking, _nearness(request.nearby, _RELEVANCES)))
    scaled = tuple(tuple(replace(one, weight=one.weight * _NEARNESSES) for one in group) for group in plan.ranking)
    return Scoring(ANYWHERE * _NEARNESSES, (*scaled, _nearness(request.nearby, 1)))


def _nearness(nearby: Nearby, step: int) -> tuple[Weighed, ...]:
    ranked = zip(range(len(RINGS), 0, -1), nearby.rings, strict=False)
    return tuple(Weighed(step * nearness, AnyToken("available_branch", ring)) for nearness, ring in ranked if ring)
