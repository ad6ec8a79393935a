"""A desk without a line, on both databases: order, repetition, flags, and what other desks did meanwhile."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.services.desks import Town, later, town
from union_catalog.clock import SteppingClock, instant_text
from union_catalog.errors import NotAllowed, NotFound, Refused
from union_catalog.ids import BranchCode
from union_catalog.services import privacy
from union_catalog.services.circulation.carrying import LineAsked
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.offline import Correction, OfflineBatch, OfflineLine, Taken, Worker, settle, shown, take
from union_catalog.storage.circulation.offline import StoredLine
from union_catalog.storage.database import Database
from union_catalog.storage.tables import credential, desk_action, hold, item_state, loan, offline_batch, offline_line, transit


class Branch:
    """A branch that has lost its line for a while. Every line is so many minutes before now."""

    def __init__(self, town: Town, at: str = "JD-1", device: str = "desk-3") -> None:
        self.town, self.at, self.device = town, at, device

    def line(self, action: str, barcode: str, card: str = "", *, minutes: float, of: str = "", name: str = "") -> OfflineLine:
        asked = LineAsked(action=action, item=ItemReference(barcode, of), card=card)
        when = self.town.clock.now() - timedelta(minutes=minutes)
        return OfflineLine(id=name or f"{action}-{barcode}-{minutes}", asked=asked, occurred_at=when)

    def out(self, barcode: str, card: str, minutes: float, **more: Any) -> OfflineLine:
        return self.line("check_out", barcode, card, minutes=minutes, **more)

    def back(self, barcode: str, minutes: float, **more: Any) -> OfflineLine:
        return self.line("check_in", barcode, minutes=minutes, **more)

    def worker(self, at: str = "") -> Worker:
        station = self.town.station(at or self.at)
        return Worker(database=self.town.database, office=self.town.office, context=station.context, rights=station.rights)

    def hand_in(self, *lines: OfflineLine, sent_at: datetime | None = None, by: str = "") -> Taken:
        batch = OfflineBatch(branch=BranchCode(self.at), device=self.device, lines=lines, sent_at=sent_at)
        return take(self.worker(by), batch)

    def one(self, line: OfflineLine) -> StoredLine:
        return self.hand_in(line).lines[0]

    def look_into(self, line: StoredLine, **found: str) -> StoredLine:
        with self.town.database.write() as connection:
            return settle(connection, self.worker(), line.id, Correction(**found))


@pytest.fixture
def jd(database: Database, now: SteppingClock) -> Town:
    return town(database, now)


@pytest.fixture
def branch(jd: Town) -> Branch:
    return Branch(jd)


def verdicts(taken: Taken) -> list[tuple[str, str]]:
    return [(line.verdict, line.case) for line in taken.lines]


def codes(line: StoredLine) -> list[str]:
    return [str(note[1].get("block", note[0])) for note in line.notes]


def test_a_day_without_a_line_is_recorded_as_it_happened(jd: Town, branch: Branch) -> None:
    book, other, card = jd.item(), jd.item(), jd.card()
    taken = branch.hand_in(branch.out(book, card, 120), branch.out(other, card, 119), branch.back(book, 30))
    assert verdicts(taken) == [("recorded", "CO-6"), ("recorded", "CO-6"), ("recorded", "CI-1")]
    first, second = sorted(jd.rows(loan), key=lambda row: str(row["lent_at"]))
    assert (first["state"], first["lent_at"]) == ("returned", instant_text(later(jd.clock, minutes=-120)))
    assert (second["state"], second["patron_id"]) == ("open", jd.reader(card))
    action = jd.rows(desk_action, loan_id=second["id"])[0]
    assert (action["occurred_at"], action["recorded_at"]) == (second["lent_at"], instant_text(jd.clock.now()))


def test_lines_are_taken_in_the_order_in_which_they_happened(jd: Town, branch: Branch) -> None:
    book, first, second = jd.item(), jd.card(), jd.card()
    taken = branch.hand_in(branch.out(book, second, 10), branch.back(book, 20), branch.out(book, first, 30))
    assert verdicts(taken) == [("recorded", "CO-6"), ("recorded", "CI-1"), ("recorded", "CO-6")]
    assert [(row["state"], row["patron_id"]) for row in sorted(jd.rows(loan), key=lambda row: str(row["lent_at"]))] == [
        ("returned", jd.reader(first)),
        ("open", jd.reader(second)),
    ]


def test_what_is_handed_in_again_in_part_or_whole_doubles_nothing_and_gets_the_same_verdicts(jd: Town, branch: Branch) -> None:
    books, card = [jd.item() for _ in range(3)], jd.card()
    lines = [branch.out(book, card, 60 - place) for place, book in enumerate(books)]
    first = branch.hand_in(*lines[:2])
    jd.wait(minutes=10)
    again = branch.hand_in(*lines)
    assert again.lines[:2] == first.lines
    assert again.batch != first.batch
    assert branch.hand_in(*lines) == Taken(first.batch, again.lines)
    assert (len(jd.rows(loan)), len(jd.rows(desk_action)), len(jd.rows(offline_line)), len(jd.rows(offline_batch))) == (3, 3, 3, 2)


def test_an_id_that_was_used_is_no_other_line(jd: Town, branch: Branch) -> None:
    book, other, card = jd.item(), jd.item(), jd.card()
    branch.one(branch.out(book, card, 60, name="7"))
    reused = branch.one(branch.out(other, card, 50, name="7"))
    assert (reused.verdict, codes(reused)) == ("invalid", ["line_reused"])
    assert [row["barcode"] for row in jd.rows(offline_line)] == [book]
    assert len(jd.rows(loan)) == 1
    elsewhere = Branch(jd, device="desk-4")
    assert elsewhere.one(elsewhere.out(other, card, 50, name="7")).verdict == "recorded"


def test_a_lent_book_is_recorded_with_everything_that_stood_in_the_way(jd: Town, branch: Branch) -> None:
    book, card = jd.item(lending="library_use"), jd.card(expires_on="2026-11-01", credit=10)
    jd.change(credential, {"state": "lost"}, number=card)
    line = branch.one(branch.out(book, card, 45))
    assert (line.verdict, line.case) == ("recorded_with_blocks", "CO-7")
    assert codes(line) == ["card_lost", "card_expired", "credit_too_low", "deposit_needed", "library_use_only"]
    assert jd.rows(loan)[0]["state"] == "open"


def test_a_book_that_another_desk_lent_before_is_in_the_hands_of_whoever_took_it_last(jd: Town, branch: Branch) -> None:
    book, here, there = jd.item(), jd.card(), jd.card("JX")
    earlier = jd.lend(book, there, "JX-1")
    jd.wait(hours=3)
    line = branch.one(branch.out(book, here, 60))
    assert (line.verdict, line.case, codes(line)) == ("conflict", "CO-8", ["lent_to_other"])
    assert jd.loan_state(earlier) == "returned"
    assert jd.rows(loan, state="open")[0]["patron_id"] == jd.reader(here)


def test_a_book_that_another_desk_lent_after_that_stays_with_its_reader(jd: Town, branch: Branch) -> None:
    book, here, there = jd.item(), jd.card(), jd.card("JX")
    since = jd.lend(book, there, "JX-1")
    line = branch.one(branch.out(book, here, 60))
    assert (line.verdict, line.case) == ("conflict", "CO-10")
    assert jd.loan_state(since) == "open"
    ended = jd.rows(loan, id=line.loan)[0]
    assert (ended["patron_id"], ended["state"], ended["ended_at"]) == (
        jd.reader(here),
        "returned",
        jd.rows(loan, id=since.loan)[0]["lent_at"],
    )


def test_a_book_that_was_handed_in_elsewhere_before_the_loan_was_told_is_not_out(jd: Town, branch: Branch) -> None:
    book, card = jd.item(), jd.card()
    assert jd.take(book, "JX-1").case == "CI-12"
    at = instant_text(jd.clock.now())
    jd.wait(minutes=30)
    line = branch.one(branch.out(book, card, 60))
    assert (line.verdict, line.case) == ("recorded", "CO-38")
    assert [(row["state"], row["ended_at"]) for row in jd.rows(loan)] == [("returned", at)]
    assert [row["state"] for row in jd.transits(book)] == ["dispatched"]


def test_a_return_told_late_moves_nothing_that_was_seen_since(jd: Town) -> None:
    far = Branch(jd, "JX-1")
    book, card = jd.item(), jd.card()
    jd.lend(book, card)
    jd.wait(days=1)
    assert jd.take(book).case == "CI-1"
    jd.wait(minutes=5)
    line = far.one(far.back(book, 60))
    assert (line.verdict, line.case) == ("repeated", "CI-26")
    assert jd.transits(book) == []
    assert jd.rows(item_state)[0]["branch"] == "JD-1"


def test_a_return_told_late_does_not_end_a_loan_that_began_since(jd: Town, branch: Branch) -> None:
    book, card = jd.item(), jd.card()
    since = jd.lend(book, card, "JD-2")
    line = branch.one(branch.back(book, 60))
    assert (line.verdict, line.case) == ("conflict", "CI-22")
    assert jd.loan_state(since) == "open"


def test_a_return_counts_on_its_day_however_late_it_is_told(jd: Town, branch: Branch) -> None:
    book, card = jd.item(), jd.card()
    jd.lend(book, card)
    jd.wait(days=35)
    line = branch.one(branch.back(book, 6 * 24 * 60))
    assert (line.verdict, line.case, line.notes) == ("recorded", "CI-1", [])


def test_what_was_sent_before_the_line_went_is_no_second_loan(jd: Town, branch: Branch) -> None:
    book, card = jd.item(), jd.card()
    deed = jd.lend(book, card)
    jd.wait(seconds=4)
    line = branch.one(branch.out(book, card, 0))
    assert (line.verdict, line.case, line.loan) == ("repeated", "CO-6" if deed.case == "CO-6" else "CO-1", deed.loan)
    jd.wait(minutes=5)
    assert verdicts(branch.hand_in(branch.out(book, card, 1))) == [("repeated", "CO-9")]
    assert len(jd.rows(loan)) == 1


def test_scans_of_one_book_hours_apart_are_not_one_scan(jd: Town, branch: Branch) -> None:
    book, card = jd.item(), jd.card()
    taken = branch.hand_in(
        branch.out(book, card, 300), branch.back(book, 200), branch.out(book, card, 100), branch.back(book, 60), branch.back(book, 59.95)
    )
    assert [line.case for line in taken.lines] == ["CO-6", "CI-1", "CO-6", "CI-1", "CI-19"]
    assert taken.lines[-1].verdict == "repeated"
    assert len(jd.rows(loan, state="returned")) == 2


def test_an_unknown_card_takes_the_item_out_and_waits_for_somebody_to_know_it(jd: Town, branch: Branch) -> None:
    book, known = jd.item(), jd.card()
    line = branch.one(branch.out(book, "4711-0815", 60))
    assert (line.verdict, line.case, line.card) == ("unknown_card", "CO-37", "4711-0815")
    assert jd.condition(book) == "missing"
    assert jd.rows(loan) == []
    settled = branch.look_into(line, card=known)
    assert (settled.verdict, settled.case, settled.card) == ("recorded", "CO-6", "")
    lent = jd.rows(loan)[0]
    assert (lent["state"], lent["patron_id"], lent["lent_at"]) == ("open", jd.reader(known), instant_text(later(jd.clock, minutes=-60)))
    assert jd.condition(book) == "good"
    with pytest.raises(Refused, match="line_settled"):
        branch.look_into(settled)


def test_the_number_of_a_card_that_nobody_knows_is_forgotten_in_the_end(jd: Town, branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "BATCH", 2)
    old = [branch.one(branch.out(jd.item(), f"4711-{number}", 60)) for number in range(3)]
    jd.wait(days=30)
    young = branch.one(branch.out(jd.item(), "4711-9", 60))
    jd.wait(days=30)
    assert privacy.forget_cards(jd.database, jd.clock.now()) == 0
    jd.wait(minutes=1)
    assert privacy.forget_cards(jd.database, jd.clock.now()) == 3
    kept = {row["id"]: (bool(row["card"]), bool(row["card_hash"]), row["settled_at"]) for row in jd.rows(offline_line)}
    assert kept == {**{line.id: (False, False, None) for line in old}, young.id: (True, True, None)}


def test_a_book_lent_to_an_unknown_card_comes_back_before_anybody_knows_it(jd: Town, branch: Branch) -> None:
    book, known = jd.item(), jd.card()
    line = branch.one(branch.out(book, "4711", 60))
    jd.wait(days=2)
    assert jd.take(book).case == "CI-14"
    settled = branch.look_into(line, card=known)
    assert (settled.case, jd.condition(book)) == ("CO-38", "good")
    assert [row["state"] for row in jd.rows(loan)] == ["returned"]


def test_an_unknown_card_ends_what_bound_the_item(jd: Town, branch: Branch) -> None:
    record = jd.record()
    book, other = jd.item(union_id=record), jd.card()
    placed = jd.hold(other, record, "JD-1")
    assert jd.take(book).case == "CI-4"
    jd.wait(hours=2)
    assert branch.one(branch.out(book, "4711", 60)).verdict == "unknown_card"
    assert jd.rows(hold, id=placed)[0]["state"] == "placed"


def test_an_unknown_barcode_keeps_the_card_until_somebody_finds_the_book(jd: Town, branch: Branch) -> None:
    card = jd.card()
    line = branch.one(branch.out("no-such", card, 60))
    assert (line.verdict, line.case, line.card) == ("unknown_item", "CO-39", card)
    book = jd.item("quick-1")
    assert branch.look_into(line, barcode=book).verdict == "recorded"
    assert jd.rows(loan)[0]["patron_id"] == jd.reader(card)
    assert jd.rows(offline_line)[0]["card"] == ""


def test_an_unknown_barcode_that_is_handed_in_is_kept_for_somebody(branch: Branch) -> None:
    line = branch.one(branch.back("no-such", 60))
    assert (line.verdict, line.case) == ("unknown_item", "CI-20")


def test_a_barcode_of_two_libraries_is_asked_back_and_lost_by_neither(jd: Town, branch: Branch) -> None:
    jd.item("twin"), jd.item("twin", "JX-1")
    card = jd.card()
    line = branch.one(branch.out("twin", card, 60))
    assert (line.verdict, line.case, line.card) == ("conflict", "CI-21", card)
    assert line.notes == [["several_libraries", {"libraries": "JD、JX"}]]
    with pytest.raises(NotFound, match="unknown_library"):
        branch.look_into(line, library="XX")
    assert branch.look_into(line, library="JX").verdict == "recorded"
    assert jd.rows(loan)[0]["item_library"] == "JX"


def test_what_is_no_barcode_is_told_and_kept(jd: Town, branch: Branch) -> None:
    line = branch.one(branch.back("\x07" * 4, 60))
    assert (line.verdict, line.told["error"]) == ("invalid", "bad_barcode")
    assert branch.look_into(line).settled_at == jd.clock.now()


def test_renewals_count_from_the_day_of_the_scan_and_refusals_are_conflicts(jd: Town, branch: Branch) -> None:
    book, card, other = jd.item(), jd.card(), jd.card()
    lent = jd.lend(book, card)
    jd.wait(days=10)
    renewed = branch.one(branch.line("renew", book, minutes=60 * 24))
    assert (renewed.verdict, renewed.case, renewed.told["due_date"]) == ("recorded", "RN-1", "2026-12-31")
    refused = branch.one(branch.line("renew", book, card, minutes=30))
    assert (refused.verdict, refused.case, codes(refused)) == ("conflict", "RN-20", ["renewals_used"])
    assert codes(branch.one(branch.line("renew", book, other, minutes=29))) == ["other_reader"]
    assert branch.one(branch.line("renew", jd.item(), minutes=28)).case == "IT-21"
    assert jd.rows(loan, id=lent.loan)[0]["renewals"] == 1


def test_the_clock_of_the_device_is_corrected_and_what_is_to_come_is_now(jd: Town, branch: Branch) -> None:
    fast, old, ahead, card = jd.item(), jd.item(), jd.item(), jd.card()
    device = later(jd.clock, hours=2)
    shifted = branch.hand_in(branch.out(fast, card, -90), sent_at=device).lines[0]
    assert (shifted.taken_at, shifted.notes) == (later(jd.clock, minutes=-30), [["clock_shifted", {"minutes": 120}]])
    future = branch.one(branch.out(ahead, card, -90))
    assert (future.verdict, future.taken_at, codes(future)) == ("recorded", jd.clock.now(), ["clock_ahead"])
    ancient = branch.one(branch.out(old, card, 40 * 24 * 60))
    assert (ancient.verdict, codes(ancient)[0]) == ("recorded", "clock_behind")
    assert (jd.clock.now() - ancient.taken_at).days == 29


def test_only_the_desk_itself_hands_in_and_looks_into_its_lines(jd: Town, branch: Branch) -> None:
    book, card = jd.item(), jd.card()
    with pytest.raises(NotAllowed, match="other_desk"):
        branch.hand_in(branch.out(book, card, 1), by="JX-1")
    with pytest.raises(NotFound, match="unknown_branch"):
        Branch(jd, "JD-9").hand_in()
    line = branch.one(branch.out(book, "4711", 60))
    with pytest.raises(NotAllowed, match="other_desk"), jd.database.write() as connection:
        settle(connection, branch.worker("JX-1"), line.id, Correction(card=card))
    assert branch.hand_in() == Taken("", ())


def test_a_batch_shows_its_lines_and_how_many_wait(jd: Town, branch: Branch) -> None:
    taken = branch.hand_in(branch.out(jd.item(), jd.card(), 60), branch.out(jd.item(), "4711", 59))
    with jd.database.read() as connection:
        batch, lines = shown(connection, taken.batch)
    assert (batch.branch, batch.device, batch.lines, batch.open, tuple(lines)) == ("JD-1", "desk-3", 2, 1, taken.lines)
    branch.look_into(taken.lines[1])
    with jd.database.read() as connection:
        assert shown(connection, taken.batch)[0].open == 0
        with pytest.raises(NotFound, match="unknown_batch"):
            shown(connection, "none")


def test_items_on_their_way_are_lent_and_stop(jd: Town, branch: Branch) -> None:
    book, card = jd.item(home="JX-1"), jd.card()
    jd.take(book, "JD-2")
    jd.wait(hours=2)
    line = branch.one(branch.out(book, card, 60))
    assert (line.verdict, codes(line)) == ("recorded_with_blocks", ["in_transit"])
    assert [row["state"] for row in jd.rows(transit)] == ["received"]
