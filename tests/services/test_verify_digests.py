"""Digests tell where two sides differ, walks stay short, and memory does not grow with the catalogue."""

import tracemalloc
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import pytest

from indexers.verify import verify
from union_catalog.ids import new_id
from union_catalog.search.digests import BUCKETS, Digest, bucket, digests
from union_catalog.search.engine import SearchEngine
from union_catalog.services.index_feed import Changes, IndexFeed

IDS = sorted(new_id() for _ in range(3000))


def test_the_order_means_nothing() -> None:
    entries = [(union_id, n) for n, union_id in enumerate(IDS)]
    assert digests(entries) == digests(reversed(entries))
    assert sum(digest.documents for digest in digests(entries).values()) == len(IDS)


def test_one_changed_revision_changes_its_bucket_alone() -> None:
    entries = [(union_id, 7) for union_id in IDS]
    changed = [*entries[1:], (IDS[0], 8)]
    one, other = digests(entries), digests(changed)
    assert {number for number in one if one[number] != other[number]} == {bucket(IDS[0])}


def test_revisions_that_change_alike_do_not_make_up_for_each_other() -> None:
    """Two records of one bucket: one has gone a revision up, the other the same one down."""
    mates: dict[int, list[str]] = {}
    for union_id in IDS:
        mates.setdefault(bucket(union_id), []).append(union_id)
    pairs = [found[:2] for found in mates.values() if len(found) > 1]
    assert len(pairs) > 100
    for first, second in pairs:
        assert digests([(first, 6), (second, 7)]) != digests([(first, 7), (second, 6)])


def test_buckets_are_filled_evenly() -> None:
    assert max(digest.documents for digest in digests((f"{n:016x}", 1) for n in range(40_960)).values()) < 40
    assert len({bucket(union_id) for union_id in IDS}) > BUCKETS // 3


class _Feed(IndexFeed):
    """So many records, as a database would stream them."""

    def __init__(self, count: int) -> None:
        self.count = count

    @contextmanager
    def revisions(self) -> Iterator[Iterator[tuple[str, int]]]:
        yield ((f"{n:012d}", n) for n in range(self.count))

    def current(self, union_ids: Collection[str]) -> Changes:
        return Changes((), tuple((union_id, 0) for union_id in union_ids))


class _Index:
    """As many, all of them so many revisions behind."""

    def __init__(self, count: int, behind: int) -> None:
        self.count, self.behind = count, behind

    def digests(self) -> Mapping[int, Digest]:
        return digests(self.revisions())

    def revisions(self, buckets: Collection[int] | None = None) -> Iterator[tuple[str, int]]:
        return ((f"{n:012d}", n - self.behind) for n in range(self.count))


@pytest.mark.parametrize("behind", [0, 1])
def test_memory_does_not_grow_with_the_catalogue(behind: int) -> None:
    def peak(count: int) -> int:
        engine: SearchEngine = _Index(count, behind)  # type: ignore[assignment]  # all that verify asks of one
        tracemalloc.start()
        verify(_Feed(count), engine)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1000)
    small, large = peak(10_000), peak(80_000)
    assert large < small * 1.3 + 100_000
