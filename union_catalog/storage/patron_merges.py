"""Rows that change hands when two readers are found to be one, and the record by which they are given back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Table, delete, insert, select, update

from union_catalog.clock import instant_text
from union_catalog.ids import PatronId
from union_catalog.storage.tables import (
    account_entry,
    block,
    consent,
    credit_entry,
    desk_session,
    hold,
    loan,
    notice,
    objection,
    patron,
    patron_merge,
    session,
)
from union_catalog.storage.values import one_of

# Everything that is a reader's, apart from what tells who it is, the PIN, and the trace of what desks did.
_MOVED: tuple[Table, ...] = (loan, hold, block, credit_entry, account_entry, consent, objection, notice)


class CredentialBefore(msgspec.Struct, frozen=True):
    """A credential as it was."""

    issuer: str
    number: str
    state: str
    ended_at: str | None


class Before(msgspec.Struct, frozen=True):
    """What an undoing needs. ``moved``: table → ids of the rows that changed hands.

    ``set_aside`` and ``lowered`` are the entries of the credit log that the merge made, of the one that went and of the one that was kept;
    "" for none.
    """

    moved: dict[str, list[str]]
    credentials: list[CredentialBefore]
    wards: list[str]
    set_aside: str
    lowered: str
    gone_state: str
    kept_history: bool


@dataclass(frozen=True, slots=True)
class StoredMerge:
    """One that is in force."""

    id: str
    kept: PatronId
    gone: PatronId
    before: Before


def move_all(connection: Connection, gone: PatronId, kept: PatronId) -> dict[str, list[str]]:
    """Gives everything of one reader to the other, and says what it was: table → ids."""
    moved = {}
    for table in _MOVED:
        ids = list(connection.execute(select(table.c.id).where(table.c.patron_id == gone).order_by(table.c.id)).scalars())
        if ids:
            connection.execute(update(table).where(table.c.patron_id == gone).values(patron_id=kept))
            moved[table.name] = ids
    return moved


def give_back(connection: Connection, moved: Mapping[str, Sequence[str]], kept: PatronId, gone: PatronId) -> None:
    """The reverse, for the rows that are still the other's: a loan that has lost its reader meanwhile stays without one."""
    for table in _MOVED:
        which = table.c.patron_id == kept, one_of(table.c.id, moved.get(table.name, ()))
        connection.execute(update(table).where(*which).values(patron_id=gone))


def take_wards(connection: Connection, gone: PatronId, kept: PatronId) -> list[str]:
    """From now on the other stands for the children of the one that goes."""
    found = list(connection.execute(select(patron.c.id).where(patron.c.guardian_id == gone).order_by(patron.c.id)).scalars())
    connection.execute(update(patron).where(patron.c.guardian_id == gone).values(guardian_id=kept))
    return found


def give_back_wards(connection: Connection, wards: Sequence[str], kept: PatronId, gone: PatronId) -> None:
    """The reverse of :func:`take_wards`."""
    connection.execute(update(patron).where(one_of(patron.c.id, wards), patron.c.guardian_id == kept).values(guardian_id=gone))


def sign_out(connection: Connection, patron_id: PatronId) -> None:
    """Ends every session of the reader, at desks and on the phone."""
    connection.execute(delete(desk_session).where(desk_session.c.patron_id == patron_id))
    connection.execute(delete(session).where(session.c.kind == "patron", session.c.subject == patron_id))


def add(connection: Connection, merge: StoredMerge, actor: str, now: datetime) -> None:
    """Writes down what was done."""
    row = {"id": merge.id, "kept_id": merge.kept, "gone_id": merge.gone, "before": msgspec.to_builtins(merge.before)}
    connection.execute(insert(patron_merge).values(**row, actor=actor, merged_at=instant_text(now)))


def in_force(connection: Connection, kept: PatronId, gone: str = "") -> StoredMerge | None:
    """The merge by which ``gone`` became part of ``kept``; without ``gone`` the latest."""
    which = [patron_merge.c.kept_id == kept, patron_merge.c.undone_at.is_(None)]
    which += [patron_merge.c.gone_id == gone] if gone else []
    statement = select(patron_merge).where(*which).order_by(patron_merge.c.merged_at.desc(), patron_merge.c.id.desc())
    row = connection.execute(statement.limit(1)).mappings().first()
    if row is None:
        return None
    return StoredMerge(row["id"], PatronId(row["kept_id"]), PatronId(row["gone_id"]), msgspec.convert(row["before"], Before))


def parts(connection: Connection, kept: PatronId) -> list[PatronId]:
    """The readers who are part of this one, who became so last first."""
    which = patron_merge.c.kept_id == kept, patron_merge.c.undone_at.is_(None)
    statement = select(patron_merge.c.gone_id).where(*which).order_by(patron_merge.c.merged_at.desc(), patron_merge.c.id.desc())
    return [PatronId(gone) for gone in connection.execute(statement).scalars()]


def undo(connection: Connection, merge_id: str, now: datetime) -> None:
    """It is no longer in force; what it was stays on record."""
    connection.execute(update(patron_merge).where(patron_merge.c.id == merge_id).values(undone_at=instant_text(now)))
