"""When a loan is worth a word: so many days before its due date, and so many after.

A stage holds from its day on until the next begins, but no longer than two days more: so a day on which nothing ran is made up for, and
an installation that begins to write does not write of last year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from union_catalog.notices.model import DUE_SOON, DUE_TODAY, OVERDUE

_LATE = 2


@dataclass(frozen=True, slots=True)
class Stage:
    """``day``: of the stage, counted from the due date, negative before it; ``last``: the last day on which it is told."""

    kind: str
    day: int
    last: int

    def due_dates(self, today: date) -> tuple[date, date]:
        """The first and last due date of the loans that have this stage today."""
        return today - timedelta(days=self.last), today - timedelta(days=self.day)


def stages(before: tuple[int, ...], after: tuple[int, ...]) -> tuple[Stage, ...]:
    """The stages of an installation: ``before`` counts days before the due date (0 is the day itself), ``after`` days past it."""
    return tuple(_stages(sorted({*(-day for day in before), *after})))


def _stages(days: list[int]) -> Iterator[Stage]:
    for day, following in zip(days, [*days[1:], days[-1] + _LATE + 1] if days else [], strict=True):
        last = min(day + _LATE, following - 1)
        if day < 0:
            yield Stage(DUE_SOON, day, min(last, -1))
        elif day == 0:
            yield Stage(DUE_TODAY, 0, 0)
        else:
            yield Stage(OVERDUE, day, last)
