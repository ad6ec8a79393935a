"""Reads hours and exceptions as the network file writes them. Every fault is told with the branch and the place where it stands."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from union_catalog.errors import ConfigurationError
from union_catalog.network.hours import MINUTES_OF_DAY, WEEKDAYS, DayHours, OpeningHours, Span, Special

_SPAN = re.compile(r"(\d{1,2}):([0-5]\d)\s*[-–]\s*(\d{1,2}):([0-5]\d)", re.ASCII)
_EXCEPTION_KEYS = {"date": date, "until": date, "hours": list, "note": str, "note_en": str}


def read_hours(branch: str, place: str, hours: Mapping[str, Any], exceptions: list[Any]) -> OpeningHours:
    """The hours of one branch.

    ``hours``: weekdays, or ranges of them such as "tue-sun", to lists of spans; every day once. ``exceptions``: tables with ``date``,
    perhaps ``until``, ``hours`` (none: closed), ``note`` and ``note_en``. Raises ConfigurationError with ``branch``, ``place`` and
    ``value``: network_bad_hours, network_bad_day, network_day_missing, network_day_twice, network_bad_exception.
    """
    week: dict[str, DayHours] = {}
    for days, spans in hours.items():
        where = f"{place}.hours.{days}"
        for day in _days(branch, where, days):
            if day in week:
                raise ConfigurationError("network_day_twice", branch=branch, place=where, value=day)
            week[day] = _spans(branch, where, spans)
    missing = tuple(day for day in WEEKDAYS if day not in week)
    if missing:
        raise ConfigurationError("network_day_missing", branch=branch, place=f"{place}.hours", value=missing)
    specials = (_special(branch, f"{place}.exceptions[{index}]", told) for index, told in enumerate(exceptions))
    return OpeningHours(tuple(week[day] for day in WEEKDAYS), tuple(specials))


def _days(branch: str, place: str, told: str) -> tuple[str, ...]:
    first, _, last = told.partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS or WEEKDAYS.index(last or first) < WEEKDAYS.index(first):
        raise ConfigurationError("network_bad_day", branch=branch, place=place, value=told)
    return WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1]


def _spans(branch: str, place: str, told: object) -> DayHours:
    if not isinstance(told, list):
        raise ConfigurationError("network_bad_hours", branch=branch, place=place, value=str(told))
    spans = [_span(branch, place, one) for one in told]
    overlap = next((second for first, second in pairwise(spans) if second.opens < first.closes), None)
    if overlap or (spans and spans[-1].closes > spans[0].opens + MINUTES_OF_DAY):
        raise ConfigurationError("network_bad_hours", branch=branch, place=place, value=str(overlap or spans[-1]))
    return tuple(spans)


def _span(branch: str, place: str, told: object) -> Span:
    read = _SPAN.fullmatch(told.strip()) if isinstance(told, str) else None
    if read:
        first, second = (int(hour) * 60 + int(minute) for hour, minute in (read.group(1, 2), read.group(3, 4)))
        if first < MINUTES_OF_DAY and second <= MINUTES_OF_DAY and first != second:
            return Span(first, second if second > first else second + MINUTES_OF_DAY)
    raise ConfigurationError("network_bad_hours", branch=branch, place=place, value=str(told))


def _special(branch: str, place: str, told: object) -> Special:
    if not isinstance(told, dict) or "date" not in told:
        raise ConfigurationError("network_bad_exception", branch=branch, place=f"{place}.date", value="")
    for name, value in told.items():
        known = isinstance(value, _EXCEPTION_KEYS.get(name, ()))
        if not known or isinstance(value, datetime):  # a datetime is a date to Python, but no day
            raise ConfigurationError("network_bad_exception", branch=branch, place=f"{place}.{name}", value=str(value))
    first: date = told["date"]
    last: date = told.get("until", first)
    if last < first:
        raise ConfigurationError("network_bad_exception", branch=branch, place=f"{place}.until", value=str(last))
    spans = _spans(branch, f"{place}.hours", told.get("hours", []))
    return Special(first, last, spans, told.get("note", ""), told.get("note_en", ""))
