"""Answered commands: what was answered to which key of which caller."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, Row, delete, func, insert, literal, select, true

from union_catalog.storage.tables import answered_command as table

_LOCK_BYTES = 8


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """``fingerprint`` is of the request that was answered."""

    fingerprint: str
    status: int
    content_type: str
    body: bytes


_COLUMNS = (table.c.fingerprint, table.c.status, table.c.content_type, table.c.body)


def find(connection: Connection, principal: str, key: str) -> StoredAnswer | None:
    """What was answered, or None."""
    statement = select(*_COLUMNS).where(table.c.principal == principal, table.c.key == key)
    return _stored(connection.execute(statement).first())


def claim(connection: Connection, principal: str, key: str) -> tuple[bool, StoredAnswer | None]:
    """(whether nobody else is answering it now, what was answered), in one statement of a writing transaction.

    On SQLite a writer is alone. On PostgreSQL the key is claimed until the transaction ends, by a lock that is not waited for. An answer
    that was committed between the statement's snapshot and its lock is not seen; then the primary key refuses the second one.
    """
    if connection.dialect.name != "postgresql":
        return True, find(connection, principal, key)
    one = select(literal(1).label("one")).subquery()
    joined = one.outerjoin(table, true() & (table.c.principal == principal) & (table.c.key == key))
    statement = select(func.pg_try_advisory_xact_lock(_lock(principal, key)), *_COLUMNS).select_from(joined)
    row = connection.execute(statement).one()
    return bool(row[0]), _stored(row[1:] if row[1] is not None else None)


def add(connection: Connection, principal: str, key: str, answer: StoredAnswer, patron_id: str, now: str) -> None:
    """``patron_id`` is the reader of whom the answer speaks, "" for none. A second answer to a key violates the primary key."""
    row = {"fingerprint": answer.fingerprint, "status": answer.status, "content_type": answer.content_type, "body": answer.body}
    connection.execute(insert(table).values(**row, principal=principal, key=key, patron_id=patron_id or None, answered_at=now))


def remove_before(connection: Connection, instant: str) -> int:
    """Removes what was answered before an instant, and says how much that was."""
    return connection.execute(delete(table).where(table.c.answered_at < instant)).rowcount


def _stored(row: "Row[tuple[str, int, str, bytes]] | tuple[object, ...] | None") -> StoredAnswer | None:
    if row is None:
        return None
    fingerprint, status, content_type, body = row
    return StoredAnswer(str(fingerprint), int(str(status)), str(content_type), bytes(body) if isinstance(body, bytes | memoryview) else b"")


def _lock(principal: str, key: str) -> int:
    """A signed number of 64 bits, as PostgreSQL's locks have; two keys of one number only keep each other waiting."""
    return int.from_bytes(sha256(f"{principal}\x1f{key}".encode()).digest()[:_LOCK_BYTES], signed=True)
