"""The counts of facets as aggregations beside the hits, and a second look where a server of several shards told too little."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indexers.elasticsearch.translate import Query, to_query
from union_catalog.search.counting import ByValue, Counts, Single, wanted
from union_catalog.search.engine import FacetName, SearchRequest
from union_catalog.search.frequent import ALL_VALUES, FIRST_LOOK, Tally, candidates, tally
from union_catalog.search.matches import Match
from union_catalog.search.selection import conditions

_PART = 700  # what each shard tells of its own names: so many cost it as much as counting some ten thousand records
_SINGLE = "single"  # names of aggregations: the facet's, and "single.0", "single.1" … for counts of one value


@dataclass(frozen=True, slots=True)
class Sets:
    """The sets that one request is about, as conditions: those that hold in all of them, and the rest of those of the hits."""

    common: tuple[Match, ...]
    hits: tuple[Match, ...]


class Facets:
    """The facets of one request: what the server is asked for them, and what its answers come to."""

    def __init__(self, request: SearchRequest) -> None:
        self._wanted = wanted(request)
        hits = conditions(request.filters, request.nearby)
        every = [*(one.conditions for one in self._wanted.by_value), *(one.conditions for one in self._wanted.singles)]
        common = tuple(one for one in hits if all(one in others for others in every))
        self.sets = Sets(common, _rest(hits, common))
        self.counts: Counts = {}
        self._widened: set[FacetName] = set()
        self._final: set[FacetName] = set()

    def aggregations(self) -> Query:
        """To be asked beside a query for what is common to all sets; what a facet has besides stands in its own aggregation."""
        asked: Query = {f"{_SINGLE}.{i}": {"filter": _all(self._beyond(one))} for i, one in enumerate(self._wanted.singles)}
        for one in self._wanted.by_value:
            asked[one.facet] = self._counting(one, _first(one.field) if one.names else _every(one.field))
        return asked

    def take(self, found: Mapping[str, Any]) -> Query:
        """Keeps the counts of an answer; answers the aggregations that must still be asked for, empty once all is known for certain."""
        again: Query = {}
        for one in self._wanted.by_value:
            if one.facet in found:
                told = _tally(found[one.facet].get("values", found[one.facet]), FIRST_LOOK if one.names else ALL_VALUES)
                self.counts[one.facet] = dict(told.counts)
                if one.names and one.facet not in self._final and (further := self._further(one, told)):
                    again[one.facet] = self._counting(one, further)
        for i, single in enumerate(self._wanted.singles):
            if f"{_SINGLE}.{i}" in found:
                self.counts.setdefault(single.facet, {})[single.value] = found[f"{_SINGLE}.{i}"]["doc_count"]
        return again

    def _further(self, one: ByValue, told: Tally[str]) -> Query:
        """What is still to be asked about names: more of them, or the exact counts of those that may be the most frequent."""
        known = candidates(told)
        if known is None and one.facet not in self._widened:
            self._widened.add(one.facet)
            return _every(one.field)
        if told.error == 0:
            return {}
        self._final.add(one.facet)
        known = known or tuple(told.counts)
        return {"terms": {"field": one.field, "size": len(known), "include": known}}

    def _counting(self, one: ByValue, values: Query) -> Query:
        rest = self._beyond(one)
        return {"filter": _all(rest), "aggs": {"values": values}} if rest else values

    def _beyond(self, one: ByValue | Single) -> tuple[Match, ...]:
        return _rest(one.conditions, self.sets.common)


def _rest(every: tuple[Match, ...], common: tuple[Match, ...]) -> tuple[Match, ...]:
    return tuple(one for one in every if one not in common)


def _all(matches: tuple[Match, ...]) -> Query:
    return {"bool": {"filter": [to_query(one) for one in matches]}} if matches else {"match_all": {}}


def post_filter(sets: Sets) -> Query:
    """What is asked of the hits but not of all facets."""
    return _all(sets.hits)


def most_frequent(field: str, most: int) -> Query:
    """So many of the most frequent values of a field; every shard tells all of its own, so the counts are exact."""
    return {"terms": {"field": field, "size": most, "shard_size": ALL_VALUES}}


def told_most_frequent(answer: Mapping[str, Any], most: int) -> Tally[str]:
    """What was told of ``most_frequent``."""
    return _tally(answer, most)


def _first(field: str) -> Query:
    return {"terms": {"field": field, "size": FIRST_LOOK, "shard_size": _PART}}


def _every(field: str) -> Query:
    return {"terms": {"field": field, "size": ALL_VALUES, "shard_size": ALL_VALUES}}


def _tally(answer: Mapping[str, Any], asked: int) -> Tally[str]:
    told = {str(bucket["key"]): bucket["doc_count"] for bucket in answer["buckets"]}
    return tally(told, asked, answer["doc_count_error_upper_bound"], answer["sum_other_doc_count"])
