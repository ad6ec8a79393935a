"""Access tokens: rows of whoever may come in. The tokens themselves are not here, only their sums."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from union_catalog.storage.tables import access_token


@dataclass(frozen=True, slots=True)
class StoredToken:
    """``library`` is "" for the whole network; ``revoked_at`` is None for a token in force."""

    id: str
    name: str
    library: str
    roles: tuple[str, ...]
    created_at: str
    revoked_at: str | None


_COLUMNS = (
    access_token.c.id,
    access_token.c.name,
    access_token.c.library,
    access_token.c.roles,
    access_token.c.created_at,
    access_token.c.revoked_at,
)


def _stored(row: Sequence[object]) -> StoredToken:
    token_id, name, library, roles, created_at, revoked_at = row
    held = tuple(map(str, roles)) if isinstance(roles, list) else ()
    return StoredToken(str(token_id), str(name), str(library or ""), held, str(created_at), str(revoked_at) if revoked_at else None)


def add(connection: Connection, token: StoredToken, sha256: str) -> None:
    """A new token, known from now on by ``sha256``, 64 hexadecimal digits."""
    row = {"id": token.id, "name": token.name, "library": token.library or None, "roles": list(token.roles)}
    connection.execute(insert(access_token).values(**row, token_sha256=sha256, created_at=token.created_at, revoked_at=None))


def by_sha256(connection: Connection, sha256: str) -> StoredToken | None:
    """The token in force with this sum. The index is asked for the whole sum, so the time taken tells nothing of the token."""
    statement = select(*_COLUMNS).where(access_token.c.token_sha256 == sha256, access_token.c.revoked_at.is_(None))
    row = connection.execute(statement).first()
    return _stored(row) if row else None


def all_tokens(connection: Connection) -> list[StoredToken]:
    """Every token there ever was, the newest last."""
    statement = select(*_COLUMNS).order_by(access_token.c.created_at, access_token.c.id)
    return [_stored(row) for row in connection.execute(statement).all()]


def revoke(connection: Connection, token_id: str, now: str) -> bool:
    """From now on the token opens nothing. False where there is no such token in force."""
    statement = update(access_token).where(access_token.c.id == token_id, access_token.c.revoked_at.is_(None))
    return connection.execute(statement.values(revoked_at=now)).rowcount > 0
