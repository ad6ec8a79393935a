"""From a neighbourhood to a decision that is stored: clusters, who belongs where, the queue of doubts, what the index is told, the journal.

Every decision takes this way: of a load after it has brought the graph up to date, of a verdict, of a rebuild.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from union_catalog.context import Context
from union_catalog.services.deciding import doubts, graph
from union_catalog.services.deciding.clusters import Node, Outcome, settle
from union_catalog.services.deciding.graph import Neighbourhood
from union_catalog.storage import events, outbox, sources, unions
from union_catalog.storage.events import Event


def decide_anew(connection: Connection, context: Context, now: str, ids: Collection[int]) -> Outcome:
    """Decides the components round these source records again, by links and verdicts as they are stored; tombstones are passed over."""
    live = [stored.id for stored in sources.by_ids(connection, ids).values() if not stored.deleted]
    found = graph.around(connection, live)
    nodes = with_neighbours(connection, {}, found)
    outcome = settle(connection, nodes, (), found, now)
    move(connection, nodes, outcome)
    conclude(connection, context, now, nodes, found, outcome)
    return outcome


def with_neighbours(connection: Connection, arrived: Mapping[int, Node], found: Neighbourhood) -> dict[int, Node]:
    """The nodes of all components: what has arrived, and what is stored near it."""
    near = {source_id for members in found.components for source_id in members} - arrived.keys()
    return {**arrived, **{stored.id: Node(stored.id, stored.key, stored.union_id) for stored in sources.by_ids(connection, near).values()}}


def move(connection: Connection, nodes: Mapping[int, Node], outcome: Outcome) -> None:
    """Tells the stored records that come under another union record without a change of their own."""
    stored = ((nodes[source_id], union_id) for source_id, union_id in outcome.union_of.items() if nodes[source_id].prepared is None)
    sources.assign(connection, {node.id: union_id for node, union_id in stored if node.union_id != union_id})


def conclude(
    connection: Connection,
    context: Context,
    now: str,
    nodes: Mapping[int, Node],
    found: Neighbourhood,
    outcome: Outcome,
    *,
    robbed: Collection[int] = (),
    told: Sequence[Event] = (),
) -> None:
    """What follows once every record of the decision is stored.

    ``robbed``: other source records that have lost items; ``told``: what else has happened, after the events of the decision.
    """
    doubts.renew(connection, nodes, outcome.union_of, found, robbed)
    raised = unions.raise_revisions(connection, robbed, now)
    outbox.put(connection, outbox.TOPIC_UNION, outcome.changed + raised, now, context.command_id)
    events.append(connection, context, [*outcome.events, *told], now)
