"""The arithmetic of schedules: cases from the calendar, and laws that hold for every rule and instant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_catalog.jobs.schedule import Cron, Every, When, due_slot

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("rule", "now", "last", "following"),
    [
        ("30 3 * * *", "2026-11-22 03:30", "2026-11-22 03:30", "2026-11-23 03:30"),
        ("30 3 * * *", "2026-11-22 03:29", "2026-11-21 03:30", "2026-11-22 03:30"),
        ("*/15 8-10 * * *", "2026-11-22 10:50", "2026-11-22 10:45", "2026-11-23 08:00"),
        ("0 0 1 1 *", "2026-11-22 12:00", "2026-01-01 00:00", "2027-01-01 00:00"),
        ("0 0 29 2 *", "2026-11-22 12:00", "2024-02-29 00:00", "2028-02-29 00:00"),
        ("0 4 * * 0", "2026-11-23 12:00", "2026-11-22 04:00", "2026-11-29 04:00"),
        ("0 4 * * 7", "2026-11-23 12:00", "2026-11-22 04:00", "2026-11-29 04:00"),
        ("5,35 0 * * 1-5", "2026-11-22 12:00", "2026-11-20 00:35", "2026-11-23 00:05"),
    ],
)
def test_cron_names_the_slots_before_and_after(rule: str, now: str, last: str, following: str) -> None:
    assert Cron(rule).last(at(now), SHANGHAI) == at(last)
    assert Cron(rule).next(at(now), SHANGHAI) == at(following)


@pytest.mark.parametrize(
    "text",
    ["", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "5-1 * * * *", "*/0 * * * *", "a * * * *"],
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"five fields|out of range|invalid literal"):
        Cron(text)


def test_day_and_weekday_together_and_days_that_never_come_are_refused() -> None:
    for text in ("0 0 1 * 1", "0 0 30 2 *"):
        with pytest.raises(ValueError, match=r"both|never"):
            Cron(text)


RULES: list[When] = [
    Every(timedelta(hours=1)),
    Every(timedelta(days=7)),
    Cron("30 3 * * *"),
    Cron("*/7 */5 * * *"),
    Cron("0 0 29 2 *"),
    Cron("59 23 31 * *"),
    Cron("0 12 * * 0,3"),
]
instants = st.datetimes(datetime(2004, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
zones = st.sampled_from([SHANGHAI, ZoneInfo("UTC"), ZoneInfo("America/New_York")])


@given(st.sampled_from(RULES), instants, zones)
def test_now_lies_between_its_slots_and_nothing_lies_between_them(when: When, now: datetime, zone: ZoneInfo) -> None:
    last, following = when.last(now, zone), when.next(now, zone)
    assert last <= now < following
    assert when.next(last, zone) == following
    assert when.last(following, zone) == following
    assert when.last(following - timedelta(microseconds=1), zone) == last


def test_a_slot_is_used_once_and_missed_ones_together() -> None:
    when, started = Cron("0 3 * * *"), at("2026-11-20 12:00")
    now = at("2026-11-22 12:00")
    assert due_slot(when, now, SHANGHAI, latest=at("2026-11-19 03:00"), watching_since=started) == at("2026-11-22 03:00")
    assert due_slot(when, now, SHANGHAI, latest=at("2026-11-22 03:00"), watching_since=started) is None


def test_work_never_done_waits_for_its_first_slot() -> None:
    when, started = Cron("0 3 * * *"), at("2026-11-22 12:00")
    assert due_slot(when, started, SHANGHAI, latest=None, watching_since=started) is None
    assert due_slot(when, at("2026-11-23 03:00"), SHANGHAI, latest=None, watching_since=started) is not None
