"""Several searches in one request, each answered as if it had been asked by itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from elasticsearch import NotFoundError

from indexers.elasticsearch.indices import Indices
from indexers.elasticsearch.server import Server
from indexers.remedies import REBUILD_COMMAND
from union_catalog.errors import SearchUnavailable

_NOT_NOW = frozenset({429, 503})


def answers(server: Server, indices: Indices, bodies: Sequence[Mapping[str, object]]) -> list[Mapping[str, Any]]:
    """The answers in the order of what was asked. Raises SearchUnavailable where one of them has none."""
    if not bodies:
        return []
    heads = {"allow_partial_search_results": False}
    with server.searching() as client:
        try:
            asked = [line for body in bodies for line in (heads, body)]
            found: list[Mapping[str, Any]] = client.msearch(index=indices.alias, searches=asked).body["responses"]
        except NotFoundError as error:
            raise indices.missing() from error
    for answer in found:
        if "error" in answer:
            raise _refusal(server, indices, answer)
    return found


def _refusal(server: Server, indices: Indices, answer: Mapping[str, Any]) -> SearchUnavailable:
    kind, reason = answer["error"].get("type", ""), str(answer["error"].get("reason", ""))[:300]
    if kind == "index_not_found_exception":
        return indices.missing()
    if answer["status"] in _NOT_NOW:
        return SearchUnavailable("search_server_busy", location=server.location, reason=reason)
    return SearchUnavailable("index_unusable", reason=reason, command=REBUILD_COMMAND)
