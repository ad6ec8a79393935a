"""Taking records in: counts, versions, tombstones, items, ids and redirects, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.services.conftest import Loader
from tests.services.records import book, item
from union_catalog.errors import Refused
from union_catalog.storage.database import Database
from union_catalog.storage.tables import event, outbox, quarantine, source_record, union_record
from union_catalog.storage.tables import item as items

Unions = Callable[[], dict[str, str]]


def rows(database: Database, *columns: Any) -> list[tuple[Any, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def unions(database: Database) -> dict[str, tuple[str, str | None, int]]:
    with database.read() as connection:
        u = union_record.c
        return {row.id: (row.state, row.target, row.revision) for row in connection.execute(select(u.id, u.state, u.target, u.revision))}


def test_the_same_records_again_change_nothing(load: Loader, catalogue_database: Database) -> None:
    first = load("JD", [book("1"), book("2", "活着", author="余华")])
    before = (unions(catalogue_database), len(rows(catalogue_database, outbox.c.id)))
    second = load("JD", [book("1"), book("2", "活着", author="余华")])
    assert (first.stored, first.unchanged) == (2, 0)
    assert (second.stored, second.unchanged) == (0, 2)
    assert (unions(catalogue_database), len(rows(catalogue_database, outbox.c.id))) == before


def test_one_edition_in_two_libraries_is_one_union_record(load: Loader, union_of: Unions) -> None:
    load("JD", [book("1"), book("2", "活着", author="余华")])
    load("JX", [book("9", "紅樓夢")])
    found = union_of()
    assert found["JD:1"] == found["JX:9"] != found["JD:2"]


def test_the_second_description_of_an_id_in_one_file_is_quarantined(load: Loader, catalogue_database: Database) -> None:
    state = load("JD", [book("1"), book("1", "另一种"), book("1")])
    again = load("JD", [book("1"), book("1", "另一种"), book("1")], batch=1)
    assert (state.stored, state.quarantined, state.unchanged) == (1, 1, 1)
    assert (again.stored, again.quarantined, again.unchanged) == (0, 1, 2)
    assert rows(catalogue_database, quarantine.c.code, quarantine.c.record_id) == [("duplicate_id", "1")]


def test_a_lower_version_never_wins_within_a_feed(load: Loader, catalogue_database: Database) -> None:
    load("JD", [book("1", version="20260602000000.0")])
    state = load("JD", [book("1", "旧的题名", version="20260601000000.0")])
    assert (state.stored, state.unchanged) == (0, 1)
    load("JD", [book("1", "同版新题名", version="20260602000000.0")])
    assert rows(catalogue_database, source_record.c.version) == [("20260602000000.0",)]


def test_a_record_that_changes_can_leave_its_cluster_and_come_back(load: Loader, union_of: Unions, catalogue_database: Database) -> None:
    load("JD", [book("1")])
    load("JX", [book("9")])
    together = union_of()["JD:1"]
    load("JX", [book("9", "活着", author="余华", publisher="作家出版社", year=1998)])
    apart = union_of()
    assert apart["JD:1"] == together != apart["JX:9"]
    load("JX", [book("9")])
    assert union_of() == {"JD:1": together, "JX:9": together}
    states = unions(catalogue_database)
    assert states[apart["JX:9"]][:2] == ("redirected", together)


def test_on_a_merge_the_older_id_stays_and_the_other_redirects(load: Loader, union_of: Unions, catalogue_database: Database) -> None:
    load("JX", [book("9", "活着", author="余华", publisher="作家出版社", year=1998)])
    load("JD", [book("1")])
    older, younger = union_of()["JX:9"], union_of()["JD:1"]
    load("JX", [book("9")])
    assert set(union_of().values()) == {older}
    state, target, revision = unions(catalogue_database)[younger]
    assert (state, target) == ("redirected", older)
    assert revision > 0
    kinds = [kind for (kind,) in rows(catalogue_database, event.c.kind)]
    assert "union.merged" in kinds


def test_a_redirect_to_a_redirect_leads_to_the_end(load: Loader, union_of: Unions, catalogue_database: Database) -> None:
    load("WZ", [book("5", "围城", author="钱锺书", publisher="晨光出版公司", year=1947)])
    load("JX", [book("9", "活着", author="余华", publisher="作家出版社", year=1998)])
    load("JD", [book("1")])
    first, second, third = (union_of()[key] for key in ("WZ:5", "JX:9", "JD:1"))
    load("JX", [book("9")])
    load("WZ", [book("5")])
    states = unions(catalogue_database)
    assert (states[first][0], states[second][1], states[third][1]) == ("live", first, first)


def test_a_deleted_record_leaves_a_tombstone_and_returns_under_its_id(load: Loader, union_of: Unions, catalogue_database: Database) -> None:
    load("JD", [book("1", items=[item("A1")])])
    union_id = union_of()["JD:1"]
    state = load("JD", [book("1", deleted=True, version="20260603000000.0")])
    assert state.deleted == 1
    assert union_of() == {}
    assert unions(catalogue_database)[union_id][0] == "gone"
    assert rows(catalogue_database, items.c.withdrawn_at.is_(None)) == [(False,)]
    load("JD", [book("1", items=[item("A1")], version="20260604000000.0")])
    assert union_of() == {"JD:1": union_id}
    assert rows(catalogue_database, items.c.withdrawn_at.is_(None)) == [(True,)]


def test_a_deleted_record_in_a_cluster_leaves_the_others(load: Loader, union_of: Unions, catalogue_database: Database) -> None:
    load("JD", [book("1")])
    load("JX", [book("9")])
    union_id, before = union_of()["JD:1"], max(revision for *_, revision in unions(catalogue_database).values())
    load("JD", [book("1", deleted=True, version="20260603000000.0")])
    assert union_of() == {"JX:9": union_id}
    assert unions(catalogue_database)[union_id][2] > before


def test_items_keep_their_ids_through_changes_and_moves(load: Loader, catalogue_database: Database) -> None:
    load("JD", [book("1", items=[item("A1"), item("A2")]), book("2", "活着", author="余华", items=[item("B1")])])
    before = dict(rows(catalogue_database, items.c.barcode, items.c.id))
    load("JD", [book("2", "活着", author="余华", items=[item("B1", "EAST", status="on_loan"), item("A2")])])
    after = {
        code: (id_, branch, status)
        for code, id_, branch, status in rows(catalogue_database, items.c.barcode, items.c.id, items.c.branch, items.c.reported_status)
    }
    assert {code: id_ for code, (id_, *_) in after.items()} == before
    assert after["B1"][1:] == ("EAST", "on_loan")
    owners = dict(rows(catalogue_database, items.c.barcode, items.c.source_id))
    assert owners["A2"] == owners["B1"] != owners["A1"]


def test_the_record_that_loses_an_item_is_told_to_the_index_too(load: Loader, union_of: Unions, catalogue_database: Database) -> None:
    load("JD", [book("1", items=[item("A1"), item("A2")]), book("2", "活着", author="余华")])
    loser = union_of()["JD:1"]
    before = unions(catalogue_database)[loser][2]
    load("JD", [book("2", "活着", author="余华", items=[item("A2")])])
    assert unions(catalogue_database)[loser][2] > before
    assert max(r for a, r in rows(catalogue_database, outbox.c.aggregate, outbox.c.revision) if a == loser) > before


def test_one_barcode_may_stand_in_two_libraries(load: Loader, catalogue_database: Database) -> None:
    load("JD", [book("1", items=[item("X")])])
    load("JX", [book("9", items=[item("X")])])
    assert sorted(rows(catalogue_database, items.c.library, items.c.barcode)) == [("JD", "X"), ("JX", "X")]


def test_a_full_export_withdraws_what_is_gone(load: Loader, union_of: Unions) -> None:
    everything = [book(str(n), f"第{n}种书", author=f"作者{n}") for n in range(10)]
    load("JD", everything)
    load("JD", everything[:9], full=True)
    assert "JD:9" not in union_of()
    assert len(union_of()) == 9


def test_a_full_export_that_lacks_too_much_withdraws_nothing(load: Loader, union_of: Unions) -> None:
    everything = [book(str(n), f"第{n}种书", author=f"作者{n}") for n in range(10)]
    load("JD", everything)
    with pytest.raises(Refused) as refusal:
        load("JD", [*everything[:7], book("new", "新书", author="新人")], full=True)
    assert (refusal.value.code, refusal.value.data["missing"]) == ("too_many_withdrawals", 3)
    assert len(union_of()) == 11
    load("JD", [*everything[:7], book("new", "新书", author="新人")], full=True, allow_withdrawals=True)
    assert len(union_of()) == 8


def test_exactly_a_fifth_may_go(load: Loader, union_of: Unions) -> None:
    everything = [book(str(n), f"第{n}种书", author=f"作者{n}") for n in range(10)]
    load("JD", everything)
    load("JD", everything[:8], full=True)
    assert len(union_of()) == 8


def test_a_quarantined_record_is_not_gone(load: Loader, union_of: Unions) -> None:
    everything = [book(str(n), f"第{n}种书", author=f"作者{n}") for n in range(10)]
    load("JD", everything)
    load("JD", [*everything[:9], everything[0], book("0", "又一种")], full=True)
    assert "JD:0" in union_of()


def test_keys_that_too_many_hold_join_nobody_whatever_the_order(load: Loader, union_of: Unions) -> None:
    load("JD", [book(str(n)) for n in range(3)], batch=1, key_limit=3)
    load("JX", [book("9")], key_limit=3)
    assert len(set(union_of().values())) == 4


def test_a_key_that_few_hold_again_joins_again(load: Loader, union_of: Unions) -> None:
    load("JD", [book(str(n)) for n in range(3)], key_limit=3)
    load("JX", [book("9")], key_limit=3)
    load("JD", [book(str(n), deleted=True, version="20260603000000.0") for n in range(1, 3)], key_limit=3)
    assert len(set(union_of().values())) == 1


def test_revisions_only_grow(load: Loader, catalogue_database: Database) -> None:
    highest = 0
    for title in ("红楼梦", "红楼梦魇", "红楼梦"):
        load("JD", [book("1", title)])
        (_, _, revision) = next(iter(unions(catalogue_database).values()))
        assert revision > highest
        highest = revision


def test_an_unknown_branch_is_made_and_told(load: Loader, catalogue_database: Database) -> None:
    load("JD", [book("1", items=[item("A1", "NEW")])])
    with catalogue_database.read() as connection:
        found = connection.execute(select(event.c.subject, event.c.data).where(event.c.kind == "branch.found")).all()
        count = connection.execute(select(func.count()).select_from(items).where(items.c.branch == "NEW")).scalar_one()
    assert [(row.subject, row.data) for row in found] == [("branch:NEW", {"local_code": "NEW"})]
    assert count == 1
