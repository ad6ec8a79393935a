"""What an index will never take: every message ends done or dead, the dead are told, revived, superseded and never pruned."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from indexers.catching_up import catch_up
from indexers.embedded.engine import EmbeddedEngine, EmbeddedRebuild
from indexers.rebuild import rebuild
from indexers.relay import Relay
from indexers.verify import verify
from tests.services.conftest import Loader
from tests.services.records import book
from union_catalog.clock import SteppingClock
from union_catalog.context import Context
from union_catalog.errors import SearchUnavailable
from union_catalog.search.document import IndexDocument
from union_catalog.search.engine import Rejected
from union_catalog.services.index_feed import IndexFeed
from union_catalog.storage.database import Database

Unions = Callable[[], dict[str, str]]


class Choosy(EmbeddedEngine):
    """Takes no document whose title holds one of these words, as a server does that cannot read a field of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.unwanted: set[str] = set()

    def refused(self, document: IndexDocument) -> bool:
        return any(word in document.analysed.title.replace(" ", "") for word in self.unwanted)

    def apply(self, upserts: Sequence[IndexDocument], deletes: Sequence[tuple[str, int]]) -> tuple[Rejected, ...]:
        super().apply([one for one in upserts if not self.refused(one)], deletes)
        return tuple(_rejected(one) for one in upserts if self.refused(one))

    def start_rebuild(self) -> EmbeddedRebuild:
        rebuilding, add = super().start_rebuild(), EmbeddedRebuild.add

        def choosy(documents: Iterable[IndexDocument]) -> tuple[Rejected, ...]:
            given = list(documents)
            add(rebuilding, [one for one in given if not self.refused(one)])
            return tuple(_rejected(one) for one in given if self.refused(one))

        rebuilding.add = choosy  # type: ignore[method-assign]  # this one rebuild refuses what the engine does
        return rebuilding


def _rejected(document: IndexDocument) -> Rejected:
    return Rejected(document.union_id, document.revision, "mapping says no")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Choosy]:
    made = Choosy(tmp_path / "index")
    made.create()
    yield made
    made.close()


@pytest.fixture
def feed(catalogue_database: Database, now: SteppingClock) -> IndexFeed:
    return IndexFeed(catalogue_database, now, 15.0)


@pytest.fixture
def relay(feed: IndexFeed, engine: Choosy) -> Relay:
    return Relay(feed, engine)


def followed(relay: Relay) -> tuple[int, int]:
    """Waiting and dead after the relay has done what it can."""
    catch_up(relay, relay.feed.last_message(), longest=5.0)
    backlog = relay.feed.backlog()
    return backlog.waiting, backlog.dead


def test_what_is_refused_is_dead_with_its_reason_and_the_rest_is_done(
    load: Loader, union_of: Unions, relay: Relay, engine: Choosy, context: Context
) -> None:
    engine.unwanted = {"活着"}
    load("JD", [book("1"), book("2", "活着", author="余华")])
    with structlog.testing.capture_logs() as told:
        assert followed(relay) == (0, 1)
    (letter,) = relay.feed.dead()
    assert (letter.aggregate, letter.reason, letter.cause) == (union_of()["JD:2"], "mapping says no", context.command_id)
    assert [line["union_id"] for line in told if line["event"] == "index.rejected"] == [union_of()["JD:2"]]
    verdict = verify(relay.feed, engine)
    assert (verdict.missing, verdict.documents) == (1, 2)


def test_there_is_one_dead_letter_a_record_the_newest(load: Loader, relay: Relay, engine: Choosy) -> None:
    engine.unwanted = {"活着"}
    for number in range(3):
        load("JD", [book("2", "活着", author="余华", version=f"2026060{number + 1}000000.0", year=2008 + number)])
        if number:
            assert followed(relay) == (0, 1)
    (letter,) = relay.feed.dead()
    assert letter.id == relay.feed.last_message()


def test_a_newer_message_that_gets_through_supersedes_it(load: Loader, relay: Relay, engine: Choosy) -> None:
    engine.unwanted = {"活着"}
    load("JD", [book("2", "活着", author="余华")])
    assert followed(relay) == (0, 1)
    load("JD", [book("2", "在细雨中呼喊", author="余华", version="20260603000000.0")])
    assert followed(relay) == (0, 0)
    assert relay.feed.dead() == []
    assert verify(relay.feed, engine).agrees


def test_another_record_s_message_supersedes_nothing(load: Loader, relay: Relay, engine: Choosy) -> None:
    engine.unwanted = {"活着"}
    load("JD", [book("2", "活着", author="余华")])
    followed(relay)
    load("JD", [book("3", "围城", author="钱锺书")])
    assert followed(relay) == (0, 1)


def test_the_dead_are_revived_by_id_or_all(load: Loader, relay: Relay, engine: Choosy) -> None:
    engine.unwanted = {"活着", "围城"}
    load("JD", [book("2", "活着", author="余华"), book("3", "围城", author="钱锺书")])
    assert followed(relay) == (0, 2)
    one, other = relay.feed.dead()
    assert relay.feed.revive([one.id]) == 1
    assert followed(relay) == (0, 2)  # it is still refused
    engine.unwanted = set()
    assert relay.feed.revive([other.id, 10**9]) == 1
    assert followed(relay) == (0, 1)
    assert relay.feed.revive() == 1
    assert followed(relay) == (0, 0)
    assert verify(relay.feed, engine).agrees


def test_pruning_leaves_the_dead(load: Loader, relay: Relay, engine: Choosy, now: SteppingClock) -> None:
    engine.unwanted = {"活着"}
    load("JD", [book("1"), book("2", "活着", author="余华")])
    followed(relay)
    now.advance(timedelta(days=30))
    assert relay.feed.prune(7) == 1
    assert relay.feed.backlog().dead == 1


def test_a_rebuild_buries_what_its_index_refuses_and_ends_what_it_takes(
    load: Loader, union_of: Unions, relay: Relay, engine: Choosy
) -> None:
    engine.unwanted = {"活着"}
    load("JD", [book("1"), book("2", "活着", author="余华"), book("3", "围城", author="钱锺书")])
    followed(relay)
    engine.unwanted = {"围城"}
    assert rebuild(relay).rejected == 1
    assert [letter.aggregate for letter in relay.feed.dead()] == [union_of()["JD:3"]]
    engine.unwanted = set()
    assert rebuild(relay).rejected == 0
    assert relay.feed.dead() == []
    assert verify(relay.feed, engine).agrees


def test_a_rebuild_of_which_nothing_is_taken_does_not_go_live(load: Loader, relay: Relay, engine: Choosy) -> None:
    load("JD", [book(str(n), f"第{n}种书", author=f"作者{n}") for n in range(120)])
    followed(relay)
    engine.unwanted = {"种书"}
    with pytest.raises(SearchUnavailable, match="mapping says no"):
        rebuild(relay)
    assert verify(relay.feed, engine).agrees
    assert relay.feed.backlog().dead == 0


def test_a_repair_buries_and_ends_too(load: Loader, relay: Relay, engine: Choosy) -> None:
    load("JD", [book("2", "活着", author="余华")])
    relay.feed.finish(relay.feed.claim(10))  # as if a relay had lied
    engine.unwanted = {"活着"}
    verdict = verify(relay.feed, engine, repair=True)
    assert (verdict.missing, verdict.repaired, verdict.rejected) == (1, 0, 1)
    assert relay.feed.backlog().dead == 1
    engine.unwanted = set()
    assert verify(relay.feed, engine, repair=True).repaired == 1
    assert relay.feed.backlog().dead == 0
