"""Quiet hours are those of the network's wall clock."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from union_catalog.notices.quiet import QuietHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = QuietHours(time(21), time(8))


@pytest.mark.parametrize(
    ("utc_hour", "minute", "quiet"),
    [(12, 59, False), (13, 0, True), (20, 0, True), (23, 59, True), (0, 0, False), (5, 0, False)],  # 20:59, 21:00, 4:00, 7:59, 8:00, 13:00
)
def test_they_begin_and_end_to_the_minute_past_midnight(utc_hour: int, minute: int, quiet: bool) -> None:
    assert NIGHT.are_on(datetime(2026, 11, 22, utc_hour, minute, tzinfo=UTC), SHANGHAI) is quiet


def test_they_may_lie_within_a_day_or_be_none() -> None:
    noon = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)
    assert QuietHours(time(12), time(13)).are_on(noon, SHANGHAI)
    assert not QuietHours(time(13), time(14)).are_on(noon, SHANGHAI)
    assert not QuietHours(time(12), time(12)).are_on(noon, SHANGHAI)
