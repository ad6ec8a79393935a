"""What a reader chooses among: bars of years, trees of values, a place, distances in words, other written forms of a word."""

from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from api.pages.asking import SearchRequest
from api.pages.choices import facet_views
from api.pages.marks import other_form
from api.pages.nearness import read_near
from api.pages.views import BarView, FacetValue
from api.pages.wording import distance
from api.pages.years import MOST_BARS, TALLEST, year_bars
from api.translations import speak
from union_catalog.search.engine import FacetCount, FacetName
from union_catalog.search.query import parse
from union_catalog.services.searching.asked import Place

THIS_YEAR = 2026
told_years = st.dictionaries(st.integers(0, 9999), st.integers(0, 500), max_size=40).map(
    lambda counts: sorted(counts.items(), reverse=True)
)


@pytest.fixture(autouse=True, scope="module")
def speaking() -> Iterator[None]:
    app = Flask("api")
    speak(app)
    with app.test_request_context("/"):
        yield


def bars(*years: tuple[int, int], asked: SearchRequest | None = None) -> tuple[BarView, ...]:
    return year_bars("/search", asked or SearchRequest(), years, THIS_YEAR)


def condition(bar: BarView) -> dict[str, list[str]]:
    return parse_qs(urlsplit(bar.address).query)


@given(told_years)
def test_bars_hold_every_title_once_and_lie_side_by_side(years: list[tuple[int, int]]) -> None:
    shown = year_bars("/search", SearchRequest(), years, THIS_YEAR)
    if not shown:
        assert sum(titles > 0 for _, titles in years) < 2
        return
    assert sum(bar.count for bar in shown) == sum(titles for _, titles in years)
    assert len(shown) <= MOST_BARS
    assert all(one.last + 1 == other.first for one, other in pairwise(shown))
    assert max(bar.height for bar in shown) == TALLEST
    assert all((bar.height == 0) == (bar.count == 0) for bar in shown)
    assert shown[-1].count or shown[-1].last >= THIS_YEAR or shown[0].count


@given(told_years)
def test_the_address_of_a_bar_finds_the_titles_that_it_counts(years: list[tuple[int, int]]) -> None:
    for bar in year_bars("/search", SearchRequest(), years, THIS_YEAR):
        said = condition(bar)
        low, high = int(said.get("year_from", ["0"])[0]), int(said.get("year_to", ["9999"])[0])
        assert sum(titles for year, titles in years if low <= year <= high) == bar.count


def test_few_years_have_a_bar_each_and_a_slip_of_the_pen_stretches_nothing() -> None:
    shown = bars((2919, 1), (2024, 3), (2021, 6))
    assert [bar.first for bar in shown] == [2021, 2022, 2023, 2024, 2025, 2026]
    assert shown[-1].count == 1
    assert [bar.first for bar in bars((2003, 1), (1998, 2))] == [1998, 1999, 2000, 2001, 2002, 2003]


def test_what_is_very_old_stands_in_the_first_bar() -> None:
    shown = bars((2020, 5), (1905, 1), (1644, 2))
    assert (shown[0].first, shown[0].open_below, shown[0].count) == (1910, True, 3)
    assert condition(shown[0]) == {"year_to": ["1919"]}
    assert not shown[1].open_below


def test_bars_within_the_chosen_years_are_marked() -> None:
    asked = SearchRequest(year_from=1995, year_to=2004)
    assert [bar.first for bar in bars((2015, 1), (1975, 1), asked=asked) if bar.selected] == [1990, 2000]


def counts(**values: int) -> tuple[FacetCount, ...]:
    return tuple(FacetCount(value, count, selected=count < 0) for value, count in values.items())


def shape(values: tuple[FacetValue, ...]) -> list[object]:
    return [[value.value, *shape(value.children)] if value.children else value.value for value in values]


def test_classes_lie_within_the_longest_class_that_their_numbers_begin_with() -> None:
    facets: dict[FacetName, tuple[FacetCount, ...]] = {"clc": counts(I=9, T=8, I2=7, TP=3, TP3=2, I24=1, K=1)}
    (view,) = facet_views(facets, {}, {})
    assert shape(view.values) == [["I", ["I2", "I24"]], ["T", ["TP", "TP3"]], "K"]
    assert view.values[0].label == "I\u2002文学"


def test_what_is_chosen_comes_first_with_all_that_it_lies_in() -> None:
    facets: dict[FacetName, tuple[FacetCount, ...]] = {
        "library": (FacetCount("JD", 5, selected=False), FacetCount("JX", 3, selected=False)),
        "branch": (
            FacetCount("JD-1", 5, selected=False), FacetCount("JX-1", 2, selected=False),
            FacetCount("JX-2", 0, selected=True), FacetCount("WZ-1", 1, selected=False),
        ),
    }  # fmt: skip
    library_of = {"JD-1": "JD", "JX-1": "JX", "JX-2": "JX", "WZ-1": "WZ"}
    (view,) = facet_views(facets, {"library": {"JX": ("嘉兴市图书馆", "Jiaxing Library")}}, library_of)
    assert shape(view.values) == [["JX", "JX-2", "JX-1"], ["JD", "JD-1"], ["WZ", "WZ-1"]]
    assert [(value.partly, value.selected, value.count) for value in view.values] == [
        (True, False, 3),
        (False, False, 5),
        (False, False, 0),
    ]
    assert view.values[0].label == "嘉兴市图书馆"
    assert view.chosen


def test_rings_are_sent_as_one_condition() -> None:
    (view,) = facet_views({"near": (FacetCount("1", 2, selected=False), FacetCount("5", 9, selected=True))}, {}, {})
    assert [(one.name, one.value, one.label) for one in view.values] == [("within", "1", "1公里以内"), ("within", "5", "5公里以内")]


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_place_is_never_kept_more_exactly_than_to_100_m(lat: float, lng: float) -> None:
    place = read_near(f"{lat:.9f},{lng:.9f}")
    assert isinstance(place, Place)
    assert (place.lat, place.lng) == (round(lat, 3), round(lng, 3))


@pytest.mark.parametrize(
    ("metres", "told"),
    [
        (0, "就在这里"),
        (100, "0.1公里"),
        (940, "0.9公里"),
        (1_200, "1.2公里"),
        (9_900, "9.9公里"),
        (12_400, "12公里"),
        (1_204_000, "1,204公里"),
    ],
)
def test_distances_in_words(metres: int, told: str) -> None:
    assert distance(metres) == told


def test_another_written_form_is_one_of_the_words_themselves() -> None:
    assert other_form(["红楼梦魇", "紅樓夢：程甲本"], parse("红楼梦")) == "紅樓夢"
    assert other_form(["红楼梦"], parse("紅樓夢 曹雪芹")) == "红楼梦"
    assert other_form(["红楼梦", "Harvard"], parse("红楼梦 harvard")) == ""
    assert other_form(["紅樓夢"], parse("hlm -紅樓夢")) == ""
