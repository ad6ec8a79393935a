"""What a late return, a loss, a damage and a find bring to the reader: suspension, money, credit.

The rule is the one under which the loan was made. Suspension instead of fines (以停代金) is its default. The item's library sets what
follows, whoever lent it; a block that follows holds in the whole network.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from union_catalog.circulation.plan import ChangeCredit, Charge, Effect, EnterBlock, LiftBlocks, Note
from union_catalog.circulation.policy import Overdue, Terms
from union_catalog.circulation.situation import OpenLoan
from union_catalog.patrons.blocks import Block
from union_catalog.patrons.credit import CreditTerms, points_for_lateness


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What the loss of an item brought to its reader and still stands: ``charged_fen`` neither waived nor replaced, paid or not."""

    charged_fen: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """``open_days``: days past the due date on which the lending branch was open. ``handed_in`` is the day that counts."""

    open_days: int
    handed_in: date
    now: datetime


def consequences_of_return(loan: OpenLoan, terms: Terms, credit: CreditTerms, late: Lateness) -> tuple[Effect, ...]:
    """Nothing for a return in time or within the days of grace. Suspensions of several loans run side by side: the longest counts.

    A suspension of so many days leaves out the day of the return: ``until`` is that day and so many more.
    """
    counted = late.open_days - terms.overdue.grace_days
    if counted <= 0 or terms.overdue.kind == "none":
        return ()
    points = points_for_lateness(credit, counted)
    return _of_lateness(loan, terms.overdue, counted, late) + _points(loan, -points, "returned_late")


def consequences_of_loss(loan: OpenLoan, terms: Terms, credit: CreditTerms, price_fen: int | None, now: datetime) -> tuple[Effect, ...]:
    """Compensation, a block until it is settled, and credit taken."""
    return (
        EnterBlock(patron=loan.patron, block=Block(code="lost_item", library=loan.item_library, since=now, loan=loan.id)),
        *_charge(loan, "compensation", compensation_fen(terms, price_fen)),
        *_points(loan, -credit.lost, "lost"),
    )


def consequences_of_damage(loan: OpenLoan, terms: Terms, credit: CreditTerms, price_fen: int | None, percent: int) -> tuple[Effect, ...]:
    """``percent`` of what its loss would cost, as staff judge the damage: 0 for wear, 100 for an item that cannot be used again."""
    if not percent:
        return ()
    asked = _share(compensation_fen(terms, price_fen), min(percent, 100))
    return _charge(loan, "compensation", asked) + _points(loan, -credit.damaged, "damaged")


def consequences_of_finding(loan: OpenLoan, terms: Terms, credit: CreditTerms, brought: Brought, late: Lateness) -> tuple[Effect, ...]:
    """The loss is taken back: money (paid or not), credit and block. What remains is that of a late return."""
    return (
        LiftBlocks(patron=loan.patron, code="lost_item", loan=loan.id),
        *_charge(loan, "compensation", -brought.charged_fen),
        *_points(loan, brought.points, "found"),
        *consequences_of_return(loan, terms, credit, late),
    )


def compensation_fen(terms: Terms, price_fen: int | None) -> int:
    """The price times the rule's factor, to the nearest fen; a price that is missing or zero is nobody's knowledge."""
    return _share(price_fen, terms.price_percent) if price_fen else terms.unpriced_fen


def notes_of(effects: tuple[Effect, ...]) -> tuple[Note, ...]:
    """What a desk says of them to the reader."""
    return tuple(note for effect in effects for note in _said(effect))


def _said(effect: Effect) -> tuple[Note, ...]:
    match effect:
        case EnterBlock(block=Block(code="suspended", until=date() as until)):
            return (Note("suspended_until", {"until": until.isoformat()}),)
        case Charge(amount_fen=fen) if fen < 0:
            return (Note("charge_given_back", {"amount_fen": -fen, "cause": effect.kind, "library": effect.library}),)
        case Charge():
            return (Note("charged", {"amount_fen": effect.amount_fen, "cause": effect.kind, "library": effect.library}),)
    return ()


def _of_lateness(loan: OpenLoan, overdue: Overdue, counted: int, late: Lateness) -> tuple[Effect, ...]:
    amount = min(counted * overdue.per_day, overdue.most)
    if overdue.kind == "fine":
        return _charge(loan, "fine", amount)
    if amount <= 0:
        return ()
    until = late.handed_in + timedelta(days=amount)
    block = Block(code="suspended", library=loan.item_library, since=late.now, until=until, loan=loan.id)
    return (EnterBlock(patron=loan.patron, block=block),)


def _charge(loan: OpenLoan, kind: str, fen: int) -> tuple[Effect, ...]:
    return (Charge(patron=loan.patron, library=loan.item_library, kind=kind, amount_fen=fen, loan=loan.id),) if fen else ()


def _points(loan: OpenLoan, points: int, cause: str) -> tuple[Effect, ...]:
    return (ChangeCredit(patron=loan.patron, points=points, cause=cause, loan=loan.id),) if points else ()


def _share(fen: int, percent: int) -> int:
    return (fen * percent + 50) // 100
