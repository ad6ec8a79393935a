"""Results by work: the hits of a search in their order, each work once, with its editions inside.

A work stands where its best hit stands. Whether a hit is its work's best, the index itself says, so nothing has to be remembered from
page to page: a page goes on behind the last hit that the page before went through, and passes over works that stood there.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from union_catalog.search import cursor
from union_catalog.search.cursor import Position
from union_catalog.search.engine import Hit, SearchEngine, SearchPage, SearchRequest, WorkHits
from union_catalog.services.views import RecordSummary, WorkGroup

MOST_EDITIONS = 5
# A stretch of hits that brings no new work is passed over; so many at once, and not without end: the reader may ask for more.
_STRETCH = 100
_MOST_STRETCHES = 20
_ASCENDING = frozenset({"year", "title"})


@dataclass(frozen=True, slots=True)
class Group:
    """A work, or a record of none, among the results: how many of its editions are found, and the first of them, the best leading."""

    total: int
    editions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupedPage:
    """``page`` has the best hit of each group, and counts records as ever. Fewer groups than asked for do not mean the end."""

    page: SearchPage
    groups: tuple[Group, ...]

    @property
    def union_ids(self) -> list[str]:
        """All that is shown of the groups."""
        return [one for group in self.groups for one in group.editions]

    def shown(self, summaries: Iterable[RecordSummary]) -> tuple[WorkGroup, ...]:
        """The groups with their editions summed up. What has gone since the index was asked is left out."""
        known = {summary.union_id: summary for summary in summaries}
        told = ((group.total, tuple(known[one] for one in group.editions if one in known)) for group in self.groups)
        return tuple(WorkGroup(total, editions) for total, editions in told if editions)


def ungrouped(engine: SearchEngine, request: SearchRequest) -> GroupedPage:
    """One page of records, each by itself."""
    page = engine.search(request)
    return GroupedPage(page, tuple(Group(1, (hit.union_id,)) for hit in page.hits))


def grouped(engine: SearchEngine, request: SearchRequest) -> GroupedPage:
    """One page of groups. Raises what ``engine.search`` raises.

    Cursors are those of the request itself: they know hits, not works.
    """
    walk = _Walk(engine, request)
    led: list[tuple[Hit, Group]] = []
    end, more = walk.begin, False
    for position, hit, group in walk.steps():
        if group is not None:
            if len(led) == request.per_page:
                more = True
                break
            led.append((hit, group))
        end = position
    else:
        more = walk.last.next_cursor is not None
    page = replace(
        walk.first,
        hits=tuple(hit for hit, _ in led),
        next_cursor=cursor.encode(request, end) if more and end is not None else None,
        warnings=tuple(dict.fromkeys((*walk.first.warnings, *walk.last.warnings))),
    )
    return GroupedPage(page, tuple(group for _, group in led))


class _Walk:
    """Goes through the hits of a request from its cursor on, stretch by stretch."""

    def __init__(self, engine: SearchEngine, request: SearchRequest) -> None:
        self._engine = engine
        self._request = request
        self._passed: set[str] = set()
        self.begin = cursor.decode(request)
        self.first = self.last = engine.search(replace(request, per_page=request.per_page + 1))

    def steps(self) -> Iterator[tuple[Position, Hit, Group | None]]:
        """Every hit with its place, and with its group if it leads one.

        Ends with the hits, or after so many that the reader should not wait for the rest.
        """
        seen = self.begin.seen if self.begin else 0
        for _ in range(_MOST_STRETCHES):
            works = self._editions(self.last)
            for hit in self.last.hits:
                seen += 1
                yield Position(hit.key, int(hit.score), seen if hit.score else 0), hit, self._led(hit, works)
            if self.last.next_cursor is None:
                return
            self.last = self._engine.search(replace(self._request, per_page=_STRETCH, cursor=self.last.next_cursor, facets=()))

    def _editions(self, page: SearchPage) -> Mapping[str, WorkHits]:
        """Of the works that are met for the first time."""
        works = dict.fromkeys(hit.work_id for hit in page.hits if hit.work_id and hit.work_id not in self._passed)
        return self._engine.editions(self._request, list(works), MOST_EDITIONS)

    def _led(self, hit: Hit, works: Mapping[str, WorkHits]) -> Group | None:
        """The group of a hit; None where its work stands further before."""
        if not hit.work_id:
            return Group(1, (hit.union_id,))
        work = works.get(hit.work_id)
        if work is None or hit.work_id in self._passed:
            return None
        self._passed.add(hit.work_id)
        if self.begin is not None and not _is_behind(work.hits[0], self.begin, self._request):
            return None
        return Group(work.total, tuple(dict.fromkeys((hit.union_id, *(edition.union_id for edition in work.hits)))))


def _is_behind(hit: Hit, position: Position, request: SearchRequest) -> bool:
    """Whether a hit comes after a place in the request's order."""
    if hit.score:
        return (hit.score, hit.key) < (position.score, position.key)
    one, other = (hit.key, position.key) if request.sort in _ASCENDING else (position.key, hit.key)
    return one > other  # type: ignore[operator]  # keys of one order are of one type
