"""What items are called: for whoever has a book in the hand or lent, not for searching."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from union_catalog.bibliographic.record import BibliographicRecord, Title
from union_catalog.ids import ItemId
from union_catalog.matching.merging import MergedRecord
from union_catalog.storage import items, reads
from union_catalog.storage.values import unpack

_UNTITLED = Title(kind="proper", text="")


@dataclass(frozen=True, slots=True)
class ItemTitle:
    """``title`` is "" where the catalogue has none; ``volume``: which part of a work in several it is; ``union_id``: of what edition."""

    library: str
    barcode: str
    title: str = ""
    volume: str = ""
    union_id: str = ""


def titles_of(connection: Connection, ids: Collection[ItemId]) -> dict[ItemId, ItemTitle]:
    """By item, in two statements; an item stays known when its record has been withdrawn."""
    if not ids:
        return {}
    known = items.identities(connection, ids)
    rows = reads.unions(connection, {row.union_id for row in known.values() if row.union_id})
    records = {union_id: unpack(row.merged_z, MergedRecord).record for union_id, row in rows.items()}
    return {
        item_id: ItemTitle(row.library, row.barcode, *_named(records.get(row.union_id), row.volume), row.union_id)
        for item_id, row in known.items()
    }


def _named(record: BibliographicRecord | None, volume: str) -> tuple[str, str]:
    title = (record.title_proper if record else None) or _UNTITLED
    return title.text, volume or " ".join(part for part in (title.volume_number, title.volume_title) if part)
