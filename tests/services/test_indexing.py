"""From the outbox to the index: nothing lost, the newest state wins, one writer, rebuild and verify, on both databases."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from indexers.catching_up import catch_up
from indexers.documents import document
from indexers.embedded.engine import EmbeddedEngine
from indexers.rebuild import rebuild
from indexers.relay import LeaseLost, Relay, run
from indexers.turns import take
from indexers.verify import verify
from tests.contracts.search_engines import ENGINES, EngineHome, engine_home
from tests.services.conftest import Loader
from tests.services.records import book, item
from union_catalog.clock import SteppingClock, SystemClock
from union_catalog.errors import Busy
from union_catalog.search.digests import Digest
from union_catalog.search.engine import SearchEngine, SearchRequest
from union_catalog.search.query import parse
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.index_feed import IndexFeed
from union_catalog.services.searching.asked import Asked
from union_catalog.storage.database import Database

LEASE = 15.0


@dataclass
class Indexing:
    feed: IndexFeed
    engine: SearchEngine
    relay: Relay
    home: EngineHome

    def catch_up(self) -> None:
        catch_up(self.relay, self.feed.last_message(), longest=10.0)

    def found(self, query: str = "") -> list[str]:
        return [hit.union_id for hit in self.engine.search(SearchRequest(parse(query))).hits]


@pytest.fixture(params=ENGINES)
def indexing(request: pytest.FixtureRequest, catalogue_database: Database, now: SteppingClock, tmp_path: Path) -> Iterator[Indexing]:
    with engine_home(request.param, tmp_path) as home:
        engine = home.open()
        engine.create()
        feed = IndexFeed(catalogue_database, now, LEASE)
        yield Indexing(feed, engine, Relay(feed, engine), home)
        engine.close()


Unions = Callable[[], dict[str, str]]


def test_what_is_loaded_is_searchable_once_caught_up(load: Loader, union_of: Unions, indexing: Indexing) -> None:
    load("JD", [book("1", items=[item("A")]), book("2", "活着", author="余华")])
    assert indexing.feed.backlog().waiting == 2
    indexing.catch_up()
    assert indexing.found("紅樓夢") == [union_of()["JD:1"]]
    assert indexing.feed.backlog().waiting == 0
    assert verify(indexing.feed, indexing.engine).agrees


def test_merged_and_deleted_records_leave_the_index(load: Loader, union_of: Unions, indexing: Indexing) -> None:
    load("JD", [book("1"), book("2", "活着", author="余华")])
    load("JX", [book("9", "围城", author="钱锺书")])
    indexing.catch_up()
    assert len(indexing.found()) == 3
    load("JX", [book("9")])
    load("JD", [book("2", deleted=True, version="20260603000000.0")])
    indexing.catch_up()
    assert indexing.found() == [union_of()["JD:1"]]
    assert verify(indexing.feed, indexing.engine).agrees


def test_a_message_that_was_claimed_by_somebody_who_died_is_dealt_with_when_its_lease_is_up(
    load: Loader, catalogue_database: Database, indexing: Indexing, now: SteppingClock
) -> None:
    load("JD", [book("1")])
    dead = IndexFeed(catalogue_database, now, LEASE)
    assert len(dead.claim(10)) == 1
    assert indexing.feed.claim(10) == []
    now.advance(timedelta(seconds=LEASE + 1))
    indexing.catch_up()
    assert len(indexing.found()) == 1


def test_a_repeated_message_changes_nothing(load: Loader, indexing: Indexing, now: SteppingClock) -> None:
    load("JD", [book("1")])
    messages = indexing.feed.claim(10)
    changes = indexing.feed.changes(messages)
    indexing.engine.apply([document(record) for record in changes.records], changes.retired)
    now.advance(timedelta(seconds=LEASE + 1))
    indexing.catch_up()
    assert len(indexing.found()) == 1
    assert verify(indexing.feed, indexing.engine).agrees


@pytest.mark.parametrize("indexing", ["embedded"], indirect=True)
def test_only_the_holder_of_the_lease_drains(load: Loader, catalogue_database: Database, indexing: Indexing, now: SteppingClock) -> None:
    load("JD", [book("1")])
    other = IndexFeed(catalogue_database, now, LEASE)
    held = take(other, indexing.engine)
    assert held is not None
    assert take(indexing.feed, indexing.engine) is None
    with pytest.raises(Busy, match="relay_stuck"):
        catch_up(indexing.relay, indexing.feed.last_message(), longest=0.5)
    now.advance(timedelta(seconds=LEASE + 1))
    mine = take(indexing.feed, indexing.engine)
    assert mine is not None
    with pytest.raises(LeaseLost):
        Relay(other, indexing.engine).drain(held)
    assert indexing.relay.drain(mine).written == 1


def test_rebuild_gives_the_same_index_and_keeps_searches_going(load: Loader, union_of: Unions, indexing: Indexing) -> None:
    load("JD", [book(str(n), f"第{n}种书", author=f"作者{n}") for n in range(30)])
    indexing.catch_up()
    before = sorted(indexing.found())
    seen: list[int] = []

    def progress(count: int) -> None:
        seen.append(len(indexing.found()))
        load("JD", [book("7", "改了名的书", author="作者7")])  # its page has been read already

    assert rebuild(indexing.relay, progress).documents == 30
    assert seen == [20]  # a page of the old index, while the new one is being built
    assert indexing.found("改了名的书") == [union_of()["JD:7"]]
    assert set(before) <= set(union_of().values())
    assert verify(indexing.feed, indexing.engine).agrees


def test_verify_tells_missing_stale_and_orphaned_and_repairs_them(load: Loader, union_of: Unions, indexing: Indexing) -> None:
    load("JD", [book("1"), book("2", "活着", author="余华"), book("3", "围城", author="钱锺书")])
    indexing.catch_up()
    load("JD", [book("2", "活着", author="余华", items=[item("B")]), book("4", "边城", author="沈从文")])
    load("JD", [book("3", deleted=True, version="20260603000000.0")])
    messages = indexing.feed.claim(10)
    indexing.feed.finish(messages)  # as if a relay had lied
    verdict = verify(indexing.feed, indexing.engine)
    assert (verdict.missing, verdict.stale, verdict.orphaned) == (1, 1, 1)
    repaired = verify(indexing.feed, indexing.engine, repair=True)
    assert repaired.repaired == 3
    assert verify(indexing.feed, indexing.engine).agrees
    assert set(indexing.found()) == set(union_of().values())


class Meanwhile(EmbeddedEngine):
    """Something happens after the database has begun to be read, and before the index is."""

    happens: Callable[[], None]

    def digests(self) -> Mapping[int, Digest]:
        self.happens()
        return super().digests()


@pytest.mark.parametrize("indexing", ["embedded"], indirect=True)
def test_what_changes_while_it_is_verified_is_no_difference(load: Loader, union_of: Unions, indexing: Indexing, tmp_path: Path) -> None:
    load("JD", [book(str(n), f"第{n}种书", author=f"作者{n}") for n in range(4)])
    indexing.catch_up()
    indexing.engine.apply([], [(union_of()["JD:3"], 10**9)])  # the one that is really missing
    engine = Meanwhile(tmp_path / "index")

    def happens() -> None:
        load("JD", [book("1", "改了名的书", author="作者1"), book("9", "新书", author="作者9")])
        load("JD", [book("2", deleted=True, version="20260603000000.0")])
        indexing.catch_up()

    engine.happens = happens
    verdict = verify(indexing.feed, engine)
    assert (verdict.missing, verdict.stale, verdict.orphaned) == (1, 0, 0)
    assert verdict.examples == [("missing", union_of()["JD:3"])]


def test_delivered_messages_are_pruned_after_their_time_and_open_ones_never(load: Loader, indexing: Indexing, now: SteppingClock) -> None:
    load("JD", [book("1")])
    indexing.catch_up()
    load("JD", [book("2", "活着", author="余华")])
    assert indexing.feed.prune(7) == 0
    now.advance(timedelta(days=8))
    assert indexing.feed.prune(7) == 1
    assert indexing.feed.backlog().waiting == 1


def test_availability_of_the_index_is_counted_by_branch(load: Loader, union_of: Unions, indexing: Indexing) -> None:
    everything = [
        item("A1"),
        item("A2", status="on_loan"),
        item("B1", "EAST", lending="library_use"),
        item("", "WEB", lending="online"),
    ]
    load("JD", [book("1", items=everything)])
    (record,) = indexing.feed.current([union_of()["JD:1"]]).records
    found = document(record)
    assert [(a.branch, a.items, a.available) for a in found.availability] == [("EAST", 1, False), ("MAIN", 2, True)]
    assert found.available_libraries == ("JD",)


def test_the_catalogue_reads_live_what_the_index_found(load: Loader, catalogue_database: Database, indexing: Indexing) -> None:
    load("JD", [book("1", items=[item("A")])])
    indexing.catch_up()
    load("JD", [book("1", items=[item("A", status="on_loan")])])
    (record,) = Catalogue(catalogue_database, indexing.engine).search(Asked(SearchRequest(parse("红楼梦")))).records
    assert [(count.items, count.available) for count in record.libraries] == [(1, 0)]
    assert record.best_status == "on_loan"


def test_a_running_relay_lets_a_rebuild_in_and_goes_on_afterwards(load: Loader, catalogue_database: Database, indexing: Indexing) -> None:
    load("JD", [book("1")])
    relaying = IndexFeed(catalogue_database, SystemClock(), LEASE)
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(relaying, indexing.home.open(), stop, 0.02))
    thread.start()
    try:
        until = time.monotonic() + 20
        while not indexing.found() and time.monotonic() < until:
            time.sleep(0.02)
        mine = IndexFeed(catalogue_database, SystemClock(), LEASE)

        def wait() -> bool:
            time.sleep(0.02)
            return time.monotonic() < until

        assert rebuild(Relay(mine, indexing.engine), wait=wait).documents == 1
        load("JD", [book("2", "活着", author="余华")])
        while len(indexing.found()) < 2 and time.monotonic() < until:
            time.sleep(0.02)
        assert len(indexing.found()) == 2
    finally:
        stop.set()
        thread.join(20)
