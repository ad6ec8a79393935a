"""Works keep their ids as union records do: through corrections, splits and merges, with an event for each change."""

import hashlib
import random
from collections.abc import Callable, Collection

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import event as seen
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.services.conftest import Loader
from tests.services.records import book
from tests.services.statements import statements
from tests.services.test_order import empty, partition, works_are_true
from union_catalog.bibliographic.record import Title
from union_catalog.services.deciding.works import rederive_works
from union_catalog.services.prepared import Arrival
from union_catalog.storage.database import Database
from union_catalog.storage.tables import event, outbox, union_record, union_work_key, work
from union_catalog.storage.unions import move_to_works

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
    load("JD", [book(str(n), "废艺斋集稿", year=1980 + n * 7) for n in range(2)])
    after = work_of()
    assert after["JD:0"] == after["JD:1"] == before != after["JD:2"]
    assert kinds(catalogue_database) == {"work.split"}
    load("JD", [book("3", year=2020)])
    assert work_of()["JD:3"] == after["JD:2"]


def test_one_edition_that_leaves_gets_a_work_of_its_own(load: Loader, work_of: Unions) -> None:
    load("JD", [book(str(n), year=1980 + n * 7) for n in range(3)])
    before = work_of()["JD:0"]
    load("JD", [book("0", "废艺斋集稿", year=1980)])
    after = work_of()
    assert after["JD:1"] == after["JD:2"] == before != after["JD:0"]


def test_where_two_works_meet_the_older_id_stays_and_carries_the_others(
    load: Loader, work_of: Unions, union_of: Unions, catalogue_database: Database
) -> None:
    load("JD", [book("1", "废艺斋集稿", year=1987)])
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


def translation(record_id: str, title: str, original: str = "", *, year: int = 2008, version: str = "20260601000000.0") -> Arrival:
    """A book by a foreign author that tells its original title, if any."""
    plain = book(record_id, title, author="丙·丁戊己", year=year, version=version)
    titles = (*plain.record.titles, Title(kind="uniform", text=original)) if original else plain.record.titles
    digest = hashlib.sha256(f"{plain.digest}{original}".encode()).hexdigest()
    return msgspec.structs.replace(plain, record=msgspec.structs.replace(plain.record, titles=titles), digest=digest)


def test_a_translation_that_tells_its_original_ties_two_titles_and_its_going_unties_them(
    load: Loader, work_of: Unions, catalogue_database: Database
) -> None:
    load("JD", [translation("1", "无人登记的树"), translation("2", "没有名录的树", "The Unlisted Tree", year=1999)])
    apart = work_of()
    assert apart["JD:1"] != apart["JD:2"]
    load("JX", [translation("3", "无人登记的树", "The Unlisted Tree", year=1987)])
    assert set(work_of().values()) == {apart["JD:1"]}
    assert redirects(catalogue_database) == {apart["JD:2"]: apart["JD:1"]}
    load("JX", [book("3", deleted=True, version="20260602000000.0")])
    again = work_of()
    assert again["JD:1"] != again["JD:2"]
    assert kinds(catalogue_database) == {"work.merged", "work.split"}
    assert works_are_true(catalogue_database)


def test_a_record_without_a_title_keeps_its_work(load: Loader, work_of: Unions) -> None:
    load("JD", [book("1", "", author="")])
    before = work_of()
    load("JD", [book("1", "", author="", year=1999)])
    assert work_of() == before


def of_members(asked: Collection[str]) -> list[str]:
    return [statement for statement in asked if statement.startswith("SELECT union_record.id, union_record.work_id")]


def test_one_more_edition_of_a_large_work_loads_none_of_the_others(load: Loader, work_of: Unions, catalogue_database: Database) -> None:
    load("JD", [book(str(n), year=1900 + n) for n in range(100)])
    with statements(catalogue_database) as asked:
        load("JX", [book("new", year=2020)])
    assert of_members(asked) == []
    assert len(set(work_of().values())) == 1
    with statements(catalogue_database) as asked:
        load("JX", [book("new", "废艺斋集稿", year=2020)])
    assert of_members(asked)


# Three titles and two originals, so that most sets tie titles by a chain of translations.
TRANSLATIONS = st.lists(
    st.tuples(st.sampled_from(("甲之书", "乙之书", "丁之书")), st.sampled_from(("", "", "First Original", "Second Original"))),
    min_size=3,
    max_size=9,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=TRANSLATIONS, seed=st.integers(0, 2**16), size=st.integers(1, 4))
def test_works_do_not_depend_on_order_and_batches_and_a_guest_leaves_no_trace(
    sqlite_only: None, load: Loader, work_of: Unions, catalogue_database: Database, chosen: list[tuple[str, str]], seed: int, size: int
) -> None:
    arrivals = [translation(str(n), title, original, year=1900 + 7 * n) for n, (title, original) in enumerate(chosen)]
    empty(catalogue_database)
    load("JD", arrivals)
    expected = partition(work_of())
    seen(f"{len(expected)} works of {len(arrivals)}")

    empty(catalogue_database)
    shuffled = random.Random(seed).sample(arrivals, len(arrivals))
    load("JD", shuffled[: len(shuffled) // 2], batch=size)
    load("JX", [translation("guest", "甲之书", "Second Original", year=2020), translation("other", "乙之书", "First Original", year=2021)])
    load("JD", shuffled, batch=size)
    assert works_are_true(catalogue_database)
    load("JX", [book("guest", deleted=True, version="20260602000000.0"), translation("other", "戊之书", version="20260602000000.0")])
    load("JX", [book("other", deleted=True, version="20260603000000.0")])
    assert partition(work_of()) == expected
    assert works_are_true(catalogue_database)


def test_keys_that_are_told_anew_bring_and_part_whole_works(
    load: Loader, work_of: Unions, union_of: Unions, catalogue_database: Database
) -> None:
    load("JD", [book("1", "三体", author="刘慈欣"), book("2", "三体", author="刘慈欣", year=1999), book("3", "球状闪电", author="刘慈欣")])
    expected = work_of()
    with catalogue_database.write() as connection:  # as an older version may have left them
        connection.execute(delete(union_work_key))
        move_to_works(connection, dict.fromkeys(union_of().values(), expected["JD:3"]), "2026-11-22T08:00:00.000000Z")
    with catalogue_database.write() as connection:
        settled = rederive_works(connection, [union_of()["JD:1"]])
        move_to_works(connection, settled.carried, "2026-11-22T08:00:00.000000Z")
    assert partition(work_of()) == partition(expected)
    assert works_are_true(catalogue_database)
    with catalogue_database.write() as connection:
        again = rederive_works(connection, list(union_of().values()))
    assert (again.carried, again.events) == ({}, [])
