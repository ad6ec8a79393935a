"""The embedded engine behind the port."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from indexers.embedded.facets import Told, count
from indexers.embedded.folder import Folder, told
from indexers.embedded.grouping import editions
from indexers.embedded.memory import Memory
from indexers.embedded.pages import Pages
from indexers.embedded.reader import Reader
from indexers.embedded.revisions import by_bucket, ordered
from indexers.embedded.schema import SCHEMA_VERSION
from indexers.embedded.suggesting import suggestions
from indexers.embedded.translate import live
from indexers.embedded.writer import Writer
from union_catalog.search.digests import Digest
from union_catalog.search.document import IndexDocument
from union_catalog.search.engine import EngineStatus, Rejected, SearchPage, SearchRequest, WorkHits
from union_catalog.search.suggesting import Suggestion, SuggestRequest

_REBUILD_THREADS = 2


class EmbeddedEngine:
    """A SearchEngine in a folder. Searching needs no lock; the first ``apply`` takes the writer's and keeps it until ``close``."""

    exclusive = True

    def __init__(self, path: Path) -> None:
        self._folder = Folder(path)
        self._reader = Reader(self._folder)
        self._facets: Memory[Told] = Memory()
        self._pages: Memory[SearchPage] = Memory()
        self._writer: Writer | None = None

    def search(self, request: SearchRequest) -> SearchPage:
        with told("index_unusable"):
            moment = self._reader.moment()
            return self._pages.recall(moment.number, request, lambda: Pages(moment, request, self._facets).page())

    def suggest(self, request: SuggestRequest) -> tuple[Suggestion, ...]:
        with told("index_unusable"):
            return suggestions(self._reader.moment().searcher, request)

    def editions(self, request: SearchRequest, work_ids: Sequence[str], most: int) -> Mapping[str, WorkHits]:
        with told("index_unusable"):
            return editions(self._reader.moment(), request, work_ids, most, self._facets)

    def apply(self, upserts: Sequence[IndexDocument], deletes: Sequence[tuple[str, int]]) -> tuple[Rejected, ...]:
        with told("index_unwritable"):
            try:
                self._live_writer().apply(upserts, deletes)
            except (OSError, ValueError):
                self._drop_writer()
                raise
        return ()

    def digests(self) -> Mapping[int, Digest]:
        with told("index_unusable"):
            return by_bucket(self._reader.index().searcher())

    def revisions(self, buckets: Collection[int] | None = None) -> Iterator[tuple[str, int]]:
        with told("index_unusable"):
            yield from ordered(self._reader.index().searcher(), buckets)

    def status(self) -> EngineStatus:
        with told("index_unusable"):
            documents = count(self._reader.index().searcher(), live())
            generation = self._folder.live()
            about = self._folder.about(generation)
            return EngineStatus(
                engine="embedded",
                documents=documents,
                schema_version=SCHEMA_VERSION,
                analysis_version=about.analysis_version if about else 0,
                location=str(self._folder.path),
                generation=generation.name,
                size_bytes=self._folder.size(generation),
            )

    def create(self) -> bool:
        if self._folder.current() is not None:
            return False
        self.start_rebuild().switch()
        return True

    def start_rebuild(self) -> "EmbeddedRebuild":
        with told("index_unwritable"):
            lock = self._folder.lock_rebuild()
            self._folder.remove_debris()
            return EmbeddedRebuild(self._folder, lock)

    def close(self) -> None:
        self._drop_writer()
        self._reader.close()

    def _live_writer(self) -> Writer:
        """The writer of the live generation: another one after a rebuild has switched."""
        generation = self._folder.live()
        if self._writer is not None and self._writer.generation != generation:
            self._drop_writer()
        if self._writer is None:
            self._writer = Writer(generation)
        return self._writer

    def _drop_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


class EmbeddedRebuild:
    """A new generation beside the live one. It holds the rebuild lock until it is switched or abandoned, or the process ends."""

    def __init__(self, folder: Folder, lock: IO[str]) -> None:
        self._folder = folder
        self._lock = lock
        self._generation = folder.new_generation()
        self._writer = Writer(self._generation, _REBUILD_THREADS)

    def add(self, documents: Iterable[IndexDocument]) -> tuple[Rejected, ...]:
        with told("index_unwritable"):
            self._writer.add(documents)
        return ()

    def apply(self, upserts: Sequence[IndexDocument], deletes: Sequence[tuple[str, int]]) -> tuple[Rejected, ...]:
        with told("index_unwritable"):
            self._writer.commit()
            self._writer.apply(upserts, deletes)
        return ()

    def switch(self) -> None:
        with told("index_unwritable"):
            self._writer.commit()
            self._writer.finish()
            self._folder.switch(self._generation)
            self._folder.remove_debris()
            self._lock.close()

    def abandon(self) -> None:
        if self._lock.closed:
            return
        with told("index_unwritable"):
            self._writer.close()
            self._folder.remove_debris()
            self._lock.close()
