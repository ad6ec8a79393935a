"""Readers' accounts on both databases: what is charged, paid, given back and taken back, and that nothing is paid out twice."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread

import pytest

from tests.services.borrowers import ZONE, Town, town
from union_catalog.circulation.plan import Charge
from union_catalog.clock import SteppingClock
from union_catalog.errors import InvalidInput, NotAllowed, NotFound, Refused, UnionCatalogError
from union_catalog.ids import LibraryCode, LoanId, PatronId
from union_catalog.patrons.accounts import MOST_FEN, Payment, PaymentKind
from union_catalog.patrons.blocks import Block
from union_catalog.services import accounts
from union_catalog.services.accounts import Account, Receipt
from union_catalog.storage import accounts as rows
from union_catalog.storage import blocks
from union_catalog.storage.database import Database

DESK, MANAGER = frozenset({"circulation"}), frozenset({"circulation", "manager"})


@pytest.fixture
def here(catalogue_database: Database, now: SteppingClock) -> Town:
    return town(catalogue_database, now)


def paid(
    here: Town, reader: PatronId, payment: Payment, *, library: str = "JD", rights: frozenset[str] = DESK, who: str = "desk1"
) -> Receipt:
    context = here.staff(library, who)
    with here.database.write() as connection:
        till = accounts.till_at(connection, context, f"{library}-1", ZONE)
        return accounts.pay(connection, here.clock, context, rights, till, reader, payment)


def charged(here: Town, reader: PatronId, loan: LoanId, fen: int, kind: str = "compensation", library: str = "JD") -> str:
    asked = Charge(patron=reader, library=LibraryCode(library), kind=kind, amount_fen=fen, loan=loan)
    with here.database.write() as connection:
        return accounts.charge(connection, here.clock, here.staff(library), asked)


def taken_back(here: Town, reader: PatronId, entry: str, *, library: str = "JD", reason: str = "typed wrong") -> Receipt:
    context = here.staff(library)
    with here.database.write() as connection:
        till = accounts.till_at(connection, context, f"{library}-1", ZONE)
        return accounts.reverse(connection, here.clock, context, MANAGER, till, reader, entry, reason)


def account(here: Town, reader: PatronId) -> Account:
    with here.database.read() as connection:
        return accounts.account_of(connection, reader)


def blocks_of(here: Town, reader: PatronId) -> list[str]:
    with here.database.read() as connection:
        return [block.code for block in blocks.in_force(connection, reader)]


def lost(here: Town, reader: PatronId, fen: int = 3980) -> LoanId:
    """A loan whose item was lost, with what that brings."""
    loan = here.loan(reader, "lost")
    charged(here, reader, loan, fen)
    with here.database.write() as connection:
        blocks.enter(connection, reader, Block(code="lost_item", library=LibraryCode("JD"), loan=loan), "staff:desk1", here.clock.now())
    return loan


def deposit(fen: int) -> Payment:
    return Payment(kind="deposit", amount_fen=fen)


def refund(fen: int, of: str = "deposit") -> Payment:
    return Payment(kind="refund", amount_fen=fen, refunded=of)


def test_a_deposit_is_taken_and_given_back_with_receipts(here: Town) -> None:
    reader = here.reader()
    first = paid(here, reader, deposit(10_000))
    second = paid(here, reader, refund(10_000))
    assert [first.number, second.number] == ["JD-1-20261122-0001", "JD-1-20261122-0002"]
    assert [(first.deposit_fen, second.deposit_fen)] == [(10_000, 0)]
    assert [(entry.kind, entry.cash_fen, entry.method) for entry in account(here, reader).entries] == [
        ("refund", -10_000, "cash"),
        ("deposit", 10_000, "cash"),
    ]


def test_receipts_are_numbered_by_till_and_day(here: Town) -> None:
    reader = here.reader()
    numbers = [paid(here, reader, deposit(100)).number, paid(here, reader, deposit(100), library="JX").number]
    here.clock.advance(timedelta(hours=8))  # 16:00 in Greenwich is midnight in Shanghai
    numbers.append(paid(here, reader, deposit(100)).number)
    assert numbers == ["JD-1-20261122-0001", "JX-1-20261122-0001", "JD-1-20261123-0001"]


def test_a_refused_payment_uses_up_no_number(here: Town) -> None:
    reader = here.reader()
    with pytest.raises(Refused, match="more_than_deposit"):
        paid(here, reader, refund(1))
    assert paid(here, reader, deposit(1)).number.endswith("-0001")


def test_a_deposit_of_another_library_is_given_back_on_its_account(here: Town) -> None:
    reader = here.reader()
    paid(here, reader, deposit(6_000), library="JX")
    here.clock.advance(timedelta(minutes=1))
    paid(here, reader, deposit(4_000))
    lines = paid(here, reader, refund(7_000)).lines
    assert [(line.library, line.branch, line.line, line.deposit_fen) for line in lines] == [
        ("JX", "JD-1", 1, -6_000),
        ("JD", "JD-1", 2, -1_000),
    ]


@pytest.mark.parametrize("state", ["open", "claimed_returned"])
def test_no_refund_while_something_is_out(here: Town, state: str) -> None:
    reader = here.reader()
    paid(here, reader, deposit(10_000))
    here.loan(reader, state)
    with pytest.raises(Refused, match="refund_while_lent"):
        paid(here, reader, refund(10_000))


def test_no_refund_while_something_is_owed(here: Town) -> None:
    reader = here.reader()
    paid(here, reader, deposit(10_000))
    lost(here, reader)
    with pytest.raises(Refused, match="refund_while_owing"):
        paid(here, reader, refund(10_000))


def test_compensation_paid_to_the_last_fen_ends_the_block(here: Town) -> None:
    reader = here.reader()
    loan = lost(here, reader, 3980)
    part = Payment(kind="compensation", amount_fen=3979, method="wechat", loan=loan)
    assert paid(here, reader, part).owed_fen == 1
    assert blocks_of(here, reader) == ["lost_item"]
    assert paid(here, reader, Payment(kind="compensation", amount_fen=1)).owed_fen == 0
    assert blocks_of(here, reader) == []


def test_one_receipt_pays_several_charges_the_oldest_first(here: Town) -> None:
    reader = here.reader()
    for fen, library in ((80, "JD"), (50, "JX"), (30, "JD")):
        charged(here, reader, here.loan(reader, "returned", library), fen, "fine", library)
        here.clock.advance(timedelta(days=1))
    receipt = paid(here, reader, Payment(kind="fine", amount_fen=140))
    assert [(line.library, line.cash_fen) for line in receipt.lines] == [("JD", 80), ("JX", 50), ("JD", 10)]
    assert {line.receipt for line in receipt.lines} == {receipt.number}
    assert receipt.owed_fen == 20


def test_nobody_pays_more_than_is_owed_or_for_something_else(here: Town) -> None:
    reader = here.reader()
    charged(here, reader, here.loan(reader, "returned"), 80, "fine")
    with pytest.raises(Refused, match="more_than_owed") as refused:
        paid(here, reader, Payment(kind="fine", amount_fen=81))
    assert refused.value.data["owed_fen"] == 80
    with pytest.raises(Refused, match="nothing_owed"):
        paid(here, reader, Payment(kind="compensation", amount_fen=80))


@pytest.mark.parametrize("fen", [0, -1, MOST_FEN + 1])
@pytest.mark.parametrize("kind", ["deposit", "refund", "fine"])
def test_amounts_have_limits(here: Town, kind: PaymentKind, fen: int) -> None:
    with pytest.raises(InvalidInput, match="amount_not_allowed"):
        paid(here, here.reader(), Payment(kind=kind, amount_fen=fen))


def test_a_waiver_is_a_manager_s_with_a_reason_and_moves_no_cash(here: Town) -> None:
    reader = here.reader()
    loan = lost(here, reader)
    waiver = Payment(kind="waiver", amount_fen=3980, loan=loan, reason="flood")
    with pytest.raises(NotAllowed):
        paid(here, reader, waiver)
    with pytest.raises(InvalidInput, match="reason_needed"):
        paid(here, reader, Payment(kind="waiver", amount_fen=3980, reason=" "), rights=MANAGER)
    receipt = paid(here, reader, waiver, rights=MANAGER)
    assert [(line.cash_fen, line.method, line.reason) for line in receipt.lines] == [(0, "", "flood")]
    assert (receipt.owed_fen, blocks_of(here, reader)) == (0, [])


def test_a_manager_lets_go_of_the_own_library_s_money_only(here: Town) -> None:
    reader = here.reader()
    charged(here, reader, here.loan(reader, "returned", "JX"), 80, "fine", "JX")
    waiver = Payment(kind="waiver", amount_fen=80, reason="kind")
    with pytest.raises(Refused, match="nothing_owed"):
        paid(here, reader, waiver, rights=MANAGER)
    assert paid(here, reader, waiver, library="JX", rights=MANAGER).owed_fen == 0


def test_a_copy_of_the_book_closes_its_charge(here: Town) -> None:
    reader = here.reader()
    loan = lost(here, reader)
    with pytest.raises(InvalidInput, match="loan_needed"):
        paid(here, reader, Payment(kind="replacement", reason="new copy"), rights=MANAGER)
    receipt = paid(here, reader, Payment(kind="replacement", loan=loan, reason="new copy"), rights=MANAGER)
    assert (receipt.owed_fen, receipt.lines[0].cash_fen, blocks_of(here, reader)) == (0, 0, [])
    with here.database.read() as connection:
        charge = account(here, reader).entries[-1]
        assert rows.charged(connection, charge) == 0, "nothing to give back if the old one turns up"


def test_what_was_paid_for_a_book_that_is_found_can_be_refunded(here: Town) -> None:
    reader = here.reader()
    loan = lost(here, reader)
    paid(here, reader, Payment(kind="compensation", amount_fen=3980))
    with here.database.read() as connection:
        assert rows.charged(connection, account(here, reader).entries[-1]) == 3980
    charged(here, reader, loan, -3980)
    assert account(here, reader).ledger.owed_fen == -3980
    with pytest.raises(Refused, match="nothing_overpaid"):
        paid(here, reader, refund(3981, "overpaid"))
    assert paid(here, reader, refund(3980, "overpaid")).owed_fen == 0


def test_a_reversal_takes_back_a_whole_receipt_once(here: Town) -> None:
    reader = here.reader()
    lost(here, reader, 1000)
    lost(here, reader, 500)
    receipt = paid(here, reader, Payment(kind="compensation", amount_fen=1500, method="alipay"))
    assert blocks_of(here, reader) == []
    back = taken_back(here, reader, receipt.lines[1].id)
    assert [(line.kind, line.cash_fen, line.method) for line in back.lines] == [("reversal", -1000, "alipay"), ("reversal", -500, "alipay")]
    assert (back.owed_fen, blocks_of(here, reader)) == (1500, ["lost_item", "lost_item"])
    for entry in (receipt.lines[0].id, back.lines[0].id):
        with pytest.raises(Refused, match="revers"):
            taken_back(here, reader, entry)


def test_a_deposit_that_was_refunded_is_not_taken_back_too(here: Town) -> None:
    reader = here.reader()
    receipt = paid(here, reader, deposit(100))
    paid(here, reader, refund(100))
    with pytest.raises(Refused, match="more_than_deposit"):
        taken_back(here, reader, receipt.lines[0].id)


def test_a_charge_that_was_given_back_is_not_taken_back_too(here: Town) -> None:
    reader = here.reader()
    loan = here.loan(reader, "returned")
    charge = charged(here, reader, loan, 3980)
    charged(here, reader, loan, -3980)
    with pytest.raises(Refused, match="charge_given_back"):
        taken_back(here, reader, charge)


def test_another_library_s_till_and_entries_are_not_touched(here: Town) -> None:
    reader, other = here.reader(), here.reader()
    receipt = paid(here, reader, deposit(100))
    with pytest.raises(NotAllowed), here.database.read() as connection:
        accounts.till_at(connection, here.staff("JX"), "JD-1", ZONE)
    with pytest.raises(InvalidInput, match="unknown_desk"), here.database.read() as connection:
        accounts.till_at(connection, here.staff("JX"), "nowhere", ZONE)
    with pytest.raises(NotAllowed, match="other_library"):
        taken_back(here, reader, receipt.lines[0].id, library="JX")
    with pytest.raises(NotFound, match="unknown_entry"):
        taken_back(here, other, receipt.lines[0].id)


def test_two_tills_at_once_pay_a_deposit_back_once(here: Town) -> None:
    """Every round: as many tills as there are threads, all at the same moment."""
    for _ in range(5):
        reader = here.reader()
        paid(here, reader, deposit(10_000))
        told = at_once(4, partial(paid, here, reader, refund(10_000)))
        assert sorted(told) == ["done", "more_than_deposit", "more_than_deposit", "more_than_deposit"]
        assert account(here, reader).ledger.deposit_fen == 0


def at_once(count: int, act: Callable[[], object]) -> list[str]:
    """The codes of what was refused, "done" for the others."""
    told: list[str] = []
    gate = Barrier(count)

    def one() -> None:
        gate.wait()
        try:
            act()
            told.append("done")
        except UnionCatalogError as error:
            told.append(error.code)

    threads = [Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
