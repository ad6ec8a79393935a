"""Suggestions from the server: all look-ups in one request, each read in the order of ranks."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from indexers.elasticsearch.indices import Indices
from indexers.elasticsearch.server import Server
from indexers.elasticsearch.several import answers
from indexers.elasticsearch.translate import to_query
from union_catalog.search.suggesting import LookUp, Named, Suggestion, SuggestRequest, chosen, look_ups, unpacked


def suggestions(server: Server, indices: Indices, request: SuggestRequest) -> tuple[Suggestion, ...]:
    """What the look-ups of a request find."""
    asked = look_ups(request)
    found = answers(server, indices, [_body(look_up) for look_up in asked])
    return chosen(request, ((look_up, map(_named, answer["hits"]["hits"])) for look_up, answer in zip(asked, found, strict=True)))


def _body(look_up: LookUp) -> dict[str, object]:
    return {
        "query": {"constant_score": {"filter": to_query(look_up.match)}},
        "size": look_up.most,
        "sort": [{"rank": "desc"}],
        "track_total_hits": False,
        "_source": False,
        "docvalue_fields": ["work_id", "names"],
    }


def _named(hit: Mapping[str, Any]) -> Named:
    fields = hit["fields"]
    return Named(hit["_id"], fields.get("work_id", [""])[0], hit["sort"][0], unpacked(b64decode(fields["names"][0])))
