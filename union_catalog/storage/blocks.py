"""Blocks that are rows: entered by rule or by staff, in force until they are ended. A row is never taken away."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from union_catalog.clock import instant_text, parse_instant
from union_catalog.ids import LibraryCode, LoanId, PatronId, new_id
from union_catalog.patrons.blocks import Block
from union_catalog.storage.tables import block

_b = block.c
_IN_FORCE = _b.ended_at.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBlock:
    """A block with whose it is, who entered it, and how it ended. ``actor`` and ``ended_by`` are opaque."""

    block: Block
    patron: PatronId
    actor: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_reason: str = ""


def _block(row: Row[Any]) -> Block:
    return Block(
        code=row.code,
        library=LibraryCode(row.library),
        since=parse_instant(row.since),
        until=date.fromisoformat(row.until) if row.until else None,
        scope=row.scope,
        reason=row.reason,
        loan=LoanId(row.loan_id) if row.loan_id else None,
        id=row.id,
    )


def _stored(row: Row[Any]) -> StoredBlock:
    return StoredBlock(
        block=_block(row),
        patron=PatronId(row.patron_id),
        actor=row.actor,
        ended_at=parse_instant(row.ended_at) if row.ended_at else None,
        ended_by=row.ended_by,
        ended_reason=row.ended_reason,
    )


def _of(patron: PatronId) -> Select[Any]:
    return select(block).where(_b.patron_id == patron).order_by(_b.since, _b.id)


def in_force(connection: Connection, patron: PatronId) -> tuple[Block, ...]:
    """Of every library, the oldest first. One whose last day is over may still be among them: ``Block.holds`` says."""
    return tuple([_block(row) for row in connection.execute(_of(patron).where(_IN_FORCE))])


def history(connection: Connection, patron: PatronId) -> tuple[StoredBlock, ...]:
    """All there ever were, the oldest first."""
    return tuple([_stored(row) for row in connection.execute(_of(patron))])


def find(connection: Connection, block_id: str) -> StoredBlock | None:
    """None for an id that no block has. Locked until the transaction ends, so that nobody else ends it meanwhile."""
    row = connection.execute(select(block).where(_b.id == block_id).with_for_update()).first()
    return _stored(row) if row else None


def enter(connection: Connection, patron: PatronId, entered: Block, actor: str, now: datetime) -> str:
    """Writes one down and answers its id."""
    block_id = new_id()
    values = {
        "id": block_id,
        "patron_id": patron,
        "library": entered.library,
        "code": entered.code,
        "scope": entered.scope,
        "reason": entered.reason,
        "lifted_by": entered.kind.lifted_by,
        "loan_id": entered.loan,
        "since": instant_text(entered.since or now),
        "until": entered.until.isoformat() if entered.until else None,
        "actor": actor,
    }
    connection.execute(insert(block).values(values))
    return block_id


def end(connection: Connection, block_id: str, actor: str, now: datetime, reason: str = "") -> bool:
    """False where it had ended before."""
    ending = update(block).where(_b.id == block_id, _IN_FORCE).values(_ended(actor, now, reason))
    return connection.execute(ending).rowcount == 1


def lift(connection: Connection, patron: PatronId, code: str, loan: LoanId, actor: str, now: datetime) -> int:
    """Ends those of one code that a loan brought, and says how many."""
    brought = _b.patron_id == patron, _b.code == code, _b.loan_id == loan, _IN_FORCE
    return connection.execute(update(block).where(*brought).values(_ended(actor, now))).rowcount


def end_expired(connection: Connection, today: date, actor: str, now: datetime, limit: int) -> list[str]:
    """Ends at most ``limit`` of those whose last day is over, and answers their ids."""
    over = select(_b.id).where(_IN_FORCE, _b.until < today.isoformat()).order_by(_b.until).limit(limit)
    ending = update(block).where(_b.id.in_(over), _IN_FORCE).values(_ended(actor, now))
    return list(connection.execute(ending.returning(_b.id)).scalars())


def _ended(actor: str, now: datetime, reason: str = "") -> dict[str, object]:
    return {"ended_at": instant_text(now), "ended_by": actor, "ended_reason": reason}
