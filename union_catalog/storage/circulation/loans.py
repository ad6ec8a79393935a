"""Loans as they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, literal, select, tuple_

from union_catalog.clock import parse_instant
from union_catalog.ids import BranchCode, ItemId, LibraryCode, LoanId, PatronId
from union_catalog.network.hours import OpeningHours
from union_catalog.storage.circulation.snapshot import read_hours
from union_catalog.storage.circulation.statements import OPEN_LOAN
from union_catalog.storage.tables import branch, item, loan
from union_catalog.storage.values import one_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLoan:
    """An open loan with its item. ``policy_version`` and ``policy_rule``: the terms under which it was made."""

    id: LoanId
    item: ItemId
    library: LibraryCode
    barcode: str
    state: str
    lending_branch: BranchCode
    lent_at: datetime
    due_date: date
    renewals: int
    policy_version: int
    policy_rule: str


@dataclass(frozen=True, slots=True)
class PastLoan:
    """A loan that has ended and still knows its reader. ``state`` is "returned" or "lost"."""

    item: ItemId
    state: str
    lending_branch: BranchCode
    lent_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class LateLoan:
    """An open loan past its date, with the calendar of the branch that lent it; (``due_date``, ``id``) is its place among all."""

    due_date: date
    id: LoanId
    item: ItemId
    lending_branch: BranchCode
    hours: OpeningHours | None
    policy_version: int
    policy_rule: str


_SHOWN = (
    loan.c.id, loan.c.item_id, item.c.library, item.c.barcode, loan.c.state, loan.c.lending_branch, loan.c.lent_at, loan.c.due_date,
    loan.c.renewals, loan.c.policy_version, loan.c.policy_rule,
)  # fmt: skip


def open_of(connection: Connection, patron: PatronId) -> tuple[StoredLoan, ...]:
    """Those due first first."""
    statement = select(*_SHOWN).join(item, item.c.id == loan.c.item_id).where(loan.c.patron_id == patron, OPEN_LOAN)
    return tuple(_stored(row) for row in connection.execute(statement.order_by(loan.c.due_date, loan.c.id)))


def late(connection: Connection, today: date, after: tuple[date, LoanId] | None, limit: int) -> list[LateLoan]:
    """Up to ``limit`` open loans of anybody that were due before ``today``, after a place; without those that are said to be returned."""
    columns = (loan.c.due_date, loan.c.id, loan.c.item_id, loan.c.lending_branch, branch.c.hours, loan.c.policy_version, loan.c.policy_rule)
    statement = select(*columns).join(branch, branch.c.code == loan.c.lending_branch)
    statement = statement.where(OPEN_LOAN, loan.c.state == "open", loan.c.due_date < today.isoformat())
    if after is not None:
        statement = statement.where(tuple_(loan.c.due_date, loan.c.id) > tuple_(literal(after[0].isoformat()), literal(after[1])))
    rows = connection.execute(statement.order_by(loan.c.due_date, loan.c.id).limit(limit))
    return [
        LateLoan(date.fromisoformat(due), LoanId(id_), ItemId(of), BranchCode(at), read_hours(hours), version, rule)
        for due, id_, of, at, hours, version, rule in rows
    ]


def ended_of(connection: Connection, patron: PatronId, limit: int) -> tuple[PastLoan, ...]:
    """The newest of the reader's history, as long as it knows the reader."""
    columns = (loan.c.item_id, loan.c.state, loan.c.lending_branch, loan.c.lent_at, loan.c.ended_at)
    statement = select(*columns).where(loan.c.patron_id == patron, loan.c.ended_at.is_not(None))
    rows = connection.execute(statement.order_by(loan.c.ended_at.desc(), loan.c.id).limit(limit))
    return tuple(PastLoan(ItemId(row[0]), row[1], BranchCode(row[2]), parse_instant(row[3]), parse_instant(row[4])) for row in rows)


def _stored(row: Any) -> StoredLoan:
    return StoredLoan(
        id=LoanId(row.id),
        item=ItemId(row.item_id),
        library=LibraryCode(row.library),
        barcode=row.barcode or "",
        state=row.state,
        lending_branch=BranchCode(row.lending_branch),
        lent_at=parse_instant(row.lent_at),
        due_date=date.fromisoformat(row.due_date),
        renewals=row.renewals,
        policy_version=row.policy_version,
        policy_rule=row.policy_rule,
    )


def patron_of(connection: Connection, loan_id: LoanId) -> PatronId | None:
    """Whose open loan it is; None for one that is not open."""
    found = connection.execute(select(loan.c.patron_id).where(loan.c.id == loan_id, OPEN_LOAN)).scalar()
    return PatronId(found) if found else None


def of_item(connection: Connection, item_id: ItemId) -> LoanId | None:
    """The open loan of an item; None where nobody has it."""
    found = connection.execute(select(loan.c.id).where(loan.c.item_id == item_id, OPEN_LOAN)).scalar()
    return LoanId(found) if found else None


def due_dates(connection: Connection, items: list[ItemId]) -> Mapping[ItemId, date]:
    """Of the items that are on loan."""
    rows = connection.execute(select(loan.c.item_id, loan.c.due_date).where(one_of(loan.c.item_id, items), OPEN_LOAN))
    return {ItemId(row[0]): date.fromisoformat(row[1]) for row in rows}
