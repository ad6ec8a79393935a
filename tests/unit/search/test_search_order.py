"""Orders and cursors: exact on every engine, and never trusted when they come back."""

import itertools
import math

import pytest

from tests.contracts.search_engines import CATALOGUE
from union_catalog.errors import InvalidInput
from union_catalog.search import cursor, order
from union_catalog.search.cursor import Position
from union_catalog.search.engine import Filters, SearchRequest
from union_catalog.search.query import parse


def test_more_libraries_rank_higher_and_equals_by_a_digest() -> None:
    assert order.rank(2, "a") > order.rank(1, "b")
    assert order.rank(1, "a") != order.rank(1, "b")
    assert order.rank(10**9, "a") < 1 << 55


def test_nearness_keeps_the_order_of_ranks() -> None:
    ranks = sorted(order.rank(count, document.union_id) for count in (0, 1, 2, 3, 254) for document in CATALOGUE)
    near = [order.nearness(rank) for rank in ranks]
    assert near == sorted(near)
    assert 0 <= near[0] < near[-1] <= 1
    assert not any(math.isclose(one, other, rel_tol=1e-12) for one, other in itertools.pairwise(near))


def test_years_outside_a_calendar_do_not_break_the_keys() -> None:
    keys = [order.newest_first(year, "a") for year in (None, -5, 0, 1, 2000, 99_999)]
    assert keys == sorted(keys)
    assert order.oldest_first(None, "a") > order.oldest_first(99_999, "a")


@pytest.mark.parametrize("sort", ["relevance", "year", "-year", "title"])
def test_a_cursor_comes_back_as_it_went(sort: str) -> None:
    position = Position("hong.lou.meng-7ea2-00ab" if sort == "title" else 12345, 64, 20)
    request = SearchRequest(parse("红楼梦"), Filters(library=("JD",)), sort)  # type: ignore[arg-type]  # one of Sort
    given = cursor.encode(request, position)
    assert cursor.decode(SearchRequest(request.query, request.filters, request.sort, 50, given)) == position


@pytest.mark.parametrize(
    "position",
    [
        Position("x TO *} OR *"),
        Position("a"),
        Position(-1),
        Position(1 << 63),
        Position(1, -1, 0),
        Position(1, 0, -1),
        Position(1, 0, 10_001),
    ],
)
def test_a_forged_position_is_refused(position: Position) -> None:
    request = SearchRequest(parse("红楼梦"))
    given = cursor.encode(request, position)
    with pytest.raises(InvalidInput):
        cursor.decode(SearchRequest(request.query, cursor=given))
