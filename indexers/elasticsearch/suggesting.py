"""Suggestions from the server: all look-ups in one request, each read in the order of ranks; the works that are frequent in another."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from indexers.elasticsearch.facets import most_frequent, told_most_frequent
from indexers.elasticsearch.indices import Indices
from indexers.elasticsearch.server import Server
from indexers.elasticsearch.several import answers
from indexers.elasticsearch.translate import to_query
from union_catalog.search.frequent import distinguished
from union_catalog.search.matches import AllOf, AnyToken, Match
from union_catalog.search.suggesting import (
    MOST_COUNTED,
    MOST_FREQUENT,
    WORKS,
    Found,
    LookUp,
    Named,
    Suggestion,
    SuggestRequest,
    chosen,
    look_ups,
    unpacked,
    works_of,
)

_Counts = Mapping[str, Mapping[str, int]]


def suggestions(server: Server, indices: Indices, request: SuggestRequest) -> tuple[Suggestion, ...]:
    """What the look-ups of a request find."""
    asked = look_ups(request)
    told = answers(server, indices, [_body(look_up) for look_up in asked])
    counts = [_counts(look_up, answer) for look_up, answer in zip(asked, told, strict=True)]
    wanted = [(look_up, works) for look_up, one in zip(asked, counts, strict=True) if (works := works_of(one))]
    firsts = answers(server, indices, [_first_of(*one) for one in wanted])
    records = {look_up: _named(answer) for (look_up, _), answer in zip(wanted, firsts, strict=True)}
    return chosen(
        request,
        [(look_up, Found(_named(answer), one, records.get(look_up, ()))) for look_up, answer, one in zip(asked, told, counts, strict=True)],
    )


def _body(look_up: LookUp) -> dict[str, object]:
    counted = {field: most_frequent(field, MOST_FREQUENT) for field in look_up.counted}
    return _records(look_up.match, look_up.most) | ({"aggs": counted, "track_total_hits": MOST_COUNTED + 1} if counted else {})


def _first_of(look_up: LookUp, works: tuple[str, ...]) -> dict[str, object]:
    return _records(AllOf((look_up.match, AnyToken(WORKS, works))), len(works)) | {"collapse": {"field": WORKS}}


def _records(match: Match, most: int) -> dict[str, object]:
    return {
        "query": {"constant_score": {"filter": to_query(match)}},
        "size": most,
        "sort": [{"rank": "desc"}],
        "track_total_hits": False,
        "_source": False,
        "docvalue_fields": ["work_id", "names"],
    }


def _counts(look_up: LookUp, answer: Mapping[str, Any]) -> _Counts:
    if look_up.counted and answer["hits"]["total"]["value"] > MOST_COUNTED:
        return {}
    return {one: distinguished(told_most_frequent(answer["aggregations"][one], MOST_FREQUENT)) for one in look_up.counted}


def _named(answer: Mapping[str, Any]) -> list[Named]:
    return [_record(hit) for hit in answer["hits"]["hits"]]


def _record(hit: Mapping[str, Any]) -> Named:
    fields = hit["fields"]
    return Named(hit["_id"], fields.get("work_id", [""])[0], hit["sort"][0], unpacked(b64decode(fields["names"][0])))
