"""Any number of relays before a search server: each message at least once, none lost, the newest state wins, whoever dies."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import structlog

from indexers.elasticsearch.engine import ElasticsearchEngine
from indexers.elasticsearch.indices import Shape
from indexers.elasticsearch.server import Address
from indexers.rebuild import rebuild
from indexers.relay import Relay, run
from indexers.verify import verify
from tests.contracts.elasticsearch_proxy import Answer, proxied
from tests.contracts.search_engines import elasticsearch_urls, remove_indices
from tests.scenarios.processes import eventually
from tests.services.conftest import Loader
from tests.services.records import book, item
from union_catalog.clock import SystemClock
from union_catalog.ids import new_id
from union_catalog.services.index_feed import IndexFeed
from union_catalog.storage.database import Database

LEASE = 1.5
INTERVAL = 0.02


@dataclass(frozen=True)
class Site:
    """A catalogue and its index; every call of ``feed`` and ``engine`` gives what another process would have."""

    database: Database
    shape: Shape

    def feed(self) -> IndexFeed:
        return IndexFeed(self.database, SystemClock(), LEASE)

    def engine(self, *urls: str) -> ElasticsearchEngine:
        return ElasticsearchEngine(Address(urls or elasticsearch_urls()), self.shape, SystemClock())

    def caught_up(self, seconds: float = 60) -> bool:
        feed = self.feed()
        return eventually(lambda: feed.backlog().waiting == 0, seconds)

    def agrees(self) -> bool:
        return verify(self.feed(), self.engine()).agrees


@pytest.fixture
def site(catalogue_database: Database) -> Iterator[Site]:
    made = Site(catalogue_database, Shape(f"test-{new_id().lower()}", 1, 0))
    made.engine().create()
    yield made
    remove_indices(made.shape.prefix)


@contextmanager
def relaying(*relays: tuple[IndexFeed, ElasticsearchEngine]) -> Iterator[None]:
    """As many relays, each in a thread of its own."""
    stop = threading.Event()
    threads = [threading.Thread(target=run, args=(feed, engine, stop, INTERVAL)) for feed, engine in relays]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def changes(load: Loader, rounds: int) -> None:
    """Records that come, change and go, in small loads."""
    for number in range(rounds):
        load("JD", [book(f"{number}-{n}", f"第{number}批第{n}种", author=f"作者{n}") for n in range(4)])
        load("JX", [book(f"{number}-{n}", f"第{number}批第{n}种", author=f"作者{n}", items=[item(f"X{number}-{n}")]) for n in range(2)])
        if number:
            load("JD", [book(f"{number - 1}-3", f"第{number - 1}批改名", author="作者3", version=f"202607{number:02d}000000.0")])
            load("JD", [book(f"{number - 1}-2", deleted=True, version=f"202608{number:02d}000000.0")])


def test_three_relays_at_once_lose_nothing(load: Loader, site: Site) -> None:
    with relaying(*((site.feed(), site.engine()) for _ in range(3))):
        changes(load, 8)
        assert site.caught_up()
    assert site.agrees()


def test_a_rebuild_goes_on_beside_relays_and_misses_nothing(load: Loader, site: Site) -> None:
    changes(load, 3)
    with relaying(*((site.feed(), site.engine()) for _ in range(2))):
        loader = threading.Thread(target=changes, args=(load, 8))
        loader.start()
        mine = site.engine()
        for _ in range(3):
            rebuild(Relay(site.feed(), mine))
        loader.join()
        assert site.caught_up()
    assert site.agrees()


def test_a_server_that_goes_away_is_waited_for(load: Loader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexers.elasticsearch.bulk._PAUSES", (0.01,))
    down = False
    with proxied(elasticsearch_urls()[0]) as proxy:
        proxy.instead = lambda asked: Answer(503, {"error": {"type": "gone"}, "status": 503}) if down else None
        with structlog.testing.capture_logs() as told, relaying((site.feed(), site.engine(proxy.url))):
            changes(load, 1)
            assert site.caught_up()
            down = True
            changes(load, 2)
            assert eventually(lambda: any(line["event"] == "relay.failed" for line in told))
            assert site.feed().backlog().waiting > 0
            down = False
            assert site.caught_up()
    assert {line["code"] for line in told if line["event"] == "relay.failed"} == {"search_server_busy"}
    assert site.agrees()


def test_a_relay_killed_in_the_middle_is_replaced_by_another(load: Loader, site: Site) -> None:
    changes(load, 6)
    context = multiprocessing.get_context("spawn")
    writing = context.Event()
    child = context.Process(
        target=_relay_slowly, args=(site.database.url.render_as_string(hide_password=False), elasticsearch_urls(), site.shape, writing)
    )
    child.start()
    assert writing.wait(60)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert site.feed().backlog().waiting > 0
    with relaying((site.feed(), site.engine())):
        assert site.caught_up()
    assert site.agrees()


def _relay_slowly(url: str, servers: tuple[str, ...], shape: Shape, writing: threading.Event) -> None:
    """Claims all, writes a part of it, tells so, and goes on waiting until it is killed."""
    feed = IndexFeed(Database(url), SystemClock(), LEASE)
    relay = Relay(feed, ElasticsearchEngine(Address(servers), shape, SystemClock()), batch=5)
    feed.claim(7)
    relay.step()
    writing.set()
    signal.pause()
