"""Clusters of source records that describe one edition, and the ids they keep.

A partition is a pure function of one connected component: the records, and the pairs judged the same. It depends neither on the order of
arrival nor on the size of batches, because edges are taken by strength and then by record key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import NamedTuple

from union_catalog.ids import UnionId
from union_catalog.matching.features import Features
from union_catalog.matching.rules import CERTAIN, FIRM, LIGHT, Kind, decide

RecordKey = str  # "JD:JD000000001": library, colon, record id


class Edge(NamedTuple):
    """Two records judged the same, with the strength of the verdict."""

    first: RecordKey
    second: RecordKey
    strength: int


def _library(key: RecordKey) -> str:
    return key.partition(":")[0]


class _Component:
    """The clusters while they grow. Each cluster is known by one of its members."""

    def __init__(self, members: Mapping[RecordKey, Features]) -> None:
        self.members = members
        self.cluster: dict[RecordKey, list[RecordKey]] = {key: [key] for key in members}
        self.judged: dict[tuple[RecordKey, RecordKey], Kind] = {}

    def judge(self, a: RecordKey, b: RecordKey) -> Kind:
        """As ``decide``, but two records of one library are two editions unless the evidence is certain."""
        pair = (a, b) if a < b else (b, a)
        known = self.judged.get(pair)
        if known is None:
            known, strength = decide(self.members[a], self.members[b])
            if _library(a) == _library(b) and strength < CERTAIN:
                known = "different"
            self.judged[pair] = known
        return known

    def compatible(self, a: RecordKey, b: RecordKey, *, firm: bool) -> bool:
        """No pair across the two clusters is judged different; where the link is not firm, every pair must be judged the same."""
        verdicts = (self.judge(x, y) for x, y in product(self.cluster[a], self.cluster[b]))
        return all(verdict != "different" for verdict in verdicts) if firm else all(verdict == "same" for verdict in verdicts)

    def join(self, a: RecordKey, b: RecordKey) -> None:
        merged = self.cluster[a] + self.cluster[b]
        for key in merged:
            self.cluster[key] = merged

    def together(self, a: RecordKey, b: RecordKey) -> bool:
        return self.cluster[a] is self.cluster[b]

    def take(self, edge: Edge) -> None:
        a, b = edge.first, edge.second
        if not self.together(a, b) and self.compatible(a, b, firm=edge.strength >= FIRM):
            self.join(a, b)

    def take_light(self, edges: Sequence[Edge]) -> None:
        """Light records join where all that light edges tie together is mutually the same; a rival keeps all of them apart."""
        for group in tied((min(self.cluster[a]), min(self.cluster[b])) for a, b, _ in edges):
            if all(self.compatible(a, b, firm=False) for a, b in combinations(group, 2)):
                for other in group[1:]:
                    self.join(group[0], other)


def tied(pairs: Iterable[tuple[RecordKey, RecordKey]]) -> list[list[RecordKey]]:
    """What pairs tie together, directly or through others: each group in order of its keys, groups in order of their first."""
    parent: dict[RecordKey, RecordKey] = {}

    def root(key: RecordKey) -> RecordKey:
        while parent.setdefault(key, key) != key:
            parent[key] = key = parent[parent[key]]
        return key

    for a, b in pairs:
        lower, higher = sorted((root(a), root(b)))
        parent[higher] = lower
    groups: dict[RecordKey, list[RecordKey]] = {}
    for key in sorted(parent):
        groups.setdefault(root(key), []).append(key)
    return list(groups.values())


def partition(members: Mapping[RecordKey, Features], edges: Iterable[Edge]) -> list[frozenset[RecordKey]]:
    """The clusters of one connected component, ordered by their lowest record key. Edges to records that are not members are ignored.

    Edges are taken from the strongest to the weakest, ties by record keys; each joins two clusters unless a pair across them is judged
    different, so that no chain of links joins what a veto keeps apart. Edges of strength ``LIGHT`` and below come last, all at once.
    """
    component = _Component(members)
    told = {Edge(min(a, b), max(a, b), strength) for a, b, strength in edges if a in members and b in members}
    ordered = sorted(told, key=lambda edge: (-edge.strength, edge.first, edge.second))
    for edge in ordered:
        if edge.strength > LIGHT:
            component.take(edge)
    component.take_light([edge for edge in ordered if edge.strength <= LIGHT])
    distinct = {id(cluster): cluster for cluster in component.cluster.values()}
    return sorted((frozenset(cluster) for cluster in distinct.values()), key=min)


@dataclass(frozen=True, slots=True)
class IdPlan:
    """What becomes of the ids; every old id is in exactly one of the three.

    ``kept[i]`` is the id that ``parts[i]`` keeps, None for a new one; ``redirects`` lead an old id to the place of its part in ``parts``;
    ``emptied`` are old ids none of whose members is left.
    """

    parts: tuple[frozenset[RecordKey], ...]
    kept: tuple[UnionId | None, ...]
    redirects: Mapping[UnionId, int]
    emptied: tuple[UnionId, ...]


def _claimants(old: Mapping[RecordKey, UnionId | None], parts: Sequence[frozenset[RecordKey]]) -> dict[UnionId, int]:
    """For each old id the part with most of its former members; of equals the one with the lowest such record key."""
    former: dict[UnionId, dict[int, list[RecordKey]]] = {}
    for place, part in enumerate(parts):
        for key in part:
            union_id = old.get(key)
            if union_id is not None:
                former.setdefault(union_id, {}).setdefault(place, []).append(key)
    return {union_id: min(places, key=lambda place: (-len(places[place]), min(places[place]))) for union_id, places in former.items()}


def assign_ids(
    old: Mapping[RecordKey, UnionId | None],
    parts: Iterable[frozenset[RecordKey]],
    ages: Mapping[UnionId, int],
) -> IdPlan:
    """Which part keeps which id. ``old`` holds the former id of every record, also of records that are gone; a lower age is older.

    On a split the part with most former members keeps the id (tie: lowest record key); on a merge the oldest id stays, the others redirect.
    """
    ordered = tuple(sorted(parts, key=min))
    claimants = _claimants(old, ordered)
    kept: list[UnionId | None] = [None] * len(ordered)
    redirects: dict[UnionId, int] = {}
    for union_id in sorted(claimants, key=lambda union_id: (ages[union_id], union_id)):
        place = claimants[union_id]
        if kept[place] is None:
            kept[place] = union_id
        else:
            redirects[union_id] = place
    emptied = sorted({union_id for union_id in old.values() if union_id is not None} - claimants.keys())
    return IdPlan(ordered, tuple(kept), redirects, tuple(emptied))
