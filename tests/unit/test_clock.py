"""Instants as text, and the days on which they fall."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_catalog.clock import SteppingClock, SystemClock, business_date, instant_text, parse_instant

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.integers(0, 10**17).map(lambda number: datetime(1900, 1, 1, tzinfo=UTC) + timedelta(microseconds=number))
INSTANTS = st.builds(datetime.astimezone, MOMENTS, ZONES)


@given(INSTANTS, INSTANTS)
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    assert (instant_text(one) < instant_text(other)) == (one < other)
    assert (instant_text(one) == instant_text(other)) == (one == other)


@given(INSTANTS)
def test_there_and_back_to_the_microsecond(instant: datetime) -> None:
    text = instant_text(instant)
    assert len(text) == len("2026-11-22T08:30:00.000000Z")
    assert parse_instant(text) == instant
    assert parse_instant(text).tzinfo is UTC


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        instant_text(datetime(2026, 11, 22))  # noqa: DTZ001 - it is what is refused
    with pytest.raises(ValueError, match="time zone"):
        parse_instant("2026-11-22T08:30:00")


def test_the_business_day_begins_at_midnight_of_the_network() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    assert business_date(parse_instant("2026-11-22T15:59:59.999999Z"), shanghai) == date(2026, 11, 22)
    assert business_date(parse_instant("2026-11-22T16:00:00Z"), shanghai) == date(2026, 11, 23)


def test_clocks() -> None:
    assert SystemClock().now().tzinfo is UTC
    clock = SteppingClock(datetime(2026, 11, 22, tzinfo=UTC))
    clock.advance(timedelta(hours=1))
    assert clock.now() == clock.now() == datetime(2026, 11, 22, 1, tzinfo=UTC)
