"""Nearness: as an order of its own, as what parts equals, and page after page while records come and go."""

import random
from collections.abc import Callable
from functools import cache

import pytest

from tests.contracts.search_engines import EngineHome, all_pages, edition, filled, ids, page
from union_catalog.errors import InvalidInput
from union_catalog.search.document import IndexDocument
from union_catalog.search.engine import Filters, SearchEngine, Sort
from union_catalog.search.nearby import Nearby
from union_catalog.search.order import rank

SORTS: tuple[Sort, ...] = ("relevance", "distance", "popularity", "year", "-year", "title")
HERE = Nearby((("A-1",), ("B-1",), ("B-2", "C-1"), (), ("D-1",), ("E-1",)))
RING = {"A-1": 0, "B-1": 1, "B-2": 2, "C-1": 2, "D-1": 4, "E-1": 5}
FAR = 6


def book(union_id: str, title: str, *free: str, out: tuple[str, ...] = ()) -> IndexDocument:
    return edition(union_id, title, at=dict.fromkeys(out, False) | dict.fromkeys(free, True))


def ring(document: IndexDocument) -> int:
    """The ring of the nearest branch that has an item now."""
    return min((RING.get(one.branch, FAR) for one in document.availability if one.available), default=FAR)


def test_the_nearest_that_can_be_had_comes_first_however_well_the_others_fit(home: EngineHome) -> None:
    engine = filled(
        home,
        [
            book("exact", "围城", "E-1"),
            book("out", "围城", out=("A-1",)),
            book("begins", "围城研究", "A-1", "E-1"),
            book("holds", "重读围城", "B-2", out=("A-1",)),
            book("holds too", "再读围城之后", "C-1"),
            book("far", "围城", "X-1"),
        ],
    )
    near = ids(page(engine, "围城", sort="distance", nearby=HERE))
    assert near[0] == "begins"
    assert set(near[1:3]) == {"holds", "holds too"}
    assert near[3] == "exact"
    assert set(near[4:]) == {"out", "far"}
    assert ids(page(engine, "围城", sort="distance")) == ids(page(engine, "围城"))


def test_within_a_ring_the_order_is_by_relevance(home: EngineHome) -> None:
    engine = filled(home, [book("words", "说围城", "B-2"), book("exact", "围城", "C-1"), book("begins", "围城记", "B-2")])
    assert ids(page(engine, "围城", sort="distance", nearby=HERE)) == ["exact", "begins", "words"]


def test_by_relevance_nearness_parts_equals_only(home: EngineHome) -> None:
    engine = filled(
        home,
        [
            book("near", "围城研究", "A-1"),
            book("exact", "围城", "E-1"),
            book("popular", "围城研究", "E-1", "X-1", "Y-1"),
            book("exact and near", "围城", "B-1"),
        ],
    )
    assert ids(page(engine, "围城")) != ids(page(engine, "围城", nearby=HERE))
    assert ids(page(engine, "围城", nearby=HERE)) == ["exact and near", "exact", "near", "popular"]


@cache
def crowd(size: int, seed: int, *, titles: tuple[str, ...] = ("人海", "人海中", "说人海")) -> tuple[IndexDocument, ...]:
    """Many editions, most of which nothing but their rank tells apart."""
    draw = random.Random(seed)
    places = ("A-1", "B-1", "B-2", "C-1", "D-1", "E-1", "X-1", "Y-1", "Z-1")
    return tuple(
        edition(
            f"{seed}-{i:05d}",
            draw.choice(titles),
            year=draw.choice((None, 1999, 2000, 2001)),
            at={place: draw.random() < 0.6 for place in draw.sample(places, draw.choice((1, 1, 1, 2, 3)))},
        )
        for i in range(size)
    )


def expected(documents: tuple[IndexDocument, ...]) -> list[str]:
    """By ring, then rank, of records that are all alike in what is looked for."""
    ordered = sorted(documents, key=lambda one: (ring(one), -rank(one.holdings_count, one.union_id)))
    return [one.union_id for one in ordered]


@pytest.mark.parametrize("query", ["人海", ""])
def test_equals_are_ordered_by_ring_and_then_by_rank(home: EngineHome, query: str) -> None:
    documents = crowd(600, 3, titles=("人海",))
    engine = filled(home, documents)
    for sort in ("relevance", "distance"):
        assert all_pages(engine, query, sort=sort, per_page=70, nearby=HERE) == expected(documents)


