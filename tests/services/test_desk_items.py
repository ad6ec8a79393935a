"""Renewals, what a desk says of items, quick items, and taking things back, on both databases."""

import pytest

from tests.services.desks import Town, town
from union_catalog.circulation.overriding import Override
from union_catalog.clock import SteppingClock
from union_catalog.errors import InvalidInput, NotAllowed, NotFound, Refused
from union_catalog.ids import LoanId
from union_catalog.patrons.cards import card_number
from union_catalog.services.circulation import strays
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.items import rebarcode
from union_catalog.services.circulation.quick import QuickItem, add_quick_item
from union_catalog.services.circulation.renewals import renew_all, renew_one
from union_catalog.services.circulation.strays import Removed
from union_catalog.services.circulation.undoing import undo_last
from union_catalog.storage.database import Database
from union_catalog.storage.tables import account_entry, block, credit_entry, desk_action, hold, item, loan, patron, stray_item


@pytest.fixture
def jd(database: Database, now: SteppingClock) -> Town:
    return town(database, now)


def test_a_renewal_counts_from_today_and_only_so_often(jd: Town) -> None:
    out = jd.lend(jd.item(), jd.card())
    early = jd.renew(out)
    assert (early.plan.case, [block.code for block in early.plan.blocks]) == ("RN-23", ["not_later"])
    jd.wait(days=20)
    done = jd.renew(out)
    assert (done.plan.case, done.plan.told["due_date"], done.plan.told["renewals_left"]) == ("RN-1", "2027-01-11", 0)
    jd.wait(days=20)
    assert [block.code for block in jd.renew(out).plan.blocks] == ["renewals_used"]
    past = jd.renew(out, override=Override(frozenset({"renewals_used"}), "住院"))
    assert (past.plan.case, past.plan.told["due_date"]) == ("RN-2", "2027-01-31")


def test_nobody_renews_what_somebody_waits_for(jd: Town) -> None:
    record = jd.record()
    out = jd.lend(jd.item(union_id=record), jd.card())
    jd.wait(days=20)
    jd.hold(jd.card(), record, "JD-1")
    assert [block.code for block in jd.renew(out).plan.blocks] == ["hold_waiting"]


def test_all_loans_at_once_each_by_itself(jd: Town) -> None:
    card = jd.card()
    book, film = jd.lend(jd.item(), card), jd.lend(jd.item(item_type="video"), card)
    jd.wait(days=5)
    with jd.database.write() as connection:
        done = renew_all(connection, jd.station(), jd.reader(card))
    assert [(one.loan, one.plan.case) for one in done] == [(film.loan, "RN-20"), (book.loan, "RN-1")]
    with jd.database.write() as connection, pytest.raises(NotFound, match="unknown_loan"):
        renew_one(connection, jd.station(), LoanId("nothing"))


def test_a_claim_and_its_withdrawal(jd: Town) -> None:
    book = jd.item()
    with pytest.raises(Refused, match="IT-21"):
        jd.say(book, "claimed_returned")
    out = jd.lend(book, jd.card())
    assert jd.say(book, "claimed_returned").case == "IT-6"
    with pytest.raises(Refused, match="IT-27"):
        jd.say(book, "claimed_returned")
    assert (jd.say(book, "claim_withdrawn").case, jd.loan_state(out)) == ("IT-7", "open")


def test_damage_is_asked_of_who_has_it_and_repaired_later(jd: Town) -> None:
    book, card = jd.item(price="40元"), jd.card()
    jd.lend(book, card)
    assert jd.say(book, "damaged", percent=25).case == "IT-8"
    assert [one["owed_fen"] for one in jd.rows(account_entry)] == [1000]
    with pytest.raises(Refused, match="IT-29"):
        jd.say(book, "damaged")
    jd.take(book)
    assert (jd.say(book, "repaired").case, jd.condition(book)) == ("IT-10", "good")
    assert jd.say(book, "damaged", percent=50).case == "IT-9"
    assert len(jd.rows(account_entry)) == 1


def test_only_the_owner_withdraws_and_only_what_nobody_has(jd: Town) -> None:
    book = jd.item()
    with pytest.raises(NotAllowed, match="other_library"):
        jd.say(book, "withdrawn", at="JX-1")
    jd.lend(book, jd.card())
    with pytest.raises(Refused, match="IT-25"):
        jd.say(book, "withdrawn")
    jd.take(book)
    assert jd.say(book, "withdrawn").case == "IT-12"


