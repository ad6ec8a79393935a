"""When the van calls."""

from datetime import datetime
from zoneinfo import ZoneInfo

from union_catalog.network.couriers import Route, Stop, calls

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROUND = Route(code="1", name="一号线", weekdays=("mon", "thu"), stops=(Stop("A", 9 * 60), Stop("B", 600), Stop("A", 16 * 60 + 30)))
DAILY = Route(code="2", name="二号线", weekdays=("mon", "tue"), stops=(Stop("B", 600), Stop("A", 660)))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def test_the_van_calls_on_its_days_at_its_times() -> None:
    found = calls([ROUND], "A", at(23, 9))
    assert [call.at for call in found] == [at(23, 9), at(23, 16, 30), at(26, 9), at(26, 16, 30), at(30, 9), at(30, 16, 30)]


def test_a_van_that_has_left_is_not_waited_for() -> None:
    assert calls([ROUND], "B", at(23, 10, 1))[0].at == at(26, 10)


def test_the_first_van_of_several_is_told_first() -> None:
    assert [(call.route, call.at) for call in calls([ROUND, DAILY], "B", at(23, 9))][:3] == [
        ("1", at(23, 10)),
        ("2", at(23, 10)),
        ("2", at(24, 10)),
    ]


def test_nobody_calls_where_no_route_goes() -> None:
    assert calls([ROUND, DAILY], "C", at(23, 9)) == ()
