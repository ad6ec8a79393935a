"""What staff should look at: pairs that no rule decides, and links that the partition cut; and what a decision on each is worth."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from heapq import nsmallest

from sqlalchemy import Connection

from union_catalog.matching.comparisons import outcomes
from union_catalog.matching.likelihood import doubt
from union_catalog.services.deciding.clusters import Node
from union_catalog.services.deciding.graph import Neighbourhood
from union_catalog.storage import doubts
from union_catalog.storage.doubts import StoredDoubt
from union_catalog.storage.match_graph import StoredEdge

MOST_PARTED = 5  # cut links of one record that are kept, the strongest ones
PARTED = 500  # a cut link is a doubt of at least so much: the pair speaks for one edition, its company against


def renew(
    connection: Connection, nodes: Mapping[int, Node], union_of: Mapping[int, str], found: Neighbourhood, touched: Collection[int] = ()
) -> None:
    """Brings the queue up to date after a decision that is stored.

    ``touched``: source records whose items have changed without a decision on them.
    """
    parted = _parted(nodes, union_of, found)
    known = {node.id for node in nodes.values() if node.union_id is not None}  # of a new record nothing is asked yet but what just came up
    stored = doubts.of(connection, known | (doubts.union_mates(connection, touched) if touched else set())).union(found.doubts)
    pairs = {(each.a, each.b) for each in parted}
    stale = [each for each in stored if each.kind == "parted" and (each.a, each.b) not in pairs and {each.a, each.b} & nodes.keys()]
    doubts.remove(connection, stale)
    before = {(each.a, each.b): each for each in stored.difference(stale)}
    new = [each for each in parted if (each.a, each.b) not in before]
    now = _weighed(connection, [*before.values(), *new])
    doubts.add(connection, [now[each.a, each.b] for each in new])
    doubts.weigh(connection, [now[pair] for pair, each in before.items() if now[pair].worth != each.worth])


def _parted(nodes: Mapping[int, Node], union_of: Mapping[int, str], found: Neighbourhood) -> list[StoredDoubt]:
    """The cut links: of each record the strongest few, of equals those to the lowest record keys."""
    cut: dict[int, list[tuple[int, str, StoredEdge]]] = defaultdict(list)
    for edge in found.edges:
        if union_of[edge.a] != union_of[edge.b]:
            cut[edge.a].append((-edge.strength, nodes[edge.b].key, edge))
            cut[edge.b].append((-edge.strength, nodes[edge.a].key, edge))
    chosen = {edge for links in cut.values() for _, _, edge in nsmallest(MOST_PARTED, links)}
    of = found.features
    return [StoredDoubt(edge.a, edge.b, "parted", max(PARTED, doubt(outcomes(of[edge.a], of[edge.b])))) for edge in chosen]


def _weighed(connection: Connection, open_questions: Collection[StoredDoubt]) -> dict[tuple[int, int], StoredDoubt]:
    """By pair: the doubt, times the copies that would come together, of which there is at least the one that may come."""
    if not open_questions:
        return {}
    held = doubts.copies(connection, {end for each in open_questions for end in (each.a, each.b)})
    return {
        (each.a, each.b): each._replace(worth=each.doubt * max(1, sum(dict([held[each.a], held[each.b]]).values())))
        for each in open_questions
    }
