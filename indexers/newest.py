"""One batch of changes as one state a union id."""

from collections.abc import Sequence

from union_catalog.search.document import IndexDocument


def newest(upserts: Sequence[IndexDocument], deletes: Sequence[tuple[str, int]]) -> dict[str, tuple[int, IndexDocument | None]]:
    """Of every union id the highest revision in the batch and its document, None for a deletion. Of equals the later; deletions last."""
    found: dict[str, tuple[int, IndexDocument | None]] = {}
    for document in upserts:
        _keep(found, document.union_id, document.revision, document)
    for union_id, revision in deletes:
        _keep(found, union_id, revision, None)
    return found


def _keep(found: dict[str, tuple[int, IndexDocument | None]], union_id: str, revision: int, document: IndexDocument | None) -> None:
    if union_id not in found or found[union_id][0] <= revision:
        found[union_id] = (revision, document)
