"""One decorator that checks, documents and routes an operation of the API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NewType, ParamSpec

import msgspec
from flask import Response, current_app
from flask_smorest import Blueprint
from marshmallow import Schema

from api.errors import PROBLEM_JSON
from api.schemas.answers import ProblemAnswer
from api.schemas.components import reference
from api.schemas.fields import Arguments
from api.schemas.parser import StrictParser
from union_catalog.clock import Clock, SystemClock
from union_catalog.services.catalogue import Catalogue
from union_catalog.storage.database import Database

P = ParamSpec("P")
Media = NewType("Media", str)
EXTENSION = "union_catalog.catalogue"
JSON = "application/json"
SCHEME = "token"  # the security scheme of the document


def blueprint(name: str, about: str) -> Any:
    """A group of operations under /api/v1 that reads its arguments strictly."""
    group = Blueprint(name, __name__, url_prefix="/api/v1", description=about)
    group.ARGUMENTS_PARSER = StrictParser()
    return group


View = Callable[P, Response]


def get(
    group: Any,
    rule: str,
    *,
    arguments: type[Arguments],
    answer: type[msgspec.Struct] | None = None,
    media: Mapping[str, str] | None = None,
    problems: tuple[int, ...] = (),
    closed: bool = False,
) -> Callable[[View[P]], View[P]]:
    """Routes GET ``rule`` to a view that is given its loaded arguments first.

    Its answer is documented as JSON of the struct ``answer`` or as the content types of ``media`` (type
    → what it is), and its failures by the statuses of ``problems``, to which 422 and 503 are added. A
    ``closed`` one is documented to need a token; that it does is said by the matrix.
    """

    def decorate(view: View[P]) -> View[P]:
        documented = view if answer is None else group.response(200, reference(answer), description=_about(answer))(view)
        for content_type, what in (media or {}).items():
            schema = {"type": "string", "description": what}
            documented = group.response(200, schema, content_type=content_type)(documented)
        documented = _documented(group, documented, problems, closed=closed)
        group.route(rule, methods=["GET"])(group.arguments(arguments, location="query")(documented))
        return view

    return decorate


def post(
    group: Any, rule: str, *, body: type[Schema], answer: type[msgspec.Struct], problems: tuple[int, ...]
) -> Callable[[View[P]], View[P]]:
    """Routes POST ``rule``, closed, to a view that is given the loaded query and the loaded JSON object first. It answers 201."""

    def decorate(view: View[P]) -> View[P]:
        documented = group.response(201, reference(answer), description=_about(answer))(view)
        documented = _documented(group, documented, (*problems, 400, 409, 415), closed=True)
        read = group.arguments(Arguments, location="query")(group.arguments(body, location="json")(documented))
        group.route(rule, methods=["POST"])(read)
        return view

    return decorate


def delete(group: Any, rule: str, *, answer: type[msgspec.Struct], problems: tuple[int, ...]) -> Callable[[View[P]], View[P]]:
    """Routes DELETE ``rule``, closed, to a view that is given the loaded query first. It answers 200 with what has become of it."""

    def decorate(view: View[P]) -> View[P]:
        documented = group.response(200, reference(answer), description=_about(answer))(view)
        documented = _documented(group, documented, (*problems, 409), closed=True)
        group.route(rule, methods=["DELETE"])(group.arguments(Arguments, location="query")(documented))
        return view

    return decorate


def _documented(group: Any, view: Any, problems: tuple[int, ...], *, closed: bool) -> Any:
    """The view with the failures that it may answer."""
    for status in sorted({*problems, 422, 503, *((401, 403) if closed else ())}):
        view = group.alt_response(
            status,
            schema=reference(ProblemAnswer),
            content_type=PROBLEM_JSON,
            description=HTTPStatus(status).phrase,
        )(view)
    return group.doc(security=[{SCHEME: []}])(view) if closed else view


def _about(answer: type[msgspec.Struct]) -> str:
    return (answer.__doc__ or "").strip().splitlines()[0]


def catalogue() -> Catalogue:
    """The use cases that this application was built over."""
    found: Catalogue = current_app.extensions[EXTENSION]
    return found


@dataclass(frozen=True, slots=True)
class Cataloguing:
    """What use cases need that write for a cataloguer. ``key_limit`` is the installation's limit of a match key."""

    database: Database
    clock: Clock
    key_limit: int


def cataloguing() -> Cataloguing:
    """What this application writes to."""
    return Cataloguing(catalogue().database, SystemClock(), current_app.config["MATCH_KEY_LIMIT"])


def json_response(answer: msgspec.Struct, status: int = 200) -> Response:
    """``answer`` as JSON; its labels depend on the language of the request."""
    response = Response(msgspec.json.encode(answer), status, content_type=JSON)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
