"""Does the index hold what the database holds?

Both sides are folded into digests, one for each bucket of ids, the index's by the engine itself; only buckets whose digests differ are
walked, both sides in the order of their ids. So memory is bounded, and an index that is true is known to be so in one pass over the
database's revisions. After a repair they are walked once more, and what counts as repaired is what the index then has; only for that the
ids of what was written are kept.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, NamedTuple

from indexers.documents import document
from indexers.rejections import tell
from union_catalog.search.digests import BUCKETS, bucket, digests
from union_catalog.search.engine import Rejected, SearchEngine
from union_catalog.services.index_feed import Changes, IndexFeed

EXAMPLES = 20
CHUNK = 1000
# From so many buckets on a walk of them all costs no more than picking them out.
_MANY = BUCKETS // 2

Kind = Literal["missing", "stale", "orphaned", "ahead"]


@dataclass(slots=True)
class Verdict:
    """``missing``: in the database only; ``stale``: the index has an older revision; ``orphaned``: in the index only.

    ``ahead``: the index has a newer revision, as after the database was restored from a backup; only a rebuild helps. ``walked``: buckets
    that had to be looked at record by record. ``rejected``: what the engine would not take when it was to be repaired; ``remaining``: what
    it took without a word and has not, as of a document that somebody deleted on the search server a moment ago.
    """

    documents: int = 0
    walked: int = 0
    missing: int = 0
    stale: int = 0
    orphaned: int = 0
    ahead: int = 0
    repaired: int = 0
    rejected: int = 0
    remaining: int = 0
    examples: list[tuple[str, str]] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return not (self.missing or self.stale or self.orphaned or self.ahead)

    def count(self, differences: "Iterable[_Difference]") -> None:
        for one in differences:
            setattr(self, one.kind, getattr(self, one.kind) + 1)
            if len(self.examples) < EXAMPLES:
                self.examples.append((one.kind, one.union_id))


class _Difference(NamedTuple):
    """``database`` and ``indexed`` are the revisions on the two sides, 0 where it is missing."""

    kind: Kind
    union_id: str
    database: int
    indexed: int


def verify(feed: IndexFeed, engine: SearchEngine, repair: bool = False) -> Verdict:
    """Compares, and with ``repair`` writes what is missing or stale and deletes what is orphaned (the caller has the turn).

    What differs is looked at a second time: a record that came, changed or went while the two sides were read is no difference.
    """
    verdict = Verdict()
    buckets = _differing(feed, engine, verdict)
    if not buckets:
        return verdict
    written: set[str] = set()
    for differences, now in _looked_at_twice(feed, engine, buckets):
        verdict.count(differences)
        mendable = [one for one in differences if one.kind != "ahead"]
        if repair and mendable:
            rejected = _repair(feed, engine, mendable, now)
            verdict.rejected += len(rejected)
            written |= {one.union_id for one in mendable} - rejected
    if written:
        again = (one for differences, _ in _looked_at_twice(feed, engine, buckets) for one in differences)
        verdict.remaining = sum(one.union_id in written for one in again)
        verdict.repaired = len(written) - verdict.remaining
    return verdict


def _looked_at_twice(feed: IndexFeed, engine: SearchEngine, buckets: Collection[int]) -> Iterator[tuple[list[_Difference], Changes]]:
    """What differs in these buckets, chunk by chunk, with the present state of the records."""
    with feed.revisions() as truth:
        ours = (entry for entry in truth if bucket(entry[0]) in buckets)
        found = _differences(ours, engine.revisions(None if len(buckets) > _MANY else buckets), buckets)
        for chunk in iter(lambda: list(islice(found, CHUNK)), []):
            now = feed.current([one.union_id for one in chunk])
            yield _confirmed(chunk, now), now


def _differing(feed: IndexFeed, engine: SearchEngine, verdict: Verdict) -> frozenset[int]:
    """The buckets in which the two sides differ; the database's documents are counted in ``verdict``."""
    with feed.revisions() as truth:
        ours = digests(truth)
    theirs = engine.digests()
    differing = frozenset(number for number in ours.keys() | theirs.keys() if ours.get(number) != theirs.get(number))
    verdict.documents = sum(digest.documents for digest in ours.values())
    verdict.walked = len(differing)
    return differing


def _differences(ours: Iterator[tuple[str, int]], index: Iterable[tuple[str, int]], buckets: Collection[int]) -> Iterator[_Difference]:
    """Whatever differs, of these buckets."""
    theirs = (entry for entry in index if bucket(entry[0]) in buckets)
    left, right = next(ours, None), next(theirs, None)
    while left or right:
        if left and (right is None or left[0] < right[0]):
            yield _Difference("missing", left[0], left[1], 0)
            left = next(ours, None)
        elif right and (left is None or right[0] < left[0]):
            yield _Difference("orphaned", right[0], 0, right[1])
            right = next(theirs, None)
        elif left and right:
            if left[1] != right[1]:
                yield _Difference("stale" if left[1] > right[1] else "ahead", left[0], left[1], right[1])
            left, right = next(ours, None), next(theirs, None)


def _confirmed(differences: list[_Difference], now: Changes) -> list[_Difference]:
    alive = {record.union_id: record.revision for record in now.records}
    return [one for one in differences if alive.get(one.union_id, 0) == one.database]


def _repair(feed: IndexFeed, engine: SearchEngine, differences: list[_Difference], now: Changes) -> set[str]:
    """Brings them to their present state. Answers what the engine would not take: those are dead letters from now on."""
    wrong = {one.union_id: one for one in differences}
    retired = dict(now.retired)
    upserts = [document(record) for record in now.records if record.union_id in wrong]
    deletes = [(one.union_id, max(one.indexed, retired.get(one.union_id, 0))) for one in differences if one.kind == "orphaned"]
    rejected: tuple[Rejected, ...] = engine.apply(upserts, deletes)
    feed.settle({one.union_id: one.revision for one in upserts} | dict(deletes), rejected)
    tell(rejected)
    return {one.union_id for one in rejected}
