"""What a late return, a loss, a damage and a find bring, case by case."""

from datetime import UTC, date, datetime

import pytest

from union_catalog.circulation.consequences import (
    Brought,
    Lateness,
    consequences_of_damage,
    consequences_of_finding,
    consequences_of_loss,
    consequences_of_return,
    notes_of,
)
from union_catalog.circulation.plan import ChangeCredit, Charge, EnterBlock, LiftBlocks, Note
from union_catalog.circulation.policy import Overdue, Terms
from union_catalog.circulation.situation import OpenLoan
from union_catalog.ids import BranchCode, ItemId, LibraryCode, LoanId, PatronId
from union_catalog.patrons.blocks import Block
from union_catalog.patrons.credit import CreditTerms

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
CREDIT = CreditTerms()
READER, LOAN, OWNER = PatronId("p1"), LoanId("l1"), LibraryCode("JD")
LENT = OpenLoan(
    id=LOAN,
    item=ItemId("i1"),
    patron=READER,
    state="open",
    item_library=OWNER,
    item_type="book",
    lending_branch=BranchCode("KS-MAIN"),
    lent_at=datetime(2026, 10, 1, tzinfo=UTC),
    due_date=date(2026, 11, 1),
    renewals=0,
    policy_version=1,
    policy_rule="all",
)


def terms(overdue: Overdue | None = None, *, percent: int = 100) -> Terms:
    return Terms(days=30, renewals=1, renewal_days=30, quota=10, overdue=overdue or Overdue(), price_percent=percent, unpriced_fen=5000)


def late(days: int) -> Lateness:
    return Lateness(open_days=days, handed_in=DAY, now=NOW)


def suspended(until: date) -> EnterBlock:
    return EnterBlock(patron=READER, block=Block(code="suspended", library=OWNER, since=NOW, until=until, loan=LOAN))


def points(amount: int, cause: str) -> ChangeCredit:
    return ChangeCredit(patron=READER, points=amount, cause=cause, loan=LOAN)


def charged(kind: str, fen: int) -> Charge:
    return Charge(patron=READER, library=OWNER, kind=kind, amount_fen=fen, loan=LOAN)


@pytest.mark.parametrize("days", [-3, 0])
def test_a_return_in_time_brings_nothing(days: int) -> None:
    assert consequences_of_return(LENT, terms(), CREDIT, late(days)) == ()


def test_late_days_suspend_day_by_day_from_the_day_after_the_return() -> None:
    """Set by the library that owns the item, not by the one whose desk lent it."""
    assert consequences_of_return(LENT, terms(), CREDIT, late(3)) == (suspended(date(2026, 11, 23)), points(-3, "returned_late"))


def test_days_of_grace_bring_nothing_and_are_not_counted_later() -> None:
    rule = terms(Overdue(grace_days=2))
    assert consequences_of_return(LENT, rule, CREDIT, late(2)) == ()
    assert consequences_of_return(LENT, rule, CREDIT, late(3)) == (suspended(date(2026, 11, 21)), points(-1, "returned_late"))


def test_a_suspension_and_the_points_taken_have_a_cap() -> None:
    rule = terms(Overdue(per_day=2, most=30))
    assert consequences_of_return(LENT, rule, CREDIT, late(400)) == (suspended(date(2026, 12, 20)), points(-10, "returned_late"))


def test_a_library_with_fines_charges_and_does_not_suspend() -> None:
    rule = terms(Overdue(kind="fine", per_day=20, most=500))
    assert consequences_of_return(LENT, rule, CREDIT, late(4)) == (charged("fine", 80), points(-4, "returned_late"))
    assert consequences_of_return(LENT, rule, CREDIT, late(100))[0] == charged("fine", 500)


def test_a_rule_without_consequences_has_none() -> None:
    assert consequences_of_return(LENT, terms(Overdue(kind="none")), CREDIT, late(100)) == ()


def test_a_rule_that_takes_nothing_for_a_day_enters_no_empty_suspension() -> None:
    assert consequences_of_return(LENT, terms(Overdue(per_day=0)), CREDIT, late(5)) == (points(-5, "returned_late"),)


@pytest.mark.parametrize(
    ("price", "percent", "asked"), [(3980, 100, 3980), (3980, 150, 5970), (333, 150, 500), (None, 150, 5000), (0, 100, 5000)]
)
def test_a_loss_costs_the_price_times_the_factor(price: int | None, percent: int, asked: int) -> None:
    block = Block(code="lost_item", library=OWNER, since=NOW, loan=LOAN)
    assert consequences_of_loss(LENT, terms(percent=percent), CREDIT, price, NOW) == (
        EnterBlock(patron=READER, block=block),
        charged("compensation", asked),
        points(-20, "lost"),
    )


def test_damage_costs_its_share_of_the_loss() -> None:
    assert consequences_of_damage(LENT, terms(), CREDIT, 3980, 50) == (charged("compensation", 1990), points(-10, "damaged"))
    assert consequences_of_damage(LENT, terms(), CREDIT, 3980, 0) == ()
    assert consequences_of_damage(LENT, terms(), CREDIT, 3980, 900)[0] == charged("compensation", 3980)


def test_a_find_gives_back_what_the_loss_brought_and_counts_as_a_late_return() -> None:
    assert consequences_of_finding(LENT, terms(), CREDIT, Brought(charged_fen=3980, points=20), late(2)) == (
        LiftBlocks(patron=READER, code="lost_item", loan=LOAN),
        charged("compensation", -3980),
        points(20, "found"),
        suspended(date(2026, 11, 22)),
        points(-2, "returned_late"),
    )


def test_a_find_after_a_replacement_copy_gives_no_money_back() -> None:
    given = consequences_of_finding(LENT, terms(), CREDIT, Brought(), late(0))
    assert given == (LiftBlocks(patron=READER, code="lost_item", loan=LOAN),)


def test_the_desk_is_told_of_dates_and_money() -> None:
    effects = (*consequences_of_return(LENT, terms(), CREDIT, late(3)), charged("fine", 80), charged("compensation", -3980))
    assert notes_of(effects) == (
        Note("suspended_until", {"until": "2026-11-23"}),
        Note("charged", {"amount_fen": 80, "cause": "fine", "library": "JD"}),
        Note("charge_given_back", {"amount_fen": 3980, "cause": "compensation", "library": "JD"}),
    )
