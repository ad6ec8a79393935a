"""The calendar of a branch: when it is open in a week, and on which days otherwise. Due dates, pages and answers go by it at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from union_catalog.clock import Clock, instant_text
from union_catalog.context import Context
from union_catalog.errors import ConfigurationError, InvalidInput, NotAllowed
from union_catalog.network.hours import OpeningHours
from union_catalog.network.hours_file import read_hours
from union_catalog.storage import events, network
from union_catalog.storage.events import Event

_DATES = ("date", "until")
MOST_EXCEPTIONS = 400


@dataclass(frozen=True, slots=True)
class Calendar:
    """``hours`` are None where nobody has told them: then every day counts as open."""

    branch: str
    library: str
    hours: OpeningHours | None


def calendar(connection: Connection, branch: str) -> Calendar:
    """The calendar of a branch, past exceptions too. Raises NotFound("unknown_branch")."""
    library, hours = network.calendar(connection, branch)
    return Calendar(branch, library, hours)


def set_calendar(
    connection: Connection, clock: Clock, context: Context, branch: str, week: Mapping[str, Any], exceptions: list[Any]
) -> Calendar:
    """Puts another in the place of the whole calendar; ``week`` and ``exceptions`` as in the network file, days as ISO dates.

    Raises NotFound("unknown_branch"), NotAllowed("other_library"), and InvalidInput with ``place`` and the codes of
    network.hours_file.read_hours. The same calendar again leaves no event.
    """
    library, before = network.calendar(connection, branch, locked=True)
    if context.library not in ("", library):
        raise NotAllowed("other_library", right="calendar", library=library)
    hours = _read(branch, week, exceptions)
    if hours != before:
        network.set_calendar(connection, branch, hours)
        changed = Event("branch.calendar", f"branch:{branch}", library, {"exceptions": [str(special.first) for special in hours.specials]})
        events.append(connection, context, [changed], instant_text(clock.now()))
    return Calendar(branch, library, hours)


def _read(branch: str, week: Mapping[str, Any], exceptions: list[Any]) -> OpeningHours:
    if len(exceptions) > MOST_EXCEPTIONS:
        raise InvalidInput("too_many_exceptions", name="exceptions", most=MOST_EXCEPTIONS)
    try:
        return read_hours(branch, "calendar", week, [_dated(one) for one in exceptions])
    except ConfigurationError as error:
        raise InvalidInput(error.code, name=str(error.data["place"]), **error.data) from error


def _dated(told: object) -> object:
    """An exception with its days as dates; what is no date stays as it is, and is told as a fault."""
    if not isinstance(told, dict):
        return told
    return {name: _day(value) if name in _DATES else value for name, value in told.items()}


def _day(told: object) -> object:
    try:
        return date.fromisoformat(told) if isinstance(told, str) and len(told) == len("2027-02-05") else told
    except ValueError:
        return told
