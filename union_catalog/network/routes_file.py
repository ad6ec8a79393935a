"""Reads courier routes as the network file writes them. Every fault is told with the place where it stands."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from union_catalog.errors import ConfigurationError
from union_catalog.network.couriers import Route, Stop
from union_catalog.network.hours import WEEKDAYS

ROUTE: Mapping[str, type] = {"code": str, "name": str, "name_en": str, "weekdays": list, "stops": list}
_STOP = {"branch", "time"}
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


def read_route(place: str, row: Mapping[str, Any]) -> Route:
    """One row of "routes", whose keys and their kinds have been checked by ROUTE.

    Raises ConfigurationError with ``place``: network_bad_value for weekdays that are none, none at all or twice, fewer than two stops, a
    time that is no time or not later than that of the stop before; network_unknown_key and network_missing_key for a stop's keys.
    """
    weekdays = row["weekdays"]
    _check(bool(weekdays) and all(day in WEEKDAYS for day in weekdays) and len(set(weekdays)) == len(weekdays), f"{place}.weekdays")
    _check(len(row["stops"]) > 1, f"{place}.stops")
    stops = tuple(_stop(f"{place}.stops[{index}]", told) for index, told in enumerate(row["stops"]))
    for index, (before, after) in enumerate(pairwise(stops), 1):
        _check(before.minutes < after.minutes, f"{place}.stops[{index}].time")
    in_order = tuple(day for day in WEEKDAYS if day in weekdays)
    return Route(code=row["code"], name=row["name"], name_en=row.get("name_en", ""), weekdays=in_order, stops=stops)


def _stop(place: str, told: object) -> Stop:
    if not isinstance(told, dict):
        raise ConfigurationError("network_bad_value", place=place)
    for name in told.keys() - _STOP:
        raise ConfigurationError("network_unknown_key", place=f"{place}.{name}")
    for name in sorted(_STOP - told.keys()):
        raise ConfigurationError("network_missing_key", place=f"{place}.{name}")
    time = _TIME.fullmatch(told["time"]) if isinstance(told["time"], str) else None
    _check(isinstance(told["branch"], str), f"{place}.branch")
    if time is None:
        raise ConfigurationError("network_bad_value", place=f"{place}.time")
    return Stop(told["branch"], int(time[1]) * 60 + int(time[2]))


def _check(holds: bool, place: str) -> None:
    if not holds:
        raise ConfigurationError("network_bad_value", place=place)
