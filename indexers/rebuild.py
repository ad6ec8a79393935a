"""Builds the index anew beside the live one and switches at the end; searches go on meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from indexers.documents import document
from indexers.relay import LeaseLost, Relay
from union_catalog.errors import Busy
from union_catalog.search.engine import Rebuild, SearchEngine
from union_catalog.services.index_feed import IndexFeed
from union_catalog.storage.leases import Lease
from union_catalog.storage.outbox import Message


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """``documents`` is how many the new index was filled with before it caught up."""

    documents: int


@contextmanager
def writing(feed: IndexFeed, engine: SearchEngine, wait: Callable[[], bool]) -> Iterator[Lease]:
    """The right to write the index, for a rebuild or a repair: a relay that runs is asked to stop for so long.

    ``wait`` is asked while another process still holds it; when it says no, Busy("index_writer_busy") is raised.
    """
    asked = feed.ask()
    try:
        while (lease := feed.acquire()) is None:
            if not wait():
                raise Busy("index_writer_busy")
            asked = feed.ask() or asked
    finally:
        if asked is not None:
            feed.release(asked)
    try:
        yield lease
    finally:
        engine.close()
        feed.release(lease)


def rebuild(relay: Relay, progress: Callable[[int], None] = lambda documents: None, wait: Callable[[], bool] = lambda: False) -> Rebuilt:
    """Reads every live record, page by page, then catches up with what changed meanwhile, then switches.

    ``wait`` as of :func:`writing`. A rebuild that is killed leaves the live index as it was, and the next one removes its debris.
    """
    with writing(relay.feed, relay.engine, wait) as lease:
        return _rebuild(relay, lease, progress)


def _rebuild(relay: Relay, lease: Lease, progress: Callable[[int], None]) -> Rebuilt:
    new = relay.engine.start_rebuild()
    try:
        count = 0
        for page in relay.feed.everything():
            new.add([document(record) for record in page])
            count += len(page)
            progress(count)
            if not relay.feed.renew(lease):
                raise LeaseLost(lease.name)
        caught_up = _catch_up(relay, new)
        new.switch()
    finally:
        new.abandon()
    # Only now: had the rebuild been killed before the switch, the live index would still need these messages.
    relay.feed.finish(caught_up)
    return Rebuilt(count)


def _catch_up(relay: Relay, new: Rebuild) -> list[Message]:
    """What changed while the pages were read stands in the outbox. Answers the messages, still claimed."""
    claimed: list[Message] = []
    while messages := relay.feed.claim(relay.batch):
        changes = relay.feed.changes(messages)
        new.apply([document(record) for record in changes.records], changes.retired)
        claimed += messages
    return claimed
