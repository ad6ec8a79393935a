"""Writing an index on Elasticsearch: the way a rebuild goes, against a bare ``streaming_bulk`` of the same documents, turn by turn."""

import os
import time
from collections.abc import Iterator, Sequence
from itertools import chain, islice

import msgspec
from elasticsearch.helpers import streaming_bulk

from benchmarks.exports import catalogue
from benchmarks.figures import Figure
from benchmarks.search_server import Server, server
from indexers.documents import document
from indexers.elasticsearch.mapping import mapping, settings, to_source
from union_catalog.clock import SystemClock
from union_catalog.search.document import IndexDocument
from union_catalog.services.index_feed import IndexFeed
from union_catalog.storage.database import Database

COUNT, TURNS, PAGE = 60_000, 3, 5000


def measure() -> Iterator[Figure]:
    """The best of each side's turns."""
    count = int(os.environ.get("UNION_CATALOG_BENCH_COUNT", COUNT))
    with catalogue() as installation, server() as elsewhere:
        database = Database(f"sqlite:///{installation.home / 'catalogue.sqlite3'}")
        pages = IndexFeed(database, SystemClock(), 60.0).everything(PAGE)
        documents = [document(record) for record in islice(chain.from_iterable(pages), count)]
        database.close()
        turns = [(_ours(elsewhere, documents), _bare(elsewhere, documents)) for _ in range(TURNS)]
    ours, bare = (len(documents) / min(seconds) for seconds in zip(*turns, strict=True))
    how = f"{ours:,.0f} against {bare:,.0f} documents/s; {len(documents):,} documents, refreshed at the end, best of {TURNS} turns each;"
    yield Figure("bulk into Elasticsearch against a bare streaming_bulk", round(ours / bare, 2), "", "0.7", "0.9", how)


def _ours(elsewhere: Server, documents: Sequence[IndexDocument]) -> float:
    """Seconds of a rebuild, without reading the database."""
    engine = elsewhere.engine()
    begun = time.perf_counter()
    rebuild = engine.start_rebuild()
    for start in range(0, len(documents), PAGE):
        rebuild.add(documents[start : start + PAGE])
    rebuild.switch()
    seconds = time.perf_counter() - begun
    engine.close()
    return seconds


def _bare(elsewhere: Server, documents: Sequence[IndexDocument]) -> float:
    """Seconds of the client's own helper with its own settings, into an index of the same mapping; the sources lie ready."""
    name = f"{elsewhere.prefix}-bare"
    sources = [(one.union_id, msgspec.json.decode(to_source(one))) for one in documents]
    client = elsewhere.client
    begun = time.perf_counter()
    client.indices.create(index=name, settings=settings(1, 0), mappings=mapping({}))
    for _ in streaming_bulk(client, ({"_index": name, "_id": union_id, "_source": source} for union_id, source in sources)):
        pass
    client.indices.refresh(index=name)
    seconds = time.perf_counter() - begun
    client.indices.delete(index=name)
    return seconds
