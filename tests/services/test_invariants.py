"""What the database itself refuses, whatever a program gets wrong: each constraint of circulation by its name.

``make test-locks`` takes them away one by one and shows that the case of that name fails.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Table, insert

from tests.services.desks import LONG_AGO, Town, town
from union_catalog.clock import SteppingClock
from union_catalog.errors import UnionCatalogError
from union_catalog.ids import new_id
from union_catalog.storage.database import Database
from union_catalog.storage.tables import (
    account_entry,
    answered_command,
    credential,
    credit_entry,
    hold,
    item,
    loan,
    objection,
    patron,
    patron_merge,
    person,
    policy_version,
    stray_item,
    transit,
    used_qr,
)

Row = dict[str, Any]
Case = tuple[Table, list[Row], Row]  # rows that may stand there, and the one that then may not


def _loan(jd: Town, **columns: object) -> Row:
    row: Row = {"id": new_id(), "item_id": jd.id_of(jd.item()), "patron_id": jd.reader(jd.card()), "state": "open", "item_library": "JD"}
    row |= {"lending_branch": "JD-1", "lent_at": LONG_AGO, "due_date": "2026-12-01", "policy_version": 7, "policy_rule": "all"}
    return row | {"patron_library": "JD", "patron_category": "adult", "age_band": "25-59", **columns}


def _transit(jd: Town, **columns: object) -> Row:
    row: Row = {"id": new_id(), "item_id": jd.id_of(jd.item()), "from_branch": "JD-1", "to_branch": "JD-2", "purpose": "to_home"}
    return row | {"state": "dispatched", "requested_at": LONG_AGO, **columns}


def _hold(jd: Town, sequence: int, **columns: object) -> Row:
    row: Row = {"id": new_id(), "sequence": sequence, "patron_id": jd.reader(jd.card()), "union_id": "u", "pickup_branch": "JD-1"}
    return row | {"state": "placed", "placed_at": LONG_AGO, **columns}


def _card(jd: Town, number: str, **columns: object) -> Row:
    row: Row = {"issuer": "", "number": number, "kind": "card", "state": "valid", "issued_at": LONG_AGO}
    return row | {"patron_id": jd.reader(jd.card()), **columns}


def _stray(**columns: object) -> Row:
    return {"id": new_id(), "barcode": "4711", "branch": "JD-1", "actor": "staff:a", "taken_at": LONG_AGO, **columns}


def _entry(jd: Town, **columns: object) -> Row:
    row: Row = {"id": new_id(), "patron_id": jd.reader(jd.card()), "library": "JD", "kind": "fine", "cause": "fine", "owed_fen": -5}
    return row | {"actor": "test", "entered_at": LONG_AGO, **columns}


def _points(jd: Town, **columns: object) -> Row:
    row: Row = {
        "id": new_id(),
        "patron_id": jd.reader(jd.card()),
        "points": 1,
        "cause": "reversed",
        "actor": "test",
        "entered_at": LONG_AGO,
    }
    return row | columns


def _twice(table: Table, row: Row, **changed: object) -> Case:
    return table, [row], row | changed


def _open_loan(jd: Town) -> Case:
    return _twice(loan, _loan(jd), id=new_id(), patron_id=jd.reader(jd.card()))


def _allocated(jd: Town) -> Case:
    row = _hold(jd, 1, state="on_shelf", item_id=jd.id_of(jd.item()))
    return _twice(hold, row, id=new_id(), sequence=2)


def _merged_twice(jd: Town) -> Case:
    row: Row = {"id": new_id(), "kept_id": jd.reader(jd.card()), "gone_id": jd.reader(jd.card()), "before": {}, "actor": "test"}
    return _twice(patron_merge, row | {"merged_at": LONG_AGO}, id=new_id(), kept_id=jd.reader(jd.card()))


def _objected_twice(jd: Town) -> Case:
    row: Row = {"id": new_id(), "patron_id": jd.reader(jd.card()), "about": "block", "about_id": "b", "library": "JD", "text": "no"}
    return _twice(objection, row | {"state": "open", "made_at": LONG_AGO}, id=new_id())


def _document(jd: Town) -> Case:
    row: Row = {"patron_id": jd.reader(jd.card()), "name": "王小明", "document_type": "passport", "document_hash": "0" * 64}
    return _twice(person, row, patron_id=jd.reader(jd.card()))


def _command(jd: Town) -> Case:
    row: Row = {"principal": "staff:1", "key": "k", "fingerprint": "0" * 64, "status": 200, "content_type": "text/plain", "body": b""}
    return _twice(answered_command, row | {"answered_at": LONG_AGO}, status=409)


def _reversed_twice(jd: Town) -> Case:
    first = _entry(jd)
    row = _entry(jd, reverses=first["id"])
    return account_entry, [first, row], row | {"id": new_id()}


def _points_reversed_twice(jd: Town) -> Case:
    first = _points(jd)
    row = _points(jd, reverses=first["id"])
    return credit_entry, [first, row], row | {"id": new_id()}


def _barcode(jd: Town) -> Case:
    row = jd.rows(item, barcode=jd.item())[0]
    return item, [], row | {"id": new_id()}


def _policy(jd: Town) -> Case:
    return policy_version, [], jd.rows(policy_version, version=7)[0] | {"text": ""}


def _merged_into_nobody(jd: Town) -> Case:
    return patron, [], jd.rows(patron, id=jd.reader(jd.card()))[0] | {"id": new_id(), "state": "merged"}


CASES: dict[str, Callable[[Town], Case]] = {
    "ix_loan_open_item": _open_loan,
    "ix_transit_open_item": lambda jd: _twice(transit, _transit(jd), id=new_id(), to_branch="JX-1"),
    "ix_hold_allocated_item": _allocated,
    "ix_credential_valid_card": lambda jd: _twice(credential, _card(jd, "1"), number="2"),
    "ix_patron_merge_in_force": _merged_twice,
    "ix_objection_open": _objected_twice,
    "uq_person_document_hash": _document,
    "pk_credential": lambda jd: _twice(credential, _card(jd, "1"), patron_id=jd.reader(jd.card())),
    "pk_used_qr": lambda jd: _twice(used_qr, {"nonce": "n", "expires_at": LONG_AGO}),
    "pk_answered_command": _command,
    "uq_account_entry_receipt_line": lambda jd: _twice(account_entry, _entry(jd, receipt="JD-1-1"), id=new_id()),
    "uq_account_entry_reverses": _reversed_twice,
    "uq_credit_entry_reverses": _points_reversed_twice,
    "uq_item_library_barcode": _barcode,
    "uq_hold_sequence": lambda jd: _twice(hold, _hold(jd, 1), id=new_id()),
    "pk_policy_version": _policy,
    "ck_loan_ended": lambda jd: (loan, [], _loan(jd, state="returned")),
    "ck_loan_has_patron": lambda jd: (loan, [], _loan(jd, patron_id=None)),
    "ck_transit_hold": lambda jd: (transit, [], _transit(jd, purpose="to_pickup")),
    "ck_hold_allocated": lambda jd: (hold, [], _hold(jd, 1, state="on_shelf")),
    "ck_patron_merged": _merged_into_nobody,
    "ix_stray_item_lying": lambda jd: _twice(stray_item, _stray(), id=new_id()),
    "ck_stray_item_resolved": lambda jd: (stray_item, [], _stray(resolution="removed", reason="discarded")),
    "ck_account_entry_owed": lambda jd: (account_entry, [], _entry(jd, cause="")),
}


def _put(database: Database, table: Table, row: Row) -> None:
    with database.write() as connection:
        connection.execute(insert(table).values(row))


@pytest.mark.parametrize("name", CASES)
def test_the_database_itself_refuses(database: Database, now: SteppingClock, name: str) -> None:
    table, standing, refused = CASES[name](town(database, now))
    for row in standing:
        _put(database, table, row)
    with pytest.raises(UnionCatalogError) as told:
        _put(database, table, refused)
    if not database.is_sqlite:
        cause: Any = told.value.__cause__
        assert cause.orig.diag.constraint_name == name
