"""Second phase: what has to be decided together. A group is closed under the links of the new graph and the union records of before."""

from collections.abc import Collection
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from union_catalog.matching.features import Features
from union_catalog.services.deciding.clusters import Node
from union_catalog.services.deciding.graph import Neighbourhood, connected
from union_catalog.storage import match_graph, sources, stretches
from union_catalog.storage.match_graph import StoredEdge
from union_catalog.storage.sources import StoredSource

_decoder = msgspec.msgpack.Decoder(Features)


@dataclass(frozen=True, slots=True)
class Groups:
    """Whole groups with their links, ready to be decided; ``nodes`` know the union records of before."""

    nodes: dict[int, Node]
    found: Neighbourhood


def groups_beginning_in(catalogue: Connection, graph: Connection, ids: Collection[int], after: int) -> Groups:
    """Every group whose lowest id is among ``ids``, the live ones that follow ``after``. Each group begins in one stretch only."""
    walk = _Walk(catalogue, graph)
    walk.run(set(ids))
    ties = walk.edges | walk.ties()
    chosen = {source_id for group in connected(walk.met, ties) if min(group) > after for source_id in group}
    return Groups({source_id: _node(walk.met[source_id]) for source_id in chosen}, walk.neighbourhood(chosen))


def _node(stored: StoredSource) -> Node:
    return Node(stored.id, stored.key, stored.union_id)


class _Walk:
    """From some records to all that are tied to them, by a link or by a union record."""

    def __init__(self, catalogue: Connection, graph: Connection) -> None:
        self.catalogue = catalogue
        self.graph = graph
        self.met: dict[int, StoredSource] = {}
        self.edges: set[StoredEdge] = set()
        self.unions: set[str] = set()

    def run(self, frontier: set[int]) -> None:
        while frontier:
            edges = match_graph.edges_of(self.graph, frontier)
            stored = sources.by_ids(self.catalogue, frontier)
            unions = {source.union_id for source in stored.values() if source.union_id} - self.unions
            self.edges |= edges
            self.met |= stored
            self.unions |= unions
            ends = {end for edge in edges for end in (edge.a, edge.b)}
            frontier = (ends | set(stretches.members(self.catalogue, unions))) - self.met.keys()

    def ties(self) -> set[StoredEdge]:
        """Who shares a union record, as links that weigh nothing."""
        first: dict[str, int] = {}
        together = [(first.setdefault(s.union_id, s.id), s.id) for s in self.met.values() if s.union_id]
        return {StoredEdge(a, b, 0) for a, b in together if a != b}

    def neighbourhood(self, chosen: set[int]) -> Neighbourhood:
        edges = {edge for edge in self.edges if edge.a in chosen}
        components = connected(chosen, edges)
        several = {source_id for members in components if len(members) > 1 for source_id in members}
        packed = sources.features(self.graph, several)
        return Neighbourhood(components, edges, {source_id: _decoder.decode(features) for source_id, features in packed.items()})
