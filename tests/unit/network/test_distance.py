"""Distances as the crow flies, against values that are known."""

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_catalog.network.distance import metres

LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


@pytest.mark.parametrize(
    ("here", "there", "kilometres"),
    [
        ((0, 0), (0, 1), 111.2),
        ((31, 121), (32, 121), 111.2),
        ((60, 10), (60, 11), 55.6),  # a degree of longitude is half as long at 60° north
        ((0, 179.5), (0, -179.5), 111.2),  # across the date line
        ((90, 0), (-90, 77), 20015.1),
        ((51.4775, -0.4614), (40.6398, -73.7789), 5555),  # London Heathrow to New York JFK, by the geodesic
        ((31.2304, 121.4737), (39.9042, 116.4074), 1068),  # Shanghai to Beijing
    ],
)
def test_known_distances(here: tuple[float, float], there: tuple[float, float], kilometres: float) -> None:
    assert metres(*here, *there) / 1000 == pytest.approx(kilometres, rel=0.005)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_the_way_back_is_as_long_and_none_is_longer_than_half_the_earth(lat: float, lng: float, other: float, along: float) -> None:
    there = metres(lat, lng, other, along)
    assert there == pytest.approx(metres(other, along, lat, lng), abs=0.01)
    assert 0 <= there <= pi * 6_371_009
    assert metres(lat, lng, lat, lng) == pytest.approx(0, abs=0.2)
