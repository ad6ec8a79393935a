"""Blocks on both databases: set by staff, lifted by whoever may, ended when their time is over."""

from datetime import date, timedelta

import pytest

from tests.services.borrowers import ZONE, Town, town
from union_catalog.circulation.plan import Charge
from union_catalog.clock import SteppingClock
from union_catalog.errors import InvalidInput, NotAllowed, NotFound, Refused
from union_catalog.ids import LibraryCode, LoanId, PatronId
from union_catalog.patrons.blocks import Block
from union_catalog.services import accounts, blocks
from union_catalog.services.blocks import Asked
from union_catalog.storage import blocks as rows
from union_catalog.storage.blocks import StoredBlock
from union_catalog.storage.database import Database
from union_catalog.storage.tables import notice

DESK, MANAGER = frozenset({"circulation"}), frozenset({"circulation", "manager"})
TODAY = date(2026, 11, 22)


@pytest.fixture
def here(catalogue_database: Database, now: SteppingClock) -> Town:
    return town(catalogue_database, now)


def entered(here: Town, reader: PatronId, asked: Asked, library: str = "JD") -> StoredBlock:
    with here.database.write() as connection:
        return blocks.enter(connection, here.clock, here.staff(library), ZONE, reader, asked)


def lifted(
    here: Town, reader: PatronId, block: str, *, library: str = "JD", rights: frozenset[str] = DESK, reason: str = "settled"
) -> StoredBlock:
    with here.database.write() as connection:
        return blocks.lift(connection, here.clock, here.staff(library), rights, reader, block, reason)


def by_rule(here: Town, reader: PatronId, until: date | None = None, loan: str = "l1") -> str:
    block = Block(code="suspended", library=LibraryCode("JD"), since=here.clock.now(), until=until, loan=LoanId(loan))
    with here.database.write() as connection:
        return rows.enter(connection, reader, block, "staff:desk1", here.clock.now())


def standing(here: Town, reader: PatronId) -> list[str]:
    with here.database.read() as connection:
        return [block.code for block in blocks.standing_of(connection, here.office, reader)]


def test_a_block_by_staff_says_who_why_since_and_until(here: Town) -> None:
    reader = here.reader("JX")
    made = entered(here, reader, Asked(reason=" shouted at a child ", until=date(2026, 12, 1)))
    assert (made.block.code, made.block.library, made.block.reason) == ("staff_block", "JD", "shouted at a child")
    assert (made.block.since, made.block.until, made.block.scope) == (here.clock.now(), date(2026, 12, 1), "network")
    assert standing(here, reader) == ["staff_block"]


def test_its_reader_is_written_to_without_the_reason(here: Town) -> None:
    reader = here.reader()
    made = entered(here, reader, Asked(reason="shouted"))
    with here.database.read() as connection:
        row = connection.execute(notice.select()).one()
    assert (row.patron_id, row.kind, row.about) == (reader, "block_set", made.block.id)
    assert row.data == {"code": "staff_block", "library": "JD"}


def test_a_reason_is_needed_to_set_it_and_to_lift_it(here: Town) -> None:
    reader = here.reader()
    with pytest.raises(InvalidInput, match="reason_needed"):
        entered(here, reader, Asked(reason=" "))
    made = entered(here, reader, Asked(reason="noise"))
    with pytest.raises(InvalidInput, match="reason_needed"):
        lifted(here, reader, made.block.id, reason="")


def test_a_last_day_that_is_over_is_none(here: Town) -> None:
    reader = here.reader()
    with pytest.raises(InvalidInput, match="until_past"):
        entered(here, reader, Asked(reason="noise", until=TODAY - timedelta(days=1)))
    assert entered(here, reader, Asked(reason="noise", until=TODAY)).block.until == TODAY


def test_staff_set_blocks_for_their_library_alone(here: Town) -> None:
    reader = here.reader()
    with pytest.raises(NotAllowed, match="other_library"):
        entered(here, reader, Asked(reason="noise", library="JX"))
    with pytest.raises(InvalidInput, match="library_needed"):
        entered(here, reader, Asked(reason="noise"), library="")
    with pytest.raises(NotFound, match="unknown_library"):
        entered(here, reader, Asked(reason="noise", library="XX"), library="")
    assert entered(here, reader, Asked(reason="noise", library="JX"), library="").block.library == "JX"


def test_only_the_library_that_set_it_lifts_it_and_once(here: Town) -> None:
    reader, other = here.reader(), here.reader()
    block = entered(here, reader, Asked(reason="noise")).block.id
    with pytest.raises(NotAllowed, match="other_library"):
        lifted(here, reader, block, library="JX", rights=MANAGER)
    with pytest.raises(NotFound, match="unknown_block"):
        lifted(here, other, block)
    ended = lifted(here, reader, block)
    assert (ended.ended_by, ended.ended_reason, ended.ended_at) == ("staff:desk1", "settled", here.clock.now())
    assert standing(here, reader) == []
    with pytest.raises(Refused, match="block_ended"):
        lifted(here, reader, block)


def test_what_a_rule_set_is_lifted_by_a_manager(here: Town) -> None:
    reader = here.reader()
    block = by_rule(here, reader, date(2026, 12, 1))
    with pytest.raises(NotAllowed, match="manager"):
        lifted(here, reader, block)
    assert lifted(here, reader, block, rights=MANAGER).ended_at is not None


def test_a_block_holds_through_its_last_day(here: Town) -> None:
    reader = here.reader()
    by_rule(here, reader, TODAY)
    assert standing(here, reader) == ["suspended"]
    here.clock.advance(timedelta(days=1))
    assert standing(here, reader) == []


def test_blocks_whose_day_is_over_are_ended_by_night_and_no_others(here: Town) -> None:
    reader = here.reader()
    over, today, open_ended = by_rule(here, reader, TODAY - timedelta(days=1)), by_rule(here, reader, TODAY), by_rule(here, reader)
    assert blocks.end_expired(here.database, here.clock, here.staff(""), ZONE) == 1
    assert blocks.end_expired(here.database, here.clock, here.staff(""), ZONE) == 0
    with here.database.read() as connection:
        assert {found.block.id: found.ended_at is not None for found in rows.history(connection, reader)} == {
            over: True,
            today: False,
            open_ended: False,
        }


def test_a_find_lifts_the_blocks_of_its_loan_alone(here: Town) -> None:
    reader = here.reader()
    by_rule(here, reader, loan="l1")
    kept = by_rule(here, reader, loan="l2")
    with here.database.write() as connection:
        assert rows.lift(connection, reader, "suspended", LoanId("l1"), "staff:desk1", here.clock.now()) == 1
        assert [block.id for block in rows.in_force(connection, reader)] == [kept]


def test_what_follows_from_loans_money_and_credit_is_told_beside_the_rows(here: Town) -> None:
    reader = here.reader(credit=19)
    here.loan(reader)
    by_rule(here, reader)
    charge = Charge(patron=reader, library=LibraryCode("JD"), kind="fine", amount_fen=2001)
    with here.database.write() as connection:
        accounts.charge(connection, here.clock, here.staff(), charge)
    assert standing(here, reader) == ["suspended", "overdue_loans", "debt", "credit_too_low", "deposit_needed"]
    assert standing(here, here.reader()) == []
