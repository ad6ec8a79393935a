"""Libraries and branches by the names that readers have for them."""

import pytest

from union_catalog.search.nodes import describe
from union_catalog.search.places import MOST_PLACES, asks_for_places, located
from union_catalog.search.query import parse

LIBRARIES = {"JD": ("嘉定区图书馆", "Jiading District Library"), "JX": ("嘉兴市图书馆", "Jiaxing Library")}
BRANCHES = {"JD-ML": ("马陆镇图书馆", "Malu Branch"), "JD-NX": ("南翔镇图书馆",), "JX-NX": ("南翔书屋",)}


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("馆:JD", "library:JD"),
        ("library:jd", "library:JD"),
        ("馆：嘉定", "library:JD"),
        ("馆:嘉定图书馆", "library:JD"),
        ("馆:嘉定區圖書館", "library:JD"),
        ('library:"jiading library"', "library:JD"),
        ("馆:嘉", "library:JD OR library:JX"),
        ("馆:马陆", "branch:JD-ML"),
        ("分馆:南翔", "branch:JD-NX OR branch:JX-NX"),
        ("红楼梦 -馆:嘉兴", "红楼梦 -library:JX"),
        ("-馆:南翔", "-(branch:JD-NX OR branch:JX-NX)"),
        ("title:红楼梦 OR 馆:嘉", "title:红楼梦 OR library:JD OR library:JX"),
    ],
)
def test_places_are_found_by_code_and_name(typed: str, understood: str) -> None:
    query = parse(typed)
    assert asks_for_places(query)
    answer = located(query, LIBRARIES, BRANCHES)
    assert describe(answer.nodes) == understood
    assert answer.text == query.text
    assert answer.warnings == query.warnings


def test_an_unknown_place_is_plain_words_and_told() -> None:
    answer = located(parse("红楼梦 馆:火星"), LIBRARIES, BRANCHES)
    assert describe(answer.nodes) == "红楼梦 火星"
    assert [(warning.code, warning.part) for warning in answer.warnings] == [("unknown_library", "火星")]


def test_a_name_of_too_many_places_is_none() -> None:
    crowd = {f"B{i}": (f"第{i}书屋",) for i in range(MOST_PLACES + 1)}
    assert [warning.code for warning in located(parse("馆:书屋"), LIBRARIES, crowd).warnings] == ["unknown_library"]


def test_a_query_without_places_asks_for_none() -> None:
    assert not asks_for_places(parse("红楼梦 -author:曹雪芹 year:2000"))
