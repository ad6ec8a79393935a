"""Orders, pages and facets: what every engine answers beside the hits."""

import random
from dataclasses import replace

import pytest

from tests.contracts.search_engines import CATALOGUE, MANY, EngineHome, all_pages, edition, filled, found, ids, page
from union_catalog.errors import InvalidInput
from union_catalog.search.engine import FacetCount, FacetName, Filters, SearchEngine, SearchPage, SearchRequest, Sort
from union_catalog.search.query import parse

SORTS: tuple[Sort, ...] = ("relevance", "year", "-year", "title")


def facet(answer: SearchPage, name: FacetName) -> dict[str, int]:
    return {one.value: one.count for one in answer.facets[name]}


def selected(answer: SearchPage, name: FacetName) -> set[str]:
    return {one.value for one in answer.facets[name] if one.selected}


# Orders


def test_by_year_with_those_without_one_last(catalogue: SearchEngine) -> None:
    years = {document.union_id: document.year for document in CATALOGUE}
    oldest = [years[one] for one in ids(page(catalogue, sort="year", per_page=100))]
    newest = [years[one] for one in ids(page(catalogue, sort="-year", per_page=100))]
    known = sorted(year for year in years.values() if year is not None)
    assert oldest == [*known, None]
    assert newest == [*reversed(known), None]


def test_by_title_in_the_order_of_pinyin(catalogue: SearchEngine) -> None:
    order = ids(page(catalogue, sort="title", per_page=100))
    assert order.index("havard") < order.index("yinhang")
    expected = ["marquez", "cpp", "gugong", "hlm3", "huo2", "huo1", "jiashu", "santi1", "shijian1", "yinhang"]
    assert [one for one in order if one in expected] == expected


def test_volumes_of_a_title_stand_in_their_order(home: EngineHome) -> None:
    volumes = [edition(f"v{i}", "资治通鉴", volume=f"第{i}册") for i in (10, 2, 1, 12, 9)]
    engine = filled(home, volumes)
    assert ids(page(engine, sort="title")) == ["v1", "v2", "v9", "v10", "v12"]


def test_equals_are_ordered_by_how_many_libraries_hold_them(many: SearchEngine) -> None:
    held = {document.union_id: document.holdings_count for document in MANY}
    counts = [held[one] for one in all_pages(many, "同名的书", sort="relevance", per_page=50)]
    assert counts == sorted(counts, reverse=True)


def test_a_title_as_long_as_a_query_is_still_an_exact_title(home: EngineHome) -> None:
    """Whole titles are one token of up to 256 characters, which no engine may cut."""
    longest = "".join(chr(0x4E00 + 7 * i) for i in range(256))
    engine = filled(home, [edition("short", longest[:40]), edition("long", longest)])
    by_short, by_long = page(engine, longest[:40]).hits, page(engine, longest).hits
    assert [hit.union_id for hit in by_short] == ["short", "long"]
    assert [hit.union_id for hit in by_long] == ["long"]
    assert by_long[0].score == by_short[0].score > by_short[1].score


def test_the_order_does_not_depend_on_how_the_index_came_about(home: EngineHome, many: SearchEngine) -> None:
    shuffled = list(MANY)
    random.Random(7).shuffle(shuffled)
    engine = filled(home, shuffled[:100])
    for start in range(100, len(shuffled), 60):
        engine.apply(shuffled[start : start + 60], ())
    for sort in SORTS:
        assert all_pages(engine, "同名", sort=sort, per_page=40) == all_pages(many, "同名", sort=sort, per_page=100)


# Pages


@pytest.mark.parametrize("query", ["同名", ""])
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("per_page", [1, 7, 100])
def test_pages_neither_double_nor_skip(many: SearchEngine, query: str, sort: Sort, per_page: int) -> None:
    seen = all_pages(many, query, sort=sort, per_page=per_page)
    assert len(seen) == len(set(seen)) == len(MANY)


@pytest.mark.parametrize("sort", SORTS)
def test_pages_go_on_where_they_were_while_records_come_and_go(home: EngineHome, sort: Sort) -> None:
    engine = filled(home, MANY[:100])
    first = page(engine, "同名", sort=sort, per_page=30)
    gone = ids(first)[:10]
    engine.apply(MANY[100:150], [(union_id, 2) for union_id in gone])
    rest: list[str] = []
    cursor = first.next_cursor
    while cursor is not None:
        answer = page(engine, "同名", sort=sort, per_page=30, cursor=cursor)
        rest += ids(answer)
        cursor = answer.next_cursor
    stayed = {document.union_id for document in MANY[:100]} - set(ids(first))
    assert not set(rest) & set(ids(first))
    assert stayed <= set(rest)
    assert len(rest) == len(set(rest))


