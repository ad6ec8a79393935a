"""Does the index hold what the database holds? Both are walked in the order of their ids, in bounded memory, in both directions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, NamedTuple

from indexers.documents import document
from indexers.rejections import tell
from union_catalog.search.engine import SearchEngine
from union_catalog.services.index_feed import Changes, IndexFeed

EXAMPLES = 20
CHUNK = 1000

Kind = Literal["missing", "stale", "orphaned"]


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
    with feed.revisions() as truth:
        found = _differences(truth, engine.revisions(), verdict)
        for chunk in iter(lambda: list(islice(found, CHUNK)), []):
            now = feed.current([one.union_id for one in chunk])
            differences = _confirmed(chunk, now)
            verdict.count(differences)
            if repair and differences:
                rejected = _repair(engine, differences, now)
                verdict.rejected += rejected
                verdict.repaired += len(differences) - rejected
    return verdict


def _differences(truth: Iterator[tuple[str, int]], index: Iterable[tuple[str, int]], verdict: Verdict) -> Iterator[_Difference]:
    """Whatever differs; the documents of the database are counted in ``verdict``."""
    ours, theirs = iter(truth), iter(index)
    left, right = next(ours, None), next(theirs, None)
    while left or right:
        if left and (right is None or left[0] < right[0]):
            yield _Difference("missing", left[0], left[1], 0)
            verdict.documents, left = verdict.documents + 1, next(ours, None)
        elif right and (left is None or right[0] < left[0]):
            yield _Difference("orphaned", right[0], 0, right[1])
            right = next(theirs, None)
        elif left and right:
            if left[1] > right[1]:
                yield _Difference("stale", left[0], left[1], right[1])
            verdict.documents, left, right = verdict.documents + 1, next(ours, None), next(theirs, None)


def _confirmed(differences: list[_Difference], now: Changes) -> list[_Difference]:
    alive = {record.union_id: record.revision for record in now.records}
    return [one for one in differences if alive.get(one.union_id, 0) == one.database]


def _repair(engine: SearchEngine, differences: list[_Difference], now: Changes) -> int:
    """Brings them to their present state. Answers how many the engine would not take."""
    wrong = {one.union_id: one for one in differences}
    retired = dict(now.retired)
    upserts = [document(record) for record in now.records if record.union_id in wrong]
    deletes = [(one.union_id, max(one.indexed, retired.get(one.union_id, 0))) for one in differences if one.kind == "orphaned"]
    return tell(engine.apply(upserts, deletes))
