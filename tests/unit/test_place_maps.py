"""Schematic maps: everything on the drawing, nothing on top of another, always the same, and north up."""

from itertools import combinations
from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.pages.mapping import WIDTH, Chart, Spot, chart, label_length

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


def test_names_cover_neither_each_other_nor_a_dot() -> None:
    drawn = chart(JIADING, "WEST")
    boxes = []
    for dot in drawn.dots:
        if dot.label:
            long = label_length(dot.spot.name)
            left = dot.x + 10 if dot.label == "start" else dot.x - 10 - long
            boxes.append((left, dot.y - 8, left + long, dot.y + 8))
            assert left >= 0
            assert left + long <= WIDTH
    assert next(dot for dot in drawn.dots if dot.spot.code == "WEST").label
    assert not [1 for one, two in combinations(boxes, 2) if one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]]
    assert not [1 for box in boxes for dot in drawn.dots if box[0] < dot.x < box[2] and box[1] < dot.y < box[3]]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(2700, 3200), st.integers(11900, 12200)), min_size=1, max_size=60))
def test_whatever_the_places_all_are_drawn_inside(positions: list[tuple[int, int]]) -> None:
    spots = tuple(Spot(str(n), "馆", "town", lat / 100, lng / 100) for n, (lat, lng) in enumerate(positions))
    drawn = chart(spots)
    assert {dot.spot.code for dot in drawn.dots} == {spot.code for spot in spots}
    assert all(0 < dot.x < drawn.width and 0 < dot.y < drawn.height for dot in drawn.dots)
    assert chart.__wrapped__(spots) == drawn


@pytest.mark.parametrize("number", [1, 2, 300])
def test_any_number_of_places_of_one_address(number: int) -> None:
    spots = tuple(Spot(str(n), "馆", "town", 31.0, 121.0) for n in range(number))
    drawn = chart(spots)
    assert len({(dot.x, dot.y) for dot in drawn.dots}) == number
    assert drawn.area
