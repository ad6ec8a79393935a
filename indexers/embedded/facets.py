"""The counts of facets over one moment's searcher, each exact."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import tantivy
from tantivy import Query

from indexers.embedded.names import named
from indexers.embedded.numbers import NUMBERED
from indexers.embedded.translate import both, numbered, selecting
from union_catalog.search.counting import ByValue, Counts, wanted
from union_catalog.search.engine import FacetCount, FacetName, SearchRequest
from union_catalog.search.frequent import ALL_VALUES, FIRST_LOOK, Tally, Value, candidates, tally
from union_catalog.search.matches import Match
from union_catalog.search.plan import Plan

_PART = 5_000  # what each segment tells of its own names: numbers are told fast, and then seldom need to be counted again
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


def most_frequent(searcher: tantivy.Searcher, query: Query, fields: Collection[str], most: int) -> dict[str, Tally[int]]:
    """So many of the most frequent numbers of each field of NUMBERED; every segment tells all of its own, so the counts are exact."""
    if not fields:
        return {}
    asked = {one: {"terms": {"field": NUMBERED[one], "size": most, "segment_size": ALL_VALUES}} for one in fields}
    answer = searcher.aggregate(query, asked)
    return {one: _tally(answer[one], int, most) for one in fields}


def _by_value(searcher: tantivy.Searcher, query: Query, group: list[ByValue]) -> Counts:
    answer = searcher.aggregate(query, {one.facet: _first(one.field) if one.names else _every(one.field) for one in group})
    return {
        one.facet: _most_frequent(searcher, query, one.field, _tally(answer[one.facet], int, FIRST_LOOK))
        if one.names
        else dict(_tally(answer[one.facet], _text, ALL_VALUES).counts)
        for one in group
    }


def _most_frequent(searcher: tantivy.Searcher, query: Query, field: str, found: Tally[int]) -> dict[str, int]:
    """Exact counts of the names that are the most frequent, and perhaps of some more."""
    known = candidates(found)
    if known is None:
        found = _tally(searcher.aggregate(query, {"x": _every(NUMBERED[field])})["x"], int, ALL_VALUES)
        known = candidates(found) or tuple(found.counts)
    if found.error:
        # Exact: in no segment do the records of so few names have ALL_VALUES other names.
        theirs = both(query, numbered(field, known))
        found = _tally(searcher.aggregate(theirs, {"x": _every(NUMBERED[field])})["x"], int, ALL_VALUES)
    return named(searcher, field, {number: found.counts[number] for number in known})


def _first(field: str) -> dict[str, object]:
    return {"terms": {"field": NUMBERED[field], "size": FIRST_LOOK, "segment_size": _PART}}


def _every(field: str) -> dict[str, object]:
    return {"terms": {"field": field, "size": ALL_VALUES, "segment_size": ALL_VALUES}}


def _tally(answer: Mapping[str, Any], read: Callable[[Any], Value], asked: int) -> Tally[Value]:
    told = {read(bucket["key"]): bucket["doc_count"] for bucket in answer["buckets"]}
    return tally(told, asked, answer["doc_count_error_upper_bound"], answer["sum_other_doc_count"])


def _text(key: str | float) -> str:
    return key if isinstance(key, str) else str(int(key))
