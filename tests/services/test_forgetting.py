"""A loan history loses its reader: when its time is up, or at once where the reader says so; nothing ties the two together afterwards."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, insert, select, update

from tests.services.desks import Town, town
from tests.services.records import done
from union_catalog.circulation.overriding import Override
from union_catalog.clock import SteppingClock, business_date, instant_text
from union_catalog.errors import Refused
from union_catalog.ids import PatronId, new_id
from union_catalog.services import erasing, notices, privacy
from union_catalog.services.circulation import undoing
from union_catalog.services.circulation.deeds import Deed
from union_catalog.services.patrons import profile
from union_catalog.storage.database import Database
from union_catalog.storage.tables import account_entry, block, desk_action, hold, loan, metadata, objection, patron, patron_merge


@pytest.fixture
def here(database: Database, now: SteppingClock) -> Town:
    return town(database, now)


def forget(here: Town) -> int:
    return privacy.forget_due(here.database, here.clock.now(), today(here))


def today(here: Town) -> date:
    return business_date(here.clock.now(), here.office.timezone)


def keeps_nothing(here: Town, card: str) -> PatronId:
    reader = here.reader(card)
    here.change(patron, {"keeps_history": False}, id=reader)
    return reader


def ties(connection: Connection, reader: str, loan_id: str) -> list[str]:
    """The tables of which a row names both."""
    rows = [(table.name, str(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return sorted({name for name, told in rows if reader in told and loan_id in told})


def lent_and_late(here: Town, card: str) -> Deed:
    """A loan with everything that a loan brings: a suspension, points lost, a notice, a merge that moved it."""
    reader = here.reader(card)
    deed, gone = here.lend(here.item(), card), here.reader(here.card())
    with here.database.write() as connection:
        notices.enqueue(connection, here.clock, reader, "overdue", f"{deed.loan}:x", {"due": "2026-12-22"}, loan=deed.loan)  # type: ignore[arg-type]  # a deed tells text
        moved = {"kept_id": reader, "gone_id": gone, "before": {"moved": {"loan": [deed.loan, "other"]}}}
        connection.execute(insert(patron_merge).values(id=new_id(), **moved, actor="staff:x", merged_at=instant_text(here.clock.now())))
    here.wait(days=40)
    here.take(str(deed.told["barcode"]))
    return deed


def test_after_its_time_nothing_ties_a_loan_to_its_reader_and_statistics_stay(here: Town) -> None:
    card = here.card()
    deed = lent_and_late(here, card)
    reader = here.reader(card)
    with here.database.read() as connection:
        tied = ties(connection, reader, deed.loan)
    assert {"loan", "desk_action", "notice", "patron_merge", "block", "credit_entry"} <= set(tied)
    here.wait(days=179)
    assert forget(here) == 0
    here.wait(days=2)
    assert (forget(here), forget(here)) == (1, 0)
    with here.database.read() as connection:
        assert ties(connection, reader, deed.loan) == []
        (before,) = connection.execute(select(patron_merge.c.before)).scalars()
    (row,) = here.rows(loan, id=deed.loan)
    assert (row["patron_id"], row["patron_library"], row["patron_category"], row["state"]) == (None, "JD", "adult", "returned")
    assert before == {"moved": {"loan": ["other"]}}
    assert len(here.rows(desk_action, loan_id=deed.loan)) == 2


def test_who_keeps_no_history_is_forgotten_at_once_and_later_as_soon_as_no_desk_can_take_it_back(here: Town) -> None:
    card, other = here.card(), here.card()
    first, others = here.lend(here.item(), card), here.lend(here.item(), other)
    for deed in (first, others):
        here.take(str(deed.told["barcode"]))
    done(here.database, profile.change, here.office, here.station().context, here.reader(card), profile.Changes(keeps_history=False))
    assert [row["patron_id"] for row in (*here.rows(loan, id=first.loan), *here.rows(loan, id=others.loan))] == [None, here.reader(other)]
    second = here.lend(here.item(), card)
    here.take(str(second.told["barcode"]))
    assert forget(here) == 0
    here.clock.advance(undoing.WHILE)
    assert forget(here) == 1


@pytest.mark.parametrize("how", ["forgotten", "erased"])
def test_why_a_desk_went_past_blocks_goes_with_the_reader(here: Town, how: str) -> None:
    card, book = here.card(expires_on="2026-01-01"), here.item()
    past = Override(frozenset({"card_expired"}), "王小明说明天来续证")
    deed = here.lend(book, card, override=past, rights="manager")
    here.take(book)
    (before,) = here.rows(desk_action, id=deed.event)
    assert before["told"]["reason"] == past.reason
    if how == "forgotten":
        done(here.database, privacy.forget_now, here.reader(card), here.clock.now(), today(here))
    else:
        done(here.database, erasing.erase, here.clock, here.station().context, here.reader(card))
    (after,) = here.rows(desk_action, id=deed.event)
    assert (after["told"].get("reason"), after["told"]["overridden"]) == (None, ["card_expired"])


@pytest.mark.parametrize("keeps", [True, False])
def test_what_was_lent_and_taken_back_loses_its_reader_too(here: Town, keeps: bool) -> None:
    card = here.card(expires_on="2026-01-01")
    here.change(patron, {"keeps_history": keeps}, id=here.reader(card))
    deed = here.lend(here.item(), card, override=Override(frozenset({"card_expired"}), "王小明"), rights="manager")
    here.undo(deed)
    if keeps:
        here.wait(days=179)
        forget(here)
        assert here.rows(desk_action)[0]["patron_id"] == here.reader(card)
        here.wait(days=2)
    forget(here)
    (row,) = here.rows(desk_action)
    assert (row["patron_id"], row["told"].get("reason"), row["undone_at"] is not None) == (None, None, True)


def test_what_was_forgotten_cannot_be_taken_back(here: Town) -> None:
    card = here.card()
    deed = here.lend(here.item(), card)
    back = here.take(str(deed.told["barcode"]))
    done(here.database, privacy.forget_now, here.reader(card), here.clock.now(), today(here))
    with pytest.raises(Refused, match="changed_since"):
        here.undo(back)
    assert here.loan_state(deed) == "returned"


@pytest.mark.parametrize("why", ["money", "block", "objection", "lost"])
def test_what_is_not_settled_is_remembered_until_it_is(here: Town, why: str) -> None:
    card = here.card()
    reader = keeps_nothing(here, card)
    deed = here.lend(here.item(), card)
    if why != "lost":
        here.take(str(deed.told["barcode"]))
    stamp = instant_text(here.clock.now())
    with here.database.write() as connection:
        match why:
            case "money":
                row = {"library": "JD", "kind": "charge", "cause": "fine", "owed_fen": 100, "loan_id": deed.loan, "actor": "x"}
                connection.execute(insert(account_entry).values(id=new_id(), patron_id=reader, entered_at=stamp, **row))
            case "block":
                row = {"library": "JD", "code": "suspended", "scope": "network", "lifted_by": "time", "loan_id": deed.loan, "actor": "x"}
                until = (today(here) + timedelta(days=3)).isoformat()
                connection.execute(insert(block).values(id=new_id(), patron_id=reader, since=stamp, until=until, **row))
            case "objection":
                row = {"about": "block", "about_id": new_id(), "text": "", "state": "open", "made_at": stamp, "library": "JD"}
                connection.execute(insert(objection).values(id=new_id(), patron_id=reader, **row))
            case _:
                connection.execute(update(loan).where(loan.c.id == deed.loan).values(state="lost", ended_at=stamp))
    here.wait(hours=1)
    assert forget(here) == 0
    with here.database.write() as connection:
        match why:
            case "money":
                row = {
                    "library": "JD",
                    "kind": "fine",
                    "cause": "fine",
                    "owed_fen": -100,
                    "cash_fen": 100,
                    "loan_id": deed.loan,
                    "actor": "x",
                }
                connection.execute(insert(account_entry).values(id=new_id(), patron_id=reader, entered_at=stamp, **row))
            case "objection":
                connection.execute(update(objection).values(state="rejected"))
            case _:
                here.clock.advance(timedelta(days=4 if why == "block" else 181))
    assert forget(here) == 1
    with here.database.read() as connection:
        assert ties(connection, reader, deed.loan) == []


def test_ended_holds_lose_their_reader_too_and_open_ones_do_not(here: Town) -> None:
    card = here.card()
    ended, waiting = (here.hold(card, here.record(), "JD-1") for _ in range(2))
    here.change(hold, {"state": "cancelled", "ended_at": instant_text(here.clock.now())}, id=ended)
    here.wait(days=181)
    forget(here)
    assert [row["patron_id"] for row in (*here.rows(hold, id=ended), *here.rows(hold, id=waiting))] == [None, here.reader(card)]


def test_many_are_forgotten_in_batches(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "BATCH", 2)
    for _ in range(5):
        card = here.card()
        deed = here.lend(here.item(), card)
        here.take(str(deed.told["barcode"]))
    here.wait(days=181)
    assert forget(here) == 5
