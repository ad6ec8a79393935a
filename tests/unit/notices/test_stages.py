"""On which day a loan is worth which word."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from union_catalog.notices.stages import stages

TODAY = date(2026, 11, 22)
USUAL = stages((3, 0), (1, 7, 14))


def told(days_after_due: int) -> list[tuple[str, int]]:
    """Which stages a loan has so many days after its due date."""
    due = TODAY - timedelta(days=days_after_due)
    spans = [(stage, stage.due_dates(TODAY)) for stage in USUAL]
    return [(stage.kind, stage.day) for stage, (first, last) in spans if first <= due <= last]


def test_each_day_has_its_word_and_a_missed_day_is_made_up_for() -> None:
    assert [told(day) for day in range(-4, 5)] == [
        [],
        [("due_soon", -3)],
        [("due_soon", -3)],
        [("due_soon", -3)],
        [("due_today", 0)],
        [("overdue", 1)],
        [("overdue", 1)],
        [("overdue", 1)],
        [],
    ]
    assert (told(7), told(9), told(10)) == ([("overdue", 7)], [("overdue", 7)], [])
    assert (told(14), told(16), told(17)) == ([("overdue", 14)], [("overdue", 14)], [])


def test_an_installation_may_say_nothing() -> None:
    assert stages((), ()) == ()


@given(st.sets(st.integers(0, 40), max_size=5), st.sets(st.integers(1, 60), max_size=5), st.integers(-50, 70))
def test_a_loan_never_has_two_words_on_one_day(before: set[int], after: set[int], day: int) -> None:
    due = TODAY - timedelta(days=day)
    spans = [stage.due_dates(TODAY) for stage in stages(tuple(before), tuple(after))]
    assert sum(first <= due <= last for first, last in spans) <= 1
    assert all(first <= last for first, last in spans)
