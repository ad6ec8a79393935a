"""Everything that is kept of one reader, read for the reader: table by table, column by column.

A column that is not named here is nobody's own (an actor, a hash, a place in a queue); a test compares with the tables that know a reader.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Table, select

from union_catalog.ids import ItemId, LoanId, PatronId
from union_catalog.storage.tables import (
    account_entry,
    answered_command,
    block,
    consent,
    credential,
    credit_entry,
    desk_action,
    desk_session,
    event,
    hold,
    loan,
    notice,
    objection,
    patron,
    patron_merge,
    person,
    pin,
    session,
)
from union_catalog.storage.values import one_of

Value = str | int | float | bool | None | list[object] | Mapping[str, object]
Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Kept:
    """``of``: the column that says whose a row is. ``columns`` are told, in this order, and the rows ordered by the first of ``order``."""

    table: Table
    of: Column[str]
    columns: tuple[str, ...]
    order: tuple[str, ...]


def _kept(table: Table, of: str, columns: str, order: str) -> Kept:
    return Kept(table, table.c[of], tuple(columns.split()), tuple(order.split()))


SECTIONS: Mapping[str, Kept] = {
    "record": _kept(
        patron, "id", "id library home_branch category state language keeps_history credit guardian_id expires_on created_at", "created_at"
    ),
    "person": _kept(person, "patron_id", "name birth_date phone email document_type", "name"),
    "cards": _kept(credential, "patron_id", "issuer number kind state issued_at ended_at", "issued_at number"),
    "pin": _kept(pin, "patron_id", "set_at failures locked_until", "set_at"),
    "consents": _kept(consent, "patron_id", "purpose notice library guardian_id given_on recorded_at withdrawn_at", "recorded_at purpose"),
    "loans": _kept(
        loan,
        "patron_id",
        "id item_id state lending_branch lent_at due_date renewals policy_version policy_rule ended_at returned_branch",
        "lent_at id",
    ),
    "holds": _kept(hold, "patron_id", "id union_id item_id pickup_branch state placed_at expires_on shelf_until ended_at", "placed_at id"),
    "blocks": _kept(block, "patron_id", "id code library scope reason lifted_by loan_id since until ended_at ended_reason", "since id"),
    "credit": _kept(credit_entry, "patron_id", "id points cause loan_id reason entered_at", "entered_at id"),
    "account": _kept(
        account_entry,
        "patron_id",
        "id library branch kind cause owed_fen deposit_fen cash_fen method loan_id reason receipt entered_at",
        "entered_at id",
    ),
    "objections": _kept(objection, "patron_id", "id about about_id text state made_at answer decided_at", "made_at id"),
    "notices": _kept(notice, "patron_id", "kind loan_id data state channel created_at sent_at reason", "created_at kind"),
    "desk_actions": _kept(
        desk_action, "patron_id", "action case_number branch item_id loan_id occurred_at undone_at", "occurred_at action"
    ),
    "merges": _kept(patron_merge, "kept_id", "gone_id merged_at undone_at", "merged_at"),
    "sessions": _kept(session, "subject", "created_at expires_at", "created_at"),
    "desk_sessions": _kept(desk_session, "patron_id", "branch created_at expires_at", "created_at"),
    "answers": _kept(answered_command, "patron_id", "status answered_at", "answered_at"),
}
_OF_OTHERS = ("sessions",)  # a member of staff may have sessions, too


def everyone(connection: Connection, patron_id: PatronId) -> list[PatronId]:
    """The reader, and every record that was merged into this one, over as many merges as there were."""
    found, fresh = [patron_id], [patron_id]
    while fresh:
        statement = select(patron.c.id).where(one_of(patron.c.merged_into, fresh)).order_by(patron.c.id)
        fresh = [PatronId(id_) for id_ in connection.execute(statement).scalars()]
        found += fresh
    return found


def section(connection: Connection, name: str, patrons: Collection[PatronId]) -> list[Row]:
    """The rows of one section of SECTIONS. Raises KeyError for another name."""
    kept = SECTIONS[name]
    statement = select(*(kept.table.c[column] for column in kept.columns)).where(one_of(kept.of, patrons))
    if name in _OF_OTHERS:
        statement = statement.where(session.c.kind == "patron")
    rows = connection.execute(statement.order_by(*(kept.table.c[column] for column in kept.order))).mappings()
    return [dict(row) for row in rows]


def journal(connection: Connection, patrons: Collection[PatronId]) -> list[Row]:
    """What the journal says of the reader, the oldest first."""
    columns = (event.c.kind, event.c.library, event.c.occurred_at, event.c.data)
    of = one_of(event.c.subject, [f"patron:{id_}" for id_ in patrons])
    return [dict(row) for row in connection.execute(select(*columns).where(of).order_by(event.c.id)).mappings()]


def items_of_loans(connection: Connection, patrons: Collection[PatronId]) -> dict[LoanId, ItemId]:
    """Loan → item."""
    statement = select(loan.c.id, loan.c.item_id).where(one_of(loan.c.patron_id, patrons))
    return {LoanId(row[0]): ItemId(row[1]) for row in connection.execute(statement)}
