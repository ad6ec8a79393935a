"""/sessions: signing in and out."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec
from flask import Response, current_app
from sqlalchemy import Connection

from api.auth import current_context, current_principal
from api.errors import refusal_of
from api.idempotency import Acting, Done, command, current_command, respond, routed_command
from api.limits import counted
from api.metrics.desks import count_sign_in
from api.resources.operation import JSON, blueprint, catalogue, clock, office
from api.schemas.sessions import SessionAnswer, SignedOutAnswer, SignInBody
from union_catalog.clock import instant_text
from union_catalog.errors import UnionCatalogError
from union_catalog.services import commands, sessions, staff
from union_catalog.services.access import SESSION_PREFIX
from union_catalog.services.commands import Answered, Outcome
from union_catalog.services.patrons import pins

group = blueprint("sessions", "Signing in and out")
Begin = Callable[[Connection, str], str]


class _Kept(msgspec.Struct, frozen=True):
    """What is kept of the answer: the token itself is not, but can be made again of this with the installation's key."""

    nonce: str
    expires_at: str


@routed_command(group, "POST", "/sessions", body=SignInBody, answer=SessionAnswer, status=201, problems=(401, 403, 429), closed=False)
@counted("sign_ins")
def sign_in(given: Mapping[str, Any]) -> Response:
    """Sign in

    With a reader's card and PIN, or the name and password of a member of staff. The token is known for two hours, that of staff for
    twelve. After too many wrong tries nothing is tried for a while, at any library.
    """
    database, told = catalogue().database, current_command()
    answered = commands.recall(database, told)
    if answered is None:
        begin = _begin(given)
        nonce = secrets.token_urlsafe(24)
        answered = commands.run(database, clock(), told, lambda connection: _kept(nonce, begin(connection, _token(nonce))), refusal_of)
    return respond(_with_token(answered))


@command(group, "DELETE", "/sessions", answer=SignedOutAnswer)
def sign_out(acting: Acting, _: object) -> Done:
    """Sign out: the token that is shown opens nothing any more"""
    return Done(SignedOutAnswer(sessions.end(acting.connection, current_principal().session)))


def identify(given: Mapping[str, Any]) -> Begin:
    """Who has shown these secrets: what begins their session under a secret and answers until when. Takes as long as a hash does.

    Raises NotAuthenticated as ``staff.check`` and ``pins.check`` do, NotAllowed as ``sessions.desk_of``.
    """
    who: Literal["staff", "reader"] = "staff" if "username" in given else "reader"
    try:
        begin = _known(given)
    except UnionCatalogError as error:
        count_sign_in(who, error)
        raise
    count_sign_in(who, None)
    return begin


def _known(given: Mapping[str, Any]) -> Begin:
    now, context = clock(), current_context(clock())
    if "username" in given:
        member = staff.check(catalogue().database, now, context, given["username"], given["password"])

        def begin(connection: Connection, secret: str) -> str:
            branch = sessions.desk_of(connection, member, given.get("branch", ""))
            return instant_text(sessions.begin(connection, now, secret, "staff", member.id, branch))

        return begin
    patron_id = pins.check(catalogue().database, office(), context, given["card"], given["pin"], given.get("issuer"))
    return lambda connection, secret: instant_text(sessions.begin(connection, now, secret, "patron", patron_id))


def _begin(given: Mapping[str, Any]) -> Begin:
    """As :func:`identify`; what is wrong is told where the command is carried out, so that it is kept as its answer."""
    try:
        return identify(given)
    except UnionCatalogError as error:
        refused = error

    def refuse(_: Connection, __: str) -> str:
        raise refused

    return refuse


def _kept(nonce: str, expires_at: str) -> Outcome:
    return Outcome(201, msgspec.json.encode(_Kept(nonce, expires_at)), JSON)


def _with_token(answered: Answered) -> Answered:
    if answered.status != 201:
        return answered
    kept = msgspec.json.decode(answered.body, type=_Kept)
    told = msgspec.json.encode(SessionAnswer(_token(kept.nonce), kept.expires_at))
    return Answered(answered.status, answered.content_type, told, answered.replayed)


def _token(nonce: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return SESSION_PREFIX + urlsafe_b64encode(hmac.digest(key, f"session\n{nonce}".encode(), "sha256")).decode().rstrip("=")
