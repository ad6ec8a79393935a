"""Own data: handed to the reader whole, and erased."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection

from union_catalog.clock import Clock, instant_text
from union_catalog.context import Context
from union_catalog.errors import Refused
from union_catalog.ids import ItemId, PatronId
from union_catalog.services.patrons import office
from union_catalog.services.titles import ItemTitle, titles_of
from union_catalog.storage import accounts, erasing, events, own_data, patrons
from union_catalog.storage.events import Event
from union_catalog.storage.own_data import SECTIONS, Row

_WITH_ITEMS = ("loans", "desk_actions")


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one kind. ``name`` is one of storage.own_data.SECTIONS, or "events"."""

    name: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class OwnData:
    """All that is kept of a reader at ``made_at``."""

    patron: PatronId
    made_at: datetime
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class InTheWay:
    """Ids of what is open, and money that is owed or deposited."""

    loans: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    owed_fen: int = 0
    deposit_fen: int = 0


def export(connection: Connection, clock: Clock, context: Context, patron_id: str) -> OwnData:
    """Everything that is kept of a reader, what was merged into the record included; that it was handed out is an event.

    Raises NotFound, NotAllowed for a desk of another library, and Refused("patron_merged") as :func:`office.lock`.
    """
    patron = office.lock(connection, patron_id)
    office.demand_home(context, patron)
    ids = own_data.everyone(connection, patron.id)
    sections = [Section(name, own_data.section(connection, name, ids)) for name in SECTIONS]
    sections.append(Section("events", own_data.journal(connection, ids)))
    told = Event("patron.exported", f"patron:{patron.id}", patron.library, {})
    events.append(connection, context, [told], instant_text(clock.now()))
    return OwnData(patron.id, clock.now(), tuple(_readable(connection, sections)))


def _readable(connection: Connection, sections: Sequence[Section]) -> list[Section]:
    """Items by their titles, and of a social security card no hash that means nothing to anybody."""
    ids = {ItemId(str(row["item_id"])) for section in sections if section.name in _WITH_ITEMS for row in section.rows if row["item_id"]}
    titles = titles_of(connection, ids)
    return [Section(section.name, [_readable_row(section.name, row, titles) for row in section.rows]) for section in sections]


def _readable_row(section: str, row: Row, titles: dict[ItemId, ItemTitle]) -> Row:
    if section == "cards" and row["kind"] == "social":
        return {**row, "number": ""}
    if section in _WITH_ITEMS and row["item_id"]:
        item = titles[ItemId(str(row["item_id"]))]
        return {**row, "title": item.title, "volume": item.volume, "library": item.library, "barcode": item.barcode}
    return row


def erase(connection: Connection, clock: Clock, context: Context, patron_id: str) -> PatronId:
    """Erases a reader for good, with every record that was merged into this one.

    Raises Refused("erasure_refused") with what stands in the way, all of it: ``loans`` and ``holds`` that are open, ``wards`` for whom the
    reader stands, ``owed_fen`` and ``deposit_fen`` where they are not 0. Raises NotFound and Refused as :func:`office.lock`, NotAllowed
    for a desk of another library.
    """
    patron = office.lock(connection, patron_id)
    office.demand_home(context, patron)
    ids = own_data.everyone(connection, patron.id)
    patrons.lock(connection, ids)
    _demand_nothing_open(connection, patron.id, ids)
    now = instant_text(clock.now())
    erasing.erase(connection, ids, now, str(context.actor))
    events.append(connection, context, [Event("patron.erased", f"patron:{id_}", patron.library, {}) for id_ in ids], now)
    return patron.id


def in_the_way(connection: Connection, patron: PatronId) -> InTheWay:
    """What would refuse the erasure of a reader now."""
    return _open(connection, own_data.everyone(connection, patron))


def _demand_nothing_open(connection: Connection, patron: PatronId, ids: Sequence[PatronId]) -> None:
    found = _open(connection, ids)
    if found != InTheWay():
        raise Refused("erasure_refused", patron=patron, **asdict(found))


def _open(connection: Connection, ids: Sequence[PatronId]) -> InTheWay:
    owed, deposit = (sum(fen) for fen in zip(*(accounts.sums(connection, id_) for id_ in ids), strict=True))
    loans, holds = erasing.open_loans(connection, ids), erasing.open_holds(connection, ids)
    return InTheWay(tuple(loans), tuple(holds), tuple(erasing.wards(connection, ids)), owed, deposit)
