"""The relay: follows the outbox and keeps the index true. One relay at a time writes the embedded index, and others stand by; on a server
any number write.

Each message is dealt with at least once: it is marked done only after the index has it, or dead with the reason where the index will
never take it. A message names a record, whose present state is read, so that a late or repeated message can do no harm.
"""

import threading
import time
from dataclasses import dataclass

import structlog

from indexers.documents import document
from indexers.rejections import tell
from indexers.turns import Turn, take
from union_catalog.errors import Busy, SearchUnavailable, StorageUnavailable
from union_catalog.search.engine import SearchEngine
from union_catalog.services.index_feed import IndexFeed

log = structlog.get_logger(__name__)

BATCH = 5000
STANDBY_SECONDS = 1.0
LONGEST_PAUSE = 30.0
MOST_CAUSES = 10


@dataclass(frozen=True, slots=True)
class Drained:
    """What one pass did; ``rejected`` of what was written or deleted the engine would not take. ``causes`` are ids of commands."""

    messages: int = 0
    written: int = 0
    deleted: int = 0
    rejected: int = 0
    causes: frozenset[str] = frozenset()

    def __add__(self, other: "Drained") -> "Drained":
        return Drained(
            self.messages + other.messages,
            self.written + other.written,
            self.deleted + other.deleted,
            self.rejected + other.rejected,
            self.causes | other.causes,
        )

    def tell(self) -> None:
        """One line in the log, with the commands that this comes from, or some of them."""
        log.info(
            "relay.drained",
            messages=self.messages,
            written=self.written,
            deleted=self.deleted,
            rejected=self.rejected,
            causes=sorted(self.causes)[:MOST_CAUSES],
        )


class LeaseLost(Exception):
    """Somebody else writes the index now."""


class Relay:
    """Drains the outbox into one engine while it is its turn."""

    def __init__(self, feed: IndexFeed, engine: SearchEngine, batch: int = BATCH) -> None:
        self.feed = feed
        self.engine = engine
        self.batch = batch

    def drain(self, turn: Turn) -> Drained:
        """Deals with everything that waits now, or until another process asks for the index.

        Raises LeaseLost, and what engine and database raise; nothing is lost by that.
        """
        total = Drained()
        while True:
            if not turn.goes_on():
                raise LeaseLost
            done = self.step()
            total += done
            if done.messages < self.batch or turn.is_wanted():
                return total

    def step(self) -> Drained:
        """One batch: claim, write, mark as done. What desks did since is part of it."""
        self.feed.follow_items(self.batch)
        messages = self.feed.claim(self.batch)
        if not messages:
            return Drained()
        try:
            changes = self.feed.changes(messages)
            rejected = self.engine.apply([document(record) for record in changes.records], changes.retired)
        except (SearchUnavailable, StorageUnavailable, Busy):
            self.feed.give_back(messages)
            raise
        self.feed.finish(messages, rejected)
        causes = frozenset(message.cause for message in messages if message.cause)
        return Drained(len(messages), len(changes.records), len(changes.retired), tell(rejected), causes)


def run(feed: IndexFeed, engine: SearchEngine, stop: threading.Event, interval: float) -> None:
    """The relay process: until told to stop, write the index when it is its turn, else stand by.

    A failure is logged and tried again after a pause that doubles up to LONGEST_PAUSE; the outbox keeps what waits.
    """
    relay = Relay(feed, engine)
    pause = interval
    while not stop.is_set():
        try:
            if not _serve(relay, stop, interval):
                stop.wait(STANDBY_SECONDS)
            pause = interval
        except LeaseLost:
            log.warning("relay.lease_lost")
        except Exception as error:  # noqa: BLE001 - the relay must outlive whatever one pass meets; it is told, and tried again
            log.error("relay.failed", error=type(error).__name__, code=getattr(error, "code", ""), detail=str(error)[:300])
            stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            engine.close()


def _serve(relay: Relay, stop: threading.Event, interval: float) -> bool:
    """Drains until stopped or asked to let go. False at once if it is another process's turn."""
    turn = take(relay.feed, relay.engine)
    if turn is None:
        return False
    log.info("relay.active")
    try:
        renewed = time.monotonic()
        while not stop.is_set() and not turn.is_wanted():
            if relay.feed.backlog().waiting:
                done = relay.drain(turn)
                renewed = time.monotonic()
                done.tell()
            elif time.monotonic() - renewed > relay.feed.lease_seconds / 3:
                if not turn.goes_on():
                    raise LeaseLost
                renewed = time.monotonic()
            stop.wait(interval)
    finally:
        turn.end()
    return True
