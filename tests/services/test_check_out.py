"""Lending, on both databases: every case, what is refused and by what, what staff may go past, what is written."""

import pytest

from tests.services.desks import Town, later, town
from union_catalog.circulation.overriding import Override
from union_catalog.clock import SteppingClock
from union_catalog.errors import Blocked, InvalidInput, NotAllowed, NotFound, Refused
from union_catalog.storage.database import Database
from union_catalog.storage.tables import block, credential, desk_action, hold, item, library, loan, outbox


@pytest.fixture
def jd(database: Database, now: SteppingClock) -> Town:
    return town(database, now)


def codes(refused: pytest.ExceptionInfo[Blocked]) -> list[object]:
    return [one["code"] for one in refused.value.blocks]


def test_an_item_from_the_shelf_is_lent_until_a_day_and_may_be_renewed(jd: Town) -> None:
    book, card = jd.item(), jd.card()
    deed = jd.lend(book, card)
    assert (deed.case, deed.told["due_date"], deed.told["renewals_left"]) == ("CO-1", "2026-12-22", 1)
    stored = jd.rows(loan, id=deed.loan)[0]
    assert (stored["state"], stored["patron_id"], stored["policy_version"], stored["policy_rule"]) == ("open", jd.reader(card), 7, "all")
    assert (stored["item_library"], stored["lending_branch"]) == ("JD", "JD-1")
    action = jd.rows(desk_action, id=deed.event)[0]
    assert (action["actor"], action["case_number"], action["barcode"]) == ("staff:desk", "CO-1", book)
    assert jd.rows(outbox, topic="item", aggregate=jd.id_of(book))


def test_a_second_scan_gets_the_first_answer_and_makes_no_second_loan(jd: Town) -> None:
    book, card = jd.item(), jd.card()
    first = jd.lend(book, card)
    jd.wait(seconds=9)
    assert jd.lend(book, card) == first
    jd.wait(seconds=2)
    with pytest.raises(Blocked) as refused:
        jd.lend(book, card)
    assert (codes(refused), refused.value.data["case"]) == (["lent_to_same"], "CO-29")
    assert len(jd.rows(loan)) == 1


def test_a_refusal_lists_everything_that_stands_in_the_way(jd: Town) -> None:
    book, card = jd.item(lending="library_use"), jd.card(expires_on="2026-11-01", credit=10)
    jd.change(credential, {"state": "lost"}, number=card)
    with pytest.raises(Blocked) as refused:
        jd.lend(book, card)
    assert codes(refused) == ["card_lost", "card_expired", "credit_too_low", "deposit_needed", "library_use_only"]
    assert refused.value.data["case"] == "CO-11"
    assert [one["override"] for one in refused.value.blocks] == ["", "manager", "manager", "manager", "manager"]
    assert jd.rows(loan) == []
    assert jd.rows(desk_action) == []


def test_who_has_the_right_goes_past_all_that_is_named_with_a_reason(jd: Town) -> None:
    book, card = jd.item(lending="library_use"), jd.card()
    past = Override(frozenset({"library_use_only"}), "市民讲座")
    with pytest.raises(Blocked):
        jd.lend(book, card, override=past, rights="circulation")
    with pytest.raises(InvalidInput, match="override_reason"):
        jd.lend(book, card, override=Override(past.codes, " "), rights="manager")
    with pytest.raises(InvalidInput, match="unknown_block_code"):
        jd.lend(book, card, override=Override(frozenset({"rain"}), "x"), rights="manager")
    deed = jd.lend(book, card, override=past, rights="manager")
    assert deed.case == "CO-5"
    told = jd.rows(desk_action, id=deed.event)[0]["told"]
    assert (told["overridden"], told["reason"]) == (["library_use_only"], "市民讲座")


