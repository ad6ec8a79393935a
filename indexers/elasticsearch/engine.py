"""The engine on a server, behind the port."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from elasticsearch import NotFoundError

from indexers.elasticsearch.bulk import AliasGone, Bulk, Change
from indexers.elasticsearch.grouping import editions
from indexers.elasticsearch.indices import LEASE, Indices, Shape
from indexers.elasticsearch.mapping import SCHEMA_VERSION, to_source, to_tombstone
from indexers.elasticsearch.pages import Pages
from indexers.elasticsearch.revisions import by_bucket, ordered
from indexers.elasticsearch.server import Address, Server
from indexers.elasticsearch.several import twice
from indexers.elasticsearch.suggesting import suggestions
from indexers.elasticsearch.translate import Query
from indexers.newest import newest
from union_catalog.clock import Clock
from union_catalog.search.digests import Digest
from union_catalog.search.document import IndexDocument
from union_catalog.search.engine import EngineStatus, Rejected, SearchPage, SearchRequest, WorkHits
from union_catalog.search.suggesting import Suggestion, SuggestRequest
from union_catalog.storage.leases import new_holder

_MOVES = 5  # how often a rebuild may begin or end while one batch is written


class ElasticsearchEngine:
    """A SearchEngine on an Elasticsearch cluster. Any number of processes may write at once, also during a rebuild."""

    exclusive = False

    def __init__(self, address: Address, shape: Shape, clock: Clock) -> None:
        self._server = Server(address)
        self._clock = clock
        self._indices = Indices(self._server, shape, clock)
        self._bulk = Bulk(self._server)

    def search(self, request: SearchRequest) -> SearchPage:
        pages = Pages(request)
        answer = self._ask(pages.body())
        counted = answer
        while further := pages.further(counted):
            counted = self._ask(further)
        return pages.page(answer)

    def _ask(self, body: Query) -> Mapping[str, Any]:
        with self._server.searching() as client:
            try:
                return twice(lambda: client.search(index=self._indices.alias, body=body, allow_partial_search_results=False).body)
            except NotFoundError as error:
                raise self._indices.missing() from error

    def suggest(self, request: SuggestRequest) -> tuple[Suggestion, ...]:
        return suggestions(self._server, self._indices, request)

    def editions(self, request: SearchRequest, work_ids: Sequence[str], most: int) -> Mapping[str, WorkHits]:
        return editions(self._server, self._indices, request, work_ids, most)

    def apply(self, upserts: Sequence[IndexDocument], deletes: Sequence[tuple[str, int]]) -> tuple[Rejected, ...]:
        changes = _changes(upserts, deletes)
        for _ in range(_MOVES):
            try:
                return self._write(changes)
            except AliasGone:
                self._indices.live()  # raises where there is no index at all; else one was switched or abandoned meanwhile
        raise self._indices.missing()

    def digests(self) -> Mapping[int, Digest]:
        return by_bucket(self._server, self._indices)

    def revisions(self, buckets: Collection[int] | None = None) -> Iterator[tuple[str, int]]:
        return ordered(self._server, self._indices, buckets)

    def status(self) -> EngineStatus:
        with self._server.spared():  # asked by the probes of the web server, which hold its threads as searches do
            live = self._indices.live()
            return EngineStatus(
                engine="elasticsearch",
                documents=self._indices.documents(),
                schema_version=SCHEMA_VERSION,
                analysis_version=live.analysis_version,
                location=self._server.location,
                generation=live.name,
                size_bytes=self._indices.size(live.name),
            )

    def create(self) -> bool:
        if any(index.live for index in self._indices.every()):
            return False
        self.start_rebuild().switch()
        return True

    def start_rebuild(self) -> "ElasticsearchRebuild":
        return ElasticsearchRebuild(self._indices, self._bulk, self._clock)

    def close(self) -> None:
        self._server.close()

    def _write(self, changes: list[Change]) -> tuple[Rejected, ...]:
        """To the live index, and to the one being built if there is one.

        Whether there is one is asked only now: had the rebuild begun later, it would read these changes from the database itself.
        """
        rejected: dict[str, Rejected] = {}
        destinations = self._indices.destinations()
        for alias in destinations:
            rejected |= {one.union_id: one for one in self._bulk.write(alias, changes)}
        with self._server.bulk_client() as client:
            try:
                client.indices.refresh(index=destinations)  # the one being built, too: it may go live before this returns
            except NotFoundError as error:
                raise AliasGone from error
        return tuple(rejected.values())


class ElasticsearchRebuild:
    """A new index beside the live one. It renews its claim as it is filled; one that no longer does is debris."""

    def __init__(self, indices: Indices, bulk: Bulk, clock: Clock) -> None:
        self._indices = indices
        self._bulk = bulk
        self._clock = clock
        self._builder = new_holder()
        self._name = indices.begin(self._builder)
        self._renewed = clock.now()
        self._ended = False

    def add(self, documents: Iterable[IndexDocument]) -> tuple[Rejected, ...]:
        return self.apply(list(documents), ())

    def apply(self, upserts: Sequence[IndexDocument], deletes: Sequence[tuple[str, int]]) -> tuple[Rejected, ...]:
        self._renew(self._clock.now())
        try:
            return self._bulk.write(self._indices.building, _changes(upserts, deletes))
        except AliasGone as error:
            raise self._indices.missing() from error

    def switch(self) -> None:
        self._indices.switch(self._name, self._builder)
        self._ended = True

    def abandon(self) -> None:
        if not self._ended:
            self._indices.discard(self._name)
            self._ended = True

    def _renew(self, now: datetime) -> None:
        if abs(now - self._renewed) > LEASE / 5:
            self._indices.renew(self._name, self._builder)
            self._renewed = now


def _changes(upserts: Sequence[IndexDocument], deletes: Sequence[tuple[str, int]]) -> list[Change]:
    return [
        Change(union_id, revision, to_tombstone(union_id, revision) if document is None else to_source(document))
        for union_id, (revision, document) in newest(upserts, deletes).items()
    ]
