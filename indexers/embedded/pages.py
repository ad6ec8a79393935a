"""One page of results: in the order asked for, from where the last page ended, with the facets beside it."""

from dataclasses import dataclass

from tantivy import DocAddress, Order, Query

from indexers.embedded.facets import Told, count, counts
from indexers.embedded.memory import Memory, of_facets
from indexers.embedded.reader import Moment
from indexers.embedded.translate import after_title, both, scoring, selecting, to_query
from union_catalog.search import counting, cursor, selection
from union_catalog.search.cursor import Position
from union_catalog.search.engine import RELEVANCE_DEPTH, Hit, SearchPage, SearchRequest
from union_catalog.search.matches import Between
from union_catalog.search.nodes import QueryWarning
from union_catalog.search.plan import plan
from union_catalog.search.scoring import Scoring
from union_catalog.search.scoring import scoring as scored

_SLACK = 64
_KEYSETS = {"year": ("oldest_first", Order.Asc), "-year": ("newest_first", Order.Desc), "title": ("title_key", Order.Asc)}
_BY_RANK = ("rank", Order.Desc)


@dataclass(frozen=True, slots=True)
class _Slice:
    """The records of one page with the position of each, and whether there are more."""

    found: tuple[tuple[DocAddress, Position], ...]
    more: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """A hit: its exact place in the order by score and rank, and what tantivy weighed it, which never contradicts that."""

    key: tuple[int, int]
    weighed: float
    address: DocAddress


class Pages:
    """Answers one request from one moment."""

    def __init__(self, moment: Moment, request: SearchRequest, facets: Memory[Told]) -> None:
        self._moment = moment
        self._searcher = moment.searcher
        self._request = request
        self._told_facets = facets
        self._plan = plan(request.query)
        self._selected = selecting(self._plan, selection.conditions(request.filters, request.nearby))

    def page(self) -> SearchPage:
        """The page. Raises InvalidInput for a bad cursor."""
        request = self._request
        after = cursor.decode(request)
        score = scored(request, self._plan)
        found = self._by_key(after) if score is None else self._by_score(after, score)
        warnings = request.query.warnings
        more = found.more
        if score is not None and more and found.found[-1][1].seen + request.per_page > RELEVANCE_DEPTH:
            more, warnings = False, (*warnings, QueryWarning("relevance_depth", str(RELEVANCE_DEPTH)))
        return SearchPage(
            total=count(self._searcher, self._selected) if request.counted else len(found.found),
            hits=tuple(self._hit(address, position) for address, position in found.found),
            facets=self._told_facets.recall(self._moment.number, of_facets(request), self._facets) if request.facets else {},
            next_cursor=cursor.encode(request, found.found[-1][1]) if more else None,
            warnings=warnings,
        )

    def _facets(self) -> Told:
        return counting.answered(self._request, counts(self._searcher, self._plan, self._request))

    def _hit(self, address: DocAddress, position: Position) -> Hit:
        document = self._searcher.doc(address)
        return Hit(str(document.get_first("union_id")), document.get_first("work_id") or "", float(position.score), position.key)

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
            return after_title(self._moment.index, key)
        return to_query(Between(field, key + 1, None) if order == Order.Asc else Between(field, None, key - 1))

    def _by_score(self, after: Position | None, score: Scoring) -> _Slice:
        """Equal scores by rank.

        tantivy sees the rank only roughly (see schema.SPREAD), so what ties for it is fetched whole and sorted here. Only what lies around
        the page is fetched, from a little before the place where the last page ended; where records have come and gone since, and that
        place is not there, from further before.
        """
        query, per_page = scoring(self._selected, score), self._request.per_page
        seen = after.seen if after else 0
        offset = max(seen - _SLACK, 0)
        limit = seen - offset + per_page + 1 + _SLACK
        while True:
            window = self._window(query, limit, offset)
            if after is not None and offset and not _begins_before(window, after):
                offset, limit = max(offset - limit, 0), 2 * limit
                continue
            beyond = window if after is None else [entry for entry in window if entry.key < (after.score, after.key)]
            if len(window) < limit or (len(beyond) > per_page and beyond[per_page].weighed > window[-1].weighed):
                break
            limit *= 2
        found = tuple((entry.address, Position(entry.key[1], entry.key[0], seen + i)) for i, entry in enumerate(beyond[:per_page], start=1))
        return _Slice(found, len(beyond) > per_page)

    def _window(self, query: Query, limit: int, offset: int) -> list[_Entry]:
        """A stretch of the hits in their exact order; what lies before it or behind it is weighed no less or no more than its ends."""
        hits = self._searcher.search(query, limit, count=False, offset=offset, weight_by_field="weight").hits
        ranks = self._searcher.fast_field_values("rank", [address for _, address in hits])
        entries = [_Entry((int(score), int(rank or 0)), score, address) for (score, address), rank in zip(hits, ranks, strict=True)]
        return sorted(entries, key=lambda entry: entry.key, reverse=True)


def _begins_before(window: list[_Entry], after: Position) -> bool:
    """Whether all that comes after a position lies in the window or behind it.

    So it is if something that does not come after is weighed less than the first: then all before the window comes earlier still.
    """
    return bool(window) and any(entry.weighed < window[0].weighed and entry.key >= (after.score, after.key) for entry in window)
