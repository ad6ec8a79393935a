"""Taking items in, on both databases: where each goes, and that none is refused."""

import pytest

from tests.services.desks import Town, later, town
from union_catalog.clock import SteppingClock
from union_catalog.errors import InvalidInput, NotAllowed, NotFound, Refused
from union_catalog.storage.database import Database
from union_catalog.storage.tables import account_entry, block, credit_entry, hold, item, item_state, library, loan, patron, stray_item


@pytest.fixture
def jd(database: Database, now: SteppingClock) -> Town:
    return town(database, now)


def lent(jd: Town, union_id: str = "") -> str:
    """The barcode of an item that is on loan."""
    book = jd.item(union_id=union_id)
    jd.lend(book, jd.card())
    return book


def place(jd: Town, book: str) -> object:
    return jd.rows(item_state, item_id=jd.id_of(book))[0]["branch"]


def test_at_home_it_goes_to_its_shelf(jd: Town) -> None:
    book = jd.item()
    out = jd.lend(book, jd.card())
    deed = jd.take(book)
    assert (deed.case, deed.outcome, deed.loan, deed.transit) == ("CI-1", "home_shelf", out.loan, "")
    ended = jd.rows(loan, id=out.loan)[0]
    assert (ended["state"], ended["returned_branch"]) == ("returned", "JD-1")
    assert jd.rows(block) == jd.rows(credit_entry) == []


def test_elsewhere_it_is_sent_home_and_received_there(jd: Town) -> None:
    book = lent(jd)
    deed = jd.take(book, at="JX-1")
    assert (deed.case, deed.outcome, deed.told["branch"]) == ("CI-2", "transit_home", "JD-1")
    way = jd.transits(book)[0]
    assert (way["id"], way["purpose"], way["state"], way["from_branch"]) == (deed.transit, "to_home", "dispatched", "JX-1")
    jd.wait(days=1)
    passing = jd.take(book, at="JX-2")
    assert (passing.case, passing.outcome, passing.told["branch"], place(jd, book)) == ("CI-9", "transit_home", "JD-1", "JX-2")
    jd.wait(days=1)
    home = jd.take(book)
    assert (home.case, home.outcome, place(jd, book)) == ("CI-7", "transit_received", "JD-1")
    assert [one["state"] for one in jd.transits(book)] == ["received"]


@pytest.mark.parametrize(
    ("floating", "at", "case"), [("library", "JD-2", "CI-3"), ("library", "JX-1", "CI-2"), ("group:x", "JX-1", "CI-3")]
)
def test_where_it_floats_it_stays(jd: Town, floating: str, at: str, case: str) -> None:
    for code in ("JD", "JX"):
        jd.change(library, {"floating": floating}, code=code)
    book = lent(jd)
    assert jd.take(book, at=at).case == case
    assert place(jd, book) == at


@pytest.mark.parametrize(
    ("pickup", "case", "outcome", "state"),
    [
        ("JD-1", "CI-4", "hold_shelf", "on_shelf"),
        ("JD-2", "CI-5", "transit_pickup", "in_transit"),
        ("JX-1", "CI-6", "transit_pickup", "in_transit"),
    ],
)
def test_who_waits_longest_gets_it(jd: Town, pickup: str, case: str, outcome: str, state: str) -> None:
    record = jd.record()
    book = lent(jd, union_id=record)
    first, second = jd.hold(jd.card(), record, pickup), jd.hold(jd.card(), record, "JD-1")
    deed = jd.take(book)
    assert (deed.case, deed.outcome, deed.told["hold"]) == (case, outcome, first)
    assert [jd.rows(hold, id=one)[0]["state"] for one in (first, second)] == [state, "placed"]
    if pickup == "JD-1":
        assert jd.rows(hold, id=first)[0]["shelf_until"] == deed.told["shelf_until"] == "2026-11-27"
        jd.wait(minutes=1)
        assert jd.take(book).case == "CI-23"
        return
    assert jd.transits(book)[0]["hold_id"] == first
    jd.wait(days=1)
    assert jd.take(book, at="JX-2").case == "CI-10"
    jd.wait(days=1)
    arrived = jd.take(book, at=pickup)
    assert (arrived.case, arrived.outcome, jd.rows(hold, id=first)[0]["state"]) == ("CI-8", "hold_shelf", "on_shelf")


def test_a_hold_that_ended_on_the_way_lets_the_item_go_home(jd: Town) -> None:
    record = jd.record()
    book = lent(jd, union_id=record)
    waiting = jd.hold(jd.card(), record, "JX-1")
    jd.take(book)
    jd.change(hold, {"state": "cancelled", "ended_at": "2026-11-22T09:00:00.000000Z"}, id=waiting)
    jd.wait(days=1)
    deed = jd.take(book, at="JX-1")
    assert (deed.case, deed.told["branch"]) == ("CI-12", "JD-1")
    assert [one["state"] for one in jd.transits(book)].count("dispatched") == 1


def test_a_copy_away_from_its_hold_shelf_is_sent_back_to_it(jd: Town) -> None:
    record = jd.record()
    book = lent(jd, union_id=record)
    waiting = jd.hold(jd.card(), record, "JD-1")
    jd.take(book)
    jd.wait(days=1)
    assert jd.take(book, at="JD-2").case == "CI-5"
    assert jd.rows(hold, id=waiting)[0]["state"] == "in_transit"


@pytest.mark.parametrize(("at", "case"), [("JD-1", "CI-11"), ("JX-1", "CI-12")])
def test_what_nobody_had_on_loan(jd: Town, at: str, case: str) -> None:
    deed = jd.take(jd.item(), at=at)
    assert (deed.case, deed.outcome, bool(deed.transit)) == (case, "not_on_loan", at != "JD-1")


