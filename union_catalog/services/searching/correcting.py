"""A second look for what was misspelt. A search that finds enough pays nothing for it; another at most three more engine searches, one more
where it was filtered, two where it names a volume, and two reads of the database, and so much for each of MOST_WAYS alternatives
(红喽梦 OR 西游计).

1. The query is searched as it was typed. More than FEW results, and nothing was mistaken.
2. Filters are the reader's own doing: with filters, what counts is what the query finds without them.
3. If one of the first CHECKED results has every part of the query in one place, nothing was mistaken either, unless they are RARE.
4. Records that are like the query are fetched through the same port, and compared with it: see union_catalog.search.corrections.
5. The query that was meant is searched like any other. It stands in the place of the first only if it finds more: where the first finds
   anything, CLEARLY times as much, and whole titles or names. Else it is offered, if the first finds RARE records at most, and this
   OFTEN times as many. So is a title of which the volume that was typed is not there, under its number in no other form either, if it
   finds more: the number of a volume is looked for in titles, as 上 stands in the name of many a publisher.
6. Where all of this leads to nothing, what was typed is offered without what could not be read in it (红楼 OR, tilte:红楼梦).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from union_catalog.search import order
from union_catalog.search.corrections.choosing import (
    Candidate,
    Meant,
    alternatives,
    chosen,
    fits_as_typed,
    in_titles,
    is_whole,
    may_be_mistaken,
    otherwise_numbered,
    unnumbered,
)
from union_catalog.search.corrections.plain import plain_readings
from union_catalog.search.corrections.rewriting import rewritten
from union_catalog.search.document import AnalysedText
from union_catalog.search.engine import Filters, Hit, SearchEngine, SearchPage, SearchRequest
from union_catalog.search.holding import Held
from union_catalog.search.nodes import Leaf, ParsedQuery, describe
from union_catalog.search.query import parse
from union_catalog.services.searching.grouping import GroupedPage
from union_catalog.services.searching.resuming import cursor_of, resumed
from union_catalog.services.views import Corrected, Offered
from union_catalog.storage import reads
from union_catalog.storage.database import Database
from union_catalog.storage.values import unpack

FEW = 50
CHECKED = 10
CANDIDATES = 100
CLEARLY = 3
RARE = 3
OFTEN = 10
MOST_WAYS = 4


@dataclass(frozen=True, slots=True)
class Answered:
    """What was found for a request, with its places located, and how its query was corrected, if it was, or may be."""

    request: SearchRequest
    found: GroupedPage
    corrected: Corrected | None = None
    offered: Offered | None = None


Find = Callable[[SearchRequest], Answered]
"""Locates places and nearness, and answers one page as the reader wants it grouped."""


class Correcting:
    """Searches, and forgives."""

    def __init__(self, database: Database, engine: SearchEngine) -> None:
        self._database = database
        self._engine = engine

    def answer(self, request: SearchRequest, find: Find, *, exact: bool) -> Answered:
        """The page of what was typed, or of what was meant. ``exact``: nothing but what was typed.

        Raises SearchUnavailable, InvalidInput for a foreign cursor.
        """
        going_on = None if exact else resumed(request)
        if going_on is not None:
            return _corrected(request, *going_on, find)
        typed = find(request)
        if exact or request.cursor is not None:
            return typed
        answered = self._forgiven(request, typed, find)
        return answered if answered.found.page.total or answered.offered else self._in_plain_words(request, answered, find)

    def _forgiven(self, request: SearchRequest, typed: Answered, find: Find) -> Answered:
        """What was typed or what was meant, by steps 1 to 5."""
        if typed.found.page.total > FEW or not may_be_mistaken(request.query):
            return typed
        meant = self._meant(request.query, typed)
        if meant is None:
            return typed
        exact_total = typed.found.page.total
        better = _corrected(request, replace(request, query=parse(meant.query)), Corrected(meant.query, exact_total), find)
        total = better.found.page.total
        if total > exact_total and (meant.certain or (meant.whole and not meant.stands and total >= CLEARLY * exact_total)):
            return better
        offer = total > exact_total if meant.unheld else exact_total <= RARE and total >= max(1, OFTEN * exact_total)
        return replace(typed, offered=Offered(meant.query, total)) if offer else typed

    def _in_plain_words(self, request: SearchRequest, nothing: Answered, find: Find) -> Answered:
        """Nothing found, with the first reading of the query in plainer words that finds something, put right as any other query is."""
        readings = plain_readings(request.query)
        if not readings or self._without_filters(nothing).total:
            return nothing
        for reading in readings:
            plain = replace(request, query=parse(reading), facets=())
            answered = self._forgiven(plain, find(plain), find)
            if total := answered.found.page.total:
                return replace(nothing, offered=Offered(answered.corrected.query if answered.corrected else reading, total))
        return nothing

    def _meant(self, query: ParsedQuery, typed: Answered) -> Meant | None:
        """What was meant; None where what was typed is, or where nobody can tell.

        Of alternatives those are put right that find nothing by themselves.
        """
        ways = alternatives(query)
        if len(ways) == 1:
            found = self._without_filters(typed)
            return self._looked_up(query, found) if found.total <= FEW else None
        words: dict[Leaf, str] = {}
        for way in ways[:MOST_WAYS]:
            found = self._best(way)
            meant = None if found.total else self._looked_up(way, found)
            words |= meant.words if meant and meant.certain else {}
        return Meant(rewritten(query, words), words, certain=True) if words else None

    def _looked_up(self, query: ParsedQuery, found: SearchPage) -> Meant | None:
        """What was meant by a query that finds so much without filters."""
        records = self._held(found.hits[:CHECKED]).values()
        stands = fits_as_typed(query, records)
        if stands and (found.total > RARE or is_whole(query, records)):
            return None
        plain = unnumbered(query)
        if plain.nodes and plain != query and fits_as_typed(plain, self._held(self._best(plain).hits).values()):
            if stands or (found.total and self._best(in_titles(query)).total):
                return None
            other = self._of_another_number(query, plain)
            return replace(other, certain=other.certain and not found.total, whole=other.whole and not found.total)
        forgiving = replace(query, forgiving=True)
        like = self._engine.search(SearchRequest(forgiving, per_page=CANDIDATES, facets=(), counted=False)).hits
        held = self._held(like)
        meant = chosen(query, [Candidate(held[hit.union_id], _holdings(hit)) for hit in like if hit.union_id in held])
        return meant and replace(meant, certain=meant.certain and not found.total, stands=stands or meant.stands)

    def _of_another_number(self, query: ParsedQuery, plain: ParsedQuery) -> Meant:
        """A title that is spelt right, of which that volume is not there: the volume under its number written otherwise, or the title."""
        for way in otherwise_numbered(query):
            anywhere = parse(way.query)
            titled = in_titles(anywhere)
            if held := self._best(titled).total:
                return way if self._best(anywhere).total == held else replace(way, query=titled.text)
        return Meant(describe(plain.nodes), {}, whole=False, certain=False, unheld=True)

    def _without_filters(self, typed: Answered) -> SearchPage:
        """The best that the query finds without filters."""
        request, page = typed.request, typed.found.page
        if request.filters == Filters() and request.sort == "relevance" and len(page.hits) >= min(page.total, CHECKED):
            return page
        return self._best(request.query)

    def _best(self, query: ParsedQuery) -> SearchPage:
        return self._engine.search(SearchRequest(query, per_page=CHECKED, facets=()))

    def _held(self, hits: Sequence[Hit]) -> dict[str, Held]:
        with self._database.read() as connection:
            return held_of(connection, [hit.union_id for hit in hits])


def _corrected(typed: SearchRequest, request: SearchRequest, corrected: Corrected, find: Find) -> Answered:
    answered = find(request)
    page = answered.found.page
    if page.next_cursor is not None:
        page = replace(page, next_cursor=cursor_of(typed, corrected, page.next_cursor))
    return Answered(answered.request, replace(answered.found, page=page), corrected)


def held_of(connection: Connection, union_ids: Sequence[str]) -> dict[str, Held]:
    """The searched text of records by id, as it is stored; those that are not live are left out."""
    rows: Mapping[str, reads.UnionRow] = reads.unions(connection, union_ids)
    return {row.id: Held(unpack(row.analysed_z, AnalysedText)) for row in rows.values() if row.state == "live"}


def _holdings(hit: Hit) -> int:
    return order.holdings_of(hit.key) if isinstance(hit.key, int) else 0
