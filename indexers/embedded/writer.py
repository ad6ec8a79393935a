"""Writing batches into one generation. One process at a time: tantivy's lock on the folder sees to it, the relay's lease before it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

from indexers.embedded.revisions import known
from indexers.embedded.schema import to_document, to_tombstone
from indexers.newest import newest
from union_catalog.errors import SearchUnavailable
from union_catalog.search.document import IndexDocument

_HEAP_OF_A_THREAD = 48_000_000


class Writer:
    """Holds the writer's lock of a generation until ``close``."""

    def __init__(self, generation: Path, threads: int = 1) -> None:
        """Raises SearchUnavailable("index_locked") where another process writes."""
        self.generation = generation
        self._index = tantivy.Index.open(str(generation))
        try:
            self._writer: tantivy.IndexWriter | None = self._index.writer(_HEAP_OF_A_THREAD * threads, threads)
        except ValueError as error:
            if "LockBusy" not in str(error):
                raise
            raise SearchUnavailable("index_locked", path=str(generation.parent)) from error

    def add(self, documents: Iterable[IndexDocument]) -> None:
        """Adds documents that are not in the generation yet; ``commit`` makes them durable."""
        writer = self._open()
        for document in documents:
            writer.add_document(to_document(document))

    def commit(self) -> None:
        """Makes everything added durable and visible to readers that reload."""
        self._open().commit()

    def apply(self, upserts: Sequence[IndexDocument], deletes: Sequence[tuple[str, int]]) -> None:
        """Writes a batch and commits it, leaving out what is staler than the generation already knows."""
        changes = newest(upserts, deletes)
        self._index.reload()
        stored = known(self._index.searcher(), list(changes))
        writer = self._open()
        for union_id, (revision, upsert) in changes.items():
            if union_id in stored:
                if stored[union_id] > revision:
                    continue
                writer.delete_documents_by_term("union_id", union_id)
            writer.add_document(to_tombstone(union_id, revision) if upsert is None else to_document(upsert))
        writer.commit()

    def rollback(self) -> None:
        """Forgets what was added since the last commit."""
        self._open().rollback()

    def finish(self) -> None:
        """Waits for running merges, then gives the lock back."""
        writer, self._writer = self._open(), None
        writer.wait_merging_threads()

    def close(self) -> None:
        """Gives the lock back; what is not committed is lost."""
        self._writer = None

    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise SearchUnavailable("index_closed", path=str(self.generation.parent))
        return self._writer
