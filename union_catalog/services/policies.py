"""Policies: the table in force and those before it, what a new one would change, and bringing it in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from union_catalog.circulation.policy import PolicyTable, criteria_of
from union_catalog.circulation.policy_check import Check, check
from union_catalog.circulation.policy_file import Fault, Known, parse, read_policy, read_table
from union_catalog.circulation.policy_text import write_policy
from union_catalog.clock import Clock, instant_text
from union_catalog.context import Context
from union_catalog.errors import NotFound, StaleVersion
from union_catalog.holdings.words import item_types
from union_catalog.patrons.model import CATEGORIES
from union_catalog.services.network import require_network_wide
from union_catalog.storage import events, policies
from union_catalog.storage.events import Event
from union_catalog.storage.policies import Version

Told = str | Mapping[str, Any]
"""A policy as the text of a file, or as JSON in the same shape."""

# A version never changes once it is written, so what was read of it stays right; by the database from which it was read.
_read: WeakKeyDictionary[Engine, dict[int, PolicyTable]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class InForce:
    """A version with its file, and all there ever were, the newest first."""

    version: Version
    text: str
    table: PolicyTable
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """``faults`` of a new table, or what it would change; ``based_on`` is the version in force with which it was compared."""

    based_on: int
    table: PolicyTable
    faults: tuple[Fault, ...]
    check: Check | None


@dataclass(frozen=True, slots=True)
class Put:
    """``changed`` False: the same file was in force already."""

    version: int
    changed: bool
    check: Check


def table(connection: Connection) -> PolicyTable:
    """The table in force: one statement, which asks for its number. Where that is known, :func:`by_version` mostly asks for nothing."""
    return by_version(connection, policies.read_current(connection))


def by_version(connection: Connection, version: int) -> PolicyTable:
    """A table that is or was in force, read once a process. Raises NotFound for a version that never was."""
    known = _read.setdefault(connection.engine, {})
    if version not in known:
        known[version] = read_policy(_text(connection, version), version)
    return known[version]


def in_force(connection: Connection, version: int | None = None) -> InForce:
    """The version in force, or the one asked for. Raises NotFound for a version that never was."""
    wanted = policies.read_current(connection) if version is None else version
    text = _text(connection, wanted)
    versions = tuple(policies.versions(connection))
    told = next(one for one in versions if one.version == wanted)
    return InForce(told, text, by_version(connection, wanted), versions)


def faults_of(connection: Connection, told: Told) -> tuple[Fault, ...]:
    """Everything that is wrong with a policy. Raises InvalidInput("policy_syntax") for what is no TOML."""
    return read_table(_data(told), 0, known(connection))[1]


def check_policy(connection: Connection, told: Told) -> Checked:
    """What a policy would change if it took effect now. It changes nothing. Raises InvalidInput("policy_syntax") for what is no TOML."""
    before = table(connection)
    after, faults = read_table(_data(told), before.version + 1, known(connection))
    return Checked(before.version, after, faults, None if faults else _compared(connection, before, after))


def compared(connection: Connection, before: int, after: int) -> Check:
    """What is otherwise in one version than in another; no loan is counted. Raises NotFound for a version that never was."""
    tables = by_version(connection, before), by_version(connection, after)
    return check(*tables, (), (), lambda version: by_version(connection, version))


def put_policy(connection: Connection, clock: Clock, context: Context, told: Told, based_on: int, note: str = "") -> Put:
    """Brings a policy in force as the next version; open loans keep theirs.

    ``based_on`` is the version from which it was made. Raises StaleVersion("policy_changed") where another is in force by now,
    InvalidInput for the first fault, NotAllowed for whoever is bound to one library.
    """
    require_network_wide(context)
    before = table(connection)
    if based_on != before.version:
        raise StaleVersion("policy_changed", version=before.version, based_on=based_on)
    after, faults = read_table(_data(told), before.version + 1, known(connection))
    if faults:
        raise faults[0].error()
    found = _compared(connection, before, after)
    text = told if isinstance(told, str) else write_policy(after)
    if text == _text(connection, before.version):
        return Put(before.version, False, found)
    now = instant_text(clock.now())
    policies.add(connection, Version(after.version, note, str(context.actor), now), text)
    events.append(connection, context, [_changed(after, based_on, found)], now)
    return Put(after.version, True, found)


def known(connection: Connection) -> Known:
    """The codes that rules may name."""
    libraries, branches = policies.codes(connection)
    return Known(libraries=libraries, branches=branches, item_types=item_types(), categories=frozenset(CATEGORIES))


def _compared(connection: Connection, before: PolicyTable, after: PolicyTable) -> Check:
    asked = {name for rule in after.rules for name in criteria_of(rule)}
    loans, readers = policies.open_loans(connection, asked), policies.open_readers(connection)
    return check(before, after, loans, readers, lambda version: by_version(connection, version))


def _changed(after: PolicyTable, based_on: int, found: Check) -> Event:
    data: dict[str, object] = {
        "based_on": based_on,
        "rules": [f"{change.action} {change.rule}" for change in found.rules],
        "network": [difference.name for difference in found.network],
        "open_loans": found.loans,
        "affected": found.affected,
    }
    return Event("policy.changed", f"policy:{after.version}", data=data)


def _data(told: Told) -> Mapping[str, Any]:
    return parse(told) if isinstance(told, str) else told


def _text(connection: Connection, version: int) -> str:
    text = policies.text_of(connection, version)
    if text is None:
        raise NotFound("unknown_policy_version", kind="policy_version", id=str(version))
    return text
