"""What desks do to one another when they do it at the same moment: each duel is arranged anew, fought, and judged by what the rows say.

A duel that is judged wrong raises AssertionError. ``DUELS`` names them all.
"""

from collections.abc import Callable
from typing import Any

from tests.scenarios.ring import Answer, Move, Ring
from tests.services.desks import BRANCHES
from union_catalog.circulation.plan import Charge
from union_catalog.context import Actor, CommandId, Context
from union_catalog.ids import LibraryCode, new_id
from union_catalog.services import accounts
from union_catalog.services.patrons import codes
from union_catalog.storage.tables import account_entry, credential, credit_entry, desk_action, item_state, loan, patron, person, transit

QUOTA = 4  # of tests.services.desks.POLICY
DESKS = [code for code, _ in BRANCHES]


def done(answers: list[Answer]) -> list[Answer]:
    """Those that were not refused."""
    return [answer for answer in answers if answer.status == 200]


def open_loans(ring: Ring, **columns: object) -> list[dict[str, Any]]:
    return [one for one in ring.town.rows(loan, **columns) if one["ended_at"] is None]


def returns(ring: Ring, loan_id: str) -> int:
    """How often somebody was told that this loan has ended."""
    return len(ring.town.rows(desk_action, loan_id=loan_id, action="check_in"))


def lend(ring: Ring, barcode: str, card: str, at: str = "JD-1") -> str:
    """The loan."""
    return ring.town.lend(barcode, card, at).loan


def two_readers_want_one_item(ring: Ring) -> None:
    item = ring.town.item()
    answers = ring.fight(*[Move("lend", desk, (item, ring.town.card())) for desk in DESKS])
    assert len(done(answers)) == 1
    assert len(open_loans(ring, item_id=ring.town.id_of(item))) == 1


def one_item_is_scanned_twice(ring: Ring) -> None:
    item, card = ring.town.item(), ring.town.card()
    answers = ring.fight(*[Move("lend", "JD-1", (item, card))] * 3)
    assert len({answer.loan for answer in done(answers)}) == 1
    assert len(done(answers)) == 3
    assert len(ring.town.rows(loan, item_id=ring.town.id_of(item))) == 1


def one_command_is_sent_twice(ring: Ring) -> None:
    item, card, key = ring.town.item(), ring.town.card(), new_id()
    answers = ring.fight(*[Move("lend", "JD-1", (item, card), key)] * 4)
    assert len({answer.loan for answer in done(answers)}) == 1
    assert {answer.case for answer in answers if answer.status == 409} <= {"busy"}
    assert len(ring.town.rows(desk_action, command_id=key)) == 1


def a_reader_renews_what_is_being_returned(ring: Ring) -> None:
    item, card = ring.town.item(), ring.town.card()
    kept = lend(ring, item, card)
    answers = ring.fight(Move("renew", "JD-2", (card,)), Move("take", "JD-1", (item,)), Move("renew", "JX-1", (card,)))
    row = ring.town.rows(loan, id=kept)[0]
    assert (answers[1].loan, row["state"], row["renewals"] <= 1, returns(ring, kept)) == (kept, "returned", True, 1)


def the_last_of_a_quota(ring: Ring) -> None:
    card = ring.town.card()
    for _ in range(QUOTA - 1):
        lend(ring, ring.town.item(), card)
    items = [ring.town.item() for _ in DESKS]
    answers = ring.fight(*[Move("lend", desk, (item, card)) for desk, item in zip(DESKS, items, strict=True)])
    assert len(done(answers)) == 1
    assert len(open_loans(ring, patron_id=ring.town.reader(card))) == QUOTA


