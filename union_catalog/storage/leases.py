"""Leases: at most one holder of a name at a time, taken over when the holder is gone.

Used for the one writer of the embedded index, the leader of the scheduler, and the load of a library. A holder renews before its
time is up; a lease whose holder is a dead process of this very machine is free at once, others when their time is up.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from union_catalog.clock import instant_text
from union_catalog.ids import new_id
from union_catalog.storage.tables import lease as table


@dataclass(frozen=True, slots=True)
class Lease:
    """``token`` grows with every new holder of the name."""

    name: str
    holder: str
    token: int


def new_holder() -> str:
    """A name for this process that tells others on the same machine whether it still lives."""
    return f"{_machine()}/{os.getpid()}/{_started(os.getpid())}/{new_id()}"


def _machine() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return boot[:13] + "." + os.readlink("/proc/self/ns/pid").strip("pid:[]")
    except OSError:
        return os.uname().nodename


def _started(pid: int) -> str:
    """When the process began, in ticks: a pid used again is another process. "" where it is gone or cannot be told."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]
    except (OSError, IndexError):
        return ""


def is_surely_gone(holder: str) -> bool:
    """True only for a process of this machine that no longer runs; False whenever that cannot be known."""
    machine, _, rest = holder.partition("/")
    pid, _, rest = rest.partition("/")
    started = rest.partition("/")[0]
    return machine == _machine() and bool(started) and pid.isdigit() and _started(int(pid)) != started


def acquire(connection: Connection, name: str, holder: str, now: datetime, seconds: float) -> Lease | None:
    """Takes the lease if it is free, run out, its holder's process is gone, or it is ours already. None: somebody else has it.

    To be called in a writing transaction, which is what makes two takers take turns.
    """
    query = select(table).where(table.c.name == name).with_for_update()
    row = connection.execute(query).mappings().first()
    if row is None:
        _make(connection, name)
        row = connection.execute(query).mappings().one()
    until = instant_text(now + timedelta(seconds=seconds))
    if row["holder"] != holder and row["until"] > instant_text(now) and not is_surely_gone(row["holder"]):
        return None
    token = row["token"] + (row["holder"] != holder)
    connection.execute(update(table).where(table.c.name == name).values(holder=holder, until=until, token=token))
    return Lease(name, holder, token)


def _make(connection: Connection, name: str) -> None:
    """A free lease, unless somebody else makes it at this very moment."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(table).values(name=name, holder="", until="", token=0).on_conflict_do_nothing())


def renew(connection: Connection, lease: Lease, now: datetime, seconds: float) -> bool:
    """Holds on for ``seconds`` more. False: the lease has gone to somebody else, and what it protects must not be touched."""
    statement = update(table).where(table.c.name == lease.name, table.c.holder == lease.holder, table.c.token == lease.token)
    return connection.execute(statement.values(until=instant_text(now + timedelta(seconds=seconds)))).rowcount == 1


def release(connection: Connection, lease: Lease) -> None:
    """Gives it up if it is still ours. The row stays, run out, so that tokens go on growing."""
    statement = update(table).where(table.c.name == lease.name, table.c.holder == lease.holder, table.c.token == lease.token)
    connection.execute(statement.values(until=""))


def holder_of(connection: Connection, name: str, now: datetime) -> str | None:
    """Who holds it at this instant; None if it is free."""
    row = connection.execute(select(table.c.holder, table.c.until).where(table.c.name == name)).first()
    if row is None or row.until <= instant_text(now) or is_surely_gone(row.holder):
        return None
    return str(row.holder)


def held(connection: Connection, prefix: str, now: datetime) -> list[str]:
    """The names beginning with ``prefix`` that somebody holds at this instant, in order."""
    names = connection.execute(select(table.c.name).where(table.c.name.startswith(prefix, autoescape=True)).order_by(table.c.name))
    return [name for name in names.scalars().all() if holder_of(connection, name, now) is not None]


def sweep(connection: Connection, prefix: str, now: datetime) -> None:
    """Removes leases beginning with ``prefix`` that have run out: names that their holders made up and have not come back for."""
    old = (table.c.name.startswith(prefix, autoescape=True), table.c.until <= instant_text(now))
    connection.execute(delete(table).where(*old))


def forget(connection: Connection, name: str) -> None:
    """Removes a lease whose name will not be used again."""
    connection.execute(delete(table).where(table.c.name == name))
