"""/items: an item as it stands, what a desk says of it, and a book without a record."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.idempotency import Acting, Done, command
from api.language import current_language
from api.resources.loans import station
from api.resources.operation import blueprint, catalogue, get, json_response, key_limit
from api.resources.telling import deed_answer
from api.schemas.circulation import (
    BarcodeBody,
    ClaimBody,
    DamageBody,
    DeedAnswer,
    ItemKey,
    ItemStateAnswer,
    LoanArguments,
    LostBody,
    QuickItemBody,
    SayingBody,
)
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.items import Said, Saying, rebarcode, say
from union_catalog.services.circulation.quick import QuickItem, add_quick_item
from union_catalog.services.circulation.showing import ItemView, item_view

group = blueprint("items", "Items at desks")
_RULE = "/items/<library>/<barcode>"


@command(group, "POST", "/items", body=QuickItemBody, answer=DeedAnswer, status=201, problems=(404,))
def add(acting: Acting, told: Mapping[str, Any]) -> Done:
    """Put a book without a record on record, so that it can be lent now"""
    quick = QuickItem(
        barcode=told["barcode"],
        title=told["title"],
        author=told["author"],
        isbn=told["isbn"],
        item_type=told["item_type"],
        lending="library_use" if told["library_use"] else "loan",
        price=told["price"],
        call_number=told["call_number"],
        library=told["library"],
    )
    deed = add_quick_item(acting.connection, station(acting, told["branch"]), quick, key_limit())
    return Done(deed_answer(acting.connection, deed, current_language()))


@get(group, _RULE, arguments=LoanArguments, answer=ItemStateAnswer, problems=(404, 409), closed=True)
def item(_: object, library: str, barcode: str) -> Response:
    """An item and where it is now"""
    with catalogue().database.read() as connection:
        return json_response(_state(item_view(connection, ItemReference(barcode, library))))


def _state(view: ItemView) -> ItemStateAnswer:
    found = view.item
    return ItemStateAnswer(
        id=found.id,
        item=ItemKey(found.library, found.barcode),
        title=view.title.title,
        volume=view.title.volume,
        item_type=found.item_type,
        lending=found.lending,
        status=view.status,
        condition=found.condition,
        home_branch=found.home_branch,
        branch=found.branch,
        due_date=found.loan.due_date.isoformat() if found.loan else None,
        to_branch=found.transit.to_branch if found.transit else None,
        kept=found.hold is not None,
    )


@command(group, "POST", f"{_RULE}/lost", body=LostBody, answer=DeedAnswer, problems=(404,))
def lost(acting: Acting, told: Mapping[str, Any], library: str, barcode: str) -> Done:
    """Say that an item is lost, or missing; of one on loan its reader owes for it"""
    return _say(acting, told, library, barcode, "missing" if told["missing"] else "lost")


@command(group, "POST", f"{_RULE}/found", body=SayingBody, answer=DeedAnswer, problems=(404,))
def found(acting: Acting, told: Mapping[str, Any], library: str, barcode: str) -> Done:
    """Say that a lost or missing item lies at this desk"""
    return _say(acting, told, library, barcode, "found")


@command(group, "POST", f"{_RULE}/claimed-returned", body=ClaimBody, answer=DeedAnswer, problems=(404,))
def claimed_returned(acting: Acting, told: Mapping[str, Any], library: str, barcode: str) -> Done:
    """Put down that the reader says it was returned, or has found it after all"""
    return _say(acting, told, library, barcode, "claim_withdrawn" if told["withdrawn"] else "claimed_returned")


@command(group, "POST", f"{_RULE}/damaged", body=DamageBody, answer=DeedAnswer, problems=(404,))
def damaged(acting: Acting, told: Mapping[str, Any], library: str, barcode: str) -> Done:
    """Say that an item is damaged, or has been repaired"""
    return _say(acting, told, library, barcode, "repaired" if told["repaired"] else "damaged", told["percent"])


@command(group, "POST", f"{_RULE}/withdraw", body=SayingBody, answer=DeedAnswer, problems=(404,))
def withdraw(acting: Acting, told: Mapping[str, Any], library: str, barcode: str) -> Done:
    """Take an item of one's own library out of the collection"""
    return _say(acting, told, library, barcode, "withdrawn")


@command(group, "POST", f"{_RULE}/barcode", body=BarcodeBody, answer=DeedAnswer, problems=(404,))
def barcode(acting: Acting, told: Mapping[str, Any], library: str, barcode: str) -> Done:
    """Give an item of one's own library another barcode; the old one still finds it"""
    deed = rebarcode(acting.connection, station(acting, told["branch"]), ItemReference(barcode, library), told["barcode"])
    return Done(deed_answer(acting.connection, deed, current_language()), deed.patron)


def _say(acting: Acting, told: Mapping[str, Any], library: str, barcode: str, what: Said, percent: int = 0) -> Done:
    deed = say(acting.connection, station(acting, told["branch"]), ItemReference(barcode, library), Saying(what, percent))
    return Done(deed_answer(acting.connection, deed, current_language()), deed.patron)
