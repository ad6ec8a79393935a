"""Objections on both databases: a person decides, and what is upheld is taken back."""

import pytest
from sqlalchemy import select

from tests.services.borrowers import ZONE, Town, town
from union_catalog.circulation.plan import Charge
from union_catalog.clock import SteppingClock
from union_catalog.errors import InvalidInput, NotAllowed, NotFound, Refused
from union_catalog.ids import LibraryCode, LoanId, PatronId
from union_catalog.patrons.accounts import Payment
from union_catalog.services import accounts, blocks, credit, objections
from union_catalog.services.blocks import Asked
from union_catalog.services.credit import Change
from union_catalog.services.patrons import office
from union_catalog.storage import blocks as block_rows
from union_catalog.storage import objections as rows
from union_catalog.storage.database import Database
from union_catalog.storage.objections import About, Objection
from union_catalog.storage.tables import notice

ABOUT: tuple[About, ...] = ("block", "credit", "account")


@pytest.fixture
def here(catalogue_database: Database, now: SteppingClock) -> Town:
    return town(catalogue_database, now)


def blocked(here: Town, reader: PatronId, library: str = "JD", who: str = "desk1") -> str:
    with here.database.write() as connection:
        return blocks.enter(connection, here.clock, here.staff(library, who), ZONE, reader, Asked(reason="noise")).block.id


def objected(here: Town, reader: PatronId, about: About, about_id: str, text: str = "it was not me") -> Objection:
    with here.database.write() as connection:
        return objections.make(connection, here.clock, here.staff("JX"), reader, about, about_id, text)


def decided(here: Town, made: Objection, *, upheld: bool, library: str = "JD", who: str = "boss", answer: str = "we looked") -> Objection:
    with here.database.write() as connection:
        return objections.decide(connection, here.clock, here.staff(library, who), made.id, answer, upheld=upheld)


def charged(here: Town, reader: PatronId, loan: LoanId, fen: int) -> str:
    asked = Charge(patron=reader, library=LibraryCode("JD"), kind="compensation", amount_fen=fen, loan=loan)
    with here.database.write() as connection:
        return accounts.charge(connection, here.clock, here.staff(), asked)


def owed(here: Town, reader: PatronId) -> int:
    with here.database.read() as connection:
        return accounts.account_of(connection, reader).ledger.owed_fen


def test_an_upheld_objection_ends_the_block_and_is_told(here: Town) -> None:
    reader = here.reader("JX")
    block = blocked(here, reader)
    made = objected(here, reader, "block", block)
    assert (made.library, made.state) == ("JD", "open")
    done = decided(here, made, upheld=True)
    assert (done.state, done.answer, done.decided_by) == ("upheld", "we looked", "staff:boss")
    with here.database.read() as connection:
        assert block_rows.in_force(connection, reader) == ()
        told = connection.execute(select(notice).where(notice.c.kind == "objection_decided")).one()
    assert (told.patron_id, told.data) == (reader, {"state": "upheld", "about": "block"})


def test_a_rejected_one_changes_nothing_and_is_final(here: Town) -> None:
    reader = here.reader()
    block = blocked(here, reader)
    made = objected(here, reader, "block", block)
    assert decided(here, made, upheld=False).state == "rejected"
    with here.database.read() as connection:
        assert [found.id for found in block_rows.in_force(connection, reader)] == [block]
    with pytest.raises(Refused, match="objection_decided"):
        decided(here, made, upheld=True)
    with pytest.raises(Refused, match="objection_decided"):
        objected(here, reader, "block", block)


def test_an_upheld_objection_gives_the_points_back(here: Town) -> None:
    reader = here.reader()
    with here.database.write() as connection:
        patron = office.lock(connection, reader)
        entry = credit.change(connection, here.clock, here.staff(), patron, Change(points=-20, cause="lost")).entry
    made = objected(here, reader, "credit", str(entry))
    decided(here, made, upheld=True)
    with here.database.read() as connection:
        assert credit.told_of(connection, reader, ZONE).points == 100
    with pytest.raises(Refused, match="nothing_to_object"):
        objected(here, reader, "credit", str(entry))


def test_an_upheld_objection_takes_a_charge_back_even_if_it_was_paid(here: Town) -> None:
    reader = here.reader()
    loan = here.loan(reader, "lost")
    charge = charged(here, reader, loan, 3980)
    made = objected(here, reader, "account", charge)
    context = here.staff()
    with here.database.write() as connection:
        till = accounts.till_at(connection, context, "JD-1", ZONE)
        accounts.pay(connection, here.clock, context, frozenset(), till, reader, Payment(kind="compensation", amount_fen=3980))
    decided(here, made, upheld=True)
    assert owed(here, reader) == -3980


def test_a_charge_that_was_given_back_meanwhile_is_not_given_back_twice(here: Town) -> None:
    reader = here.reader()
    loan = here.loan(reader, "lost")
    made = objected(here, reader, "account", charged(here, reader, loan, 3980))
    charged(here, reader, loan, -3980)
    decided(here, made, upheld=True)
    assert owed(here, reader) == 0


def test_it_is_for_the_reader_s_own_things_that_still_hold(here: Town) -> None:
    reader, other = here.reader(), here.reader()
    block = blocked(here, reader)
    for about in ABOUT:
        for about_id in (block, "nothing"):
            with pytest.raises(NotFound, match="unknown_objected"):
                objected(here, other, about, about_id)
    with pytest.raises(InvalidInput, match="text_needed"):
        objected(here, reader, "block", block, " ")
    objected(here, reader, "block", block)
    with pytest.raises(Refused, match="objection_open"):
        objected(here, reader, "block", block)
    lifted = blocked(here, reader)
    with here.database.write() as connection:
        blocks.lift(connection, here.clock, here.staff(), frozenset({"manager"}), reader, lifted, "settled")
    with pytest.raises(Refused, match="nothing_to_object"):
        objected(here, reader, "block", lifted)


def test_the_library_that_set_it_decides_and_not_who_set_it(here: Town) -> None:
    reader = here.reader()
    made = objected(here, reader, "block", blocked(here, reader, who="boss"))
    with pytest.raises(NotAllowed, match="own_decision"):
        decided(here, made, upheld=False)
    with pytest.raises(NotAllowed, match="other_library"):
        decided(here, made, upheld=False, library="JX", who="other")
    with pytest.raises(InvalidInput, match="answer_needed"):
        decided(here, made, upheld=False, who="other", answer="")
    assert decided(here, made, upheld=False, who="other").state == "rejected"


def test_open_ones_wait_for_their_library(here: Town) -> None:
    reader = here.reader()
    first, second = (objected(here, reader, "block", blocked(here, reader, library)) for library in ("JD", "JX"))
    with here.database.read() as connection:
        assert [found.id for found in rows.waiting(connection, "JX", "", 10)] == [second.id]
        assert [found.id for found in rows.waiting(connection, "", "", 10)] == [first.id, second.id]
    decided(here, first, upheld=False)
    with here.database.read() as connection:
        assert [found.id for found in rows.waiting(connection, "", "", 10)] == [second.id]
        assert [found.state for found in rows.of_patron(connection, reader)] == ["open", "rejected"]
