"""What a search engine is asked and told, counted. Durations in seconds."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from prometheus_client import Counter, Histogram

from union_catalog.errors import UnionCatalogError
from union_catalog.search.document import IndexDocument
from union_catalog.search.engine import Rejected, SearchEngine, SearchPage, SearchRequest
from union_catalog.search.suggesting import Suggestion, SuggestRequest

T = TypeVar("T")

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SLOW = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

SEARCH_SECONDS = Histogram("union_catalog_search_seconds", "Time of the search engine to answer.", ("engine",), buckets=QUICK)
SUGGEST_SECONDS = Histogram("union_catalog_suggest_seconds", "Time of the search engine to suggest.", ("engine",), buckets=QUICK)
SEARCH_FAILURES = Counter("union_catalog_search_failures", "Searches that the engine could not answer.", ("engine", "code"))
WRITE_SECONDS = Histogram("union_catalog_index_write_seconds", "Time to write a batch to the index.", ("engine",), buckets=_SLOW)
WRITTEN = Counter("union_catalog_index_written", "Documents written to the index.", ("engine", "kind"))
WRITE_FAILURES = Counter("union_catalog_index_write_failures", "Batches that could not be written.", ("engine", "code"))


class Measured:
    """An engine that is timed; whatever else the port has passes through. ``name`` is the setting's."""

    def __init__(self, engine: SearchEngine, name: str) -> None:
        self._engine, self._name = engine, name

    def search(self, request: SearchRequest) -> SearchPage:
        """As the engine, and counted."""
        return self._timed(SEARCH_SECONDS, SEARCH_FAILURES, lambda: self._engine.search(request))

    def suggest(self, request: SuggestRequest) -> tuple[Suggestion, ...]:
        """As the engine, and counted."""
        return self._timed(SUGGEST_SECONDS, SEARCH_FAILURES, lambda: self._engine.suggest(request))

    def apply(self, upserts: Sequence[IndexDocument], deletes: Sequence[tuple[str, int]]) -> tuple[Rejected, ...]:
        """As the engine, and counted."""
        rejected = self._timed(WRITE_SECONDS, WRITE_FAILURES, lambda: self._engine.apply(upserts, deletes))
        for kind, count in (("upsert", len(upserts)), ("delete", len(deletes)), ("rejected", len(rejected))):
            WRITTEN.labels(self._name, kind).inc(count)
        return rejected

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def _timed(self, seconds: Histogram, failures: Counter, ask: Callable[[], T]) -> T:
        begun = time.perf_counter()
        try:
            answer = ask()
        except UnionCatalogError as error:
            failures.labels(self._name, error.code).inc()
            raise
        seconds.labels(self._name).observe(time.perf_counter() - begun)
        return answer


def measured(engine: SearchEngine, name: str) -> SearchEngine:
    """The engine, its searches and writes counted."""
    return cast(SearchEngine, Measured(engine, name))
