"""Clusters of source records that describe one edition, and the ids they keep.

A partition is a pure function of one connected component: the records, the pairs judged the same, and what staff said of them. It depends
neither on the order of arrival nor on the size of batches, because edges are taken by strength and then by record key.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, product
from typing import Literal, NamedTuple

from union_catalog.ids import UnionId
from union_catalog.matching.features import Features
from union_catalog.matching.rules import CERTAIN, FIRM, LIGHT, Kind, decide

RecordKey = str  # "JD:JD000000001": library, colon, record id
Said = Literal["same", "different"]
LARGE = 500  # a cluster of more records is told: no edition is held so often, unless something is wrong with its description


class Edge(NamedTuple):
    """Two records that ``rules.decide`` judges the same, with the strength of the verdict."""

    first: RecordKey
    second: RecordKey
    strength: int


class StaffVerdict(NamedTuple):
    """What staff said of two records; it holds whatever the rules say."""

    first: RecordKey
    second: RecordKey
    kind: Said


class Form(NamedTuple):
    """What there is to judge of one edition as told: by one record, or by several that staff called the same."""

    libraries: frozenset[str]
    told: tuple[Features, ...]


def library_of(key: RecordKey) -> str:
    """ "JD" of "JD:JD000000001"."""
    return key.partition(":")[0]


def judge(a: Form, b: Form) -> Kind:
    """The verdict on two forms: one pair judged the same makes them the same, else one pair judged different keeps them apart.

    Two forms in which one library has a record each are two editions, unless a pair is certainly the same.
    """
    strengths, vetoed = [0], False
    for x, y in product(a.told, b.told):
        kind, strength = decide(x, y)
        vetoed = vetoed or kind == "different"
        strengths.append(strength if kind == "same" else 0)
    strongest = max(strengths)
    if strongest < CERTAIN and not a.libraries.isdisjoint(b.libraries):
        return "different"
    return "same" if strongest else "different" if vetoed else "unsure"


class _Cluster:
    """Records that are together so far. ``forms`` are the distinct ones among them, ``lead`` is the lowest key."""

    __slots__ = ("forms", "lead", "records")

    def __init__(self, records: list[RecordKey], form: int) -> None:
        self.records = records
        self.forms = {form}
        self.lead = records[0]

    def absorb(self, other: "_Cluster") -> None:
        self.records += other.records
        self.forms |= other.forms
        self.lead = min(self.lead, other.lead)


_CODES: Mapping[Kind, int] = {"same": 1, "unsure": 2, "different": 3}
_SAME, _DIFFERENT = _CODES["same"], _CODES["different"]


class _Component:
    """The clusters while they grow.

    Records of one library that are described alike have one form, so that what is judged does not grow with the number of copies;
    what has been judged is kept in a byte a pair.
    """

    def __init__(self, members: Mapping[RecordKey, Features], verdicts: Collection[StaffVerdict]) -> None:
        self.forms: list[Form] = []
        self.cluster: dict[RecordKey, _Cluster] = {}
        self.judged: dict[int, bytearray] = {}
        singled = {key for verdict in verdicts for key in verdict[:2]}
        for group in tied((first, second) for first, second, kind in verdicts if kind == "same"):
            told = tuple(dict.fromkeys(members[key] for key in group))
            self._begin(group, Form(frozenset(map(library_of, group)), told))
        places: dict[tuple[str, Features], int] = {}
        for key, features in members.items():
            if key in self.cluster:
                continue
            alike = (library_of(key), features)
            place = places.get(alike)
            if place is None or key in singled:
                place = self._begin([key], Form(frozenset(alike[:1]), (features,)))
                if key not in singled:
                    places[alike] = place
            else:
                self.cluster[key] = _Cluster([key], place)
        self.apart = {
            (self._form(a), self._form(b)) for verdict in verdicts if verdict.kind == "different" for a, b in (verdict[:2], verdict[1::-1])
        }

    def _begin(self, records: list[RecordKey], form: Form) -> int:
        cluster = _Cluster(records, len(self.forms))
        self.cluster.update(dict.fromkeys(records, cluster))
        self.forms.append(form)
        return len(self.forms) - 1

    def know(self, edge: Edge) -> None:
        """An edge is a pair that has been judged the same; where one record alone tells each form, that is all there is to judge."""
        a, b = sorted((self._form(edge.first), self._form(edge.second)))
        if (a, b) in self.apart or len(self.forms[a].told) > 1 or len(self.forms[b].told) > 1:
            return
        same = edge.strength >= CERTAIN or self.forms[a].libraries.isdisjoint(self.forms[b].libraries)
        self._row(a)[b] = _SAME if same else _DIFFERENT

    def _form(self, key: RecordKey) -> int:
        return next(iter(self.cluster[key].forms))

    def judge(self, a: int, b: int) -> int:
        """The code of the verdict on two forms; staff has the last word."""
        if a > b:
            a, b = b, a
        row = self._row(a)
        if not row[b]:
            row[b] = _DIFFERENT if (a, b) in self.apart else _CODES[judge(self.forms[a], self.forms[b])]
        return row[b]

    def _row(self, form: int) -> bytearray:
        row = self.judged.get(form)
        if row is None:
            row = self.judged[form] = bytearray(len(self.forms))
        return row

    def compatible(self, a: _Cluster, b: _Cluster, *, firm: bool) -> bool:
        """No pair across the two clusters is judged different; where the link is not firm, every pair must be judged the same."""
        most = _DIFFERENT - 1 if firm else _SAME
        return all(self.judge(x, y) <= most for x in a.forms for y in b.forms)

    def join(self, a: _Cluster, b: _Cluster) -> None:
        large, small = (a, b) if len(a.records) >= len(b.records) else (b, a)
        self.cluster.update(dict.fromkeys(small.records, large))
        large.absorb(small)

    def take(self, edge: Edge) -> None:
        a, b = self.cluster[edge.first], self.cluster[edge.second]
        if a is not b and self.compatible(a, b, firm=edge.strength >= FIRM):
            self.join(a, b)

    def take_light(self, edges: Sequence[Edge]) -> None:
        """Light records join where all that light edges tie together is mutually the same; a rival keeps all of them apart.

        The edges are those of one strength, so that only an equal is a rival.
        """
        for group in tied((self.cluster[a].lead, self.cluster[b].lead) for a, b, _ in edges):
            clusters = [self.cluster[key] for key in group]
            if all(self.compatible(a, b, firm=False) for a, b in combinations(clusters, 2)):
                for key in group[1:]:
                    self.join(self.cluster[group[0]], self.cluster[key])


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


def partition(
    members: Mapping[RecordKey, Features], edges: Iterable[Edge], verdicts: Iterable[StaffVerdict] = ()
) -> list[frozenset[RecordKey]]:
    """The clusters of one connected component, ordered by their lowest record key. What names a record that is no member is ignored.

    Records that staff called the same are together whatever forbids it, and are judged as one description told in several ways; what staff
    called different is never together. Verdicts must not contradict each other; of those that do, *same* holds.

    Edges are taken from the strongest to the weakest, ties by record keys; each joins two clusters unless a pair across them is judged
    different, so that no chain of links joins what a veto keeps apart. Edges of strength ``LIGHT`` and below come last, all of one
    strength at once.
    """
    said = [v for v in verdicts if v.first in members and v.second in members]
    told = {Edge(min(a, b), max(a, b), strength) for a, b, strength in edges if a in members and b in members}
    if len(members) == 2 and not said:
        return _pair(min(members), max(members), max((edge.strength for edge in told), default=0))
    component = _Component(members, said)
    ordered = sorted(told, key=lambda edge: (-edge.strength, edge.first, edge.second))
    for edge in ordered:
        component.know(edge)
    for edge in ordered:
        if edge.strength > LIGHT:
            component.take(edge)
    for _, alike in groupby((edge for edge in ordered if edge.strength <= LIGHT), key=lambda edge: edge.strength):
        component.take_light(list(alike))
    distinct = {cluster.lead: cluster for cluster in component.cluster.values()}
    return [frozenset(distinct[lead].records) for lead in sorted(distinct)]


def _pair(first: RecordKey, second: RecordKey, strength: int) -> list[frozenset[RecordKey]]:
    """The clusters of two records alone, as most components are; ``strength`` 0 if no edge ties them."""
    if strength >= CERTAIN or (strength and library_of(first) != library_of(second)):
        return [frozenset((first, second))]
    return [frozenset((first,)), frozenset((second,))]


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