def test_losing_what_is_kept_for_somebody_puts_the_reader_back_in_line(jd: Town) -> None:
    record = jd.record()
    book, waiting = jd.item(union_id=record), jd.hold(jd.card(), record, "JD-2")
    jd.take(book)
    assert jd.say(book, "lost").case == "IT-2"
    assert [one["state"] for one in jd.transits(book)] == ["lost"]
    assert jd.rows(hold, id=waiting)[0]["state"] == "placed"


def test_another_label(jd: Town) -> None:
    book, other = jd.item(), jd.item()
    jd.lend(book, jd.card())
    for barcode, code in ((other, "barcode_taken"), (book, "same_barcode")):
        with jd.database.write() as connection, pytest.raises((Refused, InvalidInput), match=code):
            rebarcode(connection, jd.station(), ItemReference(book), barcode)
    ours, old = card_number(7), jd.card()
    for barcode in (ours, f"9156 {ours[4:]}", f"{ours[:-1]}{(int(ours[-1]) + 1) % 10}", old, f" {old} "):
        with jd.database.write() as connection, pytest.raises(InvalidInput, match="label_of_card"):
            rebarcode(connection, jd.station(), ItemReference(book), barcode)
        with jd.database.write() as connection, pytest.raises(InvalidInput, match="label_of_card"):
            add_quick_item(connection, jd.station(), QuickItem(barcode=barcode, title="书"), 200)
    with jd.database.write() as connection:
        assert rebarcode(connection, jd.station(), ItemReference(book), "NEW-1").case == "IT-11"
    assert (jd.take(book).case, jd.rows(item, barcode="NEW-1")[0]["library"]) == ("CI-1", "JD")


def test_a_book_without_a_record_is_lent_at_once(jd: Town) -> None:
    quick = QuickItem(barcode="Q1", title="嘉定县志", author="嘉定县志编纂委员会", isbn="978-7-02-000220-7")
    with jd.database.write() as connection:
        assert add_quick_item(connection, jd.station(), quick, 200).case == "IT-13"
    made = jd.rows(item, barcode="Q1")[0]
    assert (made["library"], made["branch"], made["lending"]) == ("JD", "JD-1", "loan")
    assert jd.lend("Q1", jd.card()).case == "CO-1"
    for wrong, code in ((quick, "barcode_taken"), (QuickItem(barcode="Q2", title=" "), "quick_title")):
        with jd.database.write() as connection, pytest.raises((Refused, InvalidInput), match=code):
            add_quick_item(connection, jd.station(), wrong, 200)
    with jd.database.write() as connection, pytest.raises(InvalidInput, match="quick_isbn"):
        add_quick_item(connection, jd.station(), QuickItem(barcode="Q2", title="书", isbn="9787020002208"), 200)
    for price in ("3O.00", "USD30", "30.00-40.00", "-1"):
        with jd.database.write() as connection, pytest.raises(InvalidInput, match="quick_price") as refused:
            add_quick_item(connection, jd.station(), QuickItem(barcode="Q2", title="书", price=price), 200)
        assert refused.value.data["name"] == "price"
    with jd.database.write() as connection:
        add_quick_item(connection, jd.station(), QuickItem(barcode="Q2", title="书", price=" CNY 30.00 "), 200)
    assert jd.rows(item, barcode="Q2")[0]["price"] == "CNY 30.00"


def test_a_catalogue_may_begin_with_books_without_a_record(jd: Town) -> None:
    for barcode in ("Q1", "Q2"):
        with jd.database.write() as connection:
            quick = QuickItem(barcode=barcode, title="嘉定县志")
            assert add_quick_item(connection, jd.station(), quick, 200).case == "IT-13"


def test_a_loan_is_taken_back_as_if_it_had_never_been(jd: Town) -> None:
    record = jd.record()
    book, card = jd.item(union_id=record), jd.card()
    waiting = jd.hold(card, record, "JD-1")
    jd.take(book)
    before = jd.rows(hold, id=waiting)
    jd.wait(minutes=1)
    out = jd.lend(book, card)
    assert jd.undo(out).case == "UN-1"
    assert (jd.rows(loan), jd.rows(hold, id=waiting)) == ([], before)
    assert jd.rows(desk_action, id=out.event)[0]["undone_at"] is not None
    with pytest.raises(Refused, match="undone_already"):
        jd.undo(out)


def test_a_return_is_taken_back_with_all_that_followed(jd: Town) -> None:
    book, card = jd.item(), jd.card()
    out = jd.lend(book, card)
    jd.wait(days=40)
    back = jd.take(book, at="JX-1")
    assert (len(jd.transits(book)), [one["ended_at"] for one in jd.rows(block)]) == (1, [None])
    jd.undo(back, at="JX-1")
    assert (jd.loan_state(out), jd.transits(book)) == ("open", [])
    assert all(one["ended_at"] for one in jd.rows(block))
    assert sum(one["points"] for one in jd.rows(credit_entry)) == 0
    assert jd.rows(patron, id=jd.reader(card))[0]["credit"] == 100


