"""Commands of the API: every request that changes something comes with an ``Idempotency-Key``, takes effect once, and is answered the
same way whenever it is repeated.

``command`` routes a view that acts in the one transaction of its command. The view may be called again where a race was lost, so
whatever it does it does through the connection that it is given.
"""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec
from urllib.parse import urlencode

import msgspec
from flask import Response, current_app, request
from marshmallow import Schema
from sqlalchemy import Connection

from api.auth import Principal, current_context, current_principal
from api.errors import CHALLENGE, refusal_of
from api.language import PARAMETER
from api.metrics.desks import count_answer
from api.request_ids import plain_id
from api.resources.operation import JSON, about, catalogue, clock, described
from api.schemas.components import reference
from api.schemas.fields import Arguments
from api.schemas.parser import NO_JSON
from union_catalog.clock import Clock
from union_catalog.context import CommandId, Context
from union_catalog.errors import CommandUnnamed
from union_catalog.services import commands
from union_catalog.services.commands import Answered, Command, Outcome

P = ParamSpec("P")
HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255
_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")
_ABOUT_KEY = (
    "An id of the caller's own for this command, 1 to 255 visible ASCII characters; the same when it is sent again. Kept for 48 hours: "
    "the same request gets the first answer again, another one 422, and one whose first is still being answered 409 (`busy`)."
)
_DOCUMENTED = {"in": "header", "name": HEADER, "required": True, "description": _ABOUT_KEY, "schema": {"type": "string", "maxLength": 255}}
_ABOUT_REPLAYED = {
    "description": "`true` where the command was carried out before, and this is its first answer.",
    "schema": {"type": "string"},
}


@dataclass(frozen=True, slots=True)
class Acting:
    """A command while it is carried out: its one transaction, and on whose behalf."""

    connection: Connection
    clock: Clock
    context: Context
    principal: Principal


@dataclass(frozen=True, slots=True)
class Done:
    """``answer`` is told with ``status``, 0 for the one declared. ``patron_id``: the reader of whom it speaks, with whom it is erased."""

    answer: msgspec.Struct
    patron_id: str = ""
    status: int = 0


Method = Literal["POST", "PUT", "PATCH", "DELETE"]
View = Callable[Concatenate[Acting, Mapping[str, Any], P], Done]


def command(
    group: Any,
    method: Method,
    rule: str,
    *,
    answer: type[msgspec.Struct],
    body: type[Schema] | None = None,
    status: int = 200,
    problems: tuple[int, ...] = (),
    closed: bool = True,
) -> Callable[[View[P]], Callable[..., Response]]:
    """Routes ``method rule`` to a view that is given the open transaction, the loaded JSON object ({} where ``body`` is None) and what
    stands in the path.

    A domain error that it raises rolls back and is the answer, kept too; where it speaks of a reader, its data names them as ``patron``.
    """

    def decorate(view: View[P]) -> Callable[..., Response]:
        @wraps(view)
        def carried_out(asked: Mapping[str, Any], **path: Any) -> Response:
            return answer_once(lambda acting: view(acting, asked, **path), status)  # type: ignore[call-arg]  # what the path holds

        route = routed_command(group, method, rule, answer=answer, body=body, status=status, problems=problems, closed=closed)
        return route(carried_out)

    return decorate


def routed_command(
    group: Any,
    method: Method,
    rule: str,
    *,
    answer: type[msgspec.Struct],
    body: type[Schema] | None,
    status: int,
    problems: tuple[int, ...],
    closed: bool,
) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Documents ``method rule`` as a command, and routes it to a view that is given the loaded JSON object and carries itself out once."""

    def decorate(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def told(*loaded: Mapping[str, Any], **path: Any) -> Response:
            return view(loaded[1] if body is not None else {}, **path)

        documented: Any = group.response(status, reference(answer), description=about(answer), headers={REPLAYED: _ABOUT_REPLAYED})(told)
        documented = group.doc(parameters=[_DOCUMENTED])(documented)
        documented = described(group, documented, (*problems, 400, 409, *((415,) if body else ())), closed=closed)
        if body is not None:
            documented = group.arguments(body, location="json")(documented)
        routed: Callable[..., Response] = _keyed(group.arguments(Arguments, location="query")(documented))
        group.route(rule, methods=[method])(routed)
        return routed

    return decorate


def answer_once(act: Callable[[Acting], Done], status: int) -> Response:
    """Carries out the command that the present request is, and answers it; ``status`` is told of what is done."""
    told, now, principal = current_command(), clock(), current_principal()
    context = current_context(now, _command_id(told.key))

    def acted(connection: Connection) -> Outcome:
        done = act(Acting(connection, now, context, principal))
        return Outcome(done.status or status, msgspec.json.encode(done.answer), JSON, done.patron_id)

    return respond(commands.run(catalogue().database, now, told, acted, refusal_of))


def current_command() -> Command:
    """The command that the present request is. Raises CommandUnnamed where its header is missing or cannot be used."""
    return Command(str(current_principal().actor), _key(), _fingerprint())


def respond(answered: Answered) -> Response:
    """The answer, and whether it was given before. Nobody on the way keeps it."""
    count_answer(answered)
    response = Response(answered.body, answered.status, content_type=answered.content_type)
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.headers["Cache-Control"] = "no-store"
    if answered.status == 401:
        response.headers["WWW-Authenticate"] = CHALLENGE
    if answered.replayed:
        response.headers[REPLAYED] = "true"
    return response


def _keyed(view: Callable[..., Response]) -> Callable[..., Response]:
    """The key is asked for first: a request without one is none of ours, whatever else is wrong with it."""

    @wraps(view)
    def checked(*given: Any, **path: Any) -> Response:
        _key()
        return view(*given, **path)

    return checked


def _key() -> str:
    key = request.headers.get(HEADER, "").strip()
    if not key:
        raise CommandUnnamed(name=HEADER)
    if not _KEY.fullmatch(key):
        raise CommandUnnamed("idempotency_key_invalid", name=HEADER, most=LONGEST_KEY)
    return key


def _command_id(key: str) -> CommandId:
    """As the journal keeps it: the key itself where it is short and plain, else a sum of it."""
    return CommandId(plain_id(key) or hmac.digest(b"", key.encode(), "sha256").hex()[:40])


def _fingerprint() -> str:
    """Of method, path, query and body. It is kept, and bodies hold PINs and numbers of documents: without our key nothing is guessed."""
    query = sorted((name, value) for name, value in request.args.items(multi=True) if name != PARAMETER)
    told = f"{request.method}\n{request.path}\n{urlencode(query)}\n".encode() + _canonical(request.get_data())
    return hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), b"command\n" + told, "sha256").hex()


def _canonical(body: bytes) -> bytes:
    """The same object is the same request, in whichever order its fields are sent. What is no JSON stands for itself."""
    try:
        return msgspec.json.encode(msgspec.json.decode(body), order="sorted") if request.is_json else body
    except NO_JSON:
        return body