def test_pages_by_title_go_on_after_signs(home: EngineHome) -> None:
    """C++ and C# are words of titles, and the last title of a page is what the next is continued from."""
    titles = ("C++ 入门", "数据结构(C++版)", "C# 入门", "F#", "C语言", "C++")
    engine = filled(home, [edition(f"s{i}", title) for i, title in enumerate(titles)])
    assert all_pages(engine, "", sort="title", per_page=1) == all_pages(engine, "", sort="title", per_page=10)


def test_the_total_is_that_of_all_pages(many: SearchEngine) -> None:
    first = page(many, "同名", per_page=10)
    second = page(many, "同名", per_page=10, cursor=first.next_cursor)
    assert first.total == second.total == len(MANY)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("forgiving", [False, True])
def test_what_is_not_counted_is_found_all_the_same(many: SearchEngine, sort: Sort, forgiving: bool) -> None:
    asked = SearchRequest(replace(parse("同名"), forgiving=forgiving), sort=sort, per_page=10, facets=())
    counted, uncounted = many.search(asked), many.search(replace(asked, counted=False))
    assert uncounted.hits == counted.hits
    assert uncounted.next_cursor is not None
    assert uncounted.total == len(uncounted.hits) == 10 < counted.total


def test_the_last_page_has_no_cursor(catalogue: SearchEngine) -> None:
    assert page(catalogue, "红楼梦", per_page=6).next_cursor is None
    assert page(catalogue, "没有这本书", per_page=6).next_cursor is None


@pytest.mark.parametrize("cursor", ["", "x", "不是", "AAAA", "////", "-" * 5000, "k8QCAQ"])
@pytest.mark.parametrize("sort", SORTS)
def test_a_cursor_that_was_not_given_out_is_refused(catalogue: SearchEngine, cursor: str, sort: Sort) -> None:
    with pytest.raises(InvalidInput) as refusal:
        page(catalogue, "红楼梦", sort=sort, cursor=cursor)
    assert refusal.value.code == "bad_cursor"
    assert refusal.value.data["name"] == "cursor"


def test_a_cursor_belongs_to_its_request(catalogue: SearchEngine) -> None:
    cursor = page(catalogue, "红楼梦", per_page=2).next_cursor
    assert page(catalogue, "红楼梦", per_page=3, cursor=cursor).hits
    for query, filters, sort in (
        ("活", Filters(), "relevance"),
        ("红楼梦", Filters(library=("JD",)), "relevance"),
        ("红楼梦", Filters(), "title"),
    ):
        with pytest.raises(InvalidInput):
            page(catalogue, query, filters, sort=sort, cursor=cursor)  # type: ignore[arg-type]  # a tuple of mixed literals


def test_by_relevance_the_depth_is_bounded_and_told(home: EngineHome) -> None:
    engine = filled(home, [edition(f"d{i:05d}", "深") for i in range(10_050)])
    cursor: str | None = None
    for _ in range(100):
        answer = page(engine, "深", per_page=100, cursor=cursor)
        cursor = answer.next_cursor
        if cursor is None:
            break
    assert cursor is None
    assert [warning.code for warning in answer.warnings] == ["relevance_depth"]
    assert len(all_pages(engine, "深", sort="title", per_page=1000)) == 10_050


# Filters and facets


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(library=("KS",)), {"hlm3", "huo1", "havard"}),
        (Filters(library=("KS", "NONE")), {"hlm3", "huo1", "havard"}),
        (Filters(library=("KS",), available=True), {"hlm3", "huo1"}),
        (Filters(library=("WZ",), available=True), {"hlm1", "cpp", "noyear"}),
        (Filters(branch=("KS-MAIN",)), {"hlm3", "huo1", "havard"}),
        (Filters(branch=("KS-MAIN",), available=True), {"hlm3", "huo1"}),
        (Filters(language=("eng",)), {"cpp", "havard"}),
        (Filters(format=("map", "e-book")), {"map", "python"}),
        (Filters(clc=("I207",)), {"hlm3", "hlm4"}),
        (Filters(clc=("K", "p159")), {"hlm5", "lishi1", "lishi2", "gugong", "shijian1", "shijian2"}),
        (Filters(year_from=2014, year_to=2015), {"gugong", "santi2c"}),
        (Filters(year_from=2016), {"santi2b", "python"}),
        (Filters(year_to=1936), {"jiaoyu", "havard"}),
        (Filters(year_from=2010, year_to=2000), set()),
        (Filters(language=("eng",), library=("WZ",)), {"cpp"}),
        (Filters(library=("NONE",)), set()),
    ],
)
def test_filters(catalogue: SearchEngine, filters: Filters, expected: set[str]) -> None:
    assert set(found(catalogue, "", filters)) == expected


def test_values_that_look_like_syntax_are_only_values(catalogue: SearchEngine) -> None:
    assert not found(catalogue, "", Filters(library=('JD" OR "KS', "*", ""), format=("[a TO z]",)))


