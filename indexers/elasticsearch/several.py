"""Several searches in one request, each answered as if it had been asked by itself; and asking again where an index was replaced."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from elasticsearch import NotFoundError

from indexers.elasticsearch.indices import Indices
from indexers.elasticsearch.server import Server
from indexers.remedies import REBUILD_COMMAND
from union_catalog.errors import SearchUnavailable

Answer = TypeVar("Answer")

_NOT_NOW = frozenset({429, 503})
_REPLACED = frozenset({404, 503})  # what is said where an index goes while it is asked; not 429, of which asking again makes more


def answers(server: Server, indices: Indices, bodies: Sequence[Mapping[str, object]]) -> list[Mapping[str, Any]]:
    """The answers in the order of what was asked. Raises SearchUnavailable where one of them has none."""
    if not bodies:
        return []
    heads = {"allow_partial_search_results": False}
    asked = [line for body in bodies for line in (heads, body)]
    with server.searching() as client:

        def ask() -> list[Mapping[str, Any]]:
            told: list[Mapping[str, Any]] = client.msearch(index=indices.alias, searches=asked).body["responses"]
            return told

        try:
            found = twice(ask)
            if any(answer["status"] in _REPLACED for answer in found):
                found = ask()
        except NotFoundError as error:
            raise indices.missing() from error
    for answer in found:
        if "error" in answer:
            raise _refusal(server, indices, answer)
    return found


def twice(ask: Callable[[], Answer]) -> Answer:
    """Once more where there was no index: it may have been replaced while it was asked. Raises NotFoundError where there is none again."""
    try:
        return ask()
    except NotFoundError:
        return ask()


def _refusal(server: Server, indices: Indices, answer: Mapping[str, Any]) -> SearchUnavailable:
    kind, reason = answer["error"].get("type", ""), str(answer["error"].get("reason", ""))[:300]
    if kind == "index_not_found_exception":
        return indices.missing()
    if answer["status"] in _NOT_NOW:
        return SearchUnavailable("search_server_busy", location=server.location, reason=reason)
    return SearchUnavailable("index_unusable", reason=reason, command=REBUILD_COMMAND)
