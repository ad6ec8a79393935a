"""/patrons/{id}/payments and /account, /branches/{code}/cash-sheet: money, in fen."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from flask import Response

from api.auth import Principal, demand_branch
from api.idempotency import Acting, Done, command
from api.labels import label
from api.language import current_language
from api.resources.operation import blueprint, catalogue, get, json_response, office
from api.resources.standing import Libraries, about, libraries, sees_all_of
from api.schemas.accounts import (
    AccountAnswer,
    CashSheetAnswer,
    CashSheetArguments,
    ChargeAnswer,
    DepositAnswer,
    EntryAnswer,
    KindAnswer,
    MethodAnswer,
    PaymentBody,
    ReceiptAnswer,
)
from api.schemas.fields import Arguments
from union_catalog.clock import instant_text
from union_catalog.context import Language
from union_catalog.errors import InvalidInput
from union_catalog.ids import LoanId
from union_catalog.patrons.accounts import Entry, Payment
from union_catalog.patrons.cash import KindTotal, MethodTotal
from union_catalog.services import accounts as use_cases
from union_catalog.services import tills
from union_catalog.services.accounts import Account, Receipt
from union_catalog.services.tills import CashSheet

group = blueprint("payments", "What readers pay and are owed, and what tills hold")
_CSV = "text/csv; charset=utf-8"
_COLUMNS = ("receipt", "entered_at", "kind", "cause", "library", "method", "cash_fen", "deposit_fen", "owed_fen", "reverses", "actor")


@get(group, "/patrons/<patron_id>/account", arguments=Arguments, answer=AccountAnswer, problems=(404,), closed=True)
def account(_: object, patron_id: str) -> Response:
    """What a reader owes and has deposited, library by library, and the entries behind it"""
    language = current_language()
    with catalogue().database.read() as connection:
        patron = about(connection, patron_id)
        found = use_cases.account_of(connection, patron.id)
        names = libraries(connection, language)
    return json_response(_account(found, patron.id, names, language))


@command(group, "POST", "/patrons/<patron_id>/payments", body=PaymentBody, answer=ReceiptAnswer, status=201, problems=(404,))
def pay(acting: Acting, said: Mapping[str, Any], patron_id: str) -> Done:
    """Take or give money at a till, let go of what is owed, or take back a receipt

    The answer has the number of the receipt. A deposit is refunded when nothing is out and nothing owed.
    """
    about(acting.connection, patron_id)
    till = use_cases.till_at(acting.connection, acting.context, _branch(acting.principal, said["branch"]), office().timezone)
    work = acting.connection, acting.clock, acting.context
    if said["kind"] == "reversal":
        receipt = use_cases.reverse(*work, acting.principal.roles, till, patron_id, said["entry"] or "", said["reason"])
    else:
        receipt = use_cases.pay(*work, acting.principal.roles, till, patron_id, _payment(said))
    return Done(_receipt(receipt, current_language()), patron_id)


@get(
    group,
    "/branches/<code>/cash-sheet",
    arguments=CashSheetArguments,
    answer=CashSheetAnswer,
    media={"text/csv": "Every entry, one a line."},
    problems=(404,),
    closed=True,
)
def cash_sheet(asked: Mapping[str, Any], code: str) -> Response:
    """What a branch's till took and gave on one day"""
    with catalogue().database.read() as connection:
        demand_branch(code, tills.library_of(connection, code))
        sheet = tills.cash_sheet(connection, code, asked["date"] or office().today(), office().timezone)
    if asked["format"] == "csv":
        name = f"{sheet.branch}-{sheet.day.isoformat()}.csv"
        return Response(sheet_csv(sheet), content_type=_CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'})
    return json_response(_sheet(sheet, current_language()))


def sheet_csv(sheet: CashSheet) -> str:
    """Every entry, one a line, with the names of the columns first; a cell that a spreadsheet would take for a formula is none of ours."""
    told = io.StringIO()
    writer = csv.writer(told)
    writer.writerow(_COLUMNS)
    for entry in sheet.entries:
        values = {name: getattr(entry, name) for name in _COLUMNS} | {"entered_at": instant_text(entry.entered_at)}
        writer.writerow([values[name] if values[name] is not None else "" for name in _COLUMNS])
    return told.getvalue()


def _branch(principal: Principal, said: str) -> str:
    """Raises InvalidInput("branch_needed") where nothing says whose till it is."""
    only = principal.branches[0] if len(principal.branches) == 1 else ""
    branch = said or principal.branch or only
    if not branch:
        raise InvalidInput("branch_needed", name="branch")
    return branch


def _payment(said: Mapping[str, Any]) -> Payment:
    return Payment(
        kind=said["kind"],
        amount_fen=said["amount_fen"],
        method=said["method"],
        loan=LoanId(said["loan"]) if said["loan"] else None,
        reason=said["reason"],
        refunded=said["refunded"],
    )


def _receipt(receipt: Receipt, language: Language) -> ReceiptAnswer:
    return ReceiptAnswer(
        receipt=receipt.number,
        kind=receipt.lines[0].kind,
        cash_fen=sum(line.cash_fen for line in receipt.lines),
        lines=tuple([_entry(line, language) for line in receipt.lines]),
        owed_fen=receipt.owed_fen,
        deposit_fen=receipt.deposit_fen,
    )


def _account(found: Account, patron_id: str, names: Libraries, language: Language) -> AccountAnswer:
    ledger = found.ledger
    charges = [
        ChargeAnswer(
            library=charge.library,
            library_name=names.name(charge.library),
            loan=charge.loan,
            cause=charge.cause,
            label=label("charge_cause", charge.cause, language),
            owed_fen=charge.owed_fen,
            since=instant_text(charge.since),
        )
        for charge in ledger.charges
    ]
    return AccountAnswer(
        owed_fen=ledger.owed_fen,
        deposit_fen=ledger.deposit_fen,
        charges=tuple(charges),
        deposits=tuple([DepositAnswer(one.library, names.name(one.library), one.fen) for one in ledger.deposits]),
        entries=tuple([_entry(entry, language) for entry in found.entries if sees_all_of(patron_id, entry.library)]),
    )


def _entry(entry: Entry, language: Language) -> EntryAnswer:
    return EntryAnswer(
        id=entry.id,
        kind=entry.kind,
        label=label("account_entry", entry.kind, language),
        cause=entry.cause,
        library=entry.library,
        branch=entry.branch,
        owed_fen=entry.owed_fen,
        deposit_fen=entry.deposit_fen,
        cash_fen=entry.cash_fen,
        method=entry.method,
        loan=entry.loan,
        reason=entry.reason,
        receipt=entry.receipt,
        reverses=entry.reverses,
        actor=entry.actor,
        entered_at=instant_text(entry.entered_at),
    )


def _sheet(sheet: CashSheet, language: Language) -> CashSheetAnswer:
    return CashSheetAnswer(
        branch=sheet.branch,
        library=sheet.library,
        date=sheet.day.isoformat(),
        received_fen=sheet.totals.received_fen,
        paid_out_fen=sheet.totals.paid_out_fen,
        net_fen=sheet.totals.net_fen,
        methods=tuple([_method(one, language) for one in sheet.totals.methods]),
        kinds=tuple([_kind(one, language) for one in sheet.totals.kinds]),
        entries=tuple([_entry(entry, language) for entry in sheet.entries]),
    )


def _method(one: MethodTotal, language: Language) -> MethodAnswer:
    return MethodAnswer(
        method=one.method,
        label=label("pay_method", one.method, language),
        receipts=one.receipts,
        received_fen=one.received_fen,
        paid_out_fen=one.paid_out_fen,
        net_fen=one.net_fen,
    )


def _kind(one: KindTotal, language: Language) -> KindAnswer:
    return KindAnswer(
        library=one.library,
        kind=one.kind,
        label=label("account_entry", one.kind, language),
        entries=one.entries,
        cash_fen=one.cash_fen,
        owed_fen=one.owed_fen,
    )
