"""Codes that were used up, and the readers who stand at desks because of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from union_catalog.clock import instant_text, parse_instant
from union_catalog.ids import PatronId
from union_catalog.storage.tables import desk_session, used_qr


@dataclass(frozen=True, slots=True)
class DeskSession:
    """A reader at the desk of ``branch`` until ``expires_at``. ``actor`` is whoever serves there."""

    id: str
    patron: PatronId
    branch: str
    actor: str
    created_at: datetime
    expires_at: datetime


def use_up(connection: Connection, nonce: str, expires_at: str) -> bool:
    """Marks a code as used. False where it was used before, be it in this very moment at another desk."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(used_qr).values(nonce=nonce, expires_at=expires_at).on_conflict_do_nothing()
    return connection.execute(statement.returning(used_qr.c.nonce)).first() is not None


def add(connection: Connection, session: DeskSession) -> None:
    """Opens it."""
    row = {"id": session.id, "patron_id": session.patron, "branch": session.branch, "actor": session.actor}
    instants = {"created_at": instant_text(session.created_at), "expires_at": instant_text(session.expires_at)}
    connection.execute(insert(desk_session).values(row | instants))


def find(connection: Connection, session_id: str) -> DeskSession | None:
    """One that was opened and not closed, expired or not."""
    row = connection.execute(select(desk_session).where(desk_session.c.id == session_id)).mappings().first()
    if row is None:
        return None
    created, expires = parse_instant(row["created_at"]), parse_instant(row["expires_at"])
    return DeskSession(row["id"], PatronId(row["patron_id"]), row["branch"], row["actor"], created, expires)


def close(connection: Connection, session_id: str) -> None:
    """The desk lets go of the reader."""
    connection.execute(delete(desk_session).where(desk_session.c.id == session_id))


def close_of(connection: Connection, patron_id: PatronId) -> None:
    """Every desk lets go of the reader."""
    connection.execute(delete(desk_session).where(desk_session.c.patron_id == patron_id))


def prune(connection: Connection, before: str) -> int:
    """Forgets the codes and sessions that had ended by then, and says how many."""
    codes = connection.execute(delete(used_qr).where(used_qr.c.expires_at < before)).rowcount
    return codes + connection.execute(delete(desk_session).where(desk_session.c.expires_at < before)).rowcount
