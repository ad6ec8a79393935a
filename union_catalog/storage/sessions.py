"""Rows of ``session``: who is signed in, known by the sum of a secret."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from union_catalog.clock import instant_text, parse_instant
from union_catalog.storage.tables import patron, session, staff

SessionKind = Literal["staff", "patron"]


@dataclass(frozen=True, slots=True)
class StoredSession:
    """``subject`` is the id of a member of staff or of a patron; ``branch`` the desk of a member of staff, "" for none."""

    kind: SessionKind
    subject: str
    branch: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session in force with what its holder is now: of a reader there are neither branches nor roles here."""

    session: StoredSession
    library: str
    branches: tuple[str, ...]
    roles: tuple[str, ...]


def add(connection: Connection, sha256: str, stored: StoredSession, now: str) -> None:
    """A session that is known from now on by ``sha256``, 64 hexadecimal digits."""
    row = {"kind": stored.kind, "subject": stored.subject, "branch": stored.branch or None}
    expires = instant_text(stored.expires_at)
    connection.execute(insert(session).values(**row, secret_sha256=sha256, created_at=now, expires_at=expires))


def in_force(connection: Connection, sha256: str, now: str) -> SignedIn | None:
    """The session, unless it has ended, its member of staff was shut out, or its reader is no more."""
    s = session.c
    joined = session.outerjoin(staff, (s.kind == "staff") & (staff.c.id == s.subject) & staff.c.disabled_at.is_(None))
    joined = joined.outerjoin(patron, (s.kind == "patron") & (patron.c.id == s.subject) & patron.c.state.in_(("pending", "active")))
    columns = (s.kind, s.subject, s.branch, s.expires_at, staff.c.id, staff.c.library, staff.c.branches, staff.c.roles, patron.c.library)
    row = connection.execute(select(*columns).select_from(joined).where(s.secret_sha256 == sha256, s.expires_at > now)).first()
    if row is None:
        return None
    kind, subject, branch, expires_at, staff_id, library, branches, roles, patron_library = row
    stored = StoredSession("staff" if kind == "staff" else "patron", subject, branch or "", parse_instant(expires_at))
    if kind == "staff":
        return SignedIn(stored, library or "", tuple(branches), tuple(roles)) if staff_id is not None else None
    return SignedIn(stored, patron_library, (), ()) if patron_library is not None else None


def stand_at(connection: Connection, sha256: str, branch: str) -> None:
    """The member of staff now stands at a desk of this branch."""
    connection.execute(session.update().where(session.c.secret_sha256 == sha256).values(branch=branch or None))


def leave_desks(connection: Connection, staff_id: str) -> None:
    """The member of staff stands at no desk any more, and chooses one anew."""
    connection.execute(session.update().where(session.c.kind == "staff", session.c.subject == staff_id).values(branch=None))


def end(connection: Connection, sha256: str) -> bool:
    """False where there was no such session."""
    return connection.execute(delete(session).where(session.c.secret_sha256 == sha256)).rowcount > 0


def end_all(connection: Connection, kind: SessionKind, subject: str) -> int:
    """Ends every session of somebody, and says how many there were."""
    return connection.execute(delete(session).where(session.c.kind == kind, session.c.subject == subject)).rowcount


def remove_expired(connection: Connection, now: str) -> int:
    """Removes what has ended by itself, and says how much that was."""
    return connection.execute(delete(session).where(session.c.expires_at <= now)).rowcount