def test_popularity_is_how_many_libraries_hold_it(home: EngineHome) -> None:
    documents = crowd(200, 4)
    engine = filled(home, documents)
    by_rank = sorted(documents, key=lambda one: -rank(one.holdings_count, one.union_id))
    assert all_pages(engine, "人海", sort="popularity", per_page=30, nearby=HERE) == [one.union_id for one in by_rank]


@pytest.mark.parametrize("sort", SORTS)
def test_a_hit_tells_its_place_in_the_order(home: EngineHome, sort: Sort) -> None:
    engine = filled(home, crowd(40, 5))
    places = [(hit.score, hit.key) for hit in page(engine, "人海", sort=sort, nearby=HERE).hits]
    assert len(set(places)) == 40
    assert places == sorted(places, reverse=sort not in ("year", "title"))
    assert all(score == int(score) for score, _ in places)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("per_page", [1, 37])
def test_pages_neither_double_nor_skip(home: EngineHome, sort: Sort, per_page: int) -> None:
    documents = crowd(150, 6)
    engine = filled(home, documents)
    seen = all_pages(engine, "人海", sort=sort, per_page=per_page, nearby=HERE)
    assert len(seen) == len(set(seen)) == len(documents)
    assert seen == ids(page(engine, "人海", sort=sort, per_page=150, nearby=HERE))


def changed_at_random(engine: SearchEngine, draw: random.Random, there: set[str], turn: int) -> None:
    gone = draw.sample(sorted(there), len(there) // 4)
    engine.apply(crowd(120, 100 + turn), [(union_id, 2) for union_id in gone])
    there.difference_update(gone)


def only_more(engine: SearchEngine, draw: random.Random, there: set[str], turn: int) -> None:
    engine.apply(crowd(300, 100 + turn), ())


def nearly_all_gone(engine: SearchEngine, draw: random.Random, there: set[str], turn: int) -> None:
    gone = sorted(there)[: len(there) * 4 // 5]
    engine.apply((), [(union_id, 2) for union_id in gone])
    there.difference_update(gone)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("change", [changed_at_random, only_more, nearly_all_gone])
def test_pages_go_on_while_records_come_and_go(
    home: EngineHome, sort: Sort, change: Callable[[SearchEngine, random.Random, set[str], int], None]
) -> None:
    """What was there from the first page to the last is seen exactly once, whatever else changes between the pages."""
    documents, draw = crowd(900, 7), random.Random(8)
    engine = filled(home, documents)
    there = {one.union_id for one in documents}
    seen: list[str] = []
    cursor: str | None = None
    for turn in range(40):
        answer = page(engine, "人海", sort=sort, per_page=110, cursor=cursor, nearby=HERE)
        seen += ids(answer)
        cursor = answer.next_cursor
        if cursor is None:
            break
        if turn in (1, 3, 5):
            change(engine, draw, there, turn)
    assert cursor is None
    assert len(seen) == len(set(seen))
    assert there <= set(seen)


def test_a_cursor_belongs_to_its_place_and_filters(home: EngineHome) -> None:
    engine = filled(home, crowd(30, 9))
    cursor = page(engine, "人海", sort="distance", per_page=5, nearby=HERE).next_cursor
    assert page(engine, "人海", sort="distance", per_page=9, cursor=cursor, nearby=HERE).hits
    for filters, nearby in ((Filters(), None), (Filters(), Nearby((("A-1",),))), (Filters(within=5), HERE), (Filters(author=("x",)), HERE)):
        with pytest.raises(InvalidInput):
            page(engine, "人海", filters, sort="distance", cursor=cursor, nearby=nearby)


def test_by_distance_the_depth_is_bounded_and_told(home: EngineHome) -> None:
    engine = filled(home, [edition(f"d{i:05d}", "深", at={"A-1": i % 2 == 0}) for i in range(10_020)])
    cursor: str | None = None
    for _ in range(10):
        answer = page(engine, "深", sort="distance", per_page=1000, cursor=cursor, nearby=HERE)
        cursor = answer.next_cursor
    assert cursor is None
    assert [warning.code for warning in answer.warnings] == ["relevance_depth"]
