"""What desks bring to readers, from the scan to the account: the whole way of a lost and found item, on both databases."""

import pytest

from tests.services.desks import Town, town
from union_catalog.clock import SteppingClock
from union_catalog.ids import PatronId
from union_catalog.patrons.accounts import Payment
from union_catalog.services import accounts, blocks, credit, notices, sending
from union_catalog.services.accounts import Receipt
from union_catalog.services.credit import Change
from union_catalog.services.sending import Sending
from union_catalog.storage.database import Database
from union_catalog.storage.tables import notice


@pytest.fixture
def jd(database: Database, now: SteppingClock) -> Town:
    return town(database, now)


def standing(jd: Town, reader: PatronId) -> list[str]:
    with jd.database.read() as connection:
        return [block.code for block in blocks.standing_of(connection, jd.office, reader)]


def score(jd: Town, reader: PatronId) -> int:
    with jd.database.read() as connection:
        return credit.told_of(connection, reader, jd.office.timezone).points


def paid(jd: Town, reader: PatronId, payment: Payment) -> Receipt:
    station = jd.station()
    with jd.database.write() as connection:
        till = accounts.till_at(connection, station.context, "JD-1", jd.office.timezone)
        return accounts.pay(connection, jd.clock, station.context, station.rights, till, reader, payment)


def told(jd: Town, reader: PatronId) -> list[str]:
    return [row["kind"] for row in sorted(jd.rows(notice, patron_id=reader), key=lambda row: str(row["id"]))]


def test_a_loss_is_paid_and_given_back_when_the_book_is_found(jd: Town) -> None:
    book, card = jd.item(), jd.card(credit=70)
    reader = jd.reader(card)
    jd.lend(book, card)
    jd.say(book, "lost")
    assert (standing(jd, reader), score(jd, reader), told(jd, reader)) == (["lost_item", "debt", "deposit_needed"], 50, ["credit_limited"])
    assert paid(jd, reader, Payment(kind="compensation", amount_fen=5000)).owed_fen == 0
    assert standing(jd, reader) == ["deposit_needed"]
    jd.wait(minutes=1)
    jd.take(book)
    assert (standing(jd, reader), score(jd, reader), told(jd, reader)) == ([], 70, ["credit_limited", "credit_restored"])
    assert paid(jd, reader, Payment(kind="refund", amount_fen=5000, refunded="overpaid")).owed_fen == 0


def test_a_loss_that_is_taken_back_by_the_desk_leaves_nothing(jd: Town) -> None:
    book, card = jd.item(), jd.card()
    reader = jd.reader(card)
    jd.lend(book, card)
    lost = jd.say(book, "lost")
    jd.undo(lost)
    assert (standing(jd, reader), score(jd, reader)) == ([], 100)
    with jd.database.read() as connection:
        assert accounts.account_of(connection, reader).ledger.owed_fen == 0


def test_a_find_long_after_counts_late_days_and_gives_the_rest_back_at_once(jd: Town) -> None:
    """Twenty points come back and ten are taken for lateness: what the reader hears is where the score stands in the end."""
    book, card = jd.item(), jd.card(credit=78)
    reader = jd.reader(card)
    jd.lend(book, card)
    jd.say(book, "lost")
    jd.wait(days=60)
    jd.take(book)
    assert (score(jd, reader), told(jd, reader)) == (68, ["credit_limited", "credit_restored"])
    assert standing(jd, reader) == ["suspended"]


def test_the_score_does_not_rise_above_the_full_one_when_a_book_is_found(jd: Town) -> None:
    book, card = jd.item(), jd.card()
    reader = jd.reader(card)
    jd.lend(book, card)
    jd.say(book, "lost")
    deed = Change(points=15, cause="donation", reason="gave a shelf of books")
    with jd.database.write() as connection:
        credit.enter_deed(connection, jd.clock, jd.station().context, reader, deed)
    jd.take(book)
    assert score(jd, reader) == 100


def fates(jd: Town, reader: PatronId) -> list[tuple[str, str]]:
    return [(row["kind"], row["state"]) for row in sorted(jd.rows(notice, patron_id=reader), key=lambda row: str(row["id"]))]


@pytest.mark.parametrize("was_told", [False, True])
def test_what_was_told_of_an_action_is_taken_back_with_it(jd: Town, was_told: bool) -> None:
    book, card = jd.item(), jd.card(credit=70)
    reader = jd.reader(card)
    jd.lend(book, card)
    lost = jd.say(book, "lost")
    assert fates(jd, reader) == [("credit_limited", "pending")]
    if was_told:
        jd.change(notice, {"state": "sent"}, patron_id=reader)
    jd.undo(lost)
    told = [("credit_limited", "sent"), ("credit_restored", "pending")] if was_told else [("credit_limited", "dropped")]
    assert (score(jd, reader), fates(jd, reader)) == (70, told)


def test_points_beyond_the_full_score_are_undone_with_what_brought_them(jd: Town) -> None:
    book, card = jd.item(), jd.card()
    reader = jd.reader(card)
    jd.lend(book, card)
    jd.say(book, "lost")
    with jd.database.write() as connection:
        credit.enter_deed(connection, jd.clock, jd.station().context, reader, Change(points=20, cause="donation", reason="books"))
    found = jd.say(book, "found")
    assert score(jd, reader) == 100
    jd.undo(found)
    assert score(jd, reader) == 100


def test_nobody_is_told_of_a_block_that_has_ended(jd: Town) -> None:
    book, card = jd.item(), jd.card()
    reader = jd.reader(card)
    jd.lend(book, card)
    lost = jd.say(book, "lost")
    notices.make_blocked(jd.database, jd.clock.now())
    jd.undo(lost)
    assert sending.claim(jd.database, Sending(channels={"email": True}, quiet=None, timezone=jd.office.timezone), jd.clock.now()) == []
    assert fates(jd, reader) == [("block_set", "dropped")]