def test_quotas_of_network_rule_and_library(jd: Town) -> None:
    card = jd.card()
    for home in ("JX-1", "JX-1", "JD-1", "JD-1"):
        jd.lend(jd.item(home=home), card)
    with pytest.raises(Blocked) as refused:
        jd.lend(jd.item(home="JX-1"), card)
    assert codes(refused) == ["quota_reached", "rule_quota_reached", "library_cap_reached"]
    assert [(one["count"], one["limit"]) for one in refused.value.blocks] == [(4, 4), (4, 4), (2, 2)]


def test_a_reader_with_something_overdue_borrows_nothing_until_it_is_back(jd: Town) -> None:
    card, late = jd.card(), jd.item()
    jd.lend(late, card)
    jd.wait(days=31)
    with pytest.raises(Blocked) as refused:
        jd.lend(jd.item(), card)
    assert codes(refused) == ["overdue_loans"]
    jd.take(late)
    assert jd.lend(jd.item(), card).case == "CO-1"


def test_a_suspension_ends_by_itself(jd: Town) -> None:
    card, late = jd.card(), jd.item()
    jd.lend(late, card)
    jd.wait(days=33)
    back = jd.take(late)
    assert [note.code for note in back.notes] == ["late", "suspended_until"]
    until = next(one["until"] for one in jd.rows(block))
    assert until == "2026-12-29"  # three days late, one of grace, two days for each of the others
    with pytest.raises(Blocked) as refused:
        jd.lend(jd.item(), card)
    assert (codes(refused), refused.value.blocks[0]["until"], refused.value.blocks[0]["library"]) == (["suspended"], until, "JD")
    jd.wait(days=5)
    assert jd.lend(jd.item(), card).case == "CO-1"


def test_what_is_kept_for_a_reader_is_lent_to_that_reader_alone(jd: Town) -> None:
    record = jd.record()
    book, waiting, other = jd.item(union_id=record), jd.card(), jd.card()
    placed = jd.hold(waiting, record, "JD-1")
    assert jd.take(book).case == "CI-4"
    with pytest.raises(Blocked) as refused:
        jd.lend(book, other)
    assert codes(refused) == ["kept_for_other"]
    assert jd.lend(book, waiting).case == "CO-2"
    assert jd.rows(hold, id=placed)[0]["state"] == "fulfilled"


def test_whoever_goes_past_a_hold_sends_it_back_into_the_queue(jd: Town) -> None:
    record = jd.record()
    book, waiting, other = jd.item(union_id=record), jd.card(), jd.card()
    placed = jd.hold(waiting, record, "JD-1")
    jd.take(book)
    jd.lend(book, other, override=Override(frozenset({"kept_for_other"}), "约好的"))
    kept = jd.rows(hold, id=placed)[0]
    assert (kept["state"], kept["item_id"]) == ("placed", None)


def test_an_item_on_its_way_is_not_lent_until_it_has_arrived(jd: Town) -> None:
    book, card = jd.item(home="JX-1"), jd.card()
    assert jd.take(book).case == "CI-12"
    with pytest.raises(Blocked) as refused:
        jd.lend(book, card)
    assert codes(refused) == ["in_transit"]
    assert jd.lend(book, card, at="JX-1").case == "CO-3"
    assert [one["state"] for one in jd.transits(book)] == ["received"]


def test_conditions_of_items(jd: Town) -> None:
    card = jd.card()
    for said, code in (("lost", "item_lost"), ("missing", "item_missing"), ("damaged", "item_damaged"), ("withdrawn", "item_withdrawn")):
        book = jd.item()
        jd.say(book, said)  # type: ignore[arg-type]  # words of the list
        with pytest.raises(Blocked) as refused:
            jd.lend(book, card)
        assert codes(refused) == [code]
    found = jd.item()
    jd.say(found, "lost")
    assert jd.lend(found, card, override=Override(frozenset({"item_lost"}), "就在手上")).case == "CO-4"
    assert jd.condition(found) == "good"


