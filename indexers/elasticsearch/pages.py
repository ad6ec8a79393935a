"""One page of results and its facets, in one request to the server."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indexers.elasticsearch.translate import Query, scoring, selecting, to_query
from union_catalog.search import cursor, selection
from union_catalog.search.cursor import Position
from union_catalog.search.engine import FACETS, RELEVANCE_DEPTH, FacetCount, FacetName, Filters, Hit, SearchPage, SearchRequest
from union_catalog.search.matches import Match, Token
from union_catalog.search.nodes import QueryWarning
from union_catalog.search.plan import Plan, plan

_ALL_VALUES = 65_000  # more than any facet has values, and what the server allows
_KEYSETS = {"year": ("oldest_first", "asc"), "-year": ("newest_first", "desc"), "title": ("title_key", "asc")}
_BY_RANK = ("rank", "desc")
_DEEPER = "clc:"


@dataclass(frozen=True, slots=True)
class Sets:
    """The sets that one request is about, as conditions: those that hold in all of them, those of the hits, those of each count."""

    common: tuple[Match, ...]
    hits: tuple[Match, ...]
    counts: Mapping[str, tuple[Match, ...]]


class Pages:
    """A request, and what the server is asked for it. Raises InvalidInput for a bad cursor."""

    def __init__(self, request: SearchRequest) -> None:
        self._request = request
        self._plan: Plan = plan(request.query)
        self._after = cursor.decode(request)
        self._by_score = request.sort == "relevance" and bool(self._plan.ranking)
        self._sets = _sets(request.filters) if request.facets else Sets(selection.conditions(request.filters), (), {})

    def body(self) -> dict[str, object]:
        """The request's body.

        The query holds what is common to hits and facets; what a facet leaves out as its own selection is applied to the hits afterwards.
        """
        selected = selecting(self._plan, self._sets.common)
        asked: dict[str, object] = {
            "query": scoring(selected, self._plan) if self._by_score else {"constant_score": {"filter": selected}},
            "size": self._request.per_page + 1,
            "sort": self._sort(),
            "track_total_hits": True,
            "_source": False,
            "docvalue_fields": ["work_id"],
        }
        if self._after is not None:
            asked["search_after"] = [self._after.score, self._after.key] if self._by_score else [self._after.key]
        if self._sets.hits:
            asked["post_filter"] = _all(self._sets.hits)
        if self._sets.counts:
            fields: Mapping[str, str] = dict(selection.facet_fields(self._request.filters).items())
            asked["aggs"] = {name: _counting(fields.get(name), conditions) for name, conditions in self._sets.counts.items()}
        return asked

    def page(self, answer: Mapping[str, Any]) -> SearchPage:
        """The page that the server's answer makes."""
        request, found = self._request, answer["hits"]["hits"]
        shown = found[: request.per_page]
        more, warnings = len(found) > request.per_page, request.query.warnings
        positions = [self._position(hit, i) for i, hit in enumerate(shown, start=1)]
        if self._by_score and more and positions[-1].seen + request.per_page > RELEVANCE_DEPTH:
            more, warnings = False, (*warnings, QueryWarning("relevance_depth", str(RELEVANCE_DEPTH)))
        return SearchPage(
            total=answer["hits"]["total"]["value"],
            hits=tuple(_hit(hit, position) for hit, position in zip(shown, positions, strict=True)),
            facets=self._facets(answer["aggregations"]) if request.facets else {},
            next_cursor=cursor.encode(request, positions[-1]) if more else None,
            warnings=warnings,
        )

    def _sort(self) -> list[object]:
        field, direction = _KEYSETS.get(self._request.sort, _BY_RANK)
        by_key = {field: direction}
        return ["_score", by_key] if self._by_score else [by_key]

    def _position(self, hit: Mapping[str, Any], number: int) -> Position:
        if not self._by_score:
            return Position(hit["sort"][0])
        score, rank = hit["sort"]
        return Position(rank, int(score), (self._after.seen if self._after else 0) + number)

    def _facets(self, found: Mapping[str, Any]) -> Mapping[FacetName, tuple[FacetCount, ...]]:
        counts: dict[FacetName, dict[str, int]] = {
            facet: {str(bucket["key"]): bucket["doc_count"] for bucket in found[facet].get("values", found[facet])["buckets"]}
            for facet in selection.facet_fields(self._request.filters)
        }
        counts["available"] = {selection.AVAILABLE: found["available"]["doc_count"]}
        for name, answer in found.items():
            if name.startswith(_DEEPER):
                counts["clc"].setdefault(name.removeprefix(_DEEPER), answer["doc_count"])
        return {facet: selection.counted(self._request.filters, facet, counts[facet]) for facet in FACETS if facet in counts}


def _sets(filters: Filters) -> Sets:
    hits = selection.conditions(filters)
    wanted: dict[str, tuple[Match, ...]] = {"available": selection.conditions(selection.available_too(filters))}
    for facet in selection.facet_fields(filters):
        wanted[facet] = selection.conditions(selection.without(filters, facet))
    for number in filters.clc:
        wanted[_DEEPER + number.upper()] = (*wanted["clc"], Token("clc", number.upper()))
    common = tuple(one for one in hits if all(one in conditions for conditions in wanted.values()))
    return Sets(common, _rest(hits, common), {name: _rest(conditions, common) for name, conditions in wanted.items()})


def _rest(conditions: tuple[Match, ...], common: tuple[Match, ...]) -> tuple[Match, ...]:
    return tuple(one for one in conditions if one not in common)


def _all(conditions: tuple[Match, ...]) -> Query:
    return {"bool": {"filter": [to_query(one) for one in conditions]}} if conditions else {"match_all": {}}


def _counting(field: str | None, conditions: tuple[Match, ...]) -> Query:
    """The values of a field with their counts, or one count where no field is given, under conditions of their own."""
    if field is None:
        return {"filter": _all(conditions)}
    values: Query = {"terms": {"field": field, "size": _ALL_VALUES}}
    return {"filter": _all(conditions), "aggs": {"values": values}} if conditions else values


def _hit(hit: Mapping[str, Any], position: Position) -> Hit:
    return Hit(hit["_id"], hit.get("fields", {}).get("work_id", [""])[0], float(position.score))
