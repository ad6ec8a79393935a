"""Ended loans lose their reader: the rows that tie the one to the other, and taking the tie out of them.

What a loan is kept for without its reader (library, category, age band) stands in the loan itself.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, literal, or_, select, text, tuple_, update

from union_catalog.clock import instant_text
from union_catalog.ids import LoanId, PatronId
from union_catalog.storage.tables import (
    account_entry,
    block,
    credit_entry,
    desk_action,
    hold,
    loan,
    notice,
    objection,
    patron,
    patron_merge,
)
from union_catalog.storage.tables.circulation import UNDONE_OF_READER
from union_catalog.storage.values import one_of

_ENDED = (loan.c.ended_at.is_not(None), loan.c.patron_id.is_not(None))
FORGOTTEN = "forgotten"  # in place of a table: what an action changed is not known any more
_REMEMBERING = (block, credit_entry, account_entry)


@dataclass(frozen=True, slots=True)
class EndedLoan:
    """A loan that still knows its reader; (``ended_at``, ``id``) is its place among all."""

    id: LoanId
    patron: PatronId
    ended_at: str


def _of_loan(table: Table) -> ColumnElement[bool]:
    return and_(table.c.patron_id == loan.c.patron_id, table.c.loan_id == loan.c.id)


def _needed(today: date) -> ColumnElement[bool]:
    """Something that is not settled refers to the loan: a block that holds, money, or an objection that nobody has decided."""
    holds = or_(block.c.until.is_(None), block.c.until >= today.isoformat())
    blocked = select(block.c.id).where(_of_loan(block), block.c.ended_at.is_(None), holds).exists()
    entries = select(account_entry.c.loan_id).where(_of_loan(account_entry)).group_by(account_entry.c.library, account_entry.c.cause)
    owed = entries.group_by(account_entry.c.loan_id).having(func.sum(account_entry.c.owed_fen) != 0).exists()
    objected = select(objection.c.id).where(objection.c.patron_id == loan.c.patron_id, objection.c.state == "open").exists()
    return or_(blocked, owed, objected)


def ended_before(connection: Connection, cutoff: datetime, today: date, after: tuple[str, LoanId], limit: int) -> list[EndedLoan]:
    """Up to ``limit`` loans of anybody that ended by ``cutoff``, after a place; those that are still needed are left out."""
    place = tuple_(loan.c.ended_at, loan.c.id) > tuple_(literal(after[0]), literal(after[1]))
    statement = select(loan.c.id, loan.c.patron_id, loan.c.ended_at).where(*_ENDED, loan.c.ended_at <= instant_text(cutoff), place)
    rows = connection.execute(statement.where(~_needed(today)).order_by(loan.c.ended_at, loan.c.id).limit(limit))
    return [EndedLoan(*row) for row in rows]


def keeping_nothing(connection: Connection, after: PatronId, limit: int) -> list[PatronId]:
    """Up to ``limit`` readers who want no history kept, after one, by id."""
    statement = select(patron.c.id).where(~patron.c.keeps_history, patron.c.id > after)
    return [PatronId(id_) for id_ in connection.execute(statement.order_by(patron.c.id).limit(limit)).scalars()]


def returned_of(connection: Connection, patrons: Collection[PatronId], before: datetime, today: date) -> list[EndedLoan]:
    """The loans of these readers that were given back by an instant and are not needed. What is lost stays until its time is up: it may
    be found, and paid back."""
    mine = (one_of(loan.c.patron_id, patrons), *_ENDED, loan.c.state == "returned", loan.c.ended_at <= instant_text(before))
    statement = select(loan.c.id, loan.c.patron_id, loan.c.ended_at).where(*mine, ~_needed(today)).order_by(loan.c.id)
    return [EndedLoan(*row) for row in connection.execute(statement)]


def forget(connection: Connection, loans: Sequence[EndedLoan]) -> int:
    """Takes the reader out of these loans and the loan out of everything that is the reader's. The readers' rows are locked first: what
    was opened again meanwhile is left alone. Answers how many loans it was."""
    if not loans:
        return 0
    patrons = {one.patron for one in loans}
    connection.execute(select(patron.c.id).where(one_of(patron.c.id, patrons)).order_by(patron.c.id).with_for_update()).all()
    ended = update(loan).where(one_of(loan.c.id, [one.id for one in loans]), *_ENDED).values(patron_id=None)
    gone = list(connection.execute(ended.returning(loan.c.id)).scalars())
    for table in _REMEMBERING:
        connection.execute(update(table).where(one_of(table.c.patron_id, patrons), one_of(table.c.loan_id, gone)).values(loan_id=None))
    connection.execute(delete(notice).where(one_of(notice.c.patron_id, patrons), one_of(notice.c.loan_id, gone)))
    forget_actions(connection, one_of(desk_action.c.loan_id, gone), patrons)
    _forget_merges(connection, patrons, set(gone))
    return len(gone)


def forget_holds(connection: Connection, cutoff: datetime, limit: int) -> int:
    """The same of holds that ended by ``cutoff``, up to ``limit`` of them."""
    ended = (hold.c.patron_id.is_not(None), hold.c.ended_at <= instant_text(cutoff))
    some = select(hold.c.id).where(*ended).order_by(hold.c.id).limit(limit)
    return connection.execute(update(hold).where(hold.c.id.in_(some)).values(patron_id=None)).rowcount


def forget_undone(connection: Connection, before: datetime, limit: int | None, patrons: Collection[PatronId] | None = None) -> int:
    """The same of up to ``limit`` things that desks did and took back by then, of these readers or anybody: no loan is left to speak of
    them. Answers how many those were."""
    a = desk_action.c
    taken_back = select(a.id, a.patron_id).where(text(UNDONE_OF_READER), a.undone_at <= instant_text(before)).limit(limit)
    if patrons is not None:
        taken_back = taken_back.where(one_of(a.patron_id, patrons))
    found = connection.execute(taken_back).all()
    forget_actions(connection, one_of(a.id, [row.id for row in found]), {PatronId(row.patron_id) for row in found})
    return len(found)


def forget_actions(connection: Connection, which: ColumnElement[bool], patrons: Collection[PatronId]) -> None:
    """What desks did stays; with whom goes, and with it why somebody went past what stood in the way, for that may tell who it was, and
    what an undoing would need, so that none is tried."""
    a = desk_action.c
    for action_id, told in connection.execute(select(a.id, a.told).where(which)).all():
        kept = {name: part for name, part in without(told, set(patrons)).items() if name != "reason"}
        values = {"patron_id": None, "told": kept, "before": [[FORGOTTEN, "", None, ""]]}
        connection.execute(update(desk_action).where(a.id == action_id).values(values))


def _forget_merges(connection: Connection, patrons: Collection[PatronId], loans: Collection[str]) -> None:
    m = patron_merge.c
    of_them = or_(one_of(m.kept_id, patrons), one_of(m.gone_id, patrons))
    for merge_id, before in connection.execute(select(m.id, m.before).where(of_them)).all():
        kept = without(before, set(loans))
        if kept != before:
            connection.execute(update(patron_merge).where(m.id == merge_id).values(before=kept))


def without(value: Any, ids: Collection[str]) -> Any:
    """The same JSON without these texts: elements of lists and members of objects that are one of them are left out."""
    if isinstance(value, Mapping):
        return {name: without(part, ids) for name, part in value.items() if not (isinstance(part, str) and part in ids)}
    if isinstance(value, list):
        return [without(part, ids) for part in value if not (isinstance(part, str) and part in ids)]
    return value
