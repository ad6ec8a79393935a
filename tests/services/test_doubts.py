"""The queue of doubtful pairs: what is open, what a decision is worth, and that neither depends on how the records came."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests.services.conftest import Loader
from tests.services.records import book, done, item
from union_catalog.clock import SteppingClock
from union_catalog.context import Context
from union_catalog.services import verdicts
from union_catalog.services.deciding.doubts import MOST_PARTED
from union_catalog.services.deciding.graph import FEW
from union_catalog.services.matching import Doubtful, doubtful
from union_catalog.services.prepared import Arrival
from union_catalog.storage.database import Database
from union_catalog.storage.tables import match_doubt, metadata, source_record

Queue = Callable[[], list[tuple[str, str, str, int]]]


def short(record_id: str, title: str = "童年", copies: int = 0, **told: object) -> Arrival:
    """A record that tells neither publisher nor year: too little to be decided by."""
    items = [item(f"{record_id}-{number}") for number in range(copies)]
    return book(record_id, title, **({"author": "高尔基", "publisher": "", "year": 0, "items": items} | told))  # type: ignore[arg-type]  # words of a test


def full(record_id: str, title: str = "童年", copies: int = 0, **told: object) -> Arrival:
    items = [item(f"{record_id}-{number}") for number in range(copies)]
    return book(record_id, title, **({"author": "高尔基", "publisher": "南海出版公司", "year": 2011, "items": items} | told))  # type: ignore[arg-type]  # words of a test


@pytest.fixture
def queue(catalogue_database: Database) -> Queue:
    """(kind, first, second, worth) from what is worth most."""

    def read() -> list[tuple[str, str, str, int]]:
        return [(pair.kind, pair.first.key, pair.second.key, pair.worth) for pair in doubtful(catalogue_database, None, 1000)]

    return read


def stored(database: Database) -> set[tuple[frozenset[str], str, int, int]]:
    """Everything in the table, told by record keys."""
    s = source_record.c
    with database.read() as connection:
        keys = {row.id: f"{row.library}:{row.record_id}" for row in connection.execute(select(s.id, s.library, s.record_id)).all()}
        rows = connection.execute(select(match_doubt)).all()
    return {(frozenset((keys[row.a], keys[row.b])), row.kind, row.doubt, row.worth) for row in rows}


def test_what_no_rule_decides_waits_for_staff(load: Loader, catalogue_database: Database) -> None:
    load("WZ", [short("1", copies=2)])
    load("JX", [full("1", copies=3)])
    [pair] = doubtful(catalogue_database)
    assert (pair.kind, {pair.first.key, pair.second.key}) == ("unsure", {"WZ:1", "JX:1"})
    assert pair.worth == pair.doubt * 5
    told = {pair.first.key: pair.first, pair.second.key: pair.second}["JX:1"]
    assert (told.title, told.publisher, told.date) == ("童年", "南海出版公司", "2011")


def test_a_link_that_was_cut_waits_for_staff(load: Loader, queue: Queue) -> None:
    load("JD", [book("1"), book("2")])
    load("JX", [book("1")])
    assert {(kind, first, second) for kind, first, second, _ in queue()} >= {("parted", "JD:1", "JD:2")}
    load("JD", [book("2", version="20260602000000.0", deleted=True)])
    assert queue() == []


def test_the_worth_follows_the_copies(load: Loader, queue: Queue) -> None:
    load("WZ", [short("1")])
    load("JX", [full("1")])
    [(*_, alone)] = queue()
    load("JX", [full("1", copies=4, version="20260602000000.0")])
    [(*_, held)] = queue()
    assert held == 4 * alone
    load("JD", [full("1", copies=2)])  # joins JX:1: its copies count, too
    assert {worth for *_, worth in queue()} == {6 * alone}
    load("JD", [full("1", copies=2, version="20260603000000.0", deleted=True)])
    assert [worth for *_, worth in queue()] == [4 * alone]


def test_the_worth_follows_an_item_that_moves(load: Loader, queue: Queue) -> None:
    load("WZ", [short("1", items=[item("b1"), item("b2")])])
    load("JX", [full("1")])
    [(*_, before)] = queue()
    load("WZ", [book("9", "别的书", author="别人", items=[item("b1")])])
    [(*_, after)] = queue()
    assert (before, after) == (2 * after, after)


def test_what_staff_decides_leaves_the_queue_and_returns(
    load: Loader, queue: Queue, catalogue_database: Database, now: SteppingClock, context: Context
) -> None:
    load("WZ", [short("1")])
    load("JX", [full("1")])
    before = queue()
    for verdict in ("different", "same"):
        done(catalogue_database, verdicts.give, now, context, "WZ:1", "JX:1", "different" if verdict == "different" else "same")
        assert queue() == []
        done(catalogue_database, verdicts.undo_pair, now, context, "WZ:1", "JX:1")
        assert queue() == before


def test_what_has_come_together_is_no_question(
    load: Loader, queue: Queue, catalogue_database: Database, now: SteppingClock, context: Context
) -> None:
    load("WZ", [short("1")])
    load("JX", [full("1")])
    load("JD", [full("1")])
    assert len(queue()) == 2
    done(catalogue_database, verdicts.give, now, context, "WZ:1", "JX:1", "same")
    assert queue() == []


def test_what_changes_or_goes_is_asked_anew(load: Loader, queue: Queue) -> None:
    load("WZ", [short("1")])
    load("JX", [full("1")])
    load("JX", [full("1", "别的书", author="别人", version="20260602000000.0")])
    assert queue() == []
    load("JX", [full("1", version="20260603000000.0")])
    assert len(queue()) == 1
    load("WZ", [short("1", version="20260604000000.0", deleted=True)])
    assert queue() == []


def test_the_queue_is_read_in_pages(load: Loader, catalogue_database: Database) -> None:
    load("WZ", [short(str(n), "天地玄黄宇宙洪荒日月"[n - 10], copies=n % 3) for n in range(10, 20)])
    load("JX", [full(str(n), "天地玄黄宇宙洪荒日月"[n - 10], copies=n % 4) for n in range(10, 20)])
    whole = doubtful(catalogue_database, None, 100)
    assert len(whole) == 10
    assert [pair.worth for pair in whole] == sorted((pair.worth for pair in whole), reverse=True)
    pages: list[Doubtful] = []
    while page := doubtful(catalogue_database, pages[-1].place if pages else None, 3):
        pages += page
    assert pages == whole
    assert doubtful(catalogue_database, None, 100, "JX") == whole
    assert doubtful(catalogue_database, None, 100, "JD") == []


def test_hundreds_of_rivals_do_not_fill_the_queue(load: Loader, catalogue_database: Database) -> None:
    load("WZ", [short(str(n), "全集", author="鲁迅") for n in range(60)])
    load("JX", [full(str(n), "全集", author="鲁迅", year=1950 + n) for n in range(60)])
    held: Counter[str] = Counter(key for pair, *_ in stored(catalogue_database) for key in pair)
    assert max(held.values(), default=0) <= 4 * FEW
    assert len(stored(catalogue_database)) <= 120 * MOST_PARTED


def test_a_key_that_grows_common_takes_its_questions_back(load: Loader, queue: Queue) -> None:
    load("WZ", [short("1")])
    load("JX", [full("1")])
    assert len(queue()) == 1
    load("JD", [full(str(n), publisher=f"出版社{n}", year=1970 + 2 * n) for n in range(FEW)])
    assert not [pair for pair in queue() if {"WZ:1", "JX:1"} == set(pair[1:3])]
    load("JD", [full(str(n), version="20260602000000.0", deleted=True) for n in range(FEW)])
    assert len(queue()) == 1


@pytest.mark.parametrize("seed", range(4))
def test_the_queue_does_not_depend_on_how_the_records_came(load: Loader, catalogue_database: Database, seed: int) -> None:
    shelves = [("WZ", short(f"w{n}", "家春秋雾雨电"[n % 6], copies=n % 3)) for n in range(12)]
    shelves += [("JX", full(f"x{n}", "家春秋"[n % 3], copies=n % 2, year=2000 + n % 4)) for n in range(18)]
    shelves += [("JD", full(f"d{n}", "家春秋雾雨电"[n % 6], author="高尔基" if n % 3 else "", copies=1)) for n in range(18)]
    for library in ("WZ", "JX", "JD"):
        load(library, [arrival for code, arrival in shelves if code == library])
    expected = stored(catalogue_database)
    assert {kind for _, kind, _, _ in expected} == {"unsure", "parted"}
    with catalogue_database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name not in {"library", "feed", "counter"}:
                connection.execute(table.delete())
    for library, arrival in random.Random(seed).sample(shelves, len(shelves)):
        load(library, [arrival])
    assert stored(catalogue_database) == expected
