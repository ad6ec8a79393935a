"""The relay: follows the outbox and keeps the index true. One relay at a time writes the embedded index; others stand by.

Each message is dealt with at least once: it is marked done only after the index has it, and a message names a record, whose present
state is read, so that a late or repeated message can do no harm.
"""

import threading
import time
from dataclasses import dataclass

import structlog

from indexers.documents import document
from union_catalog.errors import Busy, SearchUnavailable, StorageUnavailable
from union_catalog.search.engine import SearchEngine
from union_catalog.services.index_feed import IndexFeed
from union_catalog.storage.leases import Lease

log = structlog.get_logger(__name__)

BATCH = 5000
STANDBY_SECONDS = 1.0
LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Drained:
    """What one pass did."""

    messages: int
    written: int
    deleted: int


class LeaseLost(Exception):
    """Somebody else writes the index now."""


class Relay:
    """Drains the outbox into one engine while it holds the lease."""

    def __init__(self, feed: IndexFeed, engine: SearchEngine, batch: int = BATCH) -> None:
        self.feed = feed
        self.engine = engine
        self.batch = batch

    def drain(self, lease: Lease) -> Drained:
        """Deals with everything that waits now, or until another process asks for the index.

        Raises LeaseLost, and what engine and database raise; nothing is lost by that.
        """
        total = Drained(0, 0, 0)
        while True:
            if not self.feed.renew(lease):
                raise LeaseLost(lease.name)
            done = self.step()
            total = Drained(total.messages + done.messages, total.written + done.written, total.deleted + done.deleted)
            if done.messages < self.batch or self.feed.is_asked():
                return total

    def step(self) -> Drained:
        """One batch: claim, write, mark as done."""
        messages = self.feed.claim(self.batch)
        if not messages:
            return Drained(0, 0, 0)
        try:
            changes = self.feed.changes(messages)
            self.engine.apply([document(record) for record in changes.records], changes.retired)
        except (SearchUnavailable, StorageUnavailable, Busy):
            self.feed.give_back(messages)
            raise
        self.feed.finish(messages)
        return Drained(len(messages), len(changes.records), len(changes.retired))


def run(feed: IndexFeed, engine: SearchEngine, stop: threading.Event, interval: float) -> None:
    """The relay process: until told to stop, write the index if nobody else does, else stand by.

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
    """Holds the lease and drains until stopped. False at once if another process holds it."""
    lease = relay.feed.acquire()
    if lease is None:
        return False
    log.info("relay.active", token=lease.token)
    try:
        renewed = time.monotonic()
        while not stop.is_set() and not relay.feed.is_asked():
            if relay.feed.backlog().waiting:
                done = relay.drain(lease)
                renewed = time.monotonic()
                log.info("relay.drained", messages=done.messages, written=done.written, deleted=done.deleted)
            elif time.monotonic() - renewed > relay.feed.lease_seconds / 3:
                if not relay.feed.renew(lease):
                    raise LeaseLost(lease.name)
                renewed = time.monotonic()
            stop.wait(interval)
    finally:
        relay.engine.close()
        relay.feed.release(lease)
    return True
