"""Courier routes: on which days the van goes, and when it calls at which branch. Times are those of the network's clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from union_catalog.network.hours import WEEKDAYS, clock_text

_DAYS_AHEAD = 8  # a route goes every week: on one of the next eight days it calls again


@dataclass(frozen=True, slots=True)
class Stop:
    """``minutes`` since midnight. A branch may be called at twice: where the van sets out and comes back."""

    branch: str
    minutes: int

    def __str__(self) -> str:
        return f"{self.branch} {clock_text(self.minutes)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """``weekdays`` are some of WEEKDAYS in their order, ``stops`` two or more in the order of the day."""

    code: str
    name: str
    name_en: str = ""
    weekdays: tuple[str, ...]
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One time that a van calls at a branch; ``at`` is aware."""

    route: str
    branch: str
    at: datetime


def calls(routes: Iterable[Route], branch: str, now: datetime) -> tuple[Call, ...]:
    """When vans call at a branch within the next eight days, ``now`` included, the soonest first. ``now`` is in the network's time zone."""
    found = (call for route in routes for call in _calls(route, branch, now) if call.at >= now)
    return tuple(sorted(found, key=lambda call: (call.at, call.route)))


def _calls(route: Route, branch: str, now: datetime) -> Iterator[Call]:
    for ahead in range(_DAYS_AHEAD):
        day = now.date() + timedelta(days=ahead)
        if WEEKDAYS[day.weekday()] not in route.weekdays:
            continue
        midnight = datetime.combine(day, time(), now.tzinfo)
        for stop in route.stops:
            if stop.branch == branch:
                yield Call(route.code, branch, midnight + timedelta(minutes=stop.minutes))
