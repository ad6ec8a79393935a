"""Policies in the database: one from the start, each version kept whole, the check of a new one, and who may bring it in force."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, select

from tests.services.conftest import Loader
from tests.services.records import book, item
from union_catalog.clock import SteppingClock, instant_text
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotAllowed, NotFound, Raced, StaleVersion
from union_catalog.ids import new_id
from union_catalog.services import policies
from union_catalog.services.policies import by_version, check_policy, in_force, put_policy, table
from union_catalog.storage.database import Database
from union_catalog.storage.policies import current_version
from union_catalog.storage.tables import event, loan, patron
from union_catalog.storage.tables import item as items

POLICY = """
[network.quota]
other = 10
child = 1

[[rules]]
id = "everything"
days = 30
renewals = 1
quota = 10

[[rules]]
id = "JX"
item_library = "JX"
days = 60
renewals = 2
quota = 10
"""
SHORTER = POLICY.replace("days = 30", "days = 21")


def put(database: Database, now: SteppingClock, context: Context, text: policies.Told = POLICY, based_on: int = 1) -> policies.Put:
    with database.write() as connection:
        return put_policy(connection, now, context, text, based_on)


def test_a_new_installation_has_a_policy(database: Database) -> None:
    with database.read() as connection:
        found = in_force(connection)
        assert table(connection) is found.table
    assert (found.version.version, found.version.actor, len(found.versions)) == (1, "system:init", 1)
    assert found.table.rules[0].id == "everything"


def test_a_version_once_put_is_in_force_and_those_before_are_kept(
    catalogue_database: Database, now: SteppingClock, context: Context
) -> None:
    found = put(catalogue_database, now, context)
    assert (found.version, found.changed) == (2, True)
    assert put(catalogue_database, now, context, SHORTER, 2).version == 3
    with catalogue_database.read() as connection:
        assert connection.execute(select(current_version())).scalar_one() == 3
        assert [table(connection).rule("everything").terms.days] == [21]
        assert [by_version(connection, version).rule("everything").terms.days for version in (1, 2, 3)] == [30, 30, 21]
        assert in_force(connection, 2).text == POLICY
        assert [one.version for one in in_force(connection).versions] == [3, 2, 1]
        with pytest.raises(NotFound, match="unknown_policy_version"):
            by_version(connection, 4)
        told = connection.execute(select(event.c.subject, event.c.data).where(event.c.kind == "policy.changed").order_by(event.c.id)).all()
    assert [row.subject for row in told] == ["policy:2", "policy:3"]
    assert told[1].data["rules"] == ["change everything"]


def test_the_same_file_again_is_no_new_version(catalogue_database: Database, now: SteppingClock, context: Context) -> None:
    put(catalogue_database, now, context)
    assert put(catalogue_database, now, context, POLICY, 2) == policies.Put(
        2, False, put(catalogue_database, now, context, POLICY, 2).check
    )


def test_a_policy_may_be_given_as_a_table(catalogue_database: Database, now: SteppingClock, context: Context) -> None:
    put(catalogue_database, now, context)
    told = {
        "network": {"quota": {"other": 10, "child": 1}},
        "rules": [
            {"id": "everything", "days": 30, "renewals": 1, "quota": 10},
            {"id": "JX", "item_library": "JX", "days": 60, "renewals": 2, "quota": 10},
        ],
    }
    assert put(catalogue_database, now, context, told, 2).version == 3
    with catalogue_database.read() as connection:
        assert replace(by_version(connection, 3), version=2) == by_version(connection, 2)


def test_nobody_s_change_is_lost(catalogue_database: Database, now: SteppingClock, context: Context) -> None:
    put(catalogue_database, now, context)
    with pytest.raises(StaleVersion, match="policy_changed"):
        put(catalogue_database, now, context, SHORTER, 1)


def test_of_two_changes_at_the_same_moment_one_is_made(catalogue_database: Database, now: SteppingClock, context: Context) -> None:
    both = threading.Barrier(2)

    def change(text: str) -> str:
        try:
            with catalogue_database.write() as connection:
                if not catalogue_database.is_sqlite:  # there the second waits until the first is done
                    both.wait()
                return str(put_policy(connection, now, context, text, 1).version)
        except (StaleVersion, Raced) as refused:
            return type(refused).__name__

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(change, (POLICY, SHORTER)))
    assert done[0] == "2"
    assert done[1] in ("StaleVersion", "Raced")
    with catalogue_database.read() as connection:
        assert [one.version for one in in_force(connection).versions] == [2, 1]


def test_a_library_alone_does_not_change_the_policies_of_all(catalogue_database: Database, now: SteppingClock, context: Context) -> None:
    with pytest.raises(NotAllowed):
        put(catalogue_database, now, replace(context, library="JD"))


def test_a_faulty_policy_is_not_taken(catalogue_database: Database, now: SteppingClock, context: Context) -> None:
    for text in (POLICY.replace('"JX"', '"XX"'), POLICY.replace("other = 10", ""), "[[rules", ""):
        with pytest.raises(InvalidInput):
            put(catalogue_database, now, context, text)
    with catalogue_database.read() as connection:
        assert table(connection).version == 1
        assert [fault.code for fault in check_policy(connection, POLICY.replace('"JX"', '"XX"')).faults] == ["policy_unknown_code"]


@pytest.fixture
def lent(load: Loader, catalogue_database: Database, now: SteppingClock, context: Context) -> Database:
    """Three items of JD and one of JX on loan under version 2: two to a child, one to an adult, one claimed returned; one came back."""
    load("JD", [book("1", items=[item(str(number), "JD-1") for number in range(4)])])
    load("JX", [book("1", items=[item("9", "JX-1")])])
    put(catalogue_database, now, context)
    with catalogue_database.write() as connection:
        ids = {row.barcode: row.id for row in connection.execute(select(items.c.barcode, items.c.id))}
        readers = {"child": new_id(), "adult": new_id()}
        connection.execute(insert(patron), [_patron(id_, category) for category, id_ in readers.items()])
        rows = [("0", "child", "open"), ("1", "child", "open"), ("2", "adult", "claimed_returned"), ("3", "adult", "returned")]
        rows += [("9", "adult", "open")]
        connection.execute(insert(loan), [_loan(ids[code], readers[who], who, state, code) for code, who, state in rows])
    return catalogue_database


def _patron(id_: str, category: str) -> dict[str, object]:
    created = "2026-11-01T00:00:00.000000Z"
    return {
        "id": id_,
        "library": "JD",
        "home_branch": "JD-1",
        "category": category,
        "state": "active",
        "credit": 100,
        "created_at": created,
    }


def _loan(item_id: str, patron_id: str, category: str, state: str, barcode: str) -> dict[str, object]:
    library = "JX" if barcode == "9" else "JD"
    row: dict[str, object] = {"id": new_id(), "item_id": item_id, "patron_id": patron_id, "state": state, "item_library": library}
    row |= {"lending_branch": "JD-1", "lent_at": "2026-11-01T00:00:00.000000Z", "due_date": date(2026, 12, 1).isoformat()}
    row |= {"policy_version": 2, "policy_rule": "JX" if library == "JX" else "everything", "patron_library": "JD"}
    ended = None if state in ("open", "claimed_returned") else "2026-11-02T00:00:00.000000Z"
    return row | {"patron_category": category, "age_band": "", "ended_at": ended}


def test_open_loans_are_counted_before_a_policy_takes_effect(lent: Database) -> None:
    with lent.read() as connection:
        found = check_policy(connection, SHORTER).check
    assert found is not None
    assert (found.loans, found.affected, found.less) == (4, 3, {"days": 3, "renewal_days": 3})
    assert [(one.before, one.after, one.loans) for one in found.moved] == [("everything", "everything", 3)]
    assert found.over_quota == (1, 1)


def test_open_loans_are_told_apart_by_what_the_rules_ask_for(lent: Database) -> None:
    rows = '[[rules]]\nid = "{}"\n{}\ndays = {}\nrenewals = 1\nquota = 10\n'
    children = rows.format("children", 'patron_category = "child"', 40)
    desk = rows.format("desk", 'branch = "JD-1"\nitem_group = "both"', 50) + '[groups]\nboth = ["JX", "WZ"]\n'
    book = rows.format("book", 'item_type = "book"', 70)
    with lent.read() as connection:
        for added, moved in ((children, {"children": 2}), (desk, {}), (book, {"book": 3})):
            found = check_policy(connection, POLICY + added).check
            assert found is not None
            assert {one.after: one.loans for one in found.moved} == moved
        without = check_policy(connection, POLICY[: POLICY.rindex("[[rules]]")] + desk).check
        assert {one.after: one.loans for one in without.moved} == {"desk": 1} if without else pytest.fail("faults")


def test_what_was_lent_keeps_its_version(lent: Database, now: SteppingClock, context: Context) -> None:
    put(lent, now, context, SHORTER.replace('id = "JX"', 'id = "Jiaxing"'), 2)
    with lent.read() as connection:
        row = connection.execute(select(loan.c.policy_version, loan.c.policy_rule).where(loan.c.item_library == "JX")).one()
        assert by_version(connection, row.policy_version).rule(row.policy_rule).terms.days == 60


def test_a_check_writes_nothing(lent: Database) -> None:
    with lent.read() as connection:
        before = in_force(connection)
        check_policy(connection, SHORTER)
        assert in_force(connection) == before


def test_versions_tell_when_they_came_in_force(catalogue_database: Database, now: SteppingClock, context: Context) -> None:
    with catalogue_database.write() as connection:
        put_policy(connection, now, context, POLICY, 1, note="按理事会决定")
    with catalogue_database.read() as connection:
        told = in_force(connection).version
    assert (told.note, told.in_force_from, told.actor) == ("按理事会决定", instant_text(now.now()), "cli:union-catalog")
