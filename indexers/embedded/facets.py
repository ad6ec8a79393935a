"""The counts of facets over one moment's searcher, each exact."""

from collections.abc import Collection, Mapping
from typing import Any

import tantivy
from tantivy import Query

from indexers.embedded.translate import both, selecting, to_query
from union_catalog.search.counting import ByValue, Counts, wanted
from union_catalog.search.engine import FacetCount, FacetName, SearchRequest
from union_catalog.search.frequent import ALL_VALUES, FIRST_LOOK, PART, Tally, candidates, tally
from union_catalog.search.matches import Match, Token
from union_catalog.search.plan import Plan

Told = Mapping[FacetName, tuple[FacetCount, ...]]


def counts(searcher: tantivy.Searcher, plan: Plan, request: SearchRequest) -> Counts:
    """All counts of a request; fields that are counted under the same conditions in one go."""
    asked = wanted(request)
    together: dict[tuple[Match, ...], list[ByValue]] = {}
    for one in asked.by_value:
        together.setdefault(one.conditions, []).append(one)
    found: Counts = {}
    for conditions, group in together.items():
        found |= _by_value(searcher, selecting(plan, conditions), group)
    for single in asked.singles:
        found.setdefault(single.facet, {})[single.value] = count(searcher, selecting(plan, single.conditions))
    return found


def count(searcher: tantivy.Searcher, query: Query) -> int:
    """How many documents a query finds, exactly."""
    found: int = searcher.search(query, 1).count  # type: ignore[attr-defined]  # its stubs leave ``count`` out
    return found


def most_frequent(searcher: tantivy.Searcher, query: Query, fields: Collection[str], most: int) -> dict[str, Tally]:
    """So many of the most frequent values of each field; every segment tells all of its own, so the counts are exact."""
    if not fields:
        return {}
    answer = searcher.aggregate(query, {one: {"terms": {"field": one, "size": most, "segment_size": ALL_VALUES}} for one in fields})
    return {one: _tally(answer[one], most) for one in fields}


def _by_value(searcher: tantivy.Searcher, query: Query, group: list[ByValue]) -> Counts:
    answer = searcher.aggregate(query, {one.facet: _first(one) if one.names else _every(one.field) for one in group})
    return {
        one.facet: _most_frequent(searcher, query, one.field, _tally(answer[one.facet], FIRST_LOOK))
        if one.names
        else dict(_tally(answer[one.facet], ALL_VALUES).counts)
        for one in group
    }


def _most_frequent(searcher: tantivy.Searcher, query: Query, field: str, found: Tally) -> dict[str, int]:
    """Exact counts of the values that are the most frequent, and perhaps of some more."""
    known = candidates(found)
    if known is None:
        found = _tally(searcher.aggregate(query, {"x": _every(field)})["x"], ALL_VALUES)
        known = candidates(found) or tuple(found.counts)
    if found.error == 0:
        return {value: found.counts[value] for value in known}
    return {value: count(searcher, both(query, to_query(Token(field, value)))) for value in known}


def _first(one: ByValue) -> dict[str, object]:
    return {"terms": {"field": one.field, "size": FIRST_LOOK, "segment_size": PART}}


def _every(field: str) -> dict[str, object]:
    return {"terms": {"field": field, "size": ALL_VALUES, "segment_size": ALL_VALUES}}


def _tally(answer: Mapping[str, Any], asked: int) -> Tally:
    told = {_value(bucket["key"]): bucket["doc_count"] for bucket in answer["buckets"]}
    return tally(told, asked, answer["doc_count_error_upper_bound"], answer["sum_other_doc_count"])


def _value(key: str | float) -> str:
    return key if isinstance(key, str) else str(int(key))
