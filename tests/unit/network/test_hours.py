"""Whether a place is open, until when, and how the network file says it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_catalog.errors import ConfigurationError
from union_catalog.network.file import read_network
from union_catalog.network.hours import MINUTES_OF_DAY, OpeningHours, Span, Special, open_state

SHANGHAI = ZoneInfo("Asia/Shanghai")
BRANCH = '[[libraries]]\ncode = "A"\nname = "甲馆"\n\n[[branches]]\ncode = "A-1"\nlibrary = "A"\nname = "一分馆"\n'
TOWN = 'hours = { mon = [], tue-fri = ["9:00-11:30", "13:00-17:00"], sat-sun = ["9:00-20:30"] }\n'
NIGHT = 'hours = { mon-thu = [], fri-sat = ["20:00-2:00"], sun = [] }\n'
ALWAYS = 'hours = { mon-sun = ["0:00-24:00"] }\n'


def hours(told: str, exceptions: str = "") -> OpeningHours:
    """What the network file says of a branch."""
    found = read_network(BRANCH + told + exceptions).branches[0].hours
    assert found is not None
    return found


def at(day: int, clock: str) -> datetime:
    """A moment of November 2026; the 23rd is a Monday."""
    hour, _, minute = clock.partition(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("told", "now", "state", "until"),
    [
        (TOWN, at(24, "9:00"), "open", at(24, "11:30")),
        (TOWN, at(24, "8:59"), "closed", at(24, "9:00")),
        (TOWN, at(24, "11:30"), "closed", at(24, "13:00")),
        (TOWN, at(24, "16:59"), "open", at(24, "17:00")),
        (TOWN, at(24, "17:00"), "closed", at(25, "9:00")),
        (TOWN, at(22, "20:30"), "closed", at(24, "9:00")),
        (TOWN, at(23, "10:00"), "closed", at(24, "9:00")),
        (NIGHT, at(21, "1:59"), "open", at(21, "2:00")),
        (NIGHT, at(22, "1:00"), "open", at(22, "2:00")),
        (NIGHT, at(21, "23:00"), "open", at(22, "2:00")),
        (NIGHT, at(22, "2:00"), "closed", at(27, "20:00")),
        (ALWAYS, at(23, "3:00"), "open", None),
        ('hours = { mon-sun = [] }\n', at(23, "3:00"), "closed", None),
        ('hours = { mon = ["8:00-24:00"], tue = ["0:00-18:00"], wed-sun = [] }\n', at(23, "9:00"), "open", at(24, "18:00")),
    ],
)  # fmt: skip
def test_open_or_closed_and_until_when(told: str, now: datetime, state: str, until: datetime | None) -> None:
    found = open_state(hours(told), now)
    assert (found.state, found.until) == (state, until)


CLOSED = 'exceptions = [{ date = 2026-11-24, until = 2026-11-25, note = "盘点", note_en = "Stocktaking" }]\n'
SHORT = 'exceptions = [{ date = 2026-11-24, hours = ["10:00-12:00"] }]\n'


def test_an_exception_takes_the_place_of_its_days() -> None:
    found = open_state(hours(TOWN, CLOSED), at(24, "10:00"))
    assert (found.state, found.until) == ("closed", at(26, "9:00"))
    assert found.special == Special(date(2026, 11, 24), date(2026, 11, 25), (), "盘点", "Stocktaking")
    assert open_state(hours(TOWN, CLOSED), at(26, "10:00")).special is None
    assert open_state(hours(TOWN, SHORT), at(24, "9:30")).until == at(24, "10:00")
    assert open_state(hours(TOWN, SHORT), at(24, "13:30")).until == at(25, "9:00")


def test_the_night_before_an_exception_ends_as_it_began() -> None:
    night = hours(NIGHT, "exceptions = [{ date = 2026-11-21 }]\n")
    assert open_state(night, at(21, "1:00")).until == at(21, "2:00")
    assert open_state(night, at(21, "21:00")).until == at(27, "20:00")


def test_a_place_that_is_always_open_may_close_once() -> None:
    found = open_state(hours(ALWAYS, "exceptions = [{ date = 2026-11-25 }]\n"), at(23, "3:00"))
    assert (found.state, found.until) == ("open", at(25, "0:00"))


def test_months_of_rebuilding_are_looked_over() -> None:
    rebuilding = hours(TOWN, 'exceptions = [{ date = 2026-09-01, until = 2027-08-31, note = "装修" }]\n')
    assert open_state(rebuilding, at(24, "10:00")).until == datetime(2027, 9, 1, 9, tzinfo=SHANGHAI)


def test_where_nobody_has_told_hours_nothing_is_known() -> None:
    assert read_network(BRANCH).branches[0].hours is None
    assert open_state(None, at(24, "10:00")).state == "unknown"


SPANS = st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] < pair[1]), max_size=2).map(
    lambda pairs: tuple(Span(*pair) for pair in pairs if pair == min(pairs))
)


@given(st.tuples(*[SPANS] * 7), st.integers(0, 14 * MINUTES_OF_DAY))
def test_what_is_said_to_come_next_comes_next(week: tuple[tuple[Span, ...], ...], minute: int) -> None:
    now = datetime(2026, 11, 2 + minute // MINUTES_OF_DAY, minute // 60 % 24, minute % 60, tzinfo=SHANGHAI)
    found = open_state(OpeningHours(week), now)
    inside = any(span.opens <= minute % MINUTES_OF_DAY < span.closes for span in week[now.weekday()])
    assert (found.state == "open") is inside
    if found.until is not None:
        assert found.until > now
        assert open_state(OpeningHours(week), found.until).state != found.state


FAULTS = [
    ('hours = { mon-sat = ["9:00-17:00"] }', "network_day_missing", "branches[0].hours"),
    ('hours = { mon-sun = [], tue = [] }', "network_day_twice", "branches[0].hours.tue"),
    ('hours = { monday = [] }', "network_bad_day", "branches[0].hours.monday"),
    ('hours = { sun-mon = [] }', "network_bad_day", "branches[0].hours.sun-mon"),
    ('hours = { mon-sun = "9:00-17:00" }', "network_bad_hours", "branches[0].hours.mon-sun"),
    ('hours = { mon-sun = ["9-17"] }', "network_bad_hours", "branches[0].hours.mon-sun"),
    ('hours = { mon-sun = ["9:00-24:30"] }', "network_bad_hours", "branches[0].hours.mon-sun"),
    ('hours = { mon-sun = ["24:00-8:00"] }', "network_bad_hours", "branches[0].hours.mon-sun"),
    ('hours = { mon-sun = ["9:00-9:00"] }', "network_bad_hours", "branches[0].hours.mon-sun"),
    ('hours = { mon-sun = ["13:00-17:00", "9:00-11:00"] }', "network_bad_hours", "branches[0].hours.mon-sun"),
    ('hours = { mon-sun = ["9:00-13:00", "12:00-17:00"] }', "network_bad_hours", "branches[0].hours.mon-sun"),
    ('hours = { mon-sun = ["9:00-17:00", "20:00-10:00"] }', "network_bad_hours", "branches[0].hours.mon-sun"),
    ('hours = "always"', "network_bad_value", "branches[0].hours"),
    ('exceptions = [{ date = 2026-11-24 }]', "network_no_hours", "branches[0].exceptions"),
    (ALWAYS + 'exceptions = [{ note = "休" }]', "network_bad_exception", "branches[0].exceptions[0].date"),
    (ALWAYS + 'exceptions = [{ date = "2026-11-24" }]', "network_bad_exception", "branches[0].exceptions[0].date"),
    (ALWAYS + "exceptions = [{ date = 2026-11-24T00:00:00 }]", "network_bad_exception", "branches[0].exceptions[0].date"),
    (ALWAYS + "exceptions = [{ date = 2026-11-24, until = 2026-11-23 }]", "network_bad_exception", "branches[0].exceptions[0].until"),
    (ALWAYS + 'exceptions = [{ date = 2026-11-24, why = "休" }]', "network_bad_exception", "branches[0].exceptions[0].why"),
    (ALWAYS + 'exceptions = [{ date = 2026-11-24, hours = ["x"] }]', "network_bad_hours", "branches[0].exceptions[0].hours"),
    ('offers = ["sauna"]', "network_bad_value", "branches[0].offers"),
    ('offers = ["wifi", "wifi"]', "network_bad_value", "branches[0].offers"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "code", "place"), FAULTS)
def test_a_fault_is_told_with_branch_and_place(told: str, code: str, place: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        read_network(BRANCH + told)
    assert (refusal.value.code, refusal.value.data["place"]) == (code, place)
    assert refusal.value.data.get("branch", "A-1") == "A-1"


def test_hours_are_told_as_the_file_writes_them() -> None:
    told = str(hours(NIGHT, CLOSED))
    assert told.startswith("mon closed, tue closed, wed closed, thu closed, fri 20:00-2:00, sat 20:00-2:00, sun closed")
    assert told.endswith("2026-11-24..2026-11-25 closed 盘点")
