"""Hold shelves, as rows."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from union_catalog.ids import HoldId, ItemId, PatronId
from union_catalog.storage.tables import hold


@dataclass(frozen=True, slots=True)
class Kept:
    """An item on the shelf of a branch for a reader. ``until`` is the last day on which it is kept, None where none was set."""

    hold: HoldId
    item: ItemId
    until: date | None


def kept_for(connection: Connection, patron: PatronId, branch: str) -> tuple[Kept, ...]:
    """What lies on the shelf of this branch for a reader, in the order in which it was asked for."""
    asked = hold.c.patron_id == patron, hold.c.pickup_branch == branch, hold.c.state == "on_shelf"
    rows = connection.execute(select(hold.c.id, hold.c.item_id, hold.c.shelf_until).where(*asked).order_by(hold.c.sequence))
    return tuple(Kept(HoldId(row[0]), ItemId(row[1]), date.fromisoformat(row[2]) if row[2] else None) for row in rows)