def test_a_loss_that_was_said_by_mistake(jd: Town) -> None:
    book, card = jd.item(price="38"), jd.card()
    out = jd.lend(book, card)
    jd.wait(minutes=1)
    jd.undo(jd.say(book, "lost"))
    assert (jd.loan_state(out), jd.condition(book)) == ("open", "good")
    assert sum(one["owed_fen"] for one in jd.rows(account_entry)) == 0


def test_a_found_item_is_lost_again_when_that_is_taken_back(jd: Town) -> None:
    book, card = jd.item(), jd.card()
    out = jd.lend(book, card)
    jd.say(book, "lost")
    jd.wait(minutes=1)
    found = jd.say(book, "found")
    assert (found.case, jd.loan_state(out)) == ("IT-4", "returned")
    jd.undo(found)
    assert (jd.loan_state(out), jd.condition(book), [one["ended_at"] for one in jd.rows(block)]) == ("lost", "lost", [None])


def test_only_what_was_done_last_is_taken_back_and_only_soon(jd: Town) -> None:
    first, second = jd.lend(jd.item(), jd.card()), jd.lend(jd.item(), jd.card())
    stray = jd.take("4710")
    for earlier in (first, second):
        with pytest.raises(Refused, match="not_the_last"):
            jd.undo(earlier)
    jd.undo(stray)
    with pytest.raises(Refused, match="not_the_last"):
        jd.undo(first)
    jd.undo(second)
    jd.undo(first)
    second = jd.lend(jd.item(), jd.card())
    jd.wait(minutes=16)
    with pytest.raises(Refused, match="too_late"):
        jd.undo(second)
    gone = jd.say(jd.item(), "withdrawn")
    with pytest.raises(Refused, match="not_undoable"):
        jd.undo(gone)
    with pytest.raises(NotAllowed, match="other_desk"):
        jd.undo(second, at="JX-1")
    renewed = jd.lend(jd.item(item_type="book"), jd.card())
    jd.wait(days=10)
    done = jd.renew(renewed).deed
    assert done is not None
    jd.undo(done)
    assert jd.rows(loan, id=renewed.loan)[0]["renewals"] == 0


def undo_what_was_last(jd: Town, at: str = "JD-1", who: str = "desk") -> str:
    """The case of what was taken back."""
    with jd.database.write() as connection:
        return undo_last(connection, jd.office, jd.station(at, who=who).context, at).first


def test_the_last_of_a_desk_is_taken_back_without_being_named_and_what_cannot_be_is_not_passed_over(jd: Town) -> None:
    jd.lend(jd.item(), jd.card())
    jd.wait(minutes=1)
    jd.take("4711")
    jd.lend(jd.item(), jd.card(), at="JD-2")
    jd.take(jd.item(), who="other")
    assert [undo_what_was_last(jd), undo_what_was_last(jd)] == ["CI-20", "CO-1"]
    with pytest.raises(NotFound, match="unknown_event"):
        undo_what_was_last(jd)
    jd.lend(jd.item(), jd.card())
    jd.wait(minutes=1)
    jd.say(jd.item(), "withdrawn")
    with pytest.raises(Refused, match="not_undoable"):
        undo_what_was_last(jd)


def test_what_lies_with_the_unknown_is_taken_from_there_again(jd: Town) -> None:
    jd.undo(jd.take("4711"))
    assert jd.rows(stray_item) == []
    again = jd.take("4711")
    assert again.case == "CI-20"  # not a second scan of what was taken back
    jd.wait(minutes=1)
    other = jd.take("4711", who="other")
    jd.undo(again)
    assert len(jd.rows(stray_item)) == 1  # the other desk has it in hand
    jd.undo(other, who="other")
    assert jd.rows(stray_item) == []


def test_what_somebody_has_found_out_is_not_taken_from_the_unknown(jd: Town) -> None:
    taken = jd.take("4711")
    with jd.database.write() as connection:
        [stray] = strays.waiting(connection, jd.station().context, "", 9)
        strays.resolve(connection, jd.office, jd.station().context, stray.id, Removed("discarded"))
    with pytest.raises(Refused, match="changed_since") as refused:
        jd.undo(taken)
    assert (refused.value.data["case"], len(jd.rows(stray_item))) == ("UN-2", 1)
