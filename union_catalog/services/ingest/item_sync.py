"""A batch's items: branches resolved, differences planned and written."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from union_catalog.holdings.changes import ItemChanges, plan
from union_catalog.holdings.model import ReportedItem
from union_catalog.storage import items
from union_catalog.storage.events import Event
from union_catalog.storage.network import BranchDirectory


def sync_items(
    connection: Connection,
    library: str,
    directory: BranchDirectory,
    reported: Mapping[int, Sequence[ReportedItem]],
    known: Collection[int],
    now: str,
) -> tuple[list[Event], frozenset[int]]:
    """Writes what the export says of the items of each source record in ``reported``; ``known`` are those that were stored before.

    Answers the events, and the other source records from which an item has been taken.
    """
    barcodes = [facts.barcode for facts_of in reported.values() for facts in facts_of if facts.barcode]
    stored = items.concerned(connection, library, known, barcodes)
    events = directory.add_unknown({facts.branch_code for facts_of in reported.values() for facts in facts_of})
    resolved = {
        source_id: [(directory.code(facts.branch_code), items.comparable(facts)) for facts in facts_of]
        for source_id, facts_of in reported.items()
    }
    changes = plan(stored, resolved)
    items.write(connection, library, changes.writes, now)
    items.withdraw(connection, [item_id for item_id, _ in changes.withdrawn], now)
    return events + _events(library, changes), changes.touched - reported.keys()


def _events(library: str, changes: ItemChanges) -> list[Event]:
    events = [Event("item.withdrawn", f"item:{item_id}", library) for item_id, _ in changes.withdrawn]
    for write in changes.writes:
        if write.moved_from is not None:
            events.append(Event("item.moved", f"item:{write.id}", library, {"from": write.moved_from, "to": write.source_id}))
        if write.returned:
            events.append(Event("item.returned", f"item:{write.id}", library))
    return events
