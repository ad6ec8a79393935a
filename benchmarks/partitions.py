"""The partition of a whole set of records in memory: what the incremental load arrives at, one component at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.matching.clustering import Edge, partition, tied
from union_catalog.matching.features import Features, features_of
from union_catalog.matching.keys import KEY_LIMIT, keys_of
from union_catalog.matching.rules import decide

Pair = tuple[str, str]


def candidate_pairs(members: Mapping[str, Features]) -> set[Pair]:
    """The pairs that share a key held by no more than ``KEY_LIMIT`` records, each in order of its record keys."""
    holders: dict[int, list[str]] = defaultdict(list)
    for key, found in members.items():
        for block in keys_of(found):
            holders[block].append(key)
    return {pair for held in holders.values() if len(held) <= KEY_LIMIT for pair in combinations(sorted(held), 2)}


def judged_same(members: Mapping[str, Features], pairs: Iterable[Pair]) -> list[Edge]:
    """The links among candidates."""
    verdicts = ((a, b, *decide(members[a], members[b])) for a, b in pairs)
    return [Edge(a, b, strength) for a, b, verdict, strength in verdicts if verdict == "same"]


def cluster(members: Mapping[str, Features], pairs: Iterable[Pair]) -> list[frozenset[str]]:
    """The clusters of a set of features, given its candidates."""
    edges = judged_same(members, pairs)
    of_record: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        of_record[edge.first].append(edge)
    alone = set(members) - {key for edge in edges for key in edge[:2]}
    parts = [frozenset({key}) for key in alone]
    for group in tied(edge[:2] for edge in edges):
        parts += partition({key: members[key] for key in group}, [edge for key in group for edge in of_record[key]])
    return parts


def cluster_all(records: Mapping[str, BibliographicRecord]) -> list[frozenset[str]]:
    """The clusters of a set of records under keys such as "JD:JD000000001"."""
    members = {key: features_of(record) for key, record in records.items()}
    return cluster(members, candidate_pairs(members))
