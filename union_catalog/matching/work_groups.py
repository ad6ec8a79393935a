"""From keys to works: which union records hang together, and which work stands for which of the groups. Pure functions of what is there."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


def work_groups(keys: Mapping[str, Collection[int]]) -> list[tuple[str, ...]]:
    """The connected components of holders that share a key, each in order, by their first holders. A holder without keys is alone."""
    first: dict[int, str] = {}
    leader = {holder: holder for holder in keys}

    def led(holder: str) -> str:
        while leader[holder] != holder:
            leader[holder] = leader[leader[holder]]
            holder = leader[holder]
        return holder

    for holder, held in keys.items():
        for key in held:
            other = first.setdefault(key, holder)
            if other != holder:
                leader[led(holder)] = led(other)
    groups: dict[str, list[str]] = {}
    for holder in sorted(keys):
        groups.setdefault(led(holder), []).append(holder)
    return [tuple(group) for group in groups.values()]


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """``owners``: the work of each group in order, None for one that needs a new work. ``redirects``: works that lead to another now."""

    owners: tuple[str | None, ...]
    redirects: Mapping[str, str]


def assign_works(groups: Sequence[Sequence[str]], former: Mapping[str, str], born: Mapping[str, int]) -> WorkPlan:
    """A work goes with the group that holds most of its former members (tie: the one with the lowest id); where two meet, the older stays.

    ``former``: the work that a member stood under, for those that stood under any; ``born`` orders all these works by age.
    """
    votes: dict[str, Counter[int]] = {}
    for place, group in enumerate(groups):
        for member in group:
            if member in former:
                votes.setdefault(former[member], Counter())[place] += 1
    order = {work: min(counts, key=lambda place: (-counts[place], _lowest(groups[place], former, work))) for work, counts in votes.items()}
    owners: dict[int, str] = {}
    redirects: dict[str, str] = {}
    for work in sorted(order, key=lambda work: (born[work], work)):
        stays = owners.setdefault(order[work], work)
        if stays != work:
            redirects[work] = stays
    return WorkPlan(tuple(owners.get(place) for place in range(len(groups))), redirects)


def _lowest(group: Sequence[str], former: Mapping[str, str], work: str) -> str:
    return min(member for member in group if former.get(member) == work)
