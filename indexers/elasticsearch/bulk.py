"""Writing batches: the revision is the document's version, so that the server itself refuses what is staler than it has.

What becomes of a document is one of four: written; staler than what is there, which is as good; refused for good, which is answered
with its reason; and not now, which is tried again with growing pauses and then raised. Nothing is ever passed over.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from elasticsearch import ApiError

from indexers.elasticsearch.server import Server
from union_catalog.errors import SearchUnavailable
from union_catalog.search.engine import Rejected

_CHUNK_BYTES = 4_000_000
_CHUNK_DOCUMENTS = 1_000
_AT_ONCE = 2  # requests in flight: while the server works at one, the next is on its way
_PAUSES = (0.1, 0.3, 1.0, 3.0)
_OK_FROM, _OK_BELOW = 200, 300
_STALER = 409
_NOT_NOW = frozenset({429, 503})
# The index has not our mapping.
_FOREIGN = "strict_dynamic_mapping_exception"
# The document is at fault, and would be again. All other refusals are the index's, and say nothing of the document.
_FAULTS = frozenset({
    "document_parsing_exception", "mapper_parsing_exception", "max_bytes_length_exceeded_exception",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be there of one union id: a document or a tombstone, as JSON."""

    union_id: str
    revision: int
    source: bytes


class AliasGone(Exception):
    """The alias that was written to leads nowhere (any more)."""


class Bulk:
    """Writes to an alias, and to nothing that is not one: a server makes an index of whatever name is written to."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def write(self, alias: str, changes: Sequence[Change]) -> tuple[Rejected, ...]:
        """Answers what was refused for good. Raises AliasGone; SearchUnavailable where something was not taken after all tries."""
        chunks = list(_chunks(changes))
        if len(chunks) < _AT_ONCE:
            return tuple(one for chunk in chunks for one in self._chunk(alias, chunk))
        with ThreadPoolExecutor(_AT_ONCE) as sending:
            return tuple(one for rejected in sending.map(partial(self._chunk, alias), chunks) for one in rejected)

    def _chunk(self, alias: str, changes: Sequence[Change]) -> list[Rejected]:
        rejected: list[Rejected] = []
        waiting, reason = changes, ""
        for pause in (*_PAUSES, None):
            waiting, reason = self._once(alias, waiting, rejected)
            if not waiting:
                return rejected
            if pause is not None:
                time.sleep(pause)
        raise SearchUnavailable("search_server_busy", location=self._server.location, reason=reason)

    def _once(self, alias: str, changes: Sequence[Change], rejected: list[Rejected]) -> tuple[Sequence[Change], str]:
        """One try. What is to be tried again, and why; what is refused for good goes to ``rejected``."""
        with self._server.bulk_client() as client:
            try:
                answer = client.bulk(
                    index=alias,
                    operations=_lines(changes),  # type: ignore[arg-type]  # lines that are JSON already are sent as they are
                    require_alias=True,
                    include_source_on_error=False,
                    filter_path="errors,items.*.status,items.*.error",
                ).body
            except ApiError as error:
                if error.meta.status not in _NOT_NOW:
                    raise
                return changes, str(error)[:300]
        if not answer["errors"]:
            return (), ""
        return self._failed(changes, [item["index"] for item in answer["items"]], rejected)

    def _failed(
        self, changes: Sequence[Change], outcomes: Sequence[Mapping[str, Any]], rejected: list[Rejected]
    ) -> tuple[Sequence[Change], str]:
        again: list[Change] = []
        reason = ""
        for change, outcome in zip(changes, outcomes, strict=True):
            status = outcome["status"]
            if _OK_FROM <= status < _OK_BELOW or status == _STALER:
                continue
            reason = _reason(outcome["error"])
            if status in _NOT_NOW:
                again.append(change)
            elif (kinds := _kinds(outcome["error"])) & _FAULTS and _FOREIGN not in kinds:
                rejected.append(Rejected(change.union_id, change.revision, reason))
            elif outcome["error"]["type"] == "index_not_found_exception":
                raise AliasGone
            else:
                raise SearchUnavailable("index_unwritable", reason=reason)
        return again, reason


def _chunks(changes: Sequence[Change]) -> Iterator[list[Change]]:
    chunk: list[Change] = []
    size = 0
    for change in changes:
        if chunk and (size + len(change.source) > _CHUNK_BYTES or len(chunk) >= _CHUNK_DOCUMENTS):
            yield chunk
            chunk, size = [], 0
        chunk.append(change)
        size += len(change.source)
    if chunk:
        yield chunk


def _lines(changes: Sequence[Change]) -> list[bytes]:
    lines: list[bytes] = []
    for change in changes:
        lines.append(msgspec.json.encode({"index": {"_id": change.union_id, "version": change.revision, "version_type": "external_gte"}}))
        lines.append(change.source)
    return lines


def _kinds(error: Mapping[str, Any]) -> set[str]:
    """The kind of an error and of what caused it."""
    kinds = {error["type"]}
    while error := error.get("caused_by", {}):
        kinds.add(error["type"])
    return kinds


def _reason(error: Mapping[str, Any]) -> str:
    """What was refused and, where the server tells, the last reason of it."""
    told = f"{error['type']}: {str(error.get('reason', ''))[:150]}"
    while cause := error.get("caused_by"):
        error = cause
    return f"{told} ({str(error.get('reason', ''))[:150]})"
