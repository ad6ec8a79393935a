"""Entries of readers' accounts, what they come to, and the numbers of receipts.

Sums are read after the reader's row is locked, in a statement of their own: one that waited for the lock still sees what was there when
it began.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, ScalarSelect, Select, func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from union_catalog.clock import instant_text, parse_instant
from union_catalog.ids import BranchCode, LibraryCode, LoanId, PatronId
from union_catalog.patrons.accounts import Deposit, Entry, OpenCharge
from union_catalog.storage.tables import account_entry, loan, till_day
from union_catalog.storage.values import one_of

_e = account_entry.c
_OUT = loan.c.state.in_(("open", "claimed_returned"))


def add(connection: Connection, entries: Sequence[Entry]) -> None:
    """Writes them down; nothing is ever changed. A second reversal of one entry violates the database's constraint."""
    connection.execute(insert(account_entry), [_row(entry) for entry in entries])


def _row(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "patron_id": entry.patron,
        "library": entry.library,
        "branch": entry.branch,
        "kind": entry.kind,
        "cause": entry.cause,
        "owed_fen": entry.owed_fen,
        "deposit_fen": entry.deposit_fen,
        "cash_fen": entry.cash_fen,
        "method": entry.method,
        "loan_id": entry.loan,
        "reason": entry.reason,
        "receipt": entry.receipt,
        "line": entry.line,
        "reverses": entry.reverses,
        "actor": entry.actor,
        "entered_at": instant_text(entry.entered_at),
    }


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        patron=PatronId(row.patron_id),
        library=LibraryCode(row.library),
        branch=BranchCode(row.branch) if row.branch else None,
        kind=row.kind,
        cause=row.cause,
        owed_fen=row.owed_fen,
        deposit_fen=row.deposit_fen,
        cash_fen=row.cash_fen,
        method=row.method,
        loan=LoanId(row.loan_id) if row.loan_id else None,
        reason=row.reason,
        receipt=row.receipt,
        line=row.line,
        reverses=row.reverses,
        actor=row.actor,
        entered_at=parse_instant(row.entered_at),
    )


def _read(connection: Connection, statement: Select[Any]) -> tuple[Entry, ...]:
    return tuple([_entry(row) for row in connection.execute(statement)])


def sums(connection: Connection, patron: PatronId) -> tuple[int, int]:
    """What the reader owes and has deposited in the whole network, in fen."""
    owed, deposit = func.coalesce(func.sum(_e.owed_fen), 0), func.coalesce(func.sum(_e.deposit_fen), 0)
    row = connection.execute(select(owed, deposit).where(_e.patron_id == patron)).one()
    return int(row[0]), int(row[1])


def charged_of(patron_id: Any, loan_id: Any, cause: str = "compensation") -> ScalarSelect[int]:
    """A column for any statement: what was asked for a loan and was neither waived, replaced nor taken back, be it paid or not."""
    asked = _e.patron_id == patron_id, _e.loan_id == loan_id, _e.cause == cause, _e.cash_fen == 0
    return select(func.coalesce(func.sum(_e.owed_fen), 0)).where(*asked).scalar_subquery()


def charged(connection: Connection, charge: Entry) -> int:
    """The same for the loan and cause of a charge."""
    return int(connection.execute(select(charged_of(charge.patron, charge.loan, charge.cause))).scalar_one())


def open_charges(connection: Connection, patron: PatronId) -> tuple[OpenCharge, ...]:
    """Those whose entries do not come to nothing, the oldest first."""
    owed, since = func.sum(_e.owed_fen), func.min(_e.entered_at)
    statement = (
        select(_e.library, _e.loan_id, _e.cause, owed, since)
        .where(_e.patron_id == patron, _e.cause != "")
        .group_by(_e.library, _e.loan_id, _e.cause)
        .having(owed != 0)
        .order_by(since, func.min(_e.id))
    )
    return tuple([_charge(*row) for row in connection.execute(statement)])


def _charge(library: str, loan_id: str | None, cause: str, owed: int, since: str) -> OpenCharge:
    known = LoanId(loan_id) if loan_id else None
    return OpenCharge(library=LibraryCode(library), loan=known, cause=cause, owed_fen=int(owed), since=parse_instant(since))


def deposits(connection: Connection, patron: PatronId) -> tuple[Deposit, ...]:
    """By library, the longest held first."""
    held = func.sum(_e.deposit_fen)
    statement = select(_e.library, held).where(_e.patron_id == patron, _e.deposit_fen != 0).group_by(_e.library)
    ordered = statement.having(held != 0).order_by(func.min(_e.entered_at), _e.library)
    return tuple([Deposit(LibraryCode(library), int(fen)) for library, fen in connection.execute(ordered)])


def lent(connection: Connection, patron: PatronId) -> int:
    """How many items the reader has out."""
    return connection.execute(select(func.count()).where(loan.c.patron_id == patron, _OUT)).scalar_one()


def is_lost(connection: Connection, loan_id: LoanId) -> bool:
    """Whether the loan ended with its item lost."""
    return connection.execute(select(loan.c.state).where(loan.c.id == loan_id)).scalar() == "lost"


def entries(connection: Connection, patron: PatronId, limit: int) -> tuple[Entry, ...]:
    """The newest ones first."""
    statement = select(account_entry).where(_e.patron_id == patron).order_by(_e.entered_at.desc(), _e.id.desc())
    return _read(connection, statement.limit(limit))


def find(connection: Connection, entry_id: str) -> Entry | None:
    """None for an id that no entry has."""
    return next(iter(_read(connection, select(account_entry).where(_e.id == entry_id))), None)


def with_its_receipt(connection: Connection, entry: Entry) -> tuple[Entry, ...]:
    """All lines of the receipt on which the entry stands; itself where it has none."""
    if entry.receipt is None:
        return (entry,)
    return _read(connection, select(account_entry).where(_e.receipt == entry.receipt).order_by(_e.line))


def of_receipt(connection: Connection, branch: str, receipt: str) -> tuple[Entry, ...]:
    """The lines of a receipt of a branch's till; none for one that was never given out."""
    statement = select(account_entry).where(account_entry.c.receipt == receipt, account_entry.c.branch == branch)
    return _read(connection, statement.order_by(account_entry.c.line))


def reversed_among(connection: Connection, ids: Collection[str]) -> frozenset[str]:
    """Those that have been reversed."""
    return frozenset(connection.execute(select(_e.reverses).where(one_of(_e.reverses, ids))).scalars())


def next_receipt(connection: Connection, branch: BranchCode, day: date) -> int:
    """The next number of the till on this day, from 1 and without gaps: who asks next waits until this transaction has ended."""
    make = insert_postgresql if connection.dialect.name == "postgresql" else insert_sqlite
    statement = make(till_day).values(branch=branch, day=day.isoformat(), receipts=1)
    upsert = statement.on_conflict_do_update(index_elements=[till_day.c.branch, till_day.c.day], set_={"receipts": till_day.c.receipts + 1})
    return int(connection.execute(upsert.returning(till_day.c.receipts)).scalar_one())


def at_till(connection: Connection, branch: BranchCode, start: datetime, end: datetime) -> tuple[Entry, ...]:
    """Everything done at a branch's till from ``start`` up to and without ``end``, in its order."""
    during = _e.branch == branch, _e.entered_at >= instant_text(start), _e.entered_at < instant_text(end)
    return _read(connection, select(account_entry).where(*during).order_by(_e.entered_at, _e.receipt, _e.line))