def test_facets_count_the_set(catalogue: SearchEngine) -> None:
    answer = page(catalogue, "红楼梦", facets=True)
    assert facet(answer, "library") == {"JD": 3, "JX": 2, "WZ": 2, "KS": 1}
    assert facet(answer, "format") == {"book": 5, "map": 1}
    assert facet(answer, "language") == {"chi": 6}
    assert facet(answer, "clc") == {"I": 4, "I2": 4, "K": 1, "K81": 1}
    assert facet(answer, "year") == {"2010": 1, "2005": 1, "1998": 1, "1996": 1, "1978": 1, "1952": 1}
    assert facet(answer, "available") == {"true": 4}


def test_facets_of_everything_add_up(catalogue: SearchEngine) -> None:
    answer = page(catalogue, facets=True)
    assert answer.total == len(CATALOGUE)
    assert sum(facet(answer, "format").values()) == len(CATALOGUE)
    assert sum(facet(answer, "year").values()) == len(CATALOGUE) - 1


def test_the_order_of_values(catalogue: SearchEngine) -> None:
    answer = page(catalogue, facets=True)
    for name, values in answer.facets.items():
        if name == "year":
            assert [one.value for one in values] == sorted((one.value for one in values), reverse=True)
        else:
            assert list(values) == sorted(values, key=lambda one: (-one.count, one.value))


def test_counts_leave_out_their_own_selection_and_heed_the_others(catalogue: SearchEngine) -> None:
    free = page(catalogue, "红楼梦", facets=True)
    answer = page(catalogue, "红楼梦", Filters(library=("KS",), clc=("I",)), facets=True)
    assert answer.total == 1
    assert facet(answer, "library") == {"JD": 2, "JX": 2, "WZ": 1, "KS": 1}
    assert selected(answer, "library") == {"KS"}
    assert facet(answer, "clc") == {"I": 1, "I2": 1}
    assert facet(answer, "year") == {"1952": 1}
    assert facet(free, "clc") == {"I": 4, "I2": 4, "K": 1, "K81": 1}


def test_a_chosen_value_never_vanishes(catalogue: SearchEngine) -> None:
    chosen = Filters(library=("NONE",), language=("fre",), format=("score",), clc=("X",), available=True)
    answer = page(catalogue, "红楼梦", chosen, facets=True)
    assert answer.total == 0
    for name, value in (("library", "NONE"), ("language", "fre"), ("format", "score"), ("clc", "X"), ("available", "true")):
        assert FacetCount(value, 0, True) in answer.facets[name]  # type: ignore[index]  # names of facets, as plain text


def test_a_chosen_class_below_the_top_is_counted(catalogue: SearchEngine) -> None:
    answer = page(catalogue, "红楼梦", Filters(clc=("I207",)), facets=True)
    assert facet(answer, "clc") == {"I": 4, "I2": 4, "I207": 2, "K": 1, "K81": 1}
    assert selected(answer, "clc") == {"I207"}


def test_years_of_a_range_are_marked_and_the_others_still_counted(catalogue: SearchEngine) -> None:
    answer = page(catalogue, "红楼梦", Filters(year_from=1990, year_to=2005), facets=True)
    assert answer.total == 3
    assert len(facet(answer, "year")) == 6
    assert selected(answer, "year") == {"1996", "1998", "2005"}


def test_available_now_and_libraries_are_read_together(catalogue: SearchEngine) -> None:
    """JX holds two editions of the novel, but has none of them free; "available" must not be met by another library's copy."""
    answer = page(catalogue, "红楼梦", Filters(library=("JX",)), facets=True)
    assert answer.total == 2
    assert facet(answer, "available") == {"true": 0}
    assert not found(catalogue, "红楼梦", Filters(library=("JX",), available=True))
    free = page(catalogue, "红楼梦", Filters(available=True), facets=True)
    assert facet(free, "library") == {"JD": 3, "WZ": 1, "KS": 1}
    assert facet(free, "available") == {"true": 4}


def test_no_facets_where_none_are_asked_for(catalogue: SearchEngine) -> None:
    assert page(catalogue, "红楼梦").facets == {}


def test_a_facet_with_many_values_is_counted_exactly(home: EngineHome) -> None:
    documents = [edition(f"m{i:05d}", "多值", year=1000 + i % 900, held={f"L{i % 700}": True}) for i in range(2_800)]
    engine = filled(home, ())
    for start in range(0, len(documents), 400):
        engine.apply(documents[start : start + 400], ())
    answer = page(engine, "多值", facets=True)
    assert set(facet(answer, "library").values()) == {4}
    assert len(facet(answer, "library")) == 700
    assert sum(facet(answer, "year").values()) == 2_800
    assert len(facet(answer, "year")) == 900
