"""Second phase: what has to be decided together. A group is closed under links, verdicts of staff and the union records of before."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from union_catalog.services.deciding import graph
from union_catalog.services.deciding.clusters import Node
from union_catalog.services.deciding.graph import Neighbourhood
from union_catalog.storage import sources, stretches
from union_catalog.storage.match_graph import StoredEdge
from union_catalog.storage.sources import StoredSource


@dataclass(frozen=True, slots=True)
class Groups:
    """Whole groups with their links, ready to be decided; ``nodes`` know the union records of before."""

    nodes: dict[int, Node]
    found: Neighbourhood


def groups_beginning_in(catalogue: Connection, links: Connection, ids: Collection[int], after: int) -> Groups:
    """Every group whose lowest id is among ``ids``, the live ones that follow ``after``: each group begins in one stretch only.

    ``links`` is where the match graph lies: in the catalogue, or in a scratch database.
    """
    walk = _Walk(catalogue, links)
    walk.run(set(ids))
    chosen = {source_id for group in walk.groups() if min(group) > after for source_id in group}
    nodes = {source_id: Node(source_id, walk.met[source_id].key, walk.met[source_id].union_id) for source_id in chosen}
    return Groups(nodes, walk.neighbourhood(chosen))


class _Walk:
    """From some records to all that are tied to them, in turns: whole components, then the union records that they were in."""

    def __init__(self, catalogue: Connection, links: Connection) -> None:
        self.catalogue = catalogue
        self.links = links
        self.met: dict[int, StoredSource] = {}
        self.found = Neighbourhood()
        self.unions: set[str] = set()

    def run(self, frontier: set[int]) -> None:
        while frontier:
            near = graph.around(self.links, frontier)
            self.found.components += near.components
            self.found.edges |= near.edges
            self.found.features |= near.features
            self.found.verdicts |= near.verdicts
            reached = sources.by_ids(self.catalogue, {source_id for members in near.components for source_id in members})
            unions = {source.union_id for source in reached.values() if source.union_id} - self.unions
            self.met |= reached
            self.unions |= unions
            frontier = set(stretches.members(self.catalogue, unions)) - self.met.keys()

    def groups(self) -> list[set[int]]:
        """Components that share a union record are one group."""
        first: dict[str, int] = {}
        ties = [StoredEdge(first.setdefault(s.union_id, s.id), s.id, 0) for s in self.met.values() if s.union_id]
        ties += [StoredEdge(min(members), source_id, 0) for members in self.found.components for source_id in members]
        return graph.connected(self.met, ties)

    def neighbourhood(self, chosen: set[int]) -> Neighbourhood:
        found = self.found
        return Neighbourhood(
            components=[members for members in found.components if not chosen.isdisjoint(members)],
            edges={edge for edge in found.edges if edge.a in chosen},
            features=found.features,
            verdicts={verdict for verdict in found.verdicts if verdict.a in chosen and verdict.b in chosen},
        )
