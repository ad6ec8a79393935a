"""What the index knows of revisions: of a few ids for the writer, of all of them in order for ``verify``."""

import heapq
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from typing import IO

import tantivy
from tantivy import Order, Query

from indexers.embedded.translate import SCHEMA, both, live, to_query
from union_catalog.search.digests import BUCKETS, Digest
from union_catalog.search.matches import Between

_PAGE = 20_000
_RUN = 200_000


def known(searcher: tantivy.Searcher, union_ids: list[str]) -> dict[str, int]:
    """The revisions of these ids, those of tombstones among them; an id that was never there is left out."""
    found: dict[str, int] = {}
    for start in range(0, len(union_ids), _PAGE):
        query = Query.term_set_query(SCHEMA, "union_id", union_ids[start : start + _PAGE])
        found.update((union_id, revision) for union_id, revision, _ in _read(searcher, query))
    return found


def by_bucket(searcher: tantivy.Searcher) -> dict[int, Digest]:
    """The digests of the live documents; a tombstone has no bucket."""
    every = {"field": "bucket", "size": BUCKETS, "segment_size": BUCKETS}
    asked = {"buckets": {"terms": every, "aggs": {"checks": {"sum": {"field": "check"}}}}}
    found = searcher.aggregate(Query.all_query(), asked)["buckets"]["buckets"]
    return {int(one["key"]): Digest(one["doc_count"], int(one["checks"]["value"])) for one in found}


def ordered(searcher: tantivy.Searcher, buckets: Collection[int] | None = None) -> Iterator[tuple[str, int]]:
    """(union_id, revision) of every live document, or those of these buckets, by id, in bounded memory: sorted in runs, then merged.

    tantivy could order by the id itself, but turns ordinals back into ids at a tenth of this speed.
    """
    with ExitStack() as stack:
        runs: list[IO[str]] = []
        pending: list[tuple[str, int]] = []
        wanted = live() if buckets is None else both(live(), Query.term_set_query(SCHEMA, "bucket", list(buckets)))
        for entry in _everything(searcher, wanted):
            pending.append(entry)
            if len(pending) >= _RUN:
                runs.append(stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8")))
                _write(runs[-1], sorted(pending))
                pending = []
        yield from heapq.merge(sorted(pending), *(map(_parsed, run) for run in runs))


def _everything(searcher: tantivy.Searcher, wanted: Query) -> Iterator[tuple[str, int]]:
    query = wanted
    while True:
        found = _read(searcher, query)
        yield from ((union_id, revision) for union_id, revision, _ in found)
        if len(found) < _PAGE:
            return
        query = both(wanted, to_query(Between("rank", None, found[-1][2] - 1)))


def _read(searcher: tantivy.Searcher, query: Query) -> list[tuple[str, int, int]]:
    """(union_id, revision, rank) of the first _PAGE documents by rank, which is unique; a tombstone has rank 0."""
    hits = searcher.search(query, _PAGE, count=False, order_by_field="rank", order=Order.Desc).hits
    addresses = [address for _, address in hits]
    revisions = searcher.fast_field_values("revision", addresses)
    return [
        (str(searcher.doc(address).get_first("union_id")), int(revision or 0), int(rank))
        for (rank, address), revision in zip(hits, revisions, strict=True)
    ]


def _write(run: IO[str], entries: list[tuple[str, int]]) -> None:
    run.writelines(f"{revision} {union_id}\n" for union_id, revision in entries)
    run.seek(0)


def _parsed(line: str) -> tuple[str, int]:
    revision, union_id = line.rstrip("\n").split(" ", 1)
    return union_id, int(revision)