def test_a_lost_item_that_is_found_is_returned_late_and_not_lost(jd: Town) -> None:
    book, card = jd.item(price="CNY38.00"), jd.card()
    out = jd.lend(book, card)
    jd.wait(days=32)
    gone = jd.say(book, "lost")
    assert (gone.case, jd.loan_state(out), jd.condition(book)) == ("IT-1", "lost", "lost")
    assert [one["owed_fen"] for one in jd.rows(account_entry)] == [3800]
    assert jd.rows(patron, id=jd.reader(card))[0]["credit"] == 80
    jd.wait(days=1)
    found = jd.take(book)
    assert (found.case, found.outcome, jd.loan_state(out), jd.condition(book)) == ("CI-14", "found_lost", "returned", "good")
    assert sum(one["owed_fen"] for one in jd.rows(account_entry)) == 0
    assert {one["code"]: one["ended_at"] is None for one in jd.rows(block)} == {"lost_item": False, "suspended": True}
    assert jd.rows(patron, id=jd.reader(card))[0]["credit"] == 98


@pytest.mark.parametrize(("at", "case"), [("JX-1", "CI-15"), ("JD-1", "CI-14")])
def test_a_missing_item_turns_up(jd: Town, at: str, case: str) -> None:
    book = jd.item()
    jd.say(book, "missing")
    assert jd.take(book, at=at).case == case
    assert jd.condition(book) == "good"


@pytest.mark.parametrize(("pickup", "case"), [("JD-1", "CI-17"), ("JX-1", "CI-18")])
def test_a_lost_item_for_which_somebody_waits(jd: Town, pickup: str, case: str) -> None:
    record = jd.record()
    book = jd.item(union_id=record)
    jd.say(book, "lost")
    jd.hold(jd.card(), record, pickup)
    assert (jd.take(book).case, jd.condition(book)) == (case, "good")


def test_a_second_scan_is_told_the_same_and_does_nothing(jd: Town) -> None:
    book = lent(jd)
    first = jd.take(book, at="JX-1")
    jd.wait(seconds=5)
    again = jd.take(book, at="JX-1")
    assert (again.case, again.outcome, again.first, again.event) == ("CI-19", "repeated", "CI-2", first.event)
    assert (again.told, again.loan, again.transit) == (first.told, first.loan, first.transit)
    assert len(jd.transits(book)) == 1
    jd.wait(seconds=20)
    assert jd.take(book, at="JX-1").case == "CI-9"


def test_a_barcode_that_nobody_knows_is_taken_in_once(jd: Town) -> None:
    deed = jd.take("４７ 11")
    assert (deed.case, deed.outcome, deed.told) == ("CI-20", "unknown_item", {"barcode": "4711", "branch": "JD-1"})
    jd.wait(seconds=3)
    assert jd.take("4711").case == "CI-19"
    assert [one["barcode"] for one in jd.rows(stray_item)] == ["4711"]
    jd.wait(seconds=30)
    assert jd.take("4711").case == "CI-20"


def test_a_barcode_of_two_libraries_is_the_one_on_loan_then_the_one_on_its_way(jd: Town) -> None:
    jd.item("TWO", home="JD-1")
    jd.item("TWO", home="JX-1")
    with pytest.raises(Refused, match="ambiguous_item"):
        jd.take("TWO")
    jd.lend("TWO", jd.card(), of="JX")
    returned = jd.take("TWO")
    assert (returned.case, returned.told["library"]) == ("CI-2", "JX")
    jd.wait(days=1)
    assert jd.take("TWO", at="JX-1").case == "CI-7"
    jd.wait(days=1)
    assert jd.take("TWO", of="JD").told["library"] == "JD"


def test_a_return_that_is_older_than_the_loan_leaves_it_alone(jd: Town) -> None:
    book = jd.item()
    jd.wait(hours=5)
    out = jd.lend(book, jd.card())
    jd.wait(minutes=1)
    deed = jd.take(book, occurred_at=later(jd.clock, hours=-2))
    assert (deed.case, deed.outcome, jd.loan_state(out)) == ("CI-22", "not_on_loan", "open")


def test_the_day_on_which_it_was_handed_in_counts(jd: Town) -> None:
    book = lent(jd)
    jd.wait(days=40)
    deed = jd.take(book, occurred_at=later(jd.clock, days=-11))
    assert ([note.code for note in deed.notes], jd.rows(block)) == ([], [])


def test_a_claim_that_it_was_returned_is_settled_without_consequences(jd: Town) -> None:
    book = lent(jd)
    jd.say(book, "claimed_returned")
    jd.wait(days=60)
    deed = jd.take(book)
    assert ([note.code for note in deed.notes], jd.rows(block)) == (["claim_settled"], [])


def test_damaged_and_withdrawn_items_are_laid_apart(jd: Town) -> None:
    damaged, withdrawn = lent(jd), lent(jd)
    jd.say(damaged, "damaged")
    jd.change(item, {"withdrawn_at": "2026-11-22T09:00:00.000000Z"}, barcode=withdrawn)
    assert [jd.take(book).case for book in (damaged, withdrawn)] == ["CI-24", "CI-25"]


def test_an_item_that_lies_nowhere_stays_where_it_is(jd: Town) -> None:
    book = jd.item(home=None, of="JD")
    assert jd.take(book, at="JX-1").case == "CI-11"


def test_a_return_is_refused_at_no_desk_but_one_of_ones_own(jd: Town) -> None:
    with pytest.raises(NotFound, match="unknown_branch"):
        jd.take("4711", at="JD-9")
    with pytest.raises(InvalidInput, match="bad_barcode"):
        jd.take("\n")
    with pytest.raises(NotAllowed, match="other_desk"):
        jd.station("JD-1").demand_here("JX")
