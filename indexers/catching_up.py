"""Making what was just written searchable: wait for the relay that runs, or do its work where none does."""

import time
from collections.abc import Callable

from indexers.relay import LeaseLost, Relay
from indexers.turns import take
from union_catalog.errors import Busy, SearchUnavailable

PAUSE = 0.2


def catch_up(relay: Relay, up_to: int, progress: Callable[[int], None] = lambda waiting: None, longest: float = 3600.0) -> None:
    """Returns when no message up to ``up_to`` waits any more. Raises Busy("relay_stuck") after ``longest`` seconds without any progress."""
    best, since = relay.feed.backlog(up_to).waiting, time.monotonic()
    while waiting := relay.feed.backlog(up_to).waiting:
        progress(waiting)
        if waiting < best:
            best, since = waiting, time.monotonic()
        if time.monotonic() - since > longest:
            raise Busy("relay_stuck", waiting=waiting)
        if not _drain(relay):
            time.sleep(PAUSE)


def _drain(relay: Relay) -> bool:
    """Whether anything was done: not while others deal with the messages, or who had them last is not yet known to be gone."""
    turn = take(relay.feed, relay.engine)
    if turn is None:
        return False
    try:
        return relay.drain(turn).messages > 0
    except LeaseLost:
        return False
    except SearchUnavailable as error:
        if error.code != "index_locked":
            raise
        return False  # whoever had the lease before still writes; it gives the lock back as soon as it sees that the lease is gone
    finally:
        turn.end()
