"""GCJ-02 to WGS-84 at places whose two positions are published, and over the whole country."""

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_catalog.network.coordinates import gcj02_to_wgs84

# (WGS-84, GCJ-02), latitude before longitude. The pairs are those of the test suites of open coordinate converters, rounded.
KNOWN = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),  # Shanghai
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),  # Shenzhen
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),  # Beijing
]


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    north = (one[0] - other[0]) * 111_320
    return hypot(north, (one[1] - other[1]) * 111_320 * cos(radians(one[0])))


@pytest.mark.parametrize(("wgs84", "gcj02"), KNOWN)
def test_known_places(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    assert metres(gcj02_to_wgs84(*gcj02), wgs84) < 0.5


@given(st.floats(18.5, 53), st.floats(75, 134))
def test_the_offset_is_a_few_hundred_metres_and_smooth(lat: float, lng: float) -> None:
    there = gcj02_to_wgs84(lat, lng)
    assert 10 < metres(there, (lat, lng)) < 1500
    near = gcj02_to_wgs84(lat + 0.00001, lng)
    assert 0.5 < metres(there, near) < 2


@pytest.mark.parametrize("place", [(51.5, -0.12), (-33.9, 151.2), (40.7, -74.0)])
def test_outside_china_nothing_is_moved(place: tuple[float, float]) -> None:
    assert gcj02_to_wgs84(*place) == place
