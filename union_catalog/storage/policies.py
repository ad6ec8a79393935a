"""The versions of the policy table, each as the file it was given as, and what open loans say of them."""

from collections.abc import Collection
from dataclasses import dataclass
from importlib import resources

from sqlalchemy import Connection, ScalarSelect, func, insert, literal_column, select

from union_catalog.circulation.policy import Question
from union_catalog.circulation.policy_check import OpenLoans, OpenReaders
from union_catalog.storage.tables import branch, item, library, loan, patron, policy_version

FIRST_VERSION = 1
_ALWAYS = "1970-01-01T00:00:00.000000Z"
# With the words in the statement itself: only then is it seen that the partial indexes hold all that is asked for.
_is_open = loan.c.state.in_([literal_column("'open'"), literal_column("'claimed_returned'")])


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


def open_loans(connection: Connection, criteria: Collection[str]) -> list[OpenLoans]:
    """All that are open, counted by the circumstances under which they were made: as many rows as there are of these.

    Only those ``criteria`` (circulation.policy.PRECEDENCE) are told apart that rules ask for; the others are "".
    """
    columns = {
        "item_library": loan.c.item_library,
        "item_type": item.c.item_type,
        "patron_category": loan.c.patron_category,
        "branch": loan.c.lending_branch,
    }
    asked = [name for name in columns if name in criteria or (name == "item_library" and "item_group" in criteria)]
    grouped = (loan.c.policy_version, loan.c.policy_rule, *(columns[name] for name in asked))
    source = loan.join(item, item.c.id == loan.c.item_id) if "item_type" in asked else loan
    statement = select(func.count(), *grouped).select_from(source).where(_is_open).group_by(*grouped)
    nothing = dict.fromkeys(columns, "")
    return [
        OpenLoans(Question(**{**nothing, **dict(zip(asked, told, strict=True))}), version, rule, loans)
        for loans, version, rule, *told in connection.execute(statement)
    ]


def open_readers(connection: Connection) -> list[OpenReaders]:
    """How many readers of each category have how many open loans."""
    each = (
        select(patron.c.category, func.count().label("loans"))
        .join(loan, loan.c.patron_id == patron.c.id)
        .where(_is_open)
        .group_by(patron.c.id, patron.c.category)
        .subquery()
    )
    rows = connection.execute(select(each.c.category, each.c.loans, func.count()).group_by(each.c.category, each.c.loans))
    return [OpenReaders(*row) for row in rows]


def codes(connection: Connection) -> tuple[frozenset[str], frozenset[str]]:
    """Of libraries and of branches."""
    libraries, branches = (connection.execute(select(table.c.code)).scalars() for table in (library, branch))
    return frozenset(libraries), frozenset(branches)


def category_of(connection: Connection, patron_id: str) -> str | None:
    """The category of a reader."""
    return connection.execute(select(patron.c.category).where(patron.c.id == patron_id)).scalar()


def item_type_of(connection: Connection, item_id: str) -> str:
    """The type of an item that is there."""
    return str(connection.execute(select(item.c.item_type).where(item.c.id == item_id)).scalar_one())
