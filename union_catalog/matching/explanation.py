"""Why the records of a cluster are one: the links that hold it together, each with its rule and its evidence, and what lies near but apart.

The links are a maximum spanning tree: as few as tie all members together, and the strongest there are. What staff said counts above
every rule.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

from union_catalog.matching.clustering import Edge, RecordKey, Said, library_of
from union_catalog.matching.comparisons import COMPARISONS, outcomes
from union_catalog.matching.evidence import FIELDS
from union_catalog.matching.features import Features
from union_catalog.matching.rules import CERTAIN, RULES, Verdict, compare, decide

Pair = tuple[RecordKey, RecordKey]  # the lower key first
Apart = Literal["staff", "rule", "one_library", "unsure", "rival"]
SAID_BY_STAFF = 10_000  # above the strength of every rule
_FIELD_OF_RULE = {rule.code: rule.conditions[0].field if rule.conditions else "" for rule in RULES}


def pair_of(a: RecordKey, b: RecordKey) -> Pair:
    """The two keys in order."""
    return (a, b) if a < b else (b, a)


@dataclass(frozen=True, slots=True)
class Link:
    """Two members tied directly. ``verdict`` is what the rules say of them, also where ``by_staff`` overrules it."""

    first: RecordKey
    second: RecordKey
    verdict: Verdict
    by_staff: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """``links`` tie the members together, the strongest first. ``indirect`` are pairs inside that only others tie together.

    ``untied`` are members that no link reaches from the first one: the stored decision is older than the links given.
    """

    links: tuple[Link, ...]
    indirect: tuple[Pair, ...]
    untied: tuple[RecordKey, ...]


@dataclass(frozen=True, slots=True)
class Separation:
    """What keeps two clusters apart, told by one pair across them.

    ``by``: "staff" said so; "rule" for a veto, whose ``field`` differs; "one_library" for two records of one library without certain
    evidence; "unsure" where no rule decides; "rival" where the pair alone would be one edition but the clusters are not all the same.
    """

    first: RecordKey
    second: RecordKey
    by: Apart
    field: str
    verdict: Verdict


def _usable(edge: Edge) -> bool:
    """Two records of one library are tied by certain evidence only (see clustering)."""
    return edge.strength >= CERTAIN or library_of(edge.first) != library_of(edge.second)


def explain_cluster(members: Mapping[RecordKey, Features], edges: Iterable[Edge], said: Mapping[Pair, Said]) -> Explanation:
    """The links of one cluster. ``edges`` are the pairs judged the same, ``said`` what staff decided; those of non-members are ignored."""
    told = {pair: strength for pair, strength in _tied(edges, said).items() if pair[0] in members and pair[1] in members}
    group = {key: {key} for key in members}
    links = []
    for (a, b), _ in sorted(told.items(), key=lambda item: (-item[1], item[0])):
        if group[a] is not group[b]:
            joined = group[a] | group[b]
            for key in joined:
                group[key] = joined
            links.append(Link(a, b, compare(members[a], members[b]), by_staff=said.get((a, b)) == "same"))
    first = group[min(members)] if members else set()
    indirect = (pair for pair in combinations(sorted(members), 2) if pair not in told)
    return Explanation(tuple(links), tuple(indirect), tuple(sorted(members.keys() - first)))


def _tied(edges: Iterable[Edge], said: Mapping[Pair, Said]) -> dict[Pair, int]:
    """Pairs that are links with their strength: those of the rules, with what staff said put over them."""
    tied = {pair_of(edge.first, edge.second): edge.strength for edge in edges if _usable(edge)}
    tied |= {pair: SAID_BY_STAFF for pair, word in said.items() if word == "same"}
    return {pair: strength for pair, strength in tied.items() if said.get(pair) != "different"}


def separation(ours: Mapping[RecordKey, Features], theirs: Mapping[RecordKey, Features], said: Mapping[Pair, Said]) -> Separation | None:
    """Why two clusters are not one, by the most telling pair across them; None where either is empty.

    A word of staff comes first, then vetoes, then what is merely not certain. Of several pairs alike the one whose records agree most
    is told, for that is where a reader asks why.
    """
    pairs = [_judged(a, b, ours[a], theirs[b], said.get(pair_of(a, b))) for a, b in product(sorted(ours), sorted(theirs))]
    if not pairs:
        return None
    a, b, by = min(pairs, key=_telling(ours, theirs))
    verdict = compare(ours[a], theirs[b])
    return Separation(a, b, by, _FIELD_OF_RULE[verdict.rule] if by == "rule" else "", verdict)


_ORDER: tuple[Apart, ...] = ("staff", "rule", "one_library", "unsure", "rival")
_Judged = tuple[RecordKey, RecordKey, Apart]


def _judged(a: RecordKey, b: RecordKey, left: Features, right: Features, said: Said | None) -> _Judged:
    if said == "different":
        return a, b, "staff"
    kind, strength = decide(left, right)
    if kind == "different":
        return a, b, "rule"
    if library_of(a) == library_of(b) and strength < CERTAIN:
        return a, b, "one_library"
    return a, b, "unsure" if kind == "unsure" else "rival"


def _telling(ours: Mapping[RecordKey, Features], theirs: Mapping[RecordKey, Features]) -> Callable[[_Judged], tuple[int, int]]:
    """Orders judged pairs: by what keeps them apart, then by how much agrees, most first."""

    def order(pair: _Judged) -> tuple[int, int]:
        a, b, by = pair
        return _ORDER.index(by), -sum((outcome > 0) - (outcome < 0) for outcome in outcomes(ours[a], theirs[b]))

    return order


WRITTEN = ("title", "names", "edition", "publisher", "date", "isbn", "extent")  # what a reader of two records looks at
_COMPARED = {name: comparison for name, comparison in zip(FIELDS, COMPARISONS, strict=True) if name in WRITTEN}


def standing_out(members: Mapping[RecordKey, Features]) -> dict[RecordKey, frozenset[str]]:
    """For each member the fields of ``WRITTEN`` in which more of the others speak against it than for it."""
    balance: Counter[tuple[RecordKey, str]] = Counter()
    for (a, left), (b, right) in combinations(members.items(), 2):
        for name, comparison in _COMPARED.items():
            outcome = comparison(left, right)
            for key in (a, b) if outcome else ():
                balance[key, name] += 1 if outcome > 0 else -1
    return {key: frozenset(name for name in WRITTEN if balance[key, name] < 0) for key in members}


def agreeing(links: Collection[Link]) -> tuple[str, ...]:
    """The fields that speak for one edition on every link, in the order of the fields."""
    found = [{evidence.field for evidence in link.verdict.evidence if evidence.side == "for"} for link in links]
    shared = set.intersection(*found) if found else set()
    return _in_order(links, shared)


def differing(links: Collection[Link]) -> tuple[str, ...]:
    """The fields that speak against on any link and were outweighed."""
    found = {evidence.field for link in links for evidence in link.verdict.evidence if evidence.side == "against"}
    return _in_order(links, found)


def _in_order(links: Collection[Link], fields: set[str]) -> tuple[str, ...]:
    first = next(iter(links), None)
    return tuple(evidence.field for evidence in first.verdict.evidence if evidence.field in fields) if first else ()
