"""Results by work: the editions of a work that a search finds, and pages of works without doubles at any depth."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest

from tests.contracts.search_engines import ENGINES, EngineHome, edition, engine_home, filled, ids, page
from union_catalog.search.document import IndexDocument
from union_catalog.search.engine import Filters, SearchEngine, SearchRequest, Sort
from union_catalog.search.nearby import Nearby
from union_catalog.search.query import parse
from union_catalog.services.searching.grouping import MOST_EDITIONS, GroupedPage, grouped

SORTS: tuple[Sort, ...] = ("relevance", "year", "-year", "title", "popularity", "distance")
NEAR = Nearby((("JD-MAIN",), ("JX-MAIN",), (), (), (), ()))
_LIBRARIES = ["JD", "JX", "WZ"]


def _crowd() -> tuple[IndexDocument, ...]:
    """Works of one to many editions, and records of none, that a search for 书 finds in an order that mixes them."""
    draw = random.Random(11)
    found = []
    for i in range(260):
        work = "" if i % 13 == 0 else f"w{min(draw.randrange(60), draw.randrange(60))}"
        title = draw.choice(["书", "书的故事", "一本书", "藏书家", "读书"])
        held = dict.fromkeys(draw.sample(_LIBRARIES, draw.randrange(1, 4)), draw.random() < 0.5)
        found.append(edition(f"e{i:03d}", title, year=draw.choice([None, *range(1990, 2000)]), held=held, work_id=work))
    return tuple(found)


CROWD = _crowd()
WORK = {document.union_id: document.work_id or document.union_id for document in CROWD}


@pytest.fixture(scope="module", params=ENGINES)
def crowd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    with engine_home(request.param, tmp_path_factory.mktemp("crowd")) as made:
        engine = filled(made, CROWD)
        yield engine
        engine.close()


def asked(query: str = "书", sort: Sort = "relevance", per_page: int = 7, filters: Filters | None = None) -> SearchRequest:
    nearby = NEAR if sort == "distance" else None
    return SearchRequest(parse(query), filters or Filters(), sort, per_page, None, (), nearby)


def walked(engine: SearchEngine, request: SearchRequest) -> list[GroupedPage]:
    """All pages to the end."""
    pages = [grouped(engine, request)]
    while (after := pages[-1].page.next_cursor) is not None:
        pages.append(grouped(engine, replace(request, cursor=after)))
    return pages


def leaders(pages: list[GroupedPage]) -> list[str]:
    return [hit.union_id for one in pages for hit in one.page.hits]


def in_order(engine: SearchEngine, request: SearchRequest) -> list[str]:
    return ids(engine.search(replace(request, per_page=1000)))


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("per_page", [1, 7, 40, 200])
def test_every_work_comes_once_where_its_best_edition_stands(crowd: SearchEngine, sort: Sort, per_page: int) -> None:
    request = asked(sort=sort, per_page=per_page)
    first_of_work: dict[str, str] = {}
    for union_id in in_order(crowd, request):
        first_of_work.setdefault(WORK[union_id], union_id)
    pages = walked(crowd, request)
    assert leaders(pages) == list(first_of_work.values())
    assert all(len(one.groups) == per_page for one in pages[:-1])
    assert pages[-1].groups


@pytest.mark.parametrize("sort", SORTS)
def test_a_group_has_the_first_editions_in_the_order_of_the_search(crowd: SearchEngine, sort: Sort) -> None:
    request = asked(sort=sort, per_page=30)
    order = in_order(crowd, request)
    counts = Counter(WORK[union_id] for union_id in order)
    for one in walked(crowd, request):
        assert one.page.total == len(order)
        for hit, group in zip(one.page.hits, one.groups, strict=True):
            assert group.editions == tuple(x for x in order if WORK[x] == WORK[hit.union_id])[:MOST_EDITIONS]
            assert group.total == counts[WORK[hit.union_id]]


def test_a_group_has_only_what_the_search_finds(crowd: SearchEngine) -> None:
    request = asked("书 -故事", per_page=100, filters=Filters(library=("WZ",), year_from=1994))
    order = in_order(crowd, request)
    shown = [union_id for one in walked(crowd, request) for group in one.groups for union_id in group.editions]
    assert 10 < len(shown) == len(set(shown))
    assert set(shown) <= set(order)


@pytest.mark.parametrize("sort", SORTS)
def test_editions_of_works_are_those_that_are_found(crowd: SearchEngine, sort: Sort) -> None:
    request = asked(sort=sort)
    found = crowd.editions(request, ["w1", "w5", "nobody's"], 2)
    assert set(found) == {"w1", "w5"}
    order = in_order(crowd, request)
    for work, told in found.items():
        own = [union_id for union_id in order if WORK[union_id] == work]
        assert told.total == len(own)
        assert [hit.union_id for hit in told.hits] == own[:2]
    assert crowd.editions(request, [], 2) == {}


@pytest.mark.parametrize("sort", SORTS)
def test_works_neither_double_nor_are_lost_while_records_come(home: EngineHome, sort: Sort) -> None:
    """Half of the records come while the reader turns pages: who was shown does not come again."""
    draw = random.Random(3)
    early, late = CROWD[:130], list(CROWD[130:])
    draw.shuffle(late)
    engine = filled(home, early)
    request = asked(sort=sort, per_page=5)
    answer = grouped(engine, request)
    shown = [WORK[hit.union_id] for hit in answer.page.hits]
    while answer.page.next_cursor is not None:
        engine.apply([late.pop() for _ in range(min(len(late), 20))], ())
        answer = grouped(engine, replace(request, cursor=answer.page.next_cursor))
        shown += [WORK[hit.union_id] for hit in answer.page.hits]
    assert len(shown) == len(set(shown))
    assert len(shown) > 40


def test_works_go_on_while_records_go(home: EngineHome) -> None:
    """What was shown may be deleted: the rest comes all the same, and nothing that is still there is passed over."""
    engine = filled(home, CROWD)
    request = asked(sort="year", per_page=6)
    first = grouped(engine, request)
    gone = [hit.union_id for hit in first.page.hits[:3]]
    engine.apply((), [(union_id, 2) for union_id in gone])
    rest, cursor = [], first.page.next_cursor
    while cursor is not None:
        answer = grouped(engine, replace(request, cursor=cursor))
        rest += [hit.union_id for hit in answer.page.hits]
        cursor = answer.page.next_cursor
    assert not set(gone) & set(rest)
    everything = {WORK[union_id] for union_id in in_order(engine, request)}
    assert {WORK[union_id] for union_id in rest} | {WORK[hit.union_id] for hit in first.page.hits[3:]} == everything


def test_a_work_of_hundreds_of_editions_does_not_fill_the_pages(home: EngineHome) -> None:
    many = [edition(f"m{i:03d}", "红楼梦", "曹雪芹", year=1990, work_id="hlm") for i in range(320)]
    others = [edition(f"o{i}", "红楼梦研究", year=2001 + i) for i in range(4)]
    engine = filled(home, [*many, *others])
    pages = walked(engine, asked("红楼梦", per_page=3))
    assert [len(one.groups) for one in pages] == [3, 2]
    assert (pages[0].groups[0].total, len(pages[0].groups[0].editions)) == (320, MOST_EDITIONS)
    assert pages[0].page.total == 324
    by_year = walked(engine, asked("红楼梦", "year", per_page=2))
    assert leaders(by_year)[1:] == ["o0", "o1", "o2", "o3"]


def test_records_without_a_work_stand_alone(home: EngineHome) -> None:
    engine = filled(home, [msgspec.structs.replace(document, work_id="") for document in CROWD[:40]])
    pages = walked(engine, asked(per_page=15))
    assert [group.total for one in pages for group in one.groups] == [1] * 40
    assert leaders(pages) == in_order(engine, asked())


def test_nothing_found_has_no_groups(crowd: SearchEngine) -> None:
    (only,) = walked(crowd, asked("没有这样的"))
    assert (only.page.total, only.page.hits, only.groups) == (0, (), ())
    assert ids(page(crowd, "没有这样的")) == []
