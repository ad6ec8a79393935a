"""The versions of the policy table, each as the file it was given as, and what open loans say of them."""

from dataclasses import dataclass
from importlib import resources

from sqlalchemy import Connection, ScalarSelect, func, insert, select

from union_catalog.storage.tables import policy_version

FIRST_VERSION = 1
_ALWAYS = "1970-01-01T00:00:00.000000Z"


@dataclass(frozen=True, slots=True)
class Version:
    """One version without its text. ``actor`` "system:init" gave the one that comes with the program."""

    version: int
    note: str
    actor: str
    in_force_from: str


def current_version() -> ScalarSelect[int]:
    """The number of the version in force, as a column for any statement: what a desk reads with everything else."""
    return select(func.max(policy_version.c.version)).scalar_subquery()


def read_current(connection: Connection) -> int:
    """The number of the version in force; there always is one."""
    return int(connection.execute(select(current_version())).scalar_one())


def text_of(connection: Connection, version: int) -> str | None:
    """The file of one version."""
    return connection.execute(select(policy_version.c.text).where(policy_version.c.version == version)).scalar()


def versions(connection: Connection) -> list[Version]:
    """All there ever were, the newest first."""
    t = policy_version.c
    rows = connection.execute(select(t.version, t.note, t.actor, t.in_force_from).order_by(t.version.desc()))
    return [Version(*row) for row in rows]


def add(connection: Connection, version: Version, text: str) -> None:
    """From this transaction's end on it is in force. Two that are put at once have the same number: the second fails on the key."""
    row = {"version": version.version, "note": version.note, "actor": version.actor, "in_force_from": version.in_force_from}
    connection.execute(insert(policy_version).values(**row, text=text))


def add_first(connection: Connection) -> None:
    """The policy that comes with the program, where there is none yet: a loan must always find its terms."""
    if connection.execute(select(policy_version.c.version).limit(1)).first() is None:
        text = resources.files("union_catalog.circulation").joinpath("data/policy.toml").read_text("utf-8")
        add(connection, Version(FIRST_VERSION, "", "system:init", _ALWAYS), text)
