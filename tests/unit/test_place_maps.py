"""Schematic maps: everything on the drawing, nothing on top of another, always the same, and north up."""

import tomllib
from itertools import combinations
from math import hypot
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.pages.mapping import Box, Chart, Spot, chart, label_length

JIADING = (
    Spot("NEW", "新馆", "main", 31.353, 121.251),
    Spot("NORTH", "华亭镇图书馆", "town", 31.4624, 121.2371),
    Spot("WEST", "安亭镇图书馆", "town", 31.2989, 121.1576),
    Spot("SAME1", "我嘉书房", "wojia_study", 31.2998, 121.3118),
    Spot("SAME2", "南翔镇图书馆", "town", 31.2998, 121.3118),
)


def at(drawn: Chart) -> dict[str, tuple[float, float]]:
    return {dot.spot.code: (dot.x, dot.y) for dot in drawn.dots}


def test_north_is_up_and_west_is_left() -> None:
    places = at(chart(JIADING))
    assert places["NORTH"][1] < places["NEW"][1] < places["WEST"][1]
    assert places["WEST"][0] < places["NEW"][0] < places["SAME1"][0]


def test_places_of_one_address_stand_beside_each_other() -> None:
    places = at(chart(JIADING))
    assert hypot(places["SAME1"][0] - places["SAME2"][0], places["SAME1"][1] - places["SAME2"][1]) > 12


def test_links_follow_in_reading_order() -> None:
    dots = chart(JIADING).dots
    assert [dot.y // 40 for dot in dots] == sorted(dot.y // 40 for dot in dots)


def boxes(drawn: Chart) -> list[Box]:
    return [dot.side.box((dot.x, dot.y), label_length(dot.spot.name)) for dot in drawn.dots if dot.named]


def covered(drawn: Chart) -> int:
    """How many names cover another one or a dot, or leave the drawing."""
    names = boxes(drawn)
    outside = sum(left < 0 or top < 0 or right > drawn.width or bottom > drawn.height for left, top, right, bottom in names)
    double = sum(one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3] for one, two in combinations(names, 2))
    return outside + double + sum(box[0] < dot.x < box[2] and box[1] < dot.y < box[3] for box in names for dot in drawn.dots)


def test_names_cover_neither_each_other_nor_a_dot() -> None:
    drawn = chart(JIADING, "WEST")
    assert covered(drawn) == 0
    assert [dot.spot.code for dot in drawn.dots if not dot.named] == []


def regions(field: str) -> list[tuple[Spot, ...]]:
    """The places of the demonstration that have a position, by region, with their names in the language of that field."""
    told = tomllib.loads((Path(__file__).resolve().parents[2] / "demo" / "network.toml").read_text("utf-8"))
    region = {library["code"]: library["region"] for library in told["libraries"]}
    drawn = [branch for branch in told["branches"] if "lat" in branch]
    spots = [(region[b["library"]], Spot(b["code"], b[field], b.get("kind", ""), b["lat"], b["lng"])) for b in drawn]
    return [tuple(spot for of, spot in spots if of == code) for code in sorted(set(region.values()))]


def test_a_name_finds_room_above_or_below_where_there_is_none_beside() -> None:
    """秀洲区分馆 has the edge to its left and the next place to its right."""
    for spots in regions("name"):
        drawn = chart(spots)
        assert covered(drawn) == 0
        assert [dot.spot.name for dot in drawn.dots if not dot.named] == []


def test_few_english_names_find_no_room() -> None:
    charts = [chart(spots) for spots in regions("name_en")]
    assert sum(map(covered, charts)) == 0
    assert sum(not dot.named for drawn in charts for dot in drawn.dots) <= 3


def test_the_place_a_map_is_about_is_named_in_any_crowd_and_nothing_stands_on_its_name() -> None:
    spots = tuple(Spot(str(n), "工业区职工书屋", "town", 31.3 + n % 6 / 500, 121.2 + n // 6 / 500) for n in range(36))
    drawn = chart(spots, "14")
    [about] = [dot for dot in drawn.dots if dot.spot.code == "14"]
    assert about.named
    own = about.side.box((about.x, about.y), label_length(about.spot.name))
    assert not [box for box in boxes(drawn) if box != own and own[0] < box[2] and box[0] < own[2] and own[1] < box[3] and box[1] < own[3]]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(2700, 3200), st.integers(11900, 12200)), min_size=1, max_size=60))
def test_whatever_the_places_all_are_drawn_inside(positions: list[tuple[int, int]]) -> None:
    spots = tuple(Spot(str(n), "图书馆", "town", lat / 100, lng / 100) for n, (lat, lng) in enumerate(positions))
    drawn = chart(spots)
    assert {dot.spot.code for dot in drawn.dots} == {spot.code for spot in spots}
    assert all(0 < dot.x < drawn.width and 0 < dot.y < drawn.height for dot in drawn.dots)
    assert covered(drawn) == 0
    assert chart.__wrapped__(spots) == drawn


@pytest.mark.parametrize("number", [1, 2, 300])
def test_any_number_of_places_of_one_address(number: int) -> None:
    spots = tuple(Spot(str(n), "馆", "town", 31.0, 121.0) for n in range(number))
    drawn = chart(spots)
    assert len({(dot.x, dot.y) for dot in drawn.dots}) == number
    assert drawn.area
