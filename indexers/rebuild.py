"""Builds the index anew beside the live one and switches at the end; searches go on meanwhile."""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

from indexers.documents import document
from indexers.rejections import tell
from indexers.relay import LeaseLost, Relay
from indexers.turns import Turn, insisting
from union_catalog.errors import SearchUnavailable
from union_catalog.search.engine import Rebuild, Rejected
from union_catalog.services.index_feed import IndexFeed
from union_catalog.storage.outbox import Message

# A page of so many documents of which not one is taken says that the index is at fault, not the documents.
_TELLING = 100


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """``documents`` is how many records the new index was filled with before it caught up, ``rejected`` how many it would not take."""

    documents: int
    rejected: int


@dataclass(slots=True)
class _Filled:
    """What has gone into a new index so far, and by id what of it was not taken, unless a later state was."""

    documents: int = 0
    rejected: dict[str, Rejected] = field(default_factory=dict)

    def count(self, union_ids: Sequence[str], rejected: Sequence[Rejected]) -> None:
        """Raises SearchUnavailable("index_unwritable") where nothing at all is taken: no such index must go live."""
        if len(union_ids) >= _TELLING and len(rejected) == len(union_ids):
            raise SearchUnavailable("index_unwritable", reason=rejected[0].reason)
        tell(rejected)
        self.documents += len(union_ids)
        if self.rejected:
            for union_id in union_ids:
                self.rejected.pop(union_id, None)
        self.rejected |= {one.union_id: one for one in rejected}


def rebuild(relay: Relay, progress: Callable[[int], None] = lambda documents: None, wait: Callable[[], bool] = lambda: False) -> Rebuilt:
    """Reads every live record, page by page, then catches up with what changed meanwhile, then switches.

    ``wait`` as of :func:`insisting`. A rebuild that is killed leaves the live index as it was, and the next one removes its debris.
    """
    with insisting(relay.feed, relay.engine, wait) as turn:
        return _rebuild(relay, turn, progress)


def _rebuild(relay: Relay, turn: Turn, progress: Callable[[int], None]) -> Rebuilt:
    dead, filled = relay.feed.dead_ids(), _Filled()
    new = relay.engine.start_rebuild()
    try:
        with closing(_added(relay.feed, new)) as pages:
            for union_ids, rejected in pages:
                filled.count(union_ids, rejected)
                progress(filled.documents)
                if not turn.goes_on():
                    raise LeaseLost
        documents = filled.documents
        caught_up = _catch_up(relay, new, filled)
        new.switch()
    finally:
        new.abandon()
    # Only now: had the rebuild been killed before the switch, the live index would still need these messages.
    relay.feed.replace(dead, caught_up, list(filled.rejected.values()))
    return Rebuilt(documents, len(filled.rejected))


def _added(feed: IndexFeed, new: Rebuild) -> Generator[tuple[list[str], tuple[Rejected, ...]], None, None]:
    """Page by page what was added and what of it was not taken; while the engine writes a page, the next is read and made."""
    with ThreadPoolExecutor(1) as writer:
        under_way: tuple[list[str], Future[tuple[Rejected, ...]]] | None = None
        for page in feed.everything():
            documents = [document(record) for record in page]
            if under_way:
                yield under_way[0], under_way[1].result()
            under_way = [record.union_id for record in page], writer.submit(new.add, documents)
        if under_way:
            yield under_way[0], under_way[1].result()


def _catch_up(relay: Relay, new: Rebuild, filled: _Filled) -> list[Message]:
    """What changed while the pages were read stands in the outbox. Answers the messages, still claimed."""
    claimed: list[Message] = []
    while messages := relay.feed.claim(relay.batch):
        changes = relay.feed.changes(messages)
        union_ids = [record.union_id for record in changes.records] + [union_id for union_id, _ in changes.retired]
        filled.count(union_ids, new.apply([document(record) for record in changes.records], changes.retired))
        claimed += messages
    return claimed
