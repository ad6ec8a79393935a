"""Suggestions from the index: each look-up is one query, read in the order of ranks."""

from collections.abc import Iterator

import tantivy
from tantivy import Order

from indexers.embedded.translate import to_query
from union_catalog.search.suggesting import LookUp, Named, Suggestion, SuggestRequest, chosen, look_ups, unpacked


def suggestions(searcher: tantivy.Searcher, request: SuggestRequest) -> tuple[Suggestion, ...]:
    """What the look-ups of a request find."""
    return chosen(request, ((look_up, _found(searcher, look_up)) for look_up in look_ups(request)))


def _found(searcher: tantivy.Searcher, look_up: LookUp) -> Iterator[Named]:
    """Records are read from the store one by one, as most look-ups need only the first of them."""
    query = to_query(look_up.match)
    for rank, address in searcher.search(query, look_up.most, count=False, order_by_field="rank", order=Order.Desc).hits:
        stored = searcher.doc(address)
        names = unpacked(bytes(stored.get_first("names") or b""))
        yield Named(str(stored.get_first("union_id")), stored.get_first("work_id") or "", int(rank), names)
