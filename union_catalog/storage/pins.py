"""Rows of ``pin``: its hash, and how often it was guessed wrong, in the whole network."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from union_catalog.clock import instant_text, parse_instant
from union_catalog.ids import PatronId
from union_catalog.storage.tables import pin


@dataclass(frozen=True, slots=True)
class StoredPin:
    """``failures``: tries since the last that was right, the one being made included."""

    hash: str
    failures: int
    locked_until: datetime | None


def lock(connection: Connection, patron_id: PatronId) -> StoredPin | None:
    """The reader's, which nobody else tries until the transaction ends."""
    row = connection.execute(select(pin).where(pin.c.patron_id == patron_id).with_for_update()).mappings().first()
    if row is None:
        return None
    return StoredPin(row["hash"], row["failures"], parse_instant(row["locked_until"]) if row["locked_until"] else None)


def put(connection: Connection, patron_id: PatronId, hashed: str, now: str) -> None:
    """Sets it, or another in its place, which nobody has guessed at yet."""
    connection.execute(delete(pin).where(pin.c.patron_id == patron_id))
    connection.execute(insert(pin).values(patron_id=patron_id, hash=hashed, failures=0, locked_until=None, set_at=now))


def count(connection: Connection, patron_id: PatronId, failures: int, locked_until: datetime | None) -> None:
    """Keeps how often it was tried."""
    until = instant_text(locked_until) if locked_until else None
    connection.execute(update(pin).where(pin.c.patron_id == patron_id).values(failures=failures, locked_until=until))
