"""Due dates and late days, counted in the open days of the branch that lent the item.

A day is open where its calendar lets something begin on it; a branch that has told no hours is open every day.
"""

from datetime import date, timedelta

from union_catalog.network.hours import OpeningHours

MOST_DAYS_ROLLED = 60  # a branch closed for longer, or for good: its items are returned elsewhere, and nobody waits for it


def is_open(day: date, hours: OpeningHours | None) -> bool:
    """Whether the branch opens on ``day`` at all."""
    return hours is None or bool(hours.of(day))


def due_date(lent_on: date, days: int, hours: OpeningHours | None) -> date:
    """``days`` after ``lent_on``, and from there on the first open day of the lending branch.

    Where none follows within MOST_DAYS_ROLLED it is the day itself. Never before ``lent_on``, nor later for fewer days.
    """
    plain = lent_on + timedelta(days=days)
    following = (plain + timedelta(days=ahead) for ahead in range(MOST_DAYS_ROLLED + 1))
    return next((day for day in following if is_open(day, hours)), plain)


def open_days_late(due: date, returned_on: date, hours: OpeningHours | None) -> int:
    """How many open days of the lending branch lie after ``due``, up to and with ``returned_on``; 0 for what comes back in time.

    ``returned_on`` is the day on which it was handed in, at whichever branch.
    """
    if returned_on <= due:
        return 0
    if hours is None:
        return (returned_on - due).days
    after = (due + timedelta(days=ahead) for ahead in range(1, (returned_on - due).days + 1))
    return sum(1 for day in after if hours.of(day))
