"""Suggestions from the server: all look-ups in one request, each read in the order of ranks; the works that are frequent in another."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from indexers.elasticsearch.facets import most_frequent, told_most_frequent
from indexers.elasticsearch.indices import Indices
from indexers.elasticsearch.server import Server
from indexers.elasticsearch.several import answers
from indexers.elasticsearch.translate import to_query
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
    frequent,
    look_ups,
    unpacked,
    works_of,
)

_Counts = Mapping[str, Mapping[str, int]]


def suggestions(server: Server, indices: Indices, request: SuggestRequest) -> tuple[Suggestion, ...]:
    """What the look-ups of a request find."""
    asked = look_ups(request)
    counting = [look_up for look_up in asked if look_up.counted]
    told = answers(server, indices, [*map(_listing, asked), *map(_counting, counting)])
    counts = {look_up: _counts(look_up, answer) for look_up, answer in zip(counting, told[len(asked) :], strict=True)}
    wanted = [(look_up, works) for look_up, one in counts.items() if (works := works_of(one))]
    firsts = answers(server, indices, [_first_of(*one) for one in wanted])
    records = {look_up: _named(answer) for (look_up, _), answer in zip(wanted, firsts, strict=True)}
    return chosen(
        request,
        [
            (look_up, Found(_named(answer), counts.get(look_up, {}), records.get(look_up, ())))
            for look_up, answer in zip(asked, told[: len(asked)], strict=True)
        ],
    )


def _listing(look_up: LookUp) -> dict[str, object]:
    return _records(look_up.match, look_up.most)


def _counting(look_up: LookUp) -> dict[str, object]:
    """Apart from the listing, which the server need not read to its end, as this need not where there are too many to be counted."""
    return {
        "query": {"constant_score": {"filter": to_query(look_up.match)}},
        "size": 0,
        "aggs": {field: most_frequent(field, MOST_FREQUENT) for field in look_up.counted},
        "track_total_hits": MOST_COUNTED + 1,
        "terminate_after": MOST_COUNTED + 1,
    }


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
    if answer["hits"]["total"]["value"] > MOST_COUNTED:
        return {}
    return {one: frequent(one, told_most_frequent(answer["aggregations"][one], MOST_FREQUENT)) for one in look_up.counted}


def _named(answer: Mapping[str, Any]) -> list[Named]:
    return [_record(hit) for hit in answer["hits"]["hits"]]


def _record(hit: Mapping[str, Any]) -> Named:
    fields = hit["fields"]
    return Named(hit["_id"], fields.get("work_id", [""])[0], hit["sort"][0], unpacked(b64decode(fields["names"][0])))
