"""Blocks as use cases: entered by staff with a reason, lifted by whoever may, ended when their time is over, and told."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from union_catalog.circulation import hindrances
from union_catalog.circulation.situation import Desk
from union_catalog.clock import Clock, business_date, instant_text
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotAllowed, NotFound, Refused
from union_catalog.ids import BranchCode, LibraryCode
from union_catalog.patrons.blocks import Block, Scope
from union_catalog.services import notices, policies
from union_catalog.services.patrons import office
from union_catalog.storage import blocks as rows
from union_catalog.storage import events, network
from union_catalog.storage.blocks import StoredBlock
from union_catalog.storage.circulation import snapshot
from union_catalog.storage.database import Database
from union_catalog.storage.events import Event

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``library`` "" is that of whoever asks; ``until`` is the last day on which it holds."""

    reason: str
    library: str = ""
    until: date | None = None
    scope: Scope = "network"


def enter(connection: Connection, clock: Clock, context: Context, zone: ZoneInfo, patron_id: str, asked: Asked) -> StoredBlock:
    """A block that staff set, with its reason; the reader is written to.

    Raises InvalidInput: reason_needed, library_needed (of staff of the whole network), until_past; NotFound("unknown_library");
    NotAllowed("other_library"), and as :func:`office.lock`.
    """
    if not asked.reason.strip():
        raise InvalidInput("reason_needed", name="reason")
    if asked.until is not None and asked.until < business_date(clock.now(), zone):
        raise InvalidInput("until_past", name="until")
    library = _setting(connection, context, asked.library)
    patron = office.lock(connection, patron_id)
    made = Block(code="staff_block", library=library, since=clock.now(), until=asked.until, scope=asked.scope, reason=asked.reason.strip())
    block_id = rows.enter(connection, patron.id, made, str(context.actor), clock.now())
    told = Event("block.entered", f"patron:{patron.id}", library, {"block": block_id, "code": made.code})
    events.append(connection, context, [told], instant_text(clock.now()))
    notices.enqueue(connection, clock, patron.id, "block_set", block_id, _data(made))
    return require(connection, patron_id, block_id)


def _setting(connection: Connection, context: Context, asked: str) -> LibraryCode:
    library = asked or context.library
    if not library:
        raise InvalidInput("library_needed", name="library")
    if context.library not in ("", library):
        raise NotAllowed("other_library", right="blocks", library=library)
    network.require_library(connection, library)
    return LibraryCode(library)


def _data(block: Block) -> dict[str, str | int]:
    until = {"until": block.until.isoformat()} if block.until else {}
    return {"code": block.code, "library": block.library, **until}


def require(connection: Connection, patron_id: str, block_id: str) -> StoredBlock:
    """A block of this reader. Raises NotFound("unknown_block")."""
    found = rows.find(connection, block_id)
    if found is None or found.patron != patron_id:
        raise NotFound("unknown_block", kind="block", id=block_id)
    return found


def lift(
    connection: Connection, clock: Clock, context: Context, rights: Collection[str], patron_id: str, block_id: str, reason: str
) -> StoredBlock:
    """Ends a block before its time, with a reason: by the library that set it, or by the network.

    What a rule entered is lifted by a manager; what staff entered by anybody of the desk. Raises InvalidInput("reason_needed"),
    NotFound("unknown_block"), Refused("block_ended"), NotAllowed: other_library, not_allowed.
    """
    if not reason.strip():
        raise InvalidInput("reason_needed", name="reason")
    office.lock(connection, patron_id)
    found = require(connection, patron_id, block_id)
    if context.library not in ("", found.block.library):
        raise NotAllowed("other_library", right="blocks", library=found.block.library)
    if found.block.code != "staff_block" and "manager" not in rights:
        raise NotAllowed("not_allowed", right="manager")
    return end(connection, clock, context, found, reason.strip())


def end(connection: Connection, clock: Clock, context: Context, found: StoredBlock, reason: str) -> StoredBlock:
    """Ends it, whoever may. Raises Refused("block_ended") where it had ended before."""
    if not rows.end(connection, found.block.id, str(context.actor), clock.now(), reason):
        raise Refused("block_ended")
    told = Event("block.ended", f"patron:{found.patron}", found.block.library, {"block": found.block.id, "code": found.block.code})
    events.append(connection, context, [told], instant_text(clock.now()))
    return require(connection, found.patron, found.block.id)


def standing_of(connection: Connection, over: office.Office, patron_id: str) -> tuple[Block, ...]:
    """All that stands in this reader's way today: rows of every library, and what follows from loans, money and credit.

    Raises NotFound("unknown_patron").
    """
    patron = office.require(connection, patron_id)
    found = snapshot.reader(connection, patron.id, "valid", over.today())
    if found is None:
        raise NotFound("unknown_patron", kind="patron", id=patron_id)
    reader, hours = found
    desk = Desk(
        branch=BranchCode(patron.home_branch),
        library=reader.library,
        now=over.now(),
        today=over.today(),
        policies=policies.table(connection),
        hours=hours,
    )
    entered = [block for block in reader.blocks if block.holds(block.library, desk.today)]
    computed = hindrances.of_reader(replace(reader, blocks=()), desk, reader.library)
    return hindrances.in_order([*entered, *computed, *hindrances.of_deposit(reader, desk)])


def end_expired(database: Database, clock: Clock, context: Context, zone: ZoneInfo) -> int:
    """Ends those whose last day is over; says how many. They held nobody up any more: this keeps the list of open ones short."""
    ended = 0
    while True:
        with database.write() as connection:
            ids = rows.end_expired(connection, business_date(clock.now(), zone), str(context.actor), clock.now(), _BATCH)
        ended += len(ids)
        if len(ids) < _BATCH:
            return ended