def an_item_is_returned_and_wanted(ring: Ring) -> None:
    item, card = ring.town.item(), ring.town.card()
    kept = lend(ring, item, card)
    others = [Move("lend", "JD-2", (item, ring.town.card())) for _ in range(2)]
    answers = ring.fight(others[0], Move("take", "JD-1", (item,)), others[1])
    assert (answers[1].loan, returns(ring, kept)) == (kept, 1)
    assert ring.town.rows(loan, id=kept)[0]["state"] == "returned"
    assert len(open_loans(ring, item_id=ring.town.id_of(item))) == len(done([answers[0], answers[2]])) <= 1


def an_item_is_returned_everywhere(ring: Ring) -> None:
    item = ring.town.item()
    kept = lend(ring, item, ring.town.card())
    answers = ring.fight(*[Move("take", desk, (item,)) for desk in DESKS])
    assert len(done(answers)) == len(DESKS)
    assert [answer.loan for answer in answers].count(kept) == returns(ring, kept) == 1
    moving = [one for one in ring.town.rows(transit, item_id=ring.town.id_of(item)) if one["ended_at"] is None]
    assert len(moving) <= 1


def an_item_is_lost_and_returned(ring: Ring) -> None:
    item, card = ring.town.item(price="39.80"), ring.town.card()
    kept = lend(ring, item, card)
    ring.fight(Move("say", "JD-1", (item, "lost")), Move("take", "JD-2", (item,)))
    state = ring.town.rows(loan, id=kept)[0]["state"]
    owed = sum(one["owed_fen"] for one in ring.town.rows(account_entry, loan_id=kept))
    assert (owed > 0) == (state == "lost")
    sums_are_right(ring, ring.town.reader(card))


def an_item_is_missed_and_lent(ring: Ring) -> None:
    item = ring.town.item()
    ring.fight(Move("say", "JD-1", (item, "missing")), Move("lend", "JD-2", (item, ring.town.card())))
    here = ring.town.rows(item_state, item_id=ring.town.id_of(item))
    assert not open_loans(ring, item_id=ring.town.id_of(item)) or [one["condition"] for one in here] in ([], ["good"])


def desks_cross(ring: Ring) -> None:
    town = ring.town
    x, y = town.card(), town.card()
    mine, yours = ([town.item() for _ in range(2)] for _ in range(2))
    for item in mine:
        lend(ring, item, x)
    for item in yours:
        lend(ring, item, y)
    moves = [Move("renew", "JD-1", (x,)), Move("renew", "JD-2", (y,)), Move("take", "JX-1", (mine[1],)), Move("take", "JX-2", (yours[0],))]
    moves += [Move("lend", "JD-1", (mine[1], y)), Move("lend", "JD-2", (yours[0], x)), Move("renew", "JX-1", (y,))]
    answers = ring.fight(*moves)
    assert len(done(answers[:4])) == 4


def a_debt_is_paid_at_every_till(ring: Ring) -> None:
    reader = ring.town.reader(ring.town.card())
    charged = Charge(patron=reader, library=LibraryCode("JD"), kind="fine", amount_fen=1000, loan=None)
    with ring.town.database.write() as connection:
        accounts.charge(connection, ring.town.clock, _staff(ring), charged)
    answers = ring.fight(*[Move("pay", desk, (reader, "fine", 600)) for desk in DESKS], Move("pay", "JD-1", (reader, "fine", 400)))
    paid = 600 * len(done(answers[:4])) + 400 * len(done(answers[4:]))
    assert (len(done(answers[:4])), sum(one["owed_fen"] for one in ring.town.rows(account_entry, patron_id=reader))) == (1, 1000 - paid)


def a_deposit_is_given_back_at_every_till(ring: Ring) -> None:
    reader = ring.town.reader(ring.town.card())
    ring.fight(Move("pay", "JD-1", (reader, "deposit", 10_000)))
    answers = ring.fight(*[Move("pay", desk, (reader, "refund", 10_000)) for desk in DESKS])
    assert len(done(answers)) == 1
    sums_are_right(ring, reader)


