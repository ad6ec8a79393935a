"""What stands beside a desk's answer, on both databases: what a number is, who is served, what was done, what a receipt says."""

from datetime import date

import pytest
from sqlalchemy import insert

from tests.services.desks import Town, town
from union_catalog.clock import SteppingClock
from union_catalog.errors import InvalidInput, NotAllowed, NotFound
from union_catalog.patrons.cards import card_number
from union_catalog.services.circulation import deskside
from union_catalog.services.circulation.deskside import LOGGED, KeptItem, ReaderAtDesk, Receipt
from union_catalog.services.circulation.scanning import recognise
from union_catalog.services.patrons import codes
from union_catalog.storage.database import Database
from union_catalog.storage.desk_sessions import DeskSession
from union_catalog.storage.tables import credential, item_past_barcode, patron

SINCE = "2026-05-01T00:00:00.000000Z"


@pytest.fixture
def jd(database: Database, now: SteppingClock) -> Town:
    return town(database, now)


def step_up(jd: Town, card: str, at: str = "JD-1") -> DeskSession:
    with jd.database.write() as connection:
        return codes.open_session(connection, jd.office, jd.station(at).context, card, at)


def served(jd: Town, session: DeskSession, at: str = "JD-1") -> ReaderAtDesk:
    with jd.database.read() as connection:
        return deskside.reader_at_desk(connection, jd.office, session.id, at)


def receipt(jd: Town, session: DeskSession, at: str = "JD-1") -> Receipt:
    with jd.database.read() as connection:
        return deskside.receipt(connection, jd.station(at).context, session.id)


def kind(jd: Town, scanned: str) -> str:
    with jd.database.read() as connection:
        return recognise(connection, jd.office, scanned)


def test_a_number_is_one_thing_or_is_asked_about(jd: Town) -> None:
    book, card = jd.item(), jd.card()
    jd.item(barcode=card)
    other = jd.card()
    assert [kind(jd, one) for one in (book, other, card, "NOBODYS")] == ["item", "card", "either", "unknown"]
    assert kind(jd, f"  {book} ") == "item"
    with jd.database.write() as connection:
        connection.execute(
            insert(item_past_barcode).values(library="JD", barcode="OLD1", item_id=jd.id_of(book), until="2026-01-01T00:00:00.000000Z")
        )
    assert kind(jd, "OLD1") == "item"
    with pytest.raises(InvalidInput, match="bad_barcode"):
        kind(jd, "a\x07b")


def test_a_number_of_our_form_is_a_card_whatever_else_has_it(jd: Town) -> None:
    ours = card_number(7)
    jd.item(barcode=ours)
    misread = ours[:-1] + str((int(ours[-1]) + 1) % 10)
    assert [kind(jd, one) for one in (ours, misread, f"{ours[:4]} {ours[4:]}", "uc1-what-ever")] == ["card", "card", "card", "code"]


def test_who_is_served_is_told_by_figures_and_blocks(jd: Town) -> None:
    card = jd.card()
    session = step_up(jd, card)
    jd.lend(jd.item(), card)
    jd.change(patron, {"expires_on": "2026-01-31"}, id=jd.reader(card))
    union_id = jd.record()
    kept = jd.item(union_id=union_id)
    jd.hold(card, union_id, "JD-1", "on_shelf", jd.id_of(kept))
    elsewhere = jd.item(home="JD-2", union_id=union_id)
    jd.hold(card, union_id, "JD-2", "on_shelf", jd.id_of(elsewhere))
    reader = served(jd, session)
    assert (reader.last_four, reader.lent, reader.left) == (card[-4:], 1, 3)
    assert [block["code"] for block in reader.blocks] == ["card_expired"]
    assert reader.kept == (KeptItem("", None),)


def test_the_present_card_of_ours_is_the_one_that_is_compared(jd: Town) -> None:
    card = jd.card()
    session, reader = step_up(jd, card), jd.reader(card)
    shown = {"patron_id": reader, "issued_at": SINCE}
    with jd.database.write() as connection:
        connection.execute(insert(credential).values(issuer="", number=card_number(1), kind="card", state="lost", ended_at=SINCE, **shown))
        connection.execute(insert(credential).values(issuer="", number=card_number(2), kind="card", state="valid", **shown))
    assert served(jd, session).last_four == card_number(2)[-4:]


def test_a_session_is_good_at_its_own_branch_alone(jd: Town) -> None:
    session = step_up(jd, jd.card())
    with pytest.raises(NotFound, match="unknown_session"):
        served(jd, session, "JD-2")
    with pytest.raises(NotAllowed, match="other_desk"):
        receipt(jd, session, "JX-1")


def test_a_receipt_has_what_was_lent_since_the_reader_stepped_up_as_it_is_due_now(jd: Town) -> None:
    card = jd.card()
    jd.lend(jd.item(), card)
    jd.wait(minutes=1)
    session = step_up(jd, card)
    first, second = jd.lend(jd.item(), card), jd.lend(jd.item(), card)
    jd.undo(second)
    jd.wait(minutes=1)
    jd.lend(jd.item(), jd.card())
    told = receipt(jd, session)
    assert (told.branch, told.last_four) == ("JD-1", card[-4:])
    assert [(title.barcode, due) for title, due in told.lines] == [(first.told["barcode"], date.fromisoformat(str(first.told["due_date"])))]


def test_the_log_is_of_whoever_works_there_without_what_was_taken_back(jd: Town) -> None:
    book = jd.item()
    for _ in range(2):
        jd.take(jd.item())
    jd.take("4711")
    jd.take(jd.item(), who="other")
    jd.undo(jd.take(book))
    with jd.database.read() as connection:
        logged = deskside.log(connection, "JD-1", "staff:desk")
    assert [(one.action.barcode == "4711", one.title is None) for one in logged] == [(True, True), (False, False), (False, False)]
    for _ in range(LOGGED):
        jd.take(jd.item())
    with jd.database.read() as connection:
        assert len(deskside.log(connection, "JD-1", "staff:desk")) == LOGGED
