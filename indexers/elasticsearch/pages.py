"""One page of results and its facets, in one request to the server."""

from collections.abc import Mapping
from typing import Any

from indexers.elasticsearch.facets import Facets, Sets, post_filter
from indexers.elasticsearch.translate import Query, scoring, selecting
from union_catalog.search import counting, cursor, selection
from union_catalog.search.cursor import Position
from union_catalog.search.engine import RELEVANCE_DEPTH, Hit, SearchPage, SearchRequest
from union_catalog.search.nodes import QueryWarning
from union_catalog.search.plan import Plan, plan
from union_catalog.search.scoring import scoring as scored

_KEYSETS = {"year": ("oldest_first", "asc"), "-year": ("newest_first", "desc"), "title": ("title_key", "asc")}
_BY_RANK = ("rank", "desc")


class Pages:
    """A request, and what the server is asked for it. Raises InvalidInput for a bad cursor."""

    def __init__(self, request: SearchRequest) -> None:
        self._request = request
        self._plan: Plan = plan(request.query)
        self._after = cursor.decode(request)
        self._score = scored(request, self._plan)
        self._facets = Facets(request) if request.facets else None
        self._sets = self._facets.sets if self._facets else Sets(selection.conditions(request.filters, request.nearby), ())

    def body(self) -> Query:
        """The request's body.

        The query holds what is common to hits and facets; what a facet leaves out as its own selection is applied to the hits afterwards.
        """
        selected = selecting(self._plan, self._sets.common)
        asked: Query = {
            "query": scoring(selected, self._score) if self._score else {"constant_score": {"filter": selected}},
            "size": self._request.per_page + 1,
            "sort": self._sort(),
            "track_total_hits": self._request.counted,
            "_source": False,
            "docvalue_fields": ["work_id"],
        }
        if self._after is not None:
            asked["search_after"] = [self._after.score, self._after.key] if self._score else [self._after.key]
        if self._sets.hits:
            asked["post_filter"] = post_filter(self._sets)
        if self._facets:
            asked["aggs"] = self._facets.aggregations()
        return asked

    def further(self, answer: Mapping[str, Any]) -> Query | None:
        """Takes the counts of an answer; the body to ask once more where they are not certain yet, for its answer to be taken likewise."""
        again = self._facets.take(answer["aggregations"]) if self._facets else {}
        if not again:
            return None
        return {"query": selecting(self._plan, self._sets.common), "size": 0, "track_total_hits": False, "aggs": again}

    def page(self, answer: Mapping[str, Any]) -> SearchPage:
        """The page that the server's answer to ``body`` makes, once its counts and further ones are taken."""
        request, found = self._request, answer["hits"]["hits"]
        shown = found[: request.per_page]
        more, warnings = len(found) > request.per_page, request.query.warnings
        positions = [self._position(hit, i) for i, hit in enumerate(shown, start=1)]
        if self._score and more and positions[-1].seen + request.per_page > RELEVANCE_DEPTH:
            more, warnings = False, (*warnings, QueryWarning("relevance_depth", str(RELEVANCE_DEPTH)))
        return SearchPage(
            total=answer["hits"]["total"]["value"] if request.counted else len(shown),
            hits=tuple(_hit(hit, position) for hit, position in zip(shown, positions, strict=True)),
            facets=counting.answered(request, self._facets.counts) if self._facets else {},
            next_cursor=cursor.encode(request, positions[-1]) if more else None,
            warnings=warnings,
        )

    def _sort(self) -> list[object]:
        field, direction = _KEYSETS.get(self._request.sort, _BY_RANK)
        by_key = {field: direction}
        return ["_score", by_key] if self._score else [by_key]

    def _position(self, hit: Mapping[str, Any], number: int) -> Position:
        if not self._score:
            return Position(hit["sort"][0])
        score, rank = hit["sort"]
        return Position(rank, int(score), (self._after.seen if self._after else 0) + number)


def _hit(hit: Mapping[str, Any], position: Position) -> Hit:
    return Hit(hit["_id"], hit.get("fields", {}).get("work_id", [""])[0], float(position.score), position.key)
