"""Suggestions from the index: each look-up is one query, read in the order of ranks, and one count of what is frequent in it."""

from collections.abc import Iterator

import tantivy
from tantivy import Order, Query

from indexers.embedded.facets import count, most_frequent
from indexers.embedded.names import named
from indexers.embedded.translate import both, to_query
from union_catalog.search.matches import Token
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


def suggestions(searcher: tantivy.Searcher, request: SuggestRequest) -> tuple[Suggestion, ...]:
    """What the look-ups of a request find."""
    return chosen(request, ((look_up, _found(searcher, look_up)) for look_up in look_ups(request)))


def _found(searcher: tantivy.Searcher, look_up: LookUp) -> Found:
    query = to_query(look_up.match)
    countable = look_up.counted and count(searcher, query) <= MOST_COUNTED
    told = most_frequent(searcher, query, look_up.counted, MOST_FREQUENT) if countable else {}
    counts = {field: named(searcher, field, frequent(field, values)) for field, values in told.items()}
    works = [one for work in works_of(counts) for one in _first(searcher, both(query, to_query(Token(WORKS, work))), 1)]
    return Found(_first(searcher, query, look_up.most), counts, works)


def _first(searcher: tantivy.Searcher, query: Query, most: int) -> Iterator[Named]:
    """Records are read from the store one by one, as most look-ups need only the first of them."""
    for rank, address in searcher.search(query, most, count=False, order_by_field="rank", order=Order.Desc).hits:
        stored = searcher.doc(address)
        names = unpacked(bytes(stored.get_first("names") or b""))
        yield Named(str(stored.get_first("union_id")), stored.get_first("work_id") or "", int(rank), names)
