"""Builds the index anew beside the live one and switches at the end; searches go on meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass

from indexers.documents import document
from indexers.rejections import tell
from indexers.relay import LeaseLost, Relay
from indexers.turns import Turn, insisting
from union_catalog.search.engine import Rebuild
from union_catalog.storage.outbox import Message


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """``documents`` is how many records the new index was filled with before it caught up, ``rejected`` how many it would not take."""

    documents: int
    rejected: int


def rebuild(relay: Relay, progress: Callable[[int], None] = lambda documents: None, wait: Callable[[], bool] = lambda: False) -> Rebuilt:
    """Reads every live record, page by page, then catches up with what changed meanwhile, then switches.

    ``wait`` as of :func:`insisting`. A rebuild that is killed leaves the live index as it was, and the next one removes its debris.
    """
    with insisting(relay.feed, relay.engine, wait) as turn:
        return _rebuild(relay, turn, progress)


def _rebuild(relay: Relay, turn: Turn, progress: Callable[[int], None]) -> Rebuilt:
    new = relay.engine.start_rebuild()
    try:
        count = rejected = 0
        for page in relay.feed.everything():
            rejected += tell(new.add([document(record) for record in page]))
            count += len(page)
            progress(count)
            if not turn.goes_on():
                raise LeaseLost
        caught_up = _catch_up(relay, new)
        new.switch()
    finally:
        new.abandon()
    # Only now: had the rebuild been killed before the switch, the live index would still need these messages.
    relay.feed.finish(caught_up)
    return Rebuilt(count, rejected)


def _catch_up(relay: Relay, new: Rebuild) -> list[Message]:
    """What changed while the pages were read stands in the outbox. Answers the messages, still claimed."""
    claimed: list[Message] = []
    while messages := relay.feed.claim(relay.batch):
        changes = relay.feed.changes(messages)
        tell(new.apply([document(record) for record in changes.records], changes.retired))
        claimed += messages
    return claimed
