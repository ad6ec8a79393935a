"""Items: rows to values for comparing, plans to rows, and the counts that search and pages show."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, and_, case, func, literal_column, select, update

from union_catalog.holdings.changes import ItemWrite, StoredItem
from union_catalog.holdings.model import ReportedItem
from union_catalog.ids import ItemId, new_id
from union_catalog.storage.bulk import insert_rows, update_rows
from union_catalog.storage.item_status import BELONGS, PLACE, STATUS, with_status
from union_catalog.storage.tables import item, source_record
from union_catalog.storage.values import among, one_of

_FACTS = (
    item.c.barcode,
    item.c.call_number,
    item.c.item_type,
    item.c.lending,
    item.c.reported_status,
    item.c.status_word,
    item.c.price,
    item.c.volume,
    item.c.url,
)


def concerned(connection: Connection, library: str, source_ids: Collection[int], barcodes: Collection[str]) -> list[StoredItem]:
    """All items of these source records and all items of the library with one of these barcodes, withdrawn ones too."""
    columns = (item.c.id, item.c.source_id, item.c.branch, item.c.withdrawn_at, *_FACTS)
    condition = and_(item.c.library == library, one_of(item.c.barcode, barcodes))
    found = {row[0]: row for row in connection.execute(select(*columns).where(condition)).all()} if barcodes else {}
    if source_ids:
        found |= {row[0]: row for row in connection.execute(select(*columns).where(one_of(item.c.source_id, source_ids))).all()}
    return [
        StoredItem(
            id=row[0],
            source_id=row[1],
            branch=row[2],
            withdrawn=row[3] is not None,
            facts=ReportedItem(
                barcode=row[4] or "",
                call_number=row[5],
                item_type=row[6],
                lending=row[7],
                status=row[8],
                status_word=row[9],
                price=row[10],
                volume=row[11],
                url=row[12],
            ),
        )
        for row in found.values()
    ]


def comparable(facts: ReportedItem) -> ReportedItem:
    """The facts without what is not stored: the library's own branch code and where in the record it stood."""
    return ReportedItem(
        barcode=facts.barcode,
        call_number=facts.call_number,
        item_type=facts.item_type,
        lending=facts.lending,
        status=facts.status,
        status_word=facts.status_word,
        price=facts.price,
        volume=facts.volume,
        url=facts.url,
    )


def write(connection: Connection, library: str, writes: Sequence[ItemWrite], now: str) -> None:
    """Makes new items and changes known ones."""
    insert_rows(connection, item, [_row(w, new_id(), library, now) for w in writes if w.id is None])
    update_rows(connection, item, "id", [_row(w, w.id, library, now) for w in writes if w.id is not None])


def _row(w: ItemWrite, item_id: str, library: str, now: str) -> dict[str, object]:
    facts = w.facts
    return {
        "id": item_id,
        "library": library,
        "source_id": w.source_id,
        "branch": w.branch,
        "barcode": facts.barcode or None,
        "call_number": facts.call_number,
        "item_type": facts.item_type,
        "lending": facts.lending,
        "reported_status": facts.status,
        "status_word": facts.status_word,
        "reported_at": now,
        "price": facts.price,
        "volume": facts.volume,
        "url": facts.url,
        "withdrawn_at": None,
    }


def withdraw(connection: Connection, ids: Collection[str], now: str) -> None:
    """They no longer belong to the collection; the rows stay, for whoever still has the book."""
    if ids:
        connection.execute(update(item).where(one_of(item.c.id, ids)).values(withdrawn_at=now))


def withdraw_of(connection: Connection, source_ids: Collection[int], now: str) -> list[tuple[str, int]]:
    """Withdraws every item of these source records; answers the (id, source id) of those that were not withdrawn before."""
    if not source_ids:
        return []
    condition = and_(one_of(item.c.source_id, source_ids), item.c.withdrawn_at.is_(None))
    gone = [(row[0], row[1]) for row in connection.execute(select(item.c.id, item.c.source_id).where(condition)).all()]
    withdraw(connection, [id_ for id_, _ in gone], now)
    return gone


class BranchHolding(msgspec.Struct, frozen=True):
    """Items of one union record in one branch by what can be done with them; withdrawn ones are left out."""

    library: str
    branch: str
    items: int
    available: int
    library_use: int
    online: int
    in_circulation: int


IS_AVAILABLE = and_(item.c.lending == "loan", STATUS == "available")
_COMES_BACK = ("on_loan", "in_transit", "on_hold_shelf")
_COUNTS = (
    func.sum(case((item.c.lending != "online", 1), else_=0)),
    func.sum(case((IS_AVAILABLE, 1), else_=0)),
    func.sum(case((item.c.lending == "library_use", 1), else_=0)),
    func.sum(case((item.c.lending == "online", 1), else_=0)),
    func.sum(case((and_(item.c.lending == "loan", STATUS.in_(_COMES_BACK)), 1), else_=0)),
)
# Put together once, as every page and every change asks it.
_HOLDINGS = (
    select(source_record.c.union_id, item.c.library, PLACE.label("place"), *_COUNTS)
    .select_from(with_status(source_record.join(item, item.c.source_id == source_record.c.id)))
    .where(among(source_record.c.union_id, "union_ids"), BELONGS)
    .group_by(source_record.c.union_id, item.c.library, literal_column("place"))
    .order_by(source_record.c.union_id, item.c.library, literal_column("place"))
)


def holdings(connection: Connection, union_ids: Collection[str]) -> dict[str, list[BranchHolding]]:
    """For each union record what each branch holds of it, in the order of branch codes. One query for all of them."""
    found: dict[str, list[BranchHolding]] = defaultdict(list)
    if not union_ids:
        return found
    for row in connection.execute(_HOLDINGS, {"union_ids": union_ids}).all():
        found[row[0]].append(BranchHolding(row[1], row[2] or "", *row[3:]))
    return found


def sources_of(connection: Connection, ids: Collection[str]) -> set[int]:
    """The source records to which these items belong."""
    return set(connection.execute(select(item.c.source_id).where(one_of(item.c.id, ids))).scalars()) if ids else set()


def call_numbers(connection: Connection, union_ids: Collection[str]) -> dict[str, list[str]]:
    """The distinct call numbers of each union record's items, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    statement = (
        select(source_record.c.union_id, item.c.call_number)
        .join(item, item.c.source_id == source_record.c.id)
        .where(one_of(source_record.c.union_id, union_ids), item.c.call_number != "")
        .distinct()
        .order_by(source_record.c.union_id, item.c.call_number)
    )
    for union_id, number in connection.execute(statement):
        found[union_id].append(number)
    return found


@dataclass(frozen=True, slots=True)
class ItemIdentity:
    """Whose an item is and of which record; ``union_id`` "" where its record is gone."""

    library: str
    barcode: str
    volume: str
    union_id: str


def identities(connection: Connection, ids: Collection[ItemId]) -> dict[ItemId, ItemIdentity]:
    """By item, withdrawn ones too."""
    columns = (item.c.id, item.c.library, item.c.barcode, item.c.volume, source_record.c.union_id)
    statement = select(*columns).join(source_record, source_record.c.id == item.c.source_id).where(one_of(item.c.id, ids))
    return {ItemId(row[0]): ItemIdentity(row[1], row[2] or "", row[3], row[4] or "") for row in connection.execute(statement)}
