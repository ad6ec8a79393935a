"""How far two places are from each other as the crow flies."""

from math import asin, cos, radians, sin, sqrt

_EARTH = 6_371_008.8  # the mean radius of WGS-84's ellipsoid, in metres (IUGG)


def metres(lat: float, lng: float, other_lat: float, other_lng: float) -> float:
    """Along the great circle between two WGS-84 positions in degrees; right to 0.5 %, as the earth is no sphere."""
    north, other_north = radians(lat), radians(other_lat)
    half_chord = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin(radians(other_lng - lng) / 2) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(half_chord)))
