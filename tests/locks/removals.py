"""Locks and constraints of circulation, each with a way to take it away and the test that fails without it.

``UNION_CATALOG_TEST_WITHOUT`` names the one that is taken away: a lock in every process that calls :func:`take_away`, a constraint from
every PostgreSQL database that is made afterwards. Only tests know of it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, select, text

from union_catalog.storage import commands, patrons, schema
from union_catalog.storage.circulation import resolving
from union_catalog.storage.database import Database
from union_catalog.storage.tables import patron

VARIABLE = "UNION_CATALOG_TEST_WITHOUT"
_DUEL = "tests/scenarios/test_circulation_races.py::test_a_thousand_rounds[postgres-{}]"
_RULE = "tests/services/test_invariants.py::test_the_database_itself_refuses[postgres-{}]"
_BUSY = "tests/services/test_commands.py::test_while_the_first_is_being_answered_a_repetition_is_told_so[postgres]"


@dataclass(frozen=True, slots=True)
class Removal:
    """``test`` is the node that fails without it. ``take`` takes it away in this process."""

    name: str
    test: str
    take: Callable[[], None]


def _replace(module: Any, name: str, function: object) -> None:
    setattr(module, name, function)


def _readers_unlocked() -> None:
    def found(connection: Any, ids: Any) -> Any:
        rows = connection.execute(select(patron).where(patron.c.id.in_(sorted(ids))).order_by(patron.c.id))
        return {one.id: one for one in map(patrons._patron, rows)}

    _replace(patrons, "lock", found)


def _items_unlocked() -> None:
    _replace(resolving, "_taken", lambda item_id: literal(None))


def _keys_unclaimed() -> None:
    _replace(commands, "claim", lambda connection, principal, key: (True, commands.find(connection, principal, key)))


def _without(sql: str) -> Callable[[], None]:
    """Every PostgreSQL database that is made from now on has the statement carried out on it."""

    def take() -> None:
        upgrade = schema.upgrade

        def upgraded(database: Database) -> bool:
            made = upgrade(database)
            if made and not database.is_sqlite:
                with database.write() as connection:
                    connection.execute(text(sql))
            return made

        _replace(schema, "upgrade", upgraded)

    return take


def _index(name: str) -> Removal:
    return Removal(name, _RULE.format(name), _without(f'DROP INDEX "{name}"'))


def _constraint(table: str, name: str) -> Removal:
    return Removal(name, _RULE.format(name), _without(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}" CASCADE'))


REMOVALS: tuple[Removal, ...] = (
    Removal("lock of a reader", _DUEL.format("the_last_of_a_quota"), _readers_unlocked),
    Removal("lock of an item", _DUEL.format("an_item_is_missed_and_lent"), _items_unlocked),
    Removal("claim of a command's key", _BUSY, _keys_unclaimed),
    _index("ix_loan_open_item"),
    _index("ix_transit_open_item"),
    _index("ix_hold_allocated_item"),
    _index("ix_credential_valid_card"),
    _index("ix_patron_merge_in_force"),
    _index("ix_objection_open"),
    _constraint("person", "uq_person_document_hash"),
    _constraint("credential", "pk_credential"),
    _constraint("used_qr", "pk_used_qr"),
    _constraint("answered_command", "pk_answered_command"),
    _constraint("account_entry", "uq_account_entry_receipt_line"),
    _constraint("account_entry", "uq_account_entry_reverses"),
    _constraint("credit_entry", "uq_credit_entry_reverses"),
    _constraint("item", "uq_item_library_barcode"),
    _constraint("hold", "uq_hold_sequence"),
    _constraint("policy_version", "pk_policy_version"),
    _constraint("loan", "ck_loan_ended"),
    _constraint("loan", "ck_loan_has_patron"),
    _constraint("transit", "ck_transit_hold"),
    _constraint("hold", "ck_hold_allocated"),
    _constraint("patron", "ck_patron_merged"),
    _index("ix_stray_item_lying"),
    _constraint("stray_item", "ck_stray_item_resolved"),
    _constraint("account_entry", "ck_account_entry_owed"),
)


def take_away() -> None:
    """In this process, what the environment names; nothing where it names nothing. Raises StopIteration for a name of none."""
    wanted = os.environ.get(VARIABLE, "")
    if wanted:
        next(removal for removal in REMOVALS if removal.name == wanted).take()
