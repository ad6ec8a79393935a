"""The mixture of searches that both engines are compared by."""

import random
from collections import Counter

from benchmarks.agreement import compare
from benchmarks.known_queries import Known, Reader
from benchmarks.mixed_queries import SHARES, mixed
from benchmarks.slips import Slips
from union_catalog.search.engine import Hit, SearchPage
from union_catalog.services.views import SearchResult

BOOKS = [Known("红楼梦研究", "俞平伯"), Known("时间简史", "霍金"), Known("三体 第二部", "刘慈欣")]


def test_most_searches_are_more_than_words() -> None:
    chance = random.Random(1)
    drawn = list(mixed(BOOKS, Reader(Slips([book.title for book in BOOKS], chance), chance), chance, 500))
    kinds = Counter(one.kind for one in drawn)
    assert set(kinds) == set(SHARES)
    assert kinds["plain"] < 0.4 * len(drawn)
    assert all(one.request.facets for one in drawn if one.kind == "filters, facets and orders")


def test_answers_are_compared_by_total_order_and_counts() -> None:
    chance = random.Random(1)
    one = next(iter(mixed(BOOKS, Reader(Slips(["红楼梦"], chance), chance), chance, 1)))

    def answer(total: int, *ids: str) -> SearchResult:
        return SearchResult(SearchPage(total, tuple(Hit(union_id, "", 1.0) for union_id in ids), {}, None, ()), (), {})

    assert compare(one, answer(2, "a", "b"), answer(2, "a", "b")).same_ten
    swapped = compare(one, answer(2, "a", "b"), answer(2, "b", "a"))
    assert (swapped.same_total, swapped.same_ten, swapped.same_facets) == (True, False, True)
    assert not compare(one, answer(2, "a"), answer(3, "a")).same_total
