"""Brings the match graph up to date with a batch, and finds the connected components round what changed.

Candidates come through keys only. A key that more than ``limit`` records hold is not used for anyone; when a key crosses the limit,
up or down, all who hold it are judged anew, so that the graph is a function of the set of records and not of their arrival.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection

from union_catalog.matching.features import Features
from union_catalog.matching.keys import keys_of
from union_catalog.matching.rules import decide
from union_catalog.storage import match_graph, sources
from union_catalog.storage.match_graph import StoredEdge

_decoder = msgspec.msgpack.Decoder(Features)


@dataclass(slots=True)
class Neighbourhood:
    """``components`` are all connected components that the batch may have changed, those of one record included."""

    components: list[set[int]] = field(default_factory=list)
    edges: set[StoredEdge] = field(default_factory=set)
    features: dict[int, Features] = field(default_factory=dict)
    dropped_keys: int = 0


def refresh(
    connection: Connection,
    arrived: Mapping[int, tuple[bytes, tuple[int, ...]]],
    replaced: Iterable[int],
    limit: int,
) -> Neighbourhood:
    """``arrived``: source id → (packed features, keys) as they are now; ``replaced``: ids whose stored features no longer hold.

    An id in ``replaced`` that has not arrived is gone.
    """
    graph = _Refresh(connection, limit)
    return graph.run(arrived, set(replaced))


class _Refresh:
    def __init__(self, connection: Connection, limit: int) -> None:
        self.connection = connection
        self.limit = limit
        self.found = Neighbourhood()
        self.keys: dict[int, tuple[int, ...]] = {}

    def run(self, arrived: Mapping[int, tuple[bytes, tuple[int, ...]]], replaced: set[int]) -> Neighbourhood:
        removed = self._forget(replaced)
        neighbours = self._cut(replaced)
        for source_id, (packed, keys) in arrived.items():
            self.found.features[source_id] = _decoder.decode(packed)
            self.keys[source_id] = keys
        added = [(key, source_id) for source_id, (_, keys) in arrived.items() for key in set(keys)]
        match_graph.add_keys(self.connection, added)
        holders, crossing = self._count(added, removed)
        extra = {holder for key in crossing for holder in holders[key]} - arrived.keys()
        if extra:
            neighbours |= self._cut(extra)
            holders |= self._reconsider(extra)
        judged = arrived.keys() | extra
        new_edges = self._judge(judged, holders)
        match_graph.add_edges(self.connection, new_edges)
        self._components(judged, (neighbours | judged) - (replaced - arrived.keys()), new_edges)
        return self.found

    def _forget(self, replaced: set[int]) -> list[tuple[int, int]]:
        """Takes the keys of what is replaced out of the index, and answers them."""
        old = sources.features(self.connection, replaced)
        removed = [(key, source_id) for source_id, packed in old.items() for key in set(keys_of(_decoder.decode(packed)))]
        match_graph.remove_keys(self.connection, removed)
        return removed

    def _cut(self, ids: set[int]) -> set[int]:
        """Takes their edges away, and answers who was at the other end."""
        edges = match_graph.edges_of(self.connection, ids)
        match_graph.remove_edges_of(self.connection, ids)
        return {end for edge in edges for end in (edge.a, edge.b)} - ids

    def _count(self, added: list[tuple[int, int]], removed: list[tuple[int, int]]) -> tuple[dict[int, list[int]], set[int]]:
        """The holders of every key that is in use or crosses the limit, and the keys that cross it."""
        change: dict[int, int] = defaultdict(int)
        for key, _ in added:
            change[key] += 1
        for key, _ in removed:
            change[key] -= 1
        counts = match_graph.key_counts(self.connection, change.keys())
        over = {key for key, count in counts.items() if count > self.limit}
        crossing = {key for key, by in change.items() if (counts.get(key, 0) > self.limit) != (counts.get(key, 0) - by > self.limit)}
        wanted = {key for key, count in counts.items() if count > 1 and (key not in over or key in crossing)}
        holders = match_graph.key_holders(self.connection, wanted)
        self.over = over
        self.found.dropped_keys = len(over)
        return holders, crossing

    def _reconsider(self, ids: set[int]) -> dict[int, list[int]]:
        """Loads those who share a key that crossed the limit; answers the holders of all their keys in use."""
        for source_id, packed in sources.features(self.connection, ids).items():
            self.found.features[source_id] = features = _decoder.decode(packed)
            self.keys[source_id] = keys_of(features)
        keys = {key for source_id in ids for key in self.keys[source_id]}
        counts = match_graph.key_counts(self.connection, keys)
        self.over |= {key for key, count in counts.items() if count > self.limit}
        return match_graph.key_holders(self.connection, {key for key, count in counts.items() if 1 < count <= self.limit})

    def _judge(self, ids: Iterable[int], holders: Mapping[int, list[int]]) -> set[StoredEdge]:
        pairs = {
            (source_id, other) if source_id < other else (other, source_id)
            for source_id in ids
            for key in self.keys[source_id]
            if key not in self.over
            for other in holders.get(key, ())
            if other != source_id
        }
        self._fetch_features({end for pair in pairs for end in pair})
        known = self.found.features
        edges = set()
        for a, b in pairs:
            verdict, strength = decide(known[a], known[b])
            if verdict == "same":
                edges.add(StoredEdge(a, b, strength))
        return edges

    def _fetch_features(self, ids: Iterable[int]) -> None:
        missing = [source_id for source_id in ids if source_id not in self.found.features]
        for source_id, packed in sources.features(self.connection, missing).items():
            self.found.features[source_id] = _decoder.decode(packed)

    def _components(self, judged: set[int], start: set[int], new_edges: set[StoredEdge]) -> None:
        """Walks the stored edges from everything that may have changed until nothing new is met."""
        self.found.edges = set(new_edges)
        alone = judged - {end for edge in new_edges for end in (edge.a, edge.b)}
        met = set(start)
        frontier = met - alone
        while frontier:
            edges = match_graph.edges_of(self.connection, frontier)
            self.found.edges |= edges
            ends = {end for edge in edges for end in (edge.a, edge.b)}
            frontier = ends - met
            met |= ends
        self.found.components = connected(met, self.found.edges)
        self._fetch_features({source_id for members in self.found.components if len(members) > 1 for source_id in members})


def connected(ids: Iterable[int], edges: Iterable[StoredEdge]) -> list[set[int]]:
    """The connected components of the graph, each id in exactly one."""
    component = {source_id: {source_id} for source_id in ids}
    for edge in edges:
        a, b = component[edge.a], component[edge.b]
        if a is b:
            continue
        small, large = sorted((a, b), key=len)
        large |= small
        for source_id in small:
            component[source_id] = large
    unique = {id(members): members for members in component.values()}
    return list(unique.values())
