"""/me: a reader's own record and the code on the phone."""

import io
from collections.abc import Mapping
from typing import Any

import segno
from flask import Response

from api.auth import current_context
from api.idempotency import Acting, Done, answer_once, command, current_command, respond, routed_command
from api.language import current_language
from api.resources.operation import blueprint, catalogue, clock, get, json_response, office
from api.resources.patrons import change_record
from api.resources.showing_patrons import patron_answer
from api.schemas.fields import Arguments
from api.schemas.patrons import ChangeBody, CodeAnswer, FrozenAnswer, OwnPinBody, PatronAnswer, PinAnswer
from union_catalog.clock import instant_text
from union_catalog.errors import UnionCatalogError
from union_catalog.services import commands
from union_catalog.services.patrons import cards, codes, pins, profile
from union_catalog.services.patrons.lookup import actor_patron
from union_catalog.services.patrons.office import require

group = blueprint("me", "A reader's own record, card and code")


@get(group, "/me", arguments=Arguments, answer=PatronAnswer, closed=True)
def me(_: object) -> Response:
    """One's own record"""
    context = current_context(clock())
    with catalogue().database.read() as connection:
        shown = profile.read(connection, office(), context, actor_patron(context))
    return json_response(patron_answer(shown, current_language()))


@command(group, "PATCH", "/me", body=ChangeBody, answer=PatronAnswer)
def change_me(acting: Acting, told: Mapping[str, Any]) -> Done:
    """Change one's own contact, language, branch, or whether the history is kept"""
    return change_record(acting, told, actor_patron(acting.context))


@get(group, "/me/qr", arguments=Arguments, answer=CodeAnswer, closed=True)
def qr(_: object) -> Response:
    """A code for the phone: signed, good for a minute and for one desk once"""
    context = current_context(clock())
    with catalogue().database.read() as connection:
        patron = require(connection, actor_patron(context))
    text, code = codes.new_code(office(), patron.id)
    response = json_response(CodeAnswer(text, instant_text(code.ends_at), drawn(text)))
    response.headers["Cache-Control"] = "no-store"
    return response


@command(group, "POST", "/me/freeze", answer=FrozenAnswer)
def freeze_mine(acting: Acting, _: object) -> Done:
    """Report one's card lost: no desk takes it any more, from this moment on"""
    patron_id = actor_patron(acting.context)
    return Done(FrozenAnswer(patron_id, cards.freeze(acting.connection, office(), acting.context, patron_id)), patron_id)


@routed_command(group, "PUT", "/me/pin", body=OwnPinBody, answer=PinAnswer, status=200, problems=(), closed=True)
def change_pin(told: Mapping[str, Any]) -> Response:
    """Set another PIN, which needs the present one; every session ends, this one too"""
    known = commands.recall(catalogue().database, current_command())
    if known is not None:
        return respond(known)
    refused = _why_not(told)

    def act(acting: Acting) -> Done:
        if refused is not None:
            raise refused
        patron_id = actor_patron(acting.context)
        pins.reset(acting.connection, office(), acting.context, patron_id, pins.hashed(office(), told["new_pin"]))
        return Done(PinAnswer(patron_id), patron_id)

    return answer_once(act, 200)


def _why_not(told: Mapping[str, Any]) -> UnionCatalogError | None:
    """What stands against the change, to be told where the command is carried out, so that it is kept as its answer."""
    try:
        context = current_context(clock())
        pins.check_own(catalogue().database, office(), context, actor_patron(context), told["pin"])
    except UnionCatalogError as error:
        return error
    return None


def drawn(text: str) -> str:
    """The text as a QR code in SVG; its colours are those of the page."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", xmldecl=False, svgclass="qr", lineclass="qr-line", omitsize=True)
    return out.getvalue().decode()