def a_till_numbers_its_receipts(ring: Ring) -> None:
    readers = [ring.town.reader(ring.town.card()) for _ in range(4)]
    answers = ring.fight(*[Move("pay", "JX-2", (reader, "deposit", 100)) for reader in readers])
    assert len({answer.case for answer in done(answers)}) == 4


def a_card_is_replaced_at_every_desk(ring: Ring) -> None:
    reader = ring.town.reader(ring.town.card())
    answers = ring.fight(*[Move("issue", desk, (reader, "damaged")) for desk in DESKS])
    assert len({answer.case for answer in done(answers)}) == 4
    assert len(ring.town.rows(credential, patron_id=reader, kind="card", state="valid")) == 1


def one_document_is_enrolled_at_every_desk(ring: Ring) -> None:
    number = new_id().upper()
    answers = ring.fight(*[Move("enrol", desk, (number,)) for desk in DESKS])
    hashed = ring.office.keys.document("passport", number)
    assert (len(done(answers)), len(ring.town.rows(person, document_hash=hashed))) == (1, 1)


def one_code_is_shown_at_every_desk(ring: Ring) -> None:
    code, _ = codes.new_code(ring.office, ring.town.reader(ring.town.card()))
    answers = ring.fight(*[Move("show", desk, (code,)) for desk in DESKS])
    assert len(done(answers)) == 1


def a_reader_is_merged_who_borrows(ring: Ring) -> None:
    x, y = ring.town.card(), ring.town.card()
    kept, gone = ring.town.reader(x), ring.town.reader(y)
    lends = [Move("lend", desk, (ring.town.item(), y)) for desk in ("JD-2", "JX-1")]
    answers = ring.fight(lends[0], Move("merge", "JD-1", (kept, gone)), lends[1])
    assert answers[1].status == 200
    assert open_loans(ring, patron_id=gone) == []
    assert len(open_loans(ring, patron_id=kept)) == len(done([answers[0], answers[2]]))


def a_check_out_is_undone_as_the_item_comes_back(ring: Ring) -> None:
    item = ring.town.item()
    lent = ring.fight(Move("lend", "JD-1", (item, ring.town.card())))[0]
    answers = ring.fight(Move("undo", "JD-1", (lent.event,)), Move("take", "JD-2", (item,)), Move("undo", "JD-1", (lent.event,)))
    undone = len(done([answers[0], answers[2]]))
    assert undone <= 1
    assert (undone, returns(ring, lent.loan)) in ((1, 0), (0, 1))


def sums_are_right(ring: Ring, reader: str) -> None:
    """The score is the sum of its log, and nothing was paid out that was not paid in."""
    points = sum(one["points"] for one in ring.town.rows(credit_entry, patron_id=reader))
    begun = 100  # tests put readers in the table without their first entry
    assert ring.town.rows(patron, id=reader)[0]["credit"] == begun + points
    entries = ring.town.rows(account_entry, patron_id=reader)
    assert sum(one["deposit_fen"] for one in entries) >= 0
    assert sum(one["cash_fen"] for one in entries) >= 0


def _staff(ring: Ring) -> Context:
    return Context(actor=Actor(kind="system"), occurred_at=ring.town.clock.now(), command_id=CommandId(new_id()), library="")


DUELS: tuple[Callable[[Ring], None], ...] = (
    two_readers_want_one_item,
    one_item_is_scanned_twice,
    one_command_is_sent_twice,
    a_reader_renews_what_is_being_returned,
    the_last_of_a_quota,
    an_item_is_returned_and_wanted,
    an_item_is_returned_everywhere,
    an_item_is_lost_and_returned,
    an_item_is_missed_and_lent,
    desks_cross,
    a_debt_is_paid_at_every_till,
    a_deposit_is_given_back_at_every_till,
    a_till_numbers_its_receipts,
    a_card_is_replaced_at_every_desk,
    one_document_is_enrolled_at_every_desk,
    one_code_is_shown_at_every_desk,
    a_reader_is_merged_who_borrows,
    a_check_out_is_undone_as_the_item_comes_back,
)
