"""The log of the lending score, and the score: its sum, kept beside the reader in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, ScalarSelect, func, insert, select, update

from union_catalog.clock import instant_text, parse_instant
from union_catalog.ids import LoanId, PatronId
from union_catalog.storage.tables import credit_entry, patron

_c = credit_entry.c


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditEntry:
    """One change. ``reason`` is of staff, "" where a rule changed it; of a merge, the score from which to which."""

    id: str
    patron: PatronId
    points: int
    cause: str
    loan: LoanId | None = None
    reason: str = ""
    reverses: str | None = None
    actor: str
    entered_at: datetime


def add(connection: Connection, entries: Sequence[CreditEntry]) -> None:
    """Writes them down, of one reader or of many, and moves their scores. A second reversal of one entry violates a constraint.

    The readers' rows are locked by whoever calls.
    """
    connection.execute(insert(credit_entry), [_row(entry) for entry in entries])
    for entry in entries:
        if entry.points:
            connection.execute(update(patron).where(patron.c.id == entry.patron).values(credit=patron.c.credit + entry.points))


def _row(entry: CreditEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "patron_id": entry.patron,
        "points": entry.points,
        "cause": entry.cause,
        "loan_id": entry.loan,
        "reason": entry.reason,
        "reverses": entry.reverses,
        "actor": entry.actor,
        "entered_at": instant_text(entry.entered_at),
    }


def _entry(row: Row[Any]) -> CreditEntry:
    return CreditEntry(
        id=row.id,
        patron=PatronId(row.patron_id),
        points=row.points,
        cause=row.cause,
        loan=LoanId(row.loan_id) if row.loan_id else None,
        reason=row.reason,
        reverses=row.reverses,
        actor=row.actor,
        entered_at=parse_instant(row.entered_at),
    )


def log(connection: Connection, reader: PatronId, limit: int) -> tuple[CreditEntry, ...]:
    """The newest first."""
    statement = select(credit_entry).where(_c.patron_id == reader).order_by(_c.entered_at.desc(), _c.id.desc()).limit(limit)
    return tuple([_entry(row) for row in connection.execute(statement)])


def find(connection: Connection, entry_id: str) -> CreditEntry | None:
    """None for an id that no entry has."""
    row = connection.execute(select(credit_entry).where(_c.id == entry_id)).first()
    return _entry(row) if row else None


def is_reversed(connection: Connection, entry_id: str) -> bool:
    """Whether it was taken back."""
    return connection.execute(select(_c.id).where(_c.reverses == entry_id)).first() is not None


def taken_for_loss(patron_id: Any, loan_id: Any) -> ScalarSelect[int]:
    """A column for any statement: the points that the loss of a loan's item has taken and that were not given back."""
    undone = credit_entry.alias("undone").c
    standing = ~select(undone.id).where(undone.reverses == _c.id).exists()
    wanted = _c.patron_id == patron_id, _c.loan_id == loan_id, _c.cause.in_(("lost", "found")), standing
    return select(func.coalesce(-func.sum(_c.points), 0)).where(*wanted).scalar_subquery()


# What time must have passed since; of two records made one, what was taken from either counts, not that they were made one.
_HOLDS_UP = ((_c.points < 0) & _c.cause.not_in(("set_aside", "merged"))) | (_c.cause == "time")


def mending(connection: Connection, below: int, unchanged_since: datetime, after: str, limit: int) -> list[PatronId]:
    """Readers below ``below`` of whom nothing was taken, and to whom time gave nothing, since then; by id after ``after``, without lock."""
    newest = select(func.max(_c.entered_at)).where(_c.patron_id == patron.c.id, _HOLDS_UP).scalar_subquery()
    quiet = func.coalesce(newest, patron.c.created_at) <= instant_text(unchanged_since)
    wanted = patron.c.id > after, patron.c.credit < below, patron.c.state == "active", quiet
    return [
        PatronId(found) for found in connection.execute(select(patron.c.id).where(*wanted).order_by(patron.c.id).limit(limit)).scalars()
    ]


def last_taken(connection: Connection, reader: PatronId) -> datetime | None:
    """When something was taken last, or time gave something back; None where neither ever was."""
    newest = connection.execute(select(func.max(_c.entered_at)).where(_c.patron_id == reader, _HOLDS_UP)).scalar()
    return parse_instant(newest) if newest else None
