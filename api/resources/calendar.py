"""/branches/{code}/calendar: when a branch is open, for whoever reads it and for the library that sets it."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.auth import demand_library
from api.idempotency import Acting, Done, command
from api.resources.operation import blueprint, catalogue, get, json_response
from api.schemas.calendar import CalendarAnswer, CalendarBody, CalendarException
from api.schemas.fields import Arguments
from union_catalog.network.hours import WEEKDAYS, DayHours, Special
from union_catalog.services import calendars
from union_catalog.services.calendars import Calendar

group = blueprint("calendar", "Opening hours and exceptions of a branch")


@get(group, "/branches/<code>/calendar", arguments=Arguments, answer=CalendarAnswer, problems=(404,))
def calendar(_: object, code: str) -> Response:
    """The whole calendar of a branch, exceptions that are over too"""
    with catalogue().database.read() as connection:
        return json_response(_answer(calendars.calendar(connection, code)))


@command(group, "PUT", "/branches/<code>/calendar", body=CalendarBody, answer=CalendarAnswer, problems=(404,))
def set_calendar(acting: Acting, told: Mapping[str, Any], code: str) -> Done:
    """Put another in the place of a branch's calendar

    Pages and due dates go by it at once; what is lent already keeps its due date.
    """
    demand_library(calendars.calendar(acting.connection, code).library)
    found = calendars.set_calendar(acting.connection, acting.clock, acting.context, code, told["hours"], told["exceptions"])
    return Done(_answer(found))


def _answer(found: Calendar) -> CalendarAnswer:
    hours = found.hours
    return CalendarAnswer(
        branch=found.branch,
        library=found.library,
        hours={day: _spans(spans) for day, spans in zip(WEEKDAYS, hours.week, strict=True)} if hours else None,
        exceptions=tuple(map(_exception, hours.specials)) if hours else (),
    )


def _exception(special: Special) -> CalendarException:
    return CalendarException(
        date=special.first.isoformat(),
        until=special.last.isoformat(),
        hours=_spans(special.spans),
        note=special.note,
        note_en=special.note_en,
    )


def _spans(spans: DayHours) -> tuple[str, ...]:
    return tuple(map(str, spans))
