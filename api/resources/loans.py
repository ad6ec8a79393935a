"""/check-outs, /check-ins, /renewals, /undo: what desks do with items and readers; and loans as they stand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy import Connection

from api.auth import current_context
from api.idempotency import Acting, Done, command
from api.language import current_language
from api.resources.operation import blueprint, catalogue, clock, get, json_response, office
from api.resources.standing import about
from api.resources.telling import check_in_answer, check_out_answer, deed_answer, renewed_answer
from api.schemas.circulation import (
    CheckInAnswer,
    CheckInBody,
    CheckOutAnswer,
    CheckOutBody,
    DeedAnswer,
    ItemKey,
    LoanAnswer,
    LoanArguments,
    LoansAnswer,
    OwnRenewalBody,
    RenewalBody,
    RenewalsAnswer,
    UndoBody,
)
from union_catalog.circulation.overriding import NO_OVERRIDE, Override
from union_catalog.clock import instant_text
from union_catalog.errors import InvalidInput
from union_catalog.ids import BranchCode, LibraryCode, LoanId, PatronId
from union_catalog.patrons.privacy import Sight
from union_catalog.services.circulation.check_in import check_in
from union_catalog.services.circulation.check_out import CheckOutAsked, check_out
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.renewals import renew_all, renew_one
from union_catalog.services.circulation.showing import LoanView, open_loans
from union_catalog.services.circulation.station import Station
from union_catalog.services.circulation.undoing import undo
from union_catalog.services.patrons.lookup import actor_patron
from union_catalog.services.privacy import sight

group = blueprint("loans", "Desks: lending, taking in, renewing, taking back")


@command(group, "POST", "/check-outs", body=CheckOutBody, answer=CheckOutAnswer, status=201, problems=(404,))
def lend(acting: Acting, told: Mapping[str, Any]) -> Done:
    """Lend an item

    Refused with 409 `blocked` and all `blocks` that stand in the way; with `override` whoever has the right goes past them.
    """
    asked = CheckOutAsked(
        item=item_reference(told["item"]),
        card=told["card"],
        issuer=told["issuer"],
        session=told["session"],
        override=_override(told["override"]),
    )
    here = station(acting, told["branch"], occurred_at=told["occurred_at"], happened=told["no_block"])
    deed = check_out(acting.connection, here, asked)
    return Done(check_out_answer(acting.connection, deed, current_language()), deed.patron)


@command(group, "POST", "/check-ins", body=CheckInBody, answer=CheckInAnswer, problems=(404,))
def take_in(acting: Acting, told: Mapping[str, Any]) -> Done:
    """Take an item in

    Never refused, not even a barcode that nobody knows. Where several libraries have the barcode and nothing tells which is meant, it is
    asked back: 409 `ambiguous_item`.
    """
    here = station(acting, told["branch"], occurred_at=told["occurred_at"], happened=told["no_block"])
    deed = check_in(acting.connection, here, item_reference(told["item"]))
    return Done(check_in_answer(acting.connection, deed, told["branch"], current_language()), deed.patron)


@command(group, "POST", "/renewals", body=RenewalBody, answer=RenewalsAnswer, problems=(404,))
def renew(acting: Acting, told: Mapping[str, Any]) -> Done:
    """Renew a loan, or all loans of a reader, each by itself"""
    if bool(told["loan"]) == bool(told["patron"]):
        raise InvalidInput("loan_or_patron", name="loan")
    here = station(acting, told["branch"])
    if told["loan"]:
        done = renew_one(acting.connection, here, LoanId(told["loan"]), _override(told["override"]))
    else:
        done = renew_all(acting.connection, here, PatronId(told["patron"]))
    results = tuple([renewed_answer(acting.connection, one, current_language()) for one in done])
    return Done(RenewalsAnswer(results), next((one.deed.patron for one in done if one.deed), told["patron"]))


@command(group, "POST", "/me/renewals", body=OwnRenewalBody, answer=RenewalsAnswer, problems=(404,))
def renew_mine(acting: Acting, told: Mapping[str, Any]) -> Done:
    """Renew one's own loan, or all of them"""
    reader = actor_patron(acting.context)
    here = Station(office=office(), context=acting.context, branch=BranchCode(""))
    done = renew_one(acting.connection, here, LoanId(told["loan"])) if told["loan"] else renew_all(acting.connection, here, reader)
    return Done(RenewalsAnswer(tuple([renewed_answer(acting.connection, one, current_language()) for one in done])), reader)


@command(group, "POST", "/undo", body=UndoBody, answer=DeedAnswer, problems=(404,))
def take_back(acting: Acting, told: Mapping[str, Any]) -> Done:
    """Take back the last action of this desk, within a quarter of an hour, where its case allows it"""
    deed = undo(acting.connection, office(), acting.context, told["case_event"])
    return Done(deed_answer(acting.connection, deed, current_language()), deed.patron)


@get(group, "/patrons/<patron_id>/loans", arguments=LoanArguments, answer=LoansAnswer, problems=(404,), closed=True)
def loans(_: object, patron_id: str) -> Response:
    """A reader's open loans

    The desks of other libraries see that there are loans and when they are due, and of their own items what they are.
    """
    with catalogue().database.read() as connection:
        patron = about(connection, patron_id)
        context = current_context(clock())
        own = context.actor.kind == "patron"
        seen = None if own else sight(connection, context.library, patron.id, LibraryCode(patron.library))
        return _shown(connection, patron.id, seen)


@get(group, "/me/loans", arguments=LoanArguments, answer=LoansAnswer, closed=True)
def my_loans(_: object) -> Response:
    """One's own open loans"""
    with catalogue().database.read() as connection:
        return _shown(connection, actor_patron(current_context(clock())), None)


def _shown(connection: Connection, patron: PatronId, seen: Sight | None) -> Response:
    views = open_loans(connection, patron, office().today(), seen)
    response = json_response(LoansAnswer(tuple([_loan(view) for view in views])))
    response.headers["Cache-Control"] = "no-store"
    return response


def _loan(view: LoanView) -> LoanAnswer:
    loan = view.loan
    return LoanAnswer(
        id=loan.id,
        item=ItemKey(loan.library, loan.barcode) if view.title else None,
        title=view.title.title if view.title else None,
        library=loan.library,
        state=loan.state,
        due_date=loan.due_date.isoformat(),
        overdue=view.overdue,
        renewals_left=view.renewals_left,
        lent_at=instant_text(loan.lent_at),
        lending_branch=loan.lending_branch,
    )


def station(acting: Acting, branch: str, *, occurred_at: datetime | None = None, happened: bool = False) -> Station:
    """The desk at which whoever asks stands."""
    return Station(
        office=office(),
        context=acting.context,
        branch=BranchCode(branch),
        rights=acting.principal.roles,
        occurred_at=occurred_at,
        happened=happened,
    )


def item_reference(told: Mapping[str, Any]) -> ItemReference:
    """What was scanned."""
    return ItemReference(told["barcode"], told["library"] or "")


def _override(told: Mapping[str, Any] | None) -> Override:
    return NO_OVERRIDE if told is None else Override(frozenset(told["codes"]), told["reason"])
