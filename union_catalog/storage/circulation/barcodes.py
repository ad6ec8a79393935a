"""Barcodes given to items, and those that they had before."""

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from union_catalog.ids import ItemId, LibraryCode
from union_catalog.storage.tables import item, item_past_barcode


def is_taken(connection: Connection, library: str, barcode: str) -> bool:
    """Whether an item of the library has it, a withdrawn one too."""
    return connection.execute(select(item.c.id).where(item.c.library == library, item.c.barcode == barcode)).first() is not None


def give(connection: Connection, item_id: ItemId, library: LibraryCode, before: str, barcode: str, now: str) -> None:
    """From now on the item is found by ``barcode``, and by ``before`` as long as no other item has it."""
    connection.execute(update(item).where(item.c.id == item_id).values(barcode=barcode))
    if before:
        make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        kept = make(item_past_barcode).values(library=library, barcode=before, item_id=item_id, until=now)
        connection.execute(kept.on_conflict_do_nothing())
