"""/stray-items: what was handed in with a barcode that nobody knew, and what people find out about it."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.auth import current_context
from api.idempotency import Acting, Done, command
from api.labels import label
from api.language import current_language
from api.resources.operation import blueprint, catalogue, clock, get, json_response, key_limit, office
from api.resources.telling import check_in_answer, deed_answer
from api.schemas.circulation import CheckInAnswer, DeedAnswer
from api.schemas.strays import ResolvedAnswer, ResolvingBody, StrayAnswer, StrayArguments, StraysAnswer
from union_catalog.clock import instant_text
from union_catalog.services.circulation import strays
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.quick import QuickItem
from union_catalog.services.circulation.strays import Belongs, Catalogued, Found, Removed, Resolved, SentOn

group = blueprint("strays", "What was handed in under barcodes that nobody knew")


@get(group, "/stray-items", arguments=StrayArguments, answer=StraysAnswer, closed=True)
def waiting(asked: Mapping[str, Any]) -> Response:
    """What lies unresolved at one's own desks, the oldest first"""
    with catalogue().database.read() as connection:
        found = strays.waiting(connection, current_context(clock()), asked["cursor"] or "", asked["per_page"] + 1)
    shown = found[: asked["per_page"]]
    rows = tuple([StrayAnswer(id=one.id, barcode=one.barcode, branch=one.branch, taken_at=instant_text(one.taken_at)) for one in shown])
    return json_response(StraysAnswer(rows, shown[-1].id if len(found) > len(shown) else None))


@command(group, "POST", "/stray-items/<stray_id>/resolve", body=ResolvingBody, answer=ResolvedAnswer, problems=(404,))
def resolve(acting: Acting, told: Mapping[str, Any], stray_id: str) -> Done:
    """Say what it is, or where it went

    What turns out to be an item is taken in as of when it was handed in: a loan ends on that day. What is put on record gets the barcode
    that was scanned. Everybody who works at the branch may say it.
    """
    done = strays.resolve(acting.connection, office(), acting.context, stray_id, found_out(told))
    return Done(_answer(acting, done), done.deed.patron if done.deed else "")


def found_out(told: Mapping[str, Any]) -> Found:
    """What a body or a form says of it."""
    match told["how"]:
        case "item":
            return Belongs(ItemReference(told["barcode"], told["library"]))
        case "catalogued":
            quick = QuickItem(
                barcode="",
                title=told["title"],
                author=told["author"],
                isbn=told["isbn"],
                item_type=told["item_type"] or "book",
                lending="library_use" if told["library_use"] else "loan",
                price=told["price"],
                call_number=told["call_number"],
            )
            return Catalogued(quick, key_limit())
        case "sent_on":
            return SentOn(told["to_branch"])
        case _:
            return Removed(told["reason"])


def _answer(acting: Acting, done: Resolved) -> ResolvedAnswer:
    language, found = current_language(), done.resolution
    deed: CheckInAnswer | DeedAnswer | None = None
    if done.deed is not None:
        at, is_known = done.stray.branch, found.how == "item"
        told, connection = done.deed, acting.connection
        deed = check_in_answer(connection, told, at, language) if is_known else deed_answer(connection, told, language)
    return ResolvedAnswer(
        id=done.stray.id,
        barcode=done.stray.barcode,
        branch=done.stray.branch,
        resolution=found.how,
        label=label("stray_resolution", found.how, language),
        reason=found.reason or None,
        to_branch=found.to_branch,
        item=deed.item if deed else None,
        case=deed.case if deed else None,
        case_event=deed.case_event if deed else None,
        instruction=deed.instruction if deed else None,
    )
