"""A reader's account with the libraries, in fen: what is charged, how it is settled, what may be given back.

Every entry belongs to the library to which the money is owed or by which it is held; any library's till may take it. A charge is known by
its library, its loan and its cause, and is settled by payment, by waiver, or, where it is compensation, by a copy of the same book.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from union_catalog.errors import InvalidInput, Refused
from union_catalog.ids import BranchCode, LibraryCode, LoanId, PatronId

PaymentKind = Literal["deposit", "refund", "compensation", "fine", "waiver", "replacement"]
PAYMENT_KINDS: tuple[PaymentKind, ...] = ("deposit", "refund", "compensation", "fine", "waiver", "replacement")
ENTRY_KINDS = ("charge", *PAYMENT_KINDS, "reversal")
CAUSES = ("fine", "compensation")
METHODS = ("cash", "bank_card", "wechat", "alipay", "transfer")
REFUNDED = ("deposit", "overpaid")
MOST_FEN = 1_000_000  # for one receipt: a slipped finger must not enter more
MANAGED = frozenset({"waiver", "replacement"})  # let go of money: a manager's, with a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the account. ``owed_fen`` is what it adds to the debt, ``deposit_fen`` to the deposit, ``cash_fen`` to the till.

    ``branch`` is the till, None for what was charged by rule; ``receipt`` None where nobody was given one.
    """

    id: str
    patron: PatronId
    library: LibraryCode
    branch: BranchCode | None = None
    kind: str
    cause: str = ""
    owed_fen: int = 0
    deposit_fen: int = 0
    cash_fen: int = 0
    method: str = ""
    loan: LoanId | None = None
    reason: str = ""
    receipt: str | None = None
    line: int = 1
    reverses: str | None = None
    actor: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCharge:
    """What is still owed of one charge; negative where more was paid than is owed now."""

    library: LibraryCode
    loan: LoanId | None
    cause: str
    owed_fen: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Deposit:
    """What one library holds."""

    library: LibraryCode
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """An account as it stands under lock; open charges and deposits oldest first. ``lent``: items that the reader has out."""

    deposits: tuple[Deposit, ...] = ()
    charges: tuple[OpenCharge, ...] = ()
    lent: int = 0

    @property
    def owed_fen(self) -> int:
        return sum(charge.owed_fen for charge in self.charges)

    @property
    def deposit_fen(self) -> int:
        return sum(deposit.fen for deposit in self.deposits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What is to be done at a till. ``loan`` narrows it to that loan's charges; ``refunded`` says what a refund gives back.

    ``only_of`` narrows it to one library's charges: nobody lets go of another library's money. A replacement has no amount.
    """

    kind: PaymentKind
    amount_fen: int = 0
    method: str = "cash"
    loan: LoanId | None = None
    reason: str = ""
    refunded: str = "deposit"
    only_of: LibraryCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one line of the receipt changes."""

    library: LibraryCode
    cause: str = ""
    owed_fen: int = 0
    deposit_fen: int = 0
    cash_fen: int = 0
    loan: LoanId | None = None


def decide_payment(payment: Payment, ledger: Ledger, till: LibraryCode) -> tuple[Line, ...]:
    """The lines of its receipt, one for each charge that it settles. ``till``: whose till it is, and who keeps a deposit.

    Raises InvalidInput: amount_not_allowed, reason_needed, loan_needed; Refused: nothing_owed, more_than_owed, refund_while_lent,
    refund_while_owing, more_than_deposit, nothing_overpaid.
    """
    if payment.kind in MANAGED and not payment.reason.strip():
        raise InvalidInput("reason_needed", name="reason")
    if payment.kind == "replacement":
        return _replaced(payment, ledger)
    if not 1 <= payment.amount_fen <= MOST_FEN:
        raise InvalidInput("amount_not_allowed", name="amount_fen", most_fen=MOST_FEN)
    if payment.kind == "deposit":
        return (Line(library=till, deposit_fen=payment.amount_fen, cash_fen=payment.amount_fen),)
    if payment.kind == "refund":
        return _refunded(payment, ledger)
    return _settled(payment, ledger)


def _settled(payment: Payment, ledger: Ledger) -> tuple[Line, ...]:
    charges = [charge for charge in _meant(payment, ledger) if charge.owed_fen > 0]
    owed = sum(charge.owed_fen for charge in charges)
    if not owed:
        raise Refused("nothing_owed")
    if payment.amount_fen > owed:
        raise Refused("more_than_owed", owed_fen=owed)
    cash = payment.kind != "waiver"
    parts = _shared(payment.amount_fen, [charge.owed_fen for charge in charges])
    return tuple(
        Line(library=charge.library, cause=charge.cause, owed_fen=-part, cash_fen=part if cash else 0, loan=charge.loan)
        for charge, part in zip(charges, parts, strict=True)
        if part
    )


def _replaced(payment: Payment, ledger: Ledger) -> tuple[Line, ...]:
    if payment.loan is None:
        raise InvalidInput("loan_needed", name="loan")
    charges = [charge for charge in _meant(payment, ledger) if charge.owed_fen > 0]
    if not charges:
        raise Refused("nothing_owed")
    return tuple([Line(library=one.library, cause=one.cause, owed_fen=-one.owed_fen, loan=one.loan) for one in charges])


def _meant(payment: Payment, ledger: Ledger) -> Iterator[OpenCharge]:
    cause = {"fine": "fine", "compensation": "compensation", "replacement": "compensation"}.get(payment.kind)
    for charge in ledger.charges:
        of_loan = payment.loan is None or charge.loan == payment.loan
        if of_loan and cause in (None, charge.cause) and payment.only_of in (None, charge.library):
            yield charge


def _refunded(payment: Payment, ledger: Ledger) -> tuple[Line, ...]:
    if payment.refunded == "overpaid":
        return _given_back(payment, ledger)
    if ledger.lent:
        raise Refused("refund_while_lent", count=ledger.lent)
    if ledger.owed_fen > 0:
        raise Refused("refund_while_owing", owed_fen=ledger.owed_fen)
    if payment.amount_fen > ledger.deposit_fen:
        raise Refused("more_than_deposit", deposit_fen=ledger.deposit_fen)
    parts = _shared(payment.amount_fen, [deposit.fen for deposit in ledger.deposits])
    held = zip(ledger.deposits, parts, strict=True)
    return tuple([Line(library=deposit.library, deposit_fen=-part, cash_fen=-part) for deposit, part in held if part])


def _given_back(payment: Payment, ledger: Ledger) -> tuple[Line, ...]:
    """What was paid for what turned out not to be owed. It is the reader's, whatever else is owed elsewhere."""
    charges = [charge for charge in ledger.charges if charge.owed_fen < 0 and payment.loan in (None, charge.loan)]
    overpaid = -sum(charge.owed_fen for charge in charges)
    if payment.amount_fen > overpaid:
        raise Refused("nothing_overpaid", overpaid_fen=overpaid)
    parts = _shared(payment.amount_fen, [-charge.owed_fen for charge in charges])
    return tuple(
        Line(library=charge.library, cause=charge.cause, owed_fen=part, cash_fen=-part, loan=charge.loan)
        for charge, part in zip(charges, parts, strict=True)
        if part
    )


def _shared(amount: int, limits: list[int]) -> list[int]:
    """``amount`` over the first ones first, to each no more than its limit."""
    parts = []
    for limit in limits:
        part = min(amount, limit)
        amount -= part
        parts.append(part)
    return parts


def decide_reversal(entries: tuple[Entry, ...], already: frozenset[str], ledger: Ledger, reason: str) -> tuple[tuple[Entry, Line], ...]:
    """The opposite of every line of a receipt, or of a charge, each beside what it reverses.

    Raises InvalidInput("reason_needed"); Refused: reversed_already, reversal_of_reversal, more_than_deposit where a deposit that was
    refunded since would be taken back.
    """
    if not reason.strip():
        raise InvalidInput("reason_needed", name="reason")
    if any(entry.kind == "reversal" for entry in entries):
        raise Refused("reversal_of_reversal")
    if already & {entry.id for entry in entries}:
        raise Refused("reversed_already")
    for entry in entries:
        held = sum(deposit.fen for deposit in ledger.deposits if deposit.library == entry.library)
        if entry.deposit_fen > held:
            raise Refused("more_than_deposit", deposit_fen=held)
    return tuple([(entry, _opposite(entry)) for entry in entries])


def _opposite(entry: Entry) -> Line:
    return Line(
        library=entry.library,
        cause=entry.cause,
        owed_fen=-entry.owed_fen,
        deposit_fen=-entry.deposit_fen,
        cash_fen=-entry.cash_fen,
        loan=entry.loan,
    )
