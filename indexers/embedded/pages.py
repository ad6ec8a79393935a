"""One page of results: in the order asked for, from where the last page ended, with the facets beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

import tantivy
from tantivy import DocAddress, Order, Query

from indexers.embedded.translate import after_title, both, scoring, selecting, to_query
from union_catalog.search import cursor, selection
from union_catalog.search.cursor import Position
from union_catalog.search.engine import FACETS, RELEVANCE_DEPTH, FacetCount, FacetName, Filters, Hit, SearchPage, SearchRequest
from union_catalog.search.matches import Between, Token
from union_catalog.search.nodes import QueryWarning
from union_catalog.search.plan import plan

# More than any facet has values: tantivy's counts are exact only where every segment may tell all of its values.
_ALL_VALUES = 65_000
_SLACK = 64
_KEYSETS = {"year": ("oldest_first", Order.Asc), "-year": ("newest_first", Order.Desc), "title": ("title_key", Order.Asc)}
_BY_RANK = ("rank", Order.Desc)


@dataclass(frozen=True, slots=True)
class _Slice:
    """The records of one page with the position of each, and whether there are more."""

    found: tuple[tuple[DocAddress, Position], ...]
    more: bool


class Pages:
    """Answers requests from one moment's searcher."""

    def __init__(self, index: tantivy.Index, request: SearchRequest) -> None:
        self._index = index
        self._searcher = index.searcher()
        self._request = request
        self._plan = plan(request.query)
        self._selected = self._selecting(request.filters)

    def page(self) -> SearchPage:
        """The page. Raises InvalidInput for a bad cursor."""
        request = self._request
        after = cursor.decode(request)
        by_score = request.sort == "relevance" and bool(self._plan.ranking)
        found = self._by_score(after) if by_score else self._by_key(after)
        warnings = request.query.warnings
        more = found.more
        if by_score and more and found.found[-1][1].seen + request.per_page > RELEVANCE_DEPTH:
            more, warnings = False, (*warnings, QueryWarning("relevance_depth", str(RELEVANCE_DEPTH)))
        return SearchPage(
            total=self._count(self._selected),
            hits=tuple(self._hit(address, position) for address, position in found.found),
            facets=self._facets() if request.facets else {},
            next_cursor=cursor.encode(request, found.found[-1][1]) if more else None,
            warnings=warnings,
        )

    def _selecting(self, filters: Filters) -> Query:
        return selecting(self._plan, selection.conditions(filters))

    def _count(self, query: Query) -> int:
        return count(self._searcher, query)

    def _hit(self, address: DocAddress, position: Position) -> Hit:
        document = self._searcher.doc(address)
        return Hit(str(document.get_first("union_id")), document.get_first("work_id") or "", float(position.score))

    def _by_key(self, after: Position | None) -> _Slice:
        """Keyset paging: keys are unique, so a page costs the same however deep it lies."""
        field, order = _KEYSETS.get(self._request.sort, _BY_RANK)
        query = self._selected if after is None else both(self._selected, self._beyond(field, order, after.key))
        per_page = self._request.per_page
        hits = self._searcher.search(query, per_page + 1, count=False, order_by_field=field, order=order).hits
        found = tuple((address, Position(key)) for key, address in hits[:per_page])
        return _Slice(found, len(hits) > per_page)

    def _beyond(self, field: str, order: Order, key: int | str) -> Query:
        if isinstance(key, str):
            return after_title(self._index, key)
        return to_query(Between(field, key + 1, None) if order == Order.Asc else Between(field, None, key - 1))

    def _by_score(self, after: Position | None) -> _Slice:
        """Equal scores by rank.

        tantivy sees the rank only roughly (see schema.SPREAD), so what ties for it is fetched whole and sorted here.
        """
        query = scoring(self._selected, self._plan)
        seen, per_page = (after.seen if after else 0), self._request.per_page
        limit = seen + per_page + 1 + _SLACK
        while True:
            hits = self._searcher.search(query, limit, count=False, weight_by_field="weight").hits
            ranks = self._searcher.fast_field_values("rank", [address for _, address in hits])
            entries = [(int(score), int(rank or 0), score, address) for (score, address), rank in zip(hits, ranks, strict=True)]
            entries.sort(key=lambda entry: (-entry[0], -entry[1]))
            if after is not None:
                entries = [entry for entry in entries if (entry[0], entry[1]) < (after.score, after.key)]
            if len(hits) < limit or (len(entries) > per_page and entries[per_page][2] > hits[-1][0]):
                break
            limit *= 2
        found = tuple((address, Position(rank, score, seen + i)) for i, (score, rank, _, address) in enumerate(entries[:per_page], start=1))
        return _Slice(found, len(entries) > per_page)

    def _facets(self) -> Mapping[FacetName, tuple[FacetCount, ...]]:
        filters = self._request.filters
        counts = self._counts(filters)
        counts["available"] = {selection.AVAILABLE: self._count(self._selecting(selection.available_too(filters)))}
        for number in filters.clc:
            deeper = number.upper()
            if deeper not in counts["clc"]:
                query = both(self._selecting(selection.without(filters, "clc")), to_query(Token("clc", deeper)))
                counts["clc"][deeper] = self._count(query)
        return {facet: selection.counted(filters, facet, counts[facet]) for facet in FACETS if facet in counts}

    def _counts(self, filters: Filters) -> dict[FacetName, dict[str, int]]:
        """The counts of every facet that is counted by value: those without a selection of their own in one go."""
        together: dict[FacetName, str] = {}
        counts: dict[FacetName, dict[str, int]] = {}
        for facet, field in selection.facet_fields(filters).items():
            others = selection.without(filters, facet)
            if others == filters:
                together[facet] = field
            else:
                counts |= self._aggregated(self._selecting(others), {facet: field})
        return counts | self._aggregated(self._selected, together)

    def _aggregated(self, query: Query, fields: Mapping[FacetName, str]) -> dict[FacetName, dict[str, int]]:
        if not fields:
            return {}
        asked = {facet: {"terms": {"field": field, "size": _ALL_VALUES, "segment_size": _ALL_VALUES}} for facet, field in fields.items()}
        answer = self._searcher.aggregate(query, asked)
        return {facet: {_value(bucket["key"]): bucket["doc_count"] for bucket in answer[facet]["buckets"]} for facet in fields}


def count(searcher: tantivy.Searcher, query: Query) -> int:
    """How many documents a query finds, exactly."""
    found: int = searcher.search(query, 1).count  # type: ignore[attr-defined]  # its stubs leave ``count`` out
    return found


def _value(key: str | float) -> str:
    return key if isinstance(key, str) else str(int(key))
