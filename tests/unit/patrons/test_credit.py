"""The lending score: lateness, thresholds, repair by time."""

from datetime import date

import pytest

from union_catalog.patrons.credit import CreditTerms, Thresholds, points_for_lateness, repair, standing

TERMS = CreditTerms()
DAY = date(2026, 11, 20)


@pytest.mark.parametrize(("days", "taken"), [(-1, 0), (0, 0), (1, 1), (10, 10), (11, 10), (900, 10)])
def test_lateness_takes_points_up_to_a_cap(days: int, taken: int) -> None:
    assert points_for_lateness(TERMS, days) == taken


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (100, "deposit_free"),
        (80, "deposit_free"),
        (79, "deposit"),
        (60, "deposit"),
        (59, "limited"),
        (20, "limited"),
        (19, "blocked"),
        (-5, "blocked"),
    ],
)
def test_a_threshold_itself_is_on_the_good_side(points: int, expected: str) -> None:
    assert standing(points, Thresholds(deposit_free_from=80, limited_below=60, blocked_below=20)) == expected


@pytest.mark.parametrize(
    ("points", "days_ago", "given"),
    [(100, 400, 0), (104, 400, 0), (90, 29, 0), (90, 30, 5), (98, 30, 2), (-10, 31, 5)],
)
def test_time_mends_step_by_step_up_to_the_full_score(points: int, days_ago: int, given: int) -> None:
    assert repair(TERMS, points, date.fromordinal(DAY.toordinal() - days_ago), DAY) == given
