"""Policies: the table in force and those before it, what a new one would change, and why a loan has its terms."""

from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from union_catalog.circulation.policy import PolicyTable
from union_catalog.circulation.policy_file import read_policy
from union_catalog.errors import NotFound
from union_catalog.storage import policies

# A version never changes once it is written, so what was read of it stays right; by the database from which it was read.
_read: WeakKeyDictionary[Engine, dict[int, PolicyTable]] = WeakKeyDictionary()


def table(connection: Connection) -> PolicyTable:
    """The table in force: one statement, which asks for its number. Where that is known, :func:`by_version` mostly asks for nothing."""
    return by_version(connection, policies.read_current(connection))


def by_version(connection: Connection, version: int) -> PolicyTable:
    """A table that is or was in force, read once a process. Raises NotFound for a version that never was."""
    known = _read.setdefault(connection.engine, {})
    if version not in known:
        text = policies.text_of(connection, version)
        if text is None:
            raise NotFound("unknown_policy_version", kind="policy_version", id=str(version))
        known[version] = read_policy(text, version)
    return known[version]
