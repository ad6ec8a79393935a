"""Does the index hold what the database holds? Both are walked in the order of their ids, in bounded memory, in both directions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from indexers.documents import document
from indexers.rejections import tell
from union_catalog.search.engine import SearchEngine
from union_catalog.services.index_feed import IndexFeed

EXAMPLES = 20


@dataclass(slots=True)
class Verdict:
    """``missing``: in the database only; ``stale``: the index has an older revision; ``orphaned``: in the index only.

    ``rejected``: what the engine would not take when it was to be repaired.
    """

    documents: int = 0
    missing: int = 0
    stale: int = 0
    orphaned: int = 0
    repaired: int = 0
    rejected: int = 0
    examples: list[tuple[str, str]] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return not (self.missing or self.stale or self.orphaned)


def verify(feed: IndexFeed, engine: SearchEngine, repair: bool = False) -> Verdict:
    """Compares, and with ``repair`` writes what is missing or stale and deletes what is orphaned (the caller has the turn)."""
    verdict = Verdict()
    with feed.revisions() as truth:
        found = _differences(truth, engine.revisions(), verdict)
        if not repair:
            for _ in found:
                pass
            return verdict
        for chunk in iter(lambda: list(islice(found, 1000)), []):
            rejected = _repair(feed, engine, chunk)
            verdict.rejected += rejected
            verdict.repaired += len(chunk) - rejected
    return verdict


def _differences(truth: Iterator[tuple[str, int]], index: Iterable[tuple[str, int]], verdict: Verdict) -> Iterator[tuple[str, int]]:
    """(id, revision in the index) of whatever differs, counted in ``verdict``."""
    ours, theirs = iter(truth), iter(index)
    left, right = next(ours, None), next(theirs, None)
    while left or right:
        if left and (right is None or left[0] < right[0]):
            kind, entry, left = "missing", (left[0], 0), next(ours, None)
        elif right and (left is None or right[0] < left[0]):
            kind, entry, right = "orphaned", right, next(theirs, None)
        elif left and right:
            kind, entry = ("stale" if left[1] > right[1] else "", right)
            left, right = next(ours, None), next(theirs, None)
        verdict.documents += kind != "orphaned"
        if kind:
            setattr(verdict, kind, getattr(verdict, kind) + 1)
            if len(verdict.examples) < EXAMPLES:
                verdict.examples.append((kind, entry[0]))
            yield entry


def _repair(feed: IndexFeed, engine: SearchEngine, entries: list[tuple[str, int]]) -> int:
    changes = feed.current([union_id for union_id, _ in entries])
    alive = {record.union_id for record in changes.records}
    retired = dict(changes.retired)
    deletes = [(union_id, max(revision, retired.get(union_id, 0))) for union_id, revision in entries if union_id not in alive]
    return tell(engine.apply([document(record) for record in changes.records], deletes))
