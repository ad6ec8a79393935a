"""Money at a desk: what a reader pays or gets back, and the receipt, to be printed."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from api.auth import demand_branch
from api.idempotency import Acting
from api.labels import label
from api.language import current_language
from api.money import read_yuan, yuan
from api.pages import shell
from api.pages.acting import Went
from api.pages.reader_views import branch_names
from api.pages.sent import typed_in
from api.pages.staff_readers import act_on_reader
from api.resources.operation import catalogue, office
from union_catalog.context import Language
from union_catalog.errors import InvalidInput, NotFound
from union_catalog.ids import LoanId
from union_catalog.patrons.accounts import PAYMENT_KINDS, Entry, Payment
from union_catalog.patrons.cards import masked
from union_catalog.services import accounts
from union_catalog.services import tills as till_cases
from union_catalog.services.accounts import Receipt
from union_catalog.storage import accounts as rows
from union_catalog.storage import credentials

money = Blueprint("money", __name__)
money.after_request(shell.remember_language)
OVERPAID = "overpaid"


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """What one line of a receipt was for, in words, and how much."""

    words: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """A receipt as it is handed out: nobody's name, of the card the last four."""

    number: str
    branch: str
    at: datetime
    card: str
    lines: tuple[ReceiptLine, ...]
    total: str
    method: str
    reason: str
    patron: str


@money.post("/staff/patrons/<patron_id>/payments")
def pay(patron_id: str) -> AnyResponse:
    """Takes or gives money at a till, lets go of it, or takes an entry back; goes on to the receipt."""

    def work(acting: Acting) -> Went:
        till = accounts.till_at(acting.connection, acting.context, typed_in("branch"), office().timezone)
        receipt = _taken(acting, till, patron_id)
        address = shell.page_address("money.receipt", code=till.branch, number=receipt.number)
        return Went(f"{address}?patron={patron_id}", patron_id)

    return act_on_reader(patron_id, "pay", work)


def _taken(acting: Acting, till: accounts.Till, patron_id: str) -> Receipt:
    work = acting.connection, acting.clock, acting.context, acting.principal.roles, till, patron_id
    if typed_in("kind") == "reversal":
        return accounts.reverse(*work, typed_in("entry"), typed_in("reason"))
    return accounts.pay(*work, _payment())


def _payment() -> Payment:
    said = typed_in("kind")
    kind = next((kind for kind in PAYMENT_KINDS if kind == said or (kind == "refund" and said == OVERPAID)), None)
    if kind is None:
        raise InvalidInput("parameter.not_among", name="kind", choices=PAYMENT_KINDS)
    return Payment(
        kind=kind,
        amount_fen=read_yuan(typed_in("amount")),
        method=typed_in("method"),
        loan=LoanId(typed_in("loan")) if typed_in("loan") else None,
        reason=typed_in("reason"),
        refunded=OVERPAID if said == OVERPAID else "deposit",
    )


@money.get("/branches/<code>/receipts/<number>")
def receipt(code: str, number: str) -> str:
    """A receipt of a branch's till, as wide as its paper."""
    with catalogue().database.read() as connection:
        demand_branch(code, till_cases.library_of(connection, code))
        view = _view(connection, code, number)
    return render_template("staff/receipt.html", view=view, back=request.args.get("patron", ""))


def _view(connection: Connection, code: str, number: str) -> ReceiptView:
    entries, language = rows.of_receipt(connection, code, number), current_language()
    if not entries:
        raise NotFound("unknown_entry", kind="receipt", id=number)
    first = entries[0]
    cards = [card for card in credentials.of(connection, first.patron) if card.kind == "card" and card.state == "valid"]
    cash = sum(entry.cash_fen for entry in entries)
    return ReceiptView(
        number=number,
        branch=branch_names(connection).get(code, code),
        at=first.entered_at,
        card=masked(cards[0].number)[-4:] if cards else "",
        lines=tuple([_line(entry, language) for entry in entries]),
        total=yuan(cash, language),
        method=label("pay_method", first.method, language) if first.method else "",
        reason=first.reason,
        patron=first.patron,
    )


def _line(entry: Entry, language: Language) -> ReceiptLine:
    words = label("account_entry", entry.kind, language)
    if entry.cause:
        words = f"{words}（{label('charge_cause', entry.cause, language)}）" if language == "zh" else f"{words} ({entry.cause})"
    return ReceiptLine(words, yuan(entry.cash_fen or -entry.owed_fen, language))
