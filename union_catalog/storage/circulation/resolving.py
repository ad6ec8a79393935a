"""Which item a barcode is: unique within its library, and only there."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select

from union_catalog.ids import ItemId, LibraryCode, PatronId
from union_catalog.storage.circulation.statements import OPEN_LOAN, OPEN_TRANSIT
from union_catalog.storage.tables import item, item_past_barcode, loan, transit


@dataclass(frozen=True, slots=True)
class Candidate:
    """``patron`` has it on loan; ``moving``: a transit is open."""

    id: ItemId
    library: LibraryCode
    barcode: str
    patron: PatronId | None
    moving: bool
    withdrawn: bool


_COLUMNS = (item.c.id, item.c.library, item.c.barcode, loan.c.patron_id, transit.c.id, item.c.withdrawn_at)
_FROM = item.outerjoin(loan, and_(loan.c.item_id == item.c.id, OPEN_LOAN)).outerjoin(
    transit, and_(transit.c.item_id == item.c.id, OPEN_TRANSIT)
)


def candidates(connection: Connection, barcode: str, *, locked: bool = False) -> list[Candidate]:
    """Every item of the network with this barcode, by library; in one statement, which locks them too where that is wanted."""
    columns = (*_COLUMNS, _taken(item.c.id)) if locked and connection.dialect.name == "postgresql" else _COLUMNS
    statement = select(*columns).select_from(_FROM).where(item.c.barcode == barcode).order_by(item.c.library)
    return [_candidate(row[:6]) for row in connection.execute(statement)]


def candidate(connection: Connection, item_id: ItemId) -> Candidate:
    """An item that there is, by its id."""
    return _candidate(connection.execute(select(*_COLUMNS).select_from(_FROM).where(item.c.id == item_id)).one())


def candidates_once(connection: Connection, barcode: str) -> list[Candidate]:
    """Every item that once had it, for labels that nobody has replaced."""
    past = item_past_barcode.c
    statement = select(*_COLUMNS).select_from(_FROM.join(item_past_barcode, past.item_id == item.c.id))
    return [_candidate(row) for row in connection.execute(statement.where(past.barcode == barcode).order_by(item.c.library))]


def _candidate(row: Sequence[str | None]) -> Candidate:
    item_id, library, barcode, patron, transit_id, withdrawn_at = row
    return Candidate(
        id=ItemId(item_id or ""),
        library=LibraryCode(library or ""),
        barcode=barcode or "",
        patron=PatronId(patron) if patron else None,
        moving=transit_id is not None,
        withdrawn=withdrawn_at is not None,
    )


def lock(connection: Connection, ids: Sequence[ItemId]) -> None:
    """Until the transaction ends no other desk decides on these. Taken after readers' rows; several in the order of their ids.

    The item's own row is not locked: loads change it by the thousand, and desks must not wait for them. SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        for item_id in sorted(ids):
            connection.execute(select(_taken(literal(item_id))))


def _taken(item_id: ColumnElement[str]) -> ColumnElement[None]:
    """A lock for a number of 64 bits that stands for the item; two of one number only keep each other waiting."""
    return func.pg_advisory_xact_lock(func.hashtextextended(item_id, 0))
