"""GCJ-02, the offset datum of Chinese maps, to WGS-84.

The offset is the published polynomial of the datum on the Krasovsky 1940 ellipsoid; the way back is found by iteration, to better
than a centimetre. Outside China's bounding box the two are the same.
"""

from math import cos, fabs, pi, sin, sqrt

_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323


def gcj02_to_wgs84(lat: float, lng: float) -> tuple[float, float]:
    """(latitude, longitude) in degrees, both ways."""
    if not (0.8293 <= lat <= 55.8271 and 72.004 <= lng <= 137.8347):
        return lat, lng
    guess = (lat, lng)
    for _ in range(6):
        there = _wgs84_to_gcj02(*guess)
        guess = (guess[0] + lat - there[0], guess[1] + lng - there[1])
    return round(guess[0], 7), round(guess[1], 7)


def _wgs84_to_gcj02(lat: float, lng: float) -> tuple[float, float]:
    x, y = lng - 105.0, lat - 35.0
    radians = lat / 180.0 * pi
    magic = 1 - _ECCENTRICITY * sin(radians) ** 2
    north = _north(x, y) * 180.0 / (_AXIS * (1 - _ECCENTRICITY) / (magic * sqrt(magic)) * pi)
    east = _east(x, y) * 180.0 / (_AXIS / sqrt(magic) * cos(radians) * pi)
    return lat + north, lng + east


def _north(x: float, y: float) -> float:
    metres = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x))
    metres += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    metres += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    return metres + (160.0 * sin(y / 12.0 * pi) + 320 * sin(y * pi / 30.0)) * 2.0 / 3.0


def _east(x: float, y: float) -> float:
    metres = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x))
    metres += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    metres += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    return metres + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
