"""Whom a message goes to, and of which books it speaks: read when it is sent, kept nowhere."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection, func, select

from union_catalog.context import Language
from union_catalog.ids import ItemId, LoanId, PatronId
from union_catalog.notices.model import Recipient
from union_catalog.storage.tables import loan, patron, person
from union_catalog.storage.values import one_of


@dataclass(frozen=True, slots=True)
class LoanNow:
    """A loan as it stands; ``patron`` None once its history has lost its reader."""

    id: LoanId
    item: ItemId
    patron: PatronId | None
    state: str
    due_date: str


def survivors(connection: Connection, patrons: Collection[PatronId]) -> dict[PatronId, PatronId]:
    """Each with the reader that it is now: a merged card leads to the one that was kept, over as many merges as there were."""
    leads = {id_: id_ for id_ in patrons}
    moved = set(patrons)
    while moved:
        statement = select(patron.c.id, patron.c.merged_into).where(one_of(patron.c.id, moved), patron.c.merged_into.is_not(None))
        steps = {PatronId(row[0]): PatronId(row[1]) for row in connection.execute(statement)}
        leads = {id_: steps.get(to, to) for id_, to in leads.items()}
        moved = set(steps.values())
    return leads


def recipients(connection: Connection, patrons: Collection[PatronId]) -> dict[PatronId, Recipient]:
    """By reader. Who has an address of neither kind is written to at the guardian's. A reader who was erased is left out."""
    guardian = person.alias()
    own = func.coalesce(person.c.email, "") + func.coalesce(person.c.phone, "") != ""
    statement = (
        select(patron.c.id, patron.c.language, person.c.name, own, person.c.email, person.c.phone, guardian.c.email, guardian.c.phone)
        .join(person, person.c.patron_id == patron.c.id)
        .outerjoin(guardian, guardian.c.patron_id == patron.c.guardian_id)
        .where(one_of(patron.c.id, patrons))
    )
    found = {}
    for id_, language, name, has_own, email, phone, guardian_email, guardian_phone in connection.execute(statement):
        to = (email, phone) if has_own else (guardian_email or "", guardian_phone or "")
        found[PatronId(id_)] = Recipient(name=name, language=cast(Language, language), email=to[0], phone=to[1])
    return found


def loans_now(connection: Connection, loans: Collection[LoanId]) -> dict[LoanId, LoanNow]:
    """As they stand at this moment."""
    statement = select(loan.c.id, loan.c.item_id, loan.c.patron_id, loan.c.state, loan.c.due_date).where(one_of(loan.c.id, loans))
    return {LoanId(row[0]): LoanNow(*row) for row in connection.execute(statement)}
