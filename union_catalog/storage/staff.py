"""Rows of ``staff``: who works where, with which roles, and how often their password was guessed wrong."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from union_catalog.clock import instant_text, parse_instant
from union_catalog.storage.tables import staff
from union_catalog.storage.values import one_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """``library`` is "" for the whole network; ``branches`` empty for all of the library. ``failures``: tries since the last right one."""

    id: str
    username: str
    name: str
    library: str
    branches: tuple[str, ...]
    roles: tuple[str, ...]
    created_at: datetime
    has_password: bool = False
    failures: int = 0
    locked_until: datetime | None = None
    disabled_at: datetime | None = None


def add(connection: Connection, member: StaffMember, password_hash: str) -> None:
    """A new member; ``password_hash`` "" for one who comes in by token alone. A second of one username violates a constraint."""
    row = {
        "id": member.id,
        "username": member.username,
        "name": member.name,
        "library": member.library or None,
        "branches": list(member.branches),
        "roles": list(member.roles),
        "password_hash": password_hash or None,
        "created_at": instant_text(member.created_at),
    }
    connection.execute(insert(staff).values(row))


def find(connection: Connection, username: str) -> StaffMember | None:
    """The member of this username, one who has been shut out too."""
    row = connection.execute(select(staff).where(staff.c.username == username)).mappings().first()
    return member_of(row) if row else None


def lock(connection: Connection, username: str) -> tuple[StaffMember, str] | None:
    """(the member, the hash of the password or ""); nobody else changes it until the transaction ends."""
    row = connection.execute(select(staff).where(staff.c.username == username).with_for_update()).mappings().first()
    return (member_of(row), row["password_hash"] or "") if row else None


def every(connection: Connection, library: str = "") -> list[StaffMember]:
    """All there ever were, of one library or of all, by username."""
    statement = select(staff).order_by(staff.c.username)
    rows = connection.execute(statement.where(staff.c.library == library) if library else statement).mappings()
    return [member_of(row) for row in rows]


def names(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Id → name; what is no id of the staff is left out."""
    rows = connection.execute(select(staff.c.id, staff.c.name).where(one_of(staff.c.id, ids))).all()
    return {row.id: row.name for row in rows}


def count(connection: Connection, staff_id: str, failures: int, locked_until: datetime | None) -> None:
    """Keeps how often the password was tried."""
    until = instant_text(locked_until) if locked_until else None
    connection.execute(update(staff).where(staff.c.id == staff_id).values(failures=failures, locked_until=until))


def set_password(connection: Connection, staff_id: str, password_hash: str) -> None:
    """Sets another, which nobody has guessed at yet."""
    changed = update(staff).where(staff.c.id == staff_id)
    connection.execute(changed.values(password_hash=password_hash, failures=0, locked_until=None))


def move(connection: Connection, member: StaffMember) -> None:
    """Keeps where the member works now, and with which roles."""
    place = {"library": member.library or None, "branches": list(member.branches), "roles": list(member.roles)}
    connection.execute(update(staff).where(staff.c.id == member.id).values(place))


def disable(connection: Connection, staff_id: str, now: str) -> bool:
    """Shuts the member out for good. False for one who was shut out before."""
    still = update(staff).where(staff.c.id == staff_id, staff.c.disabled_at.is_(None))
    return connection.execute(still.values(disabled_at=now)).rowcount > 0


def member_of(row: RowMapping) -> StaffMember:
    """A row of all columns as a member."""
    return StaffMember(
        id=row["id"],
        username=row["username"],
        name=row["name"],
        library=row["library"] or "",
        branches=tuple(row["branches"]),
        roles=tuple(row["roles"]),
        created_at=parse_instant(row["created_at"]),
        has_password=row["password_hash"] is not None,
        failures=row["failures"],
        locked_until=parse_instant(row["locked_until"]) if row["locked_until"] else None,
        disabled_at=parse_instant(row["disabled_at"]) if row["disabled_at"] else None,
    )