def test_an_item_that_its_own_system_lends_is_not_ours_to_lend(jd: Town) -> None:
    book, card = jd.item(home="JX-1"), jd.card()
    jd.change(library, {"circulation": "remote"}, code="JX")
    with pytest.raises(Blocked) as refused:
        jd.lend(book, card)
    assert (codes(refused), refused.value.blocks[0]["library"]) == (["remote_item"], "JX")


def test_what_happened_is_put_on_record_with_its_blocks_flagged(jd: Town) -> None:
    book, card = jd.item(lending="library_use"), jd.card(expires_on="2026-11-01")
    deed = jd.lend(book, card, happened=True, occurred_at=later(jd.clock, days=-2))
    assert deed.case == "CO-7"
    assert {str(note.data["block"]) for note in deed.notes} == {"card_expired", "library_use_only"}
    assert deed.told["due_date"] == "2026-12-20"
    assert jd.lend(jd.item(), jd.card(), happened=True).case == "CO-6"


def test_what_happened_while_it_was_lent_to_somebody_else(jd: Town) -> None:
    book, first, second = jd.item(), jd.card(), jd.card()
    earlier = jd.lend(book, first)
    jd.wait(hours=3)
    taken_over = jd.lend(book, second, happened=True)
    assert (taken_over.case, jd.loan_state(earlier), jd.loan_state(taken_over)) == ("CO-8", "returned", "open")
    jd.wait(seconds=11)
    already = jd.lend(book, second, happened=True, occurred_at=later(jd.clock, hours=-1), who="offline")
    assert (already.case, already.told["loan"]) == ("CO-9", taken_over.loan)
    jd.wait(seconds=11)
    before = jd.lend(book, first, happened=True, occurred_at=later(jd.clock, hours=-2), who="offline")
    assert (before.case, jd.loan_state(before), jd.loan_state(taken_over)) == ("CO-10", "returned", "open")


@pytest.mark.parametrize(("by", "code"), [({"minutes": 3}, "occurred_in_future"), ({"days": -31}, "occurred_too_long_ago")])
def test_moments_that_cannot_be(jd: Town, by: dict[str, float], code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        jd.lend(jd.item(), jd.card(), happened=True, occurred_at=later(jd.clock, **by))


def test_items_are_found_by_library_then_by_being_the_only_one(jd: Town) -> None:
    jd.item("SAME", home="JD-1")
    jd.item("SAME", home="JX-1")
    card = jd.card()
    with pytest.raises(Refused, match="ambiguous_item") as asked:
        jd.lend("SAME", card)
    assert asked.value.data["libraries"] == ("JD", "JX")
    assert jd.lend("SAME", card, of="JX").told["library"] == "JX"
    only = jd.item("ONLY", home="JX-1")
    assert jd.lend(f" {only}\t", card, of="JD").told["library"] == "JX"
    with pytest.raises(NotFound, match="unknown_item"):
        jd.lend("NOBODYS", card)
    with pytest.raises(InvalidInput, match="bad_barcode"):
        jd.lend(" ", card)


def test_a_desk_serves_where_it_stands(jd: Town) -> None:
    with pytest.raises(NotFound, match="unknown_branch"):
        jd.lend(jd.item(), jd.card(), at="JD-9")
    station = jd.station("JX-1")
    with pytest.raises(NotAllowed, match="other_desk"):
        station.demand_here("JD")


def test_cards_that_nobody_has(jd: Town) -> None:
    with pytest.raises(NotFound, match="unknown_card"):
        jd.lend(jd.item(), "C99999")


def test_a_withdrawn_item_is_not_lent(jd: Town) -> None:
    book = jd.item()
    jd.change(item, {"withdrawn_at": "2026-01-02T00:00:00.000000Z"}, barcode=book)
    with pytest.raises(Blocked) as refused:
        jd.lend(book, jd.card())
    assert codes(refused) == ["item_withdrawn"]
