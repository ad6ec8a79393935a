"""A reader is erased: whatever tells who it was, and whatever ties its number to what was read, in every table.

What stays is a row that says that there was a reader, entries of money and credit without words, consents as proof, and the journal,
which holds ids alone.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, LargeBinary, bindparam, delete, func, or_, select, update

from union_catalog.ids import LoanId, PatronId
from union_catalog.storage import forgetting
from union_catalog.storage.forgetting import EndedLoan
from union_catalog.storage.tables import (
    account_entry,
    answered_command,
    block,
    consent,
    credential,
    credit_entry,
    desk_action,
    desk_session,
    hold,
    loan,
    notice,
    objection,
    offline_line,
    patron,
    patron_merge,
    person,
    pin,
    session,
    stray_item,
)
from union_catalog.storage.values import one_of

_SHORTEST = 5  # a shorter text would be found in answers that are not the reader's


def open_loans(connection: Connection, patrons: Collection[PatronId]) -> list[LoanId]:
    """What is still out, claimed to be returned or not."""
    statement = select(loan.c.id).where(one_of(loan.c.patron_id, patrons), loan.c.ended_at.is_(None)).order_by(loan.c.id)
    return [LoanId(id_) for id_ in connection.execute(statement).scalars()]


def open_holds(connection: Connection, patrons: Collection[PatronId]) -> list[str]:
    """What is still waited for."""
    statement = select(hold.c.id).where(one_of(hold.c.patron_id, patrons), hold.c.ended_at.is_(None)).order_by(hold.c.id)
    return list(connection.execute(statement).scalars())


def wards(connection: Connection, patrons: Collection[PatronId]) -> list[PatronId]:
    """The children who have nobody else to stand for them."""
    mine = (one_of(patron.c.guardian_id, patrons), patron.c.state.in_(("pending", "active")))
    return [PatronId(id_) for id_ in connection.execute(select(patron.c.id).where(*mine).order_by(patron.c.id)).scalars()]


def erase(connection: Connection, patrons: Sequence[PatronId], now: str, actor: str) -> None:
    """Erases these, who are one reader and are locked: nothing of theirs is open."""
    secrets = _secrets(connection, patrons)
    _forget_answers(connection, patrons, secrets)
    _forget_barcodes(connection, secrets, now, actor)
    for table, of in (
        (person, "patron_id"),
        (credential, "patron_id"),
        (pin, "patron_id"),
        (desk_session, "patron_id"),
        (notice, "patron_id"),
    ):
        connection.execute(delete(table).where(one_of(table.c[of], patrons)))
    connection.execute(delete(session).where(session.c.kind == "patron", one_of(session.c.subject, patrons)))
    merged = or_(one_of(patron_merge.c.kept_id, patrons), one_of(patron_merge.c.gone_id, patrons))
    connection.execute(delete(patron_merge).where(merged))
    _forget_history(connection, patrons)
    _take_words(connection, patrons, now, actor)
    # A child of whom the guardian is erased has none; whether that may be was asked before.
    connection.execute(update(patron).where(one_of(patron.c.guardian_id, patrons)).values(guardian_id=None))
    values = {"state": "erased", "merged_into": None, "guardian_id": None, "expires_on": None, "language": "zh", "keeps_history": False}
    connection.execute(update(patron).where(one_of(patron.c.id, patrons)).values(values))


def _secrets(connection: Connection, patrons: Sequence[PatronId]) -> list[str]:
    """What can be found again of this reader elsewhere: telephone, e-mail, and the numbers of cards."""
    told = connection.execute(select(person.c.phone, person.c.email).where(one_of(person.c.patron_id, patrons))).all()
    numbers = connection.execute(select(credential.c.number).where(one_of(credential.c.patron_id, patrons))).scalars()
    return [text for text in (*(text for row in told for text in row), *numbers) if len(text) >= _SHORTEST]


def _forget_answers(connection: Connection, patrons: Sequence[PatronId], secrets: Sequence[str]) -> None:
    """Those that speak of the reader, those that the reader got, and those of many readers at once in which this one is found."""
    a = answered_command.c
    own = or_(one_of(a.patron_id, patrons), one_of(a.principal, [f"patron:{id_}" for id_ in patrons]))
    connection.execute(delete(answered_command).where(own))
    place = func.position if connection.dialect.name == "postgresql" else func.instr
    for secret in secrets:
        needle = bindparam(None, secret.encode(), LargeBinary)
        found = place(needle.op("IN")(a.body)) if connection.dialect.name == "postgresql" else place(a.body, needle)
        connection.execute(delete(answered_command).where(found > 0))


def _forget_barcodes(connection: Connection, secrets: Sequence[str], now: str, actor: str) -> None:
    """A card that was scanned where an item was expected was taken for the barcode of one."""
    s = stray_item.c
    no_item = {"resolution": "removed", "reason": "not_a_book", "resolved_at": now, "resolved_by": actor}
    connection.execute(update(stray_item).where(one_of(s.barcode, secrets), s.resolved_at.is_(None)).values(no_item))
    connection.execute(update(stray_item).where(one_of(s.barcode, secrets)).values(barcode=""))
    o = offline_line.c
    known = or_(one_of(o.card, secrets), one_of(o.card_hash, secrets))
    connection.execute(update(offline_line).where(known).values(card="", card_hash=""))
    connection.execute(update(offline_line).where(one_of(o.barcode, secrets)).values(barcode="", told={}))
    a = desk_action.c
    for action_id, told in connection.execute(select(a.id, a.told).where(one_of(a.barcode, secrets))).all():
        values = {"barcode": "", "told": forgetting.without(told, secrets)}
        connection.execute(update(desk_action).where(a.id == action_id).values(values))


def _forget_history(connection: Connection, patrons: Sequence[PatronId]) -> None:
    forgetting.forget_actions(connection, one_of(desk_action.c.patron_id, patrons), patrons)
    ended = select(loan.c.id, loan.c.patron_id, loan.c.ended_at).where(one_of(loan.c.patron_id, patrons), loan.c.ended_at.is_not(None))
    forgetting.forget(connection, [EndedLoan(*row) for row in connection.execute(ended)])
    connection.execute(update(hold).where(one_of(hold.c.patron_id, patrons)).values(patron_id=None))


def _take_words(connection: Connection, patrons: Sequence[PatronId], now: str, actor: str) -> None:
    """What people wrote about the reader, or the reader about them, may tell anything."""
    connection.execute(update(objection).where(one_of(objection.c.patron_id, patrons)).values(text="", answer=""))
    for table in (credit_entry, account_entry, block):
        connection.execute(update(table).where(one_of(table.c.patron_id, patrons)).values(reason=""))
    connection.execute(update(block).where(one_of(block.c.patron_id, patrons)).values(ended_reason=""))
    over = {"ended_at": now, "ended_by": actor}
    connection.execute(update(block).where(one_of(block.c.patron_id, patrons), block.c.ended_at.is_(None)).values(over))
    given = (one_of(consent.c.patron_id, patrons), consent.c.withdrawn_at.is_(None))
    connection.execute(update(consent).where(*given).values(withdrawn_at=now))
