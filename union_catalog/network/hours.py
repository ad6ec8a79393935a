"""When a place is open: hours by weekday, announced exceptions by date, and what follows for a moment.

Times are those of the wall clock of the place's time zone. A span that ends at or before its beginning in the file goes past midnight and
belongs to the day on which it begins; an exception replaces what begins on its days and nothing that began before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_OF_DAY = 24 * 60
_DAY = timedelta(days=1)
_ALWAYS = timedelta(days=8)  # open longer than this without a pause is open always
_LOOK_AHEAD_DAYS = 400


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """In minutes since the midnight that begins the day; ``closes`` is greater than ``opens`` and may lie in the next day."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{clock_text(self.opens)}-{clock_text(self.closes)}"


DayHours = tuple[Span, ...]
"""In order and without overlap; empty is closed."""


@dataclass(frozen=True, slots=True)
class Special:
    """Other hours from ``first`` to ``last``, both included, and why."""

    first: date
    last: date
    spans: DayHours = ()
    note: str = ""
    note_en: str = ""

    def __str__(self) -> str:
        days = f"{self.first}" if self.first == self.last else f"{self.first}..{self.last}"
        return f"{days} {spans_text(self.spans)} {self.note}".rstrip()


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """``week`` begins with Monday and has seven days. Of two specials for a day the later in the list is meant."""

    week: tuple[DayHours, ...]
    specials: tuple[Special, ...] = ()

    def special(self, day: date) -> Special | None:
        """The exception in force on a day."""
        return next((special for special in reversed(self.specials) if special.first <= day <= special.last), None)

    def of(self, day: date) -> DayHours:
        """What begins on a day."""
        special = self.special(day)
        return self.week[day.weekday()] if special is None else special.spans

    def __str__(self) -> str:
        week = ", ".join(f"{name} {spans_text(spans)}" for name, spans in zip(WEEKDAYS, self.week, strict=True))
        return "; ".join((week, *map(str, self.specials)))


@dataclass(frozen=True, slots=True)
class OpenState:
    """``until`` is when an open place closes or a closed one opens next, aware; None where it always is so or nobody knows.

    ``special``: the exception that is in force today.
    """

    state: Literal["open", "closed", "unknown"]
    until: datetime | None = None
    special: Special | None = None


UNKNOWN = OpenState("unknown")


def open_state(hours: OpeningHours | None, now: datetime) -> OpenState:
    """Whether the place is open at ``now``, which is aware and in the place's time zone. Without hours it is unknown."""
    if hours is None:
        return UNKNOWN
    here = now.replace(tzinfo=None)
    special = hours.special(here.date())
    for begins, ends in _stretches(hours, here.date() - _DAY):
        if ends <= here:
            continue
        if begins > here:
            return OpenState("closed", begins.replace(tzinfo=now.tzinfo), special)
        return OpenState("open", None if ends - begins > _ALWAYS else ends.replace(tzinfo=now.tzinfo), special)
    return OpenState("closed", None, special)


def _stretches(hours: OpeningHours, first: date) -> Iterator[tuple[datetime, datetime]]:
    """When it is open without a pause, in order, beginning with what begins on ``first``."""
    begun: tuple[datetime, datetime] | None = None
    for span in _spans(hours, first):
        if begun is not None and span[0] <= begun[1] and begun[1] - begun[0] <= _ALWAYS:
            begun = (begun[0], max(begun[1], span[1]))
            continue
        if begun is not None:
            yield begun
        begun = span
    if begun is not None:
        yield begun


def _spans(hours: OpeningHours, first: date) -> Iterator[tuple[datetime, datetime]]:
    for offset in range(_LOOK_AHEAD_DAYS):
        day = first + timedelta(days=offset)
        midnight = datetime.combine(day, time())
        for span in hours.of(day):
            yield midnight + timedelta(minutes=span.opens), midnight + timedelta(minutes=span.closes)


def clock_text(minutes: int) -> str:
    """9:00; 24:00 at the end of the day, and the next day's time for what lies in it."""
    minutes = minutes if minutes <= MINUTES_OF_DAY else minutes - MINUTES_OF_DAY
    return f"{minutes // 60}:{minutes % 60:02}"


def spans_text(spans: DayHours) -> str:
    """As the network file writes them, "closed" for none."""
    return " ".join(map(str, spans)) or "closed"
