"""When something is due: slots on the time line, each of which is to be used once.

Slots that passed while nothing ran are made up for by one run. Work never done before waits for its first
slot after somebody began to watch.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_LONGEST_GAP = 366 * 8  # days from one 29 February to the next where a century year is skipped
_RANGES = {"minute": (0, 59), "hour": (0, 23), "day": (1, 31), "month": (1, 12), "weekday": (0, 7)}


class When(Protocol):
    """A rule that names slots."""

    def last(self, now: datetime, zone: ZoneInfo, /) -> datetime:
        """The newest slot that is not after ``now``, in UTC."""
        ...

    def next(self, now: datetime, zone: ZoneInfo, /) -> datetime:
        """The first slot after ``now``, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Every:
    """Slots at a fixed distance, the same on every machine whenever it was started."""

    distance: timedelta

    def last(self, now: datetime, _zone: ZoneInfo, /) -> datetime:
        return now - (now - _EPOCH) % self.distance

    def next(self, now: datetime, zone: ZoneInfo, /) -> datetime:
        return self.last(now, zone) + self.distance

    def __str__(self) -> str:
        return f"every {self.distance}"


@dataclass(frozen=True, slots=True)
class Cron:
    """Minute, hour, day, month and weekday on the network's wall clock: ``*``, lists, ranges, steps.

    0 and 7 are Sunday. Raises ValueError for other text, and where both day and weekday are narrowed, because
    what cron does then surprises everybody.
    """

    text: str
    _fields: dict[str, frozenset[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        words = self.text.split()
        if len(words) != len(_RANGES):
            raise ValueError(f"not five fields: {self.text}")
        if words[2] != "*" and words[4] != "*":
            raise ValueError(f"both day and weekday: {self.text}")
        fields = {name: _numbers(word, *_RANGES[name]) for name, word in zip(_RANGES, words, strict=True)}
        object.__setattr__(self, "_fields", fields)
        if next(self._days(date(2000, 1, 1), 1), None) is None:
            raise ValueError(f"never: {self.text}")

    def last(self, now: datetime, zone: ZoneInfo, /) -> datetime:
        days = self._days(now.astimezone(zone).date(), -1)
        slots = (slot for day in days for slot in reversed(self._of(day, zone)))
        return next(slot for slot in slots if slot <= now)

    def next(self, now: datetime, zone: ZoneInfo, /) -> datetime:
        days = self._days(now.astimezone(zone).date(), 1)
        slots = (slot for day in days for slot in self._of(day, zone))
        return next(slot for slot in slots if slot > now)

    def _days(self, start: date, step: int) -> Iterator[date]:
        days = (start + timedelta(days=number * step) for number in range(_LONGEST_GAP + 1))
        return (day for day in days if self._has(day))

    def _has(self, day: date) -> bool:
        weekday = not self._fields["weekday"].isdisjoint({day.isoweekday(), day.isoweekday() % 7})
        return weekday and day.day in self._fields["day"] and day.month in self._fields["month"]

    def _of(self, day: date, zone: ZoneInfo) -> list[datetime]:
        hours, minutes = self._fields["hour"], self._fields["minute"]
        times = (time(hour, minute, tzinfo=zone) for hour in hours for minute in minutes)
        return sorted(datetime.combine(day, moment).astimezone(UTC) for moment in times)

    def __str__(self) -> str:
        return self.text


def _numbers(word: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in word.split(","):
        span, _, step = part.partition("/")
        first, _, last = (str(low), "-", str(high)) if span == "*" else span.partition("-")
        begin, end, stride = int(first), int(last or (high if step else first)), int(step or 1)
        if not (low <= begin <= end <= high and stride > 0):
            raise ValueError(f"out of range: {word}")
        found.update(range(begin, end + 1, stride))
    return frozenset(found)


def due_slot(when: When, now: datetime, zone: ZoneInfo, *, latest: datetime | None, watching_since: datetime) -> datetime | None:
    """The slot to use now, or None. ``latest``: when the newest job of the kind was made."""
    slot = when.last(now, zone)
    return slot if slot > (latest or watching_since) else None
