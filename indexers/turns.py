"""Whose turn it is to write the index: one process's at a time where the engine wants it so, else everybody's."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from union_catalog.errors import Busy
from union_catalog.search.engine import SearchEngine
from union_catalog.services.index_feed import IndexFeed
from union_catalog.storage.leases import Lease


class Turn(Protocol):
    """The right to write the index, to be asked for again before every batch."""

    def goes_on(self) -> bool:
        """False: the right has gone to another process, and the index must be left alone."""

    def is_wanted(self) -> bool:
        """Whether another process waits for it: a relay then ends its turn for a while."""

    def end(self) -> None:
        """Lets go of the right and of what the engine holds for it."""


@dataclass(frozen=True, slots=True)
class Alone:
    """The turn of the one process that writes, as long as its lease runs."""

    feed: IndexFeed
    engine: SearchEngine
    lease: Lease

    def goes_on(self) -> bool:
        return self.feed.renew(self.lease)

    def is_wanted(self) -> bool:
        return self.feed.is_asked()

    def end(self) -> None:
        self.engine.close()
        self.feed.release(self.lease)


@dataclass(slots=True)
class Together:
    """The turn of any number of processes: the engine itself sees to it that the newest state of a record wins.

    ``presence`` tells those who look that somebody writes; nothing depends on it.
    """

    feed: IndexFeed
    presence: Lease
    renewed: float = field(default_factory=time.monotonic)

    def goes_on(self) -> bool:
        if time.monotonic() - self.renewed > self.feed.lease_seconds / 3:
            self.feed.renew(self.presence)
            self.renewed = time.monotonic()
        return True

    def is_wanted(self) -> bool:
        return False

    def end(self) -> None:
        self.feed.disappear(self.presence)


def take(feed: IndexFeed, engine: SearchEngine) -> Turn | None:
    """A turn now; None while another process has it or has asked for it first."""
    if not engine.exclusive:
        return Together(feed, feed.appear())
    lease = feed.acquire()
    return None if lease is None else Alone(feed, engine, lease)


@contextmanager
def insisting(feed: IndexFeed, engine: SearchEngine, wait: Callable[[], bool]) -> Iterator[Turn]:
    """A turn for a rebuild or a repair: a relay that writes alone is asked to stop for so long.

    ``wait`` is asked while another process still has it; when it says no, Busy("index_writer_busy") is raised.
    """
    turn = _insist(feed, engine, wait)
    try:
        yield turn
    finally:
        turn.end()


def _insist(feed: IndexFeed, engine: SearchEngine, wait: Callable[[], bool]) -> Turn:
    asked = feed.ask() if engine.exclusive else None
    try:
        while (turn := take(feed, engine)) is None:
            if not wait():
                raise Busy("index_writer_busy")
            asked = feed.ask() or asked
        return turn
    finally:
        if asked is not None:
            feed.release(asked)
