"""Due dates and late days: open days of the lending branch, whatever its calendar says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_catalog.circulation.due import MOST_DAYS_ROLLED, due_date, is_open, open_days_late
from union_catalog.circulation.items import is_long_overdue
from union_catalog.circulation.policy import Terms
from union_catalog.network.hours import OpeningHours, Span, Special

DAY = (Span(540, 1020),)
WEEK = OpeningHours(((), DAY, DAY, DAY, DAY, DAY, DAY))  # closed on Mondays
SPRING = OpeningHours(WEEK.week, (Special(date(2027, 2, 5), date(2027, 2, 8)), Special(date(2027, 2, 7), date(2027, 2, 7), DAY)))
NEVER = OpeningHours(((),) * 7)

DATES = st.dates(date(2026, 1, 1), date(2028, 12, 31))
SPANS = st.sampled_from([(), DAY])
SPECIALS = st.builds(lambda first, days, spans: Special(first, first + timedelta(days=days), spans), DATES, st.integers(0, 90), SPANS)
HOURS = st.none() | st.builds(OpeningHours, st.tuples(*[SPANS] * 7), st.lists(SPECIALS, max_size=4).map(tuple))


@pytest.mark.parametrize(
    ("lent_on", "days", "hours", "due"),
    [
        (date(2026, 11, 23), 30, None, date(2026, 12, 23)),
        (date(2026, 11, 24), 30, WEEK, date(2026, 12, 24)),
        (date(2026, 11, 23), 7, WEEK, date(2026, 12, 1)),  # a Monday
        (date(2027, 1, 6), 30, SPRING, date(2027, 2, 7)),  # the 5th and 6th are holidays; the later exception opens the 7th
        (date(2027, 1, 9), 30, SPRING, date(2027, 2, 9)),
        (date(2026, 11, 23), 30, NEVER, date(2026, 12, 23)),
        (date(2026, 11, 24), 0, WEEK, date(2026, 11, 24)),
    ],
)
def test_a_due_date_falls_on_an_open_day(lent_on: date, days: int, hours: OpeningHours | None, due: date) -> None:
    assert due_date(lent_on, days, hours) == due


def test_nobody_waits_for_a_branch_that_is_closed_for_long() -> None:
    plain = date(2026, 12, 23)
    for closed, due in ((MOST_DAYS_ROLLED, plain + timedelta(days=MOST_DAYS_ROLLED)), (MOST_DAYS_ROLLED + 1, plain)):
        until = plain + timedelta(days=closed - 1)
        assert due_date(date(2026, 11, 23), 30, OpeningHours((DAY,) * 7, (Special(plain, until),))) == due


@pytest.mark.parametrize(
    ("due", "returned_on", "hours", "late"),
    [
        (date(2026, 12, 1), date(2026, 12, 1), WEEK, 0),
        (date(2026, 12, 1), date(2026, 11, 30), WEEK, 0),
        (date(2026, 12, 1), date(2026, 12, 2), WEEK, 1),
        (date(2026, 12, 6), date(2026, 12, 7), WEEK, 0),  # handed in elsewhere on the Monday on which the lender is closed
        (date(2026, 12, 1), date(2026, 12, 15), WEEK, 12),
        (date(2026, 12, 1), date(2026, 12, 15), None, 14),
        (date(2027, 2, 4), date(2027, 2, 10), SPRING, 3),
        (date(2026, 12, 1), date(2027, 12, 1), NEVER, 0),
    ],
)
def test_only_open_days_of_the_lender_are_late(due: date, returned_on: date, hours: OpeningHours | None, late: int) -> None:
    assert open_days_late(due, returned_on, hours) == late


@pytest.mark.parametrize(
    ("after", "hours", "today", "lost"),
    [
        (14, None, date(2026, 12, 15), False),  # the fourteenth late day is not over
        (14, None, date(2026, 12, 16), True),
        (14, WEEK, date(2026, 12, 17), False),  # two Mondays among them
        (14, WEEK, date(2026, 12, 18), True),
        (14, NEVER, date(2027, 12, 1), False),
        (0, None, date(2027, 12, 1), False),
    ],
)
def test_open_days_of_the_lender_make_a_late_item_a_lost_one(after: int, hours: OpeningHours | None, today: date, lost: bool) -> None:
    terms = Terms(days=30, renewals=0, renewal_days=30, quota=1, lost_after=after)
    assert is_long_overdue(date(2026, 12, 1), today, terms, hours) is lost


@given(DATES, st.integers(0, 365), HOURS)
def test_a_due_date_is_open_or_where_nothing_opens_the_day_itself(lent_on: date, days: int, hours: OpeningHours | None) -> None:
    plain, due = lent_on + timedelta(days=days), due_date(lent_on, days, hours)
    assert plain <= due <= plain + timedelta(days=MOST_DAYS_ROLLED)
    assert is_open(due, hours) or due == plain
    assert not any(is_open(plain + timedelta(days=ahead), hours) for ahead in range((due - plain).days))


@given(DATES, st.integers(0, 364), HOURS)
def test_a_longer_loan_is_never_due_sooner(lent_on: date, days: int, hours: OpeningHours | None) -> None:
    assert due_date(lent_on, days, hours) <= due_date(lent_on, days + 1, hours)


@given(DATES, st.integers(0, 60), st.integers(0, 60), HOURS)
def test_late_days_add_up_and_are_none_in_time(due: date, first: int, second: int, hours: OpeningHours | None) -> None:
    middle, end = due + timedelta(days=first), due + timedelta(days=first + second)
    assert open_days_late(due, end, hours) == open_days_late(due, middle, hours) + open_days_late(middle, end, hours)
    assert open_days_late(end, due, hours) == 0
    assert open_days_late(due, end, hours) <= (end - due).days
