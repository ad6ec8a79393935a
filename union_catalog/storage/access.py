"""Access tokens: rows of whoever may come in. The tokens themselves are not here, only their sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from union_catalog.storage.tables import access_token, staff


@dataclass(frozen=True, slots=True)
class StoredToken:
    """``library`` is "" for the whole network; ``revoked_at`` is None for a token in force.

    ``staff_id`` is "" for the token of a program; of a member of staff, library, branches and roles are what they are now.
    """

    id: str
    name: str
    library: str
    roles: tuple[str, ...]
    created_at: str
    revoked_at: str | None
    staff_id: str = ""
    branches: tuple[str, ...] = ()


_COLUMNS = (
    access_token.c.id,
    access_token.c.name,
    access_token.c.library,
    access_token.c.roles,
    access_token.c.created_at,
    access_token.c.revoked_at,
    access_token.c.staff_id,
    staff.c.library,
    staff.c.roles,
    staff.c.branches,
)
_JOINED = access_token.outerjoin(staff, staff.c.id == access_token.c.staff_id)


def _stored(row: Sequence[Any]) -> StoredToken:
    token_id, name, library, roles, created_at, revoked_at, staff_id, staff_library, staff_roles, branches = row
    if staff_id is not None:
        return StoredToken(token_id, name, staff_library or "", tuple(staff_roles), created_at, revoked_at, staff_id, tuple(branches))
    return StoredToken(token_id, name, library or "", tuple(roles), created_at, revoked_at)


def add(connection: Connection, token: StoredToken, sha256: str) -> None:
    """A new token, known from now on by ``sha256``, 64 hexadecimal digits."""
    row = {"id": token.id, "name": token.name, "library": token.library or None, "roles": list(token.roles)}
    row |= {"token_sha256": sha256, "staff_id": token.staff_id or None, "created_at": token.created_at, "revoked_at": None}
    connection.execute(insert(access_token).values(row))


def by_sha256(connection: Connection, sha256: str) -> StoredToken | None:
    """The token in force with this sum, of nobody who was shut out. The index is asked for the whole sum: the time tells nothing of it."""
    in_force = access_token.c.revoked_at.is_(None) & staff.c.disabled_at.is_(None)
    statement = select(*_COLUMNS).select_from(_JOINED).where(access_token.c.token_sha256 == sha256, in_force)
    row = connection.execute(statement).first()
    return _stored(row) if row else None


def all_tokens(connection: Connection) -> list[StoredToken]:
    """Every token there ever was, the newest last."""
    statement = select(*_COLUMNS).select_from(_JOINED).order_by(access_token.c.created_at, access_token.c.id)
    return [_stored(row) for row in connection.execute(statement).all()]


def revoke(connection: Connection, token_id: str, now: str) -> bool:
    """From now on the token opens nothing. False where there is no such token in force."""
    statement = update(access_token).where(access_token.c.id == token_id, access_token.c.revoked_at.is_(None))
    return connection.execute(statement.values(revoked_at=now)).rowcount > 0
