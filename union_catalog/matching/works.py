"""Works: editions, reprints and volumes of one text by one creator, found by equal keys.

First depth: a translation under another title stays apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from union_catalog.matching.comparisons import is_telling
from union_catalog.matching.features import Features
from union_catalog.matching.names import last_part


def work_key(features: Features) -> int:
    """A signed 64-bit key that the editions of one work share: folded title without subtitle, volume and edition, and the first creator.

    A creator's collected works (全集, 文集) are one work for each creator. Without a creator a telling title stands alone; a common one
    (中国通史) is tied to its publisher and year, so that it groups reprints at most.
    """
    if features.names:
        parts = [features.core, last_part(features.names[0])]
    elif is_telling(features.core):
        parts = [features.core]
    else:
        parts = [
            features.title,
            *features.publishers[:1],
            str(features.year),
            *features.isbns[:1],
            features.volume,
        ]
    text = "\x1f".join(("work", *parts))
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


@dataclass(frozen=True, slots=True)
class WorkHolder:
    """A work that is concerned by a change: how many of its live union records stay under its key, how many go to which other key."""

    id: str
    key: int
    born: int
    stays: int
    leaving: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """``owners``: the work of each key from now on. ``redirects``: works that lead to another one from now on."""

    owners: Mapping[int, str]
    redirects: Mapping[str, str]


def assign_works(holders: Iterable[WorkHolder]) -> WorkPlan:
    """Which work stands for which key. A work goes with most of its members (tie: it stays where it is); where two meet, the older stays.

    A work that has lost all members without a word keeps its key for whoever returns.
    """
    claims: dict[int, list[WorkHolder]] = {}
    for holder in holders:
        groups = dict(holder.leaving) | {holder.key: holder.stays}
        best = max(groups, key=lambda key: (groups[key], key == holder.key, -key))
        claims.setdefault(best if groups[best] else holder.key, []).append(holder)
    owners: dict[int, str] = {}
    redirects: dict[str, str] = {}
    for key, claimants in claims.items():
        first, *others = sorted(claimants, key=lambda holder: (holder.born, holder.id))
        owners[key] = first.id
        redirects |= {other.id: first.id for other in others}
    return WorkPlan(owners, redirects)
