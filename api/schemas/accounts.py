"""Bodies and answers about money: payments, accounts, cash sheets. Amounts are whole fen."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from marshmallow import fields, missing
from msgspec import Meta

from api.schemas.fields import Arguments, Body, day, needed, optional, word
from union_catalog.patrons.accounts import METHODS, MOST_FEN, PAYMENT_KINDS, REFUNDED

LONGEST_ID = 24
LONGEST_REASON = 500
FORMATS = ("json", "csv")
Fen = Annotated[int, Meta(description="Fen, a hundredth of a yuan.")]
Instant = Annotated[str, Meta(description="UTC, ISO 8601 with microseconds.")]
Actor = Annotated[str, Meta(description="Opaque, never a name.")]


class WholeNumber(fields.Integer):
    """A number of JSON without a fraction: neither text, nor true, nor 1.5 is money."""

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> int:
        if type(value) is not int:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **more) or 0


def number(description: str, *, required: bool = False) -> WholeNumber:
    """A whole number, 0 where none is given; its limits are the use case's."""
    return WholeNumber(required=required, load_default=missing if required else 0, metadata={"description": description})


class PaymentBody(Body):
    """What is done at a till."""

    kind = needed(
        "`deposit` and `refund` (of the deposit, or of what was overpaid); `compensation` and `fine` pay what is owed; `waiver` lets go of "
        "it, `replacement` takes a copy of the book instead (both a manager's); `reversal` takes back a whole receipt.",
        20,
        (*PAYMENT_KINDS, "reversal"),
    )
    amount_fen = number(f"1 to {MOST_FEN}; not for a replacement or a reversal.")
    method = word("How the money changes hands.", METHODS, "cash")
    branch = optional("At whose till; else where the session stands, or the only branch.", 64, "")
    loan = optional("Only what is owed for this loan.", LONGEST_ID)
    refunded = word("What a refund gives back.", REFUNDED, "deposit")
    entry = optional("Of a reversal: an entry of the receipt, or the charge, that is taken back.", LONGEST_ID)
    reason = optional("Needed for waiver, replacement and reversal.", LONGEST_REASON, "")


class CashSheetArguments(Arguments):
    """Which day, in which form."""

    date = day("The day of the network's calendar; today without it.")
    format = word("`csv` for a spreadsheet.", FORMATS, "json")


class EntryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an account. It is never changed; what was wrong is reversed."""

    id: str
    kind: str
    label: str
    cause: Annotated[str, Meta(description="fine or compensation where it changes what is owed.")]
    library: Annotated[str, Meta(description="To which it is owed, or which holds the deposit.")]
    branch: Annotated[str | None, Meta(description="At whose till; null for what a rule charged.")]
    owed_fen: Annotated[int, Meta(description="Added to what is owed; negative where it settles.")]
    deposit_fen: Annotated[int, Meta(description="Added to the deposit.")]
    cash_fen: Annotated[int, Meta(description="Added to the till.")]
    method: str
    loan: str | None
    reason: str
    receipt: str | None
    reverses: Annotated[str | None, Meta(description="The entry that it takes back.")]
    actor: Actor
    entered_at: Instant


class ReceiptAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was done at a till, and what the account comes to now."""

    receipt: Annotated[str, Meta(description="branch-day-number; without gaps within a till's day.")]
    kind: str
    cash_fen: Annotated[int, Meta(description="What the till took; negative for what it gave.")]
    lines: tuple[EntryAnswer, ...]
    owed_fen: Fen
    deposit_fen: Fen


class ChargeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What is still owed of one charge; negative where too much was paid."""

    library: str
    library_name: str
    loan: str | None
    cause: str
    label: str
    owed_fen: Fen
    since: Instant


class DepositAnswer(msgspec.Struct, frozen=True):
    """What one library holds."""

    library: str
    library_name: str
    deposit_fen: Fen


class AccountAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A reader's account with all libraries. Desks see the entries of their own library, and what is owed to every one."""

    owed_fen: Fen
    deposit_fen: Fen
    charges: tuple[ChargeAnswer, ...]
    deposits: tuple[DepositAnswer, ...]
    entries: Annotated[tuple[EntryAnswer, ...], Meta(description="The newest first.")]


class MethodAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came in and went out by one method."""

    method: str
    label: str
    receipts: int
    received_fen: Fen
    paid_out_fen: Fen
    net_fen: Fen


class KindAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What entries of one kind came to for one library."""

    library: str
    kind: str
    label: str
    entries: int
    cash_fen: Fen
    owed_fen: Fen


class CashSheetAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A branch's till on one day: what it must hold at its end, and every entry behind it."""

    branch: str
    library: str
    date: str
    received_fen: Fen
    paid_out_fen: Fen
    net_fen: Fen
    methods: tuple[MethodAnswer, ...]
    kinds: tuple[KindAnswer, ...]
    entries: tuple[EntryAnswer, ...]
