"""Works keep their ids as union records do: through corrections, splits and merges, with an event for each change."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests.services.conftest import Loader
from tests.services.records import book
from union_catalog.storage.database import Database
from union_catalog.storage.tables import event, outbox, union_record, work

Unions = Callable[[], dict[str, str]]


@pytest.fixture
def work_of(catalogue_database: Database, union_of: Unions) -> Callable[[], dict[str, str]]:
    """record key → work id."""

    def read() -> dict[str, str]:
        with catalogue_database.read() as connection:
            found = {row.id: row.work_id for row in connection.execute(select(union_record.c.id, union_record.c.work_id))}
        return {key: found[union_id] for key, union_id in union_of().items()}

    return read


def redirects(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return {row.id: row.target for row in connection.execute(select(work.c.id, work.c.target).where(work.c.target.is_not(None)))}


def kinds(database: Database) -> set[str]:
    with database.read() as connection:
        return {kind for kind in connection.execute(select(event.c.kind)).scalars() if kind.startswith("work.")}


def test_editions_share_a_work_that_lives_through_a_correction(load: Loader, work_of: Unions, catalogue_database: Database) -> None:
    load("JD", [book("1", "红搂梦", year=1987)])
    mistyped = work_of()["JD:1"]
    load("JD", [book("1", "红楼梦", year=1987), book("2", "红楼梦", year=2008)])
    assert work_of() == {"JD:1": mistyped, "JD:2": mistyped}
    assert redirects(catalogue_database) == {}


def test_a_work_goes_with_most_of_its_editions(load: Loader, work_of: Unions, catalogue_database: Database) -> None:
    load("JD", [book(str(n), year=1980 + n * 7) for n in range(3)])
    before = work_of()["JD:0"]
    load("JD", [book(str(n), "石头记", year=1980 + n * 7) for n in range(2)])
    after = work_of()
    assert after["JD:0"] == after["JD:1"] == before != after["JD:2"]
    assert kinds(catalogue_database) == {"work.split"}
    load("JD", [book("3", year=2020)])
    assert work_of()["JD:3"] == after["JD:2"]


def test_one_edition_that_leaves_gets_a_work_of_its_own(load: Loader, work_of: Unions) -> None:
    load("JD", [book(str(n), year=1980 + n * 7) for n in range(3)])
    before = work_of()["JD:0"]
    load("JD", [book("0", "石头记", year=1980)])
    after = work_of()
    assert after["JD:1"] == after["JD:2"] == before != after["JD:0"]


def test_where_two_works_meet_the_older_id_stays_and_carries_the_others(
    load: Loader, work_of: Unions, union_of: Unions, catalogue_database: Database
) -> None:
    load("JD", [book("1", "石头记", year=1987)])
    load("JX", [book("8", year=1996), book("9", year=2008)])
    older, younger = work_of()["JD:1"], work_of()["JX:9"]
    with catalogue_database.read() as connection:
        sent = len(connection.execute(select(outbox.c.id)).all())
    load("JD", [book("1", "红楼梦", year=1987)])
    assert set(work_of().values()) == {older}
    assert redirects(catalogue_database) == {younger: older}
    assert kinds(catalogue_database) == {"work.merged"}
    with catalogue_database.read() as connection:
        told = list(connection.execute(select(outbox.c.aggregate).order_by(outbox.c.id)).scalars())[sent:]
    assert sorted(told) == sorted(union_of().values())


def test_a_work_whose_editions_went_waits_for_them(load: Loader, work_of: Unions) -> None:
    load("JD", [book("1")])
    before = work_of()["JD:1"]
    load("JD", [book("1", deleted=True, version="20260602000000.0")])
    load("JX", [book("9", year=1996)])
    assert work_of() == {"JX:9": before}
