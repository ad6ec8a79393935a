"""One decorator that checks, documents and routes an operation of the API."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NewType, ParamSpec

import msgspec
from flask import Response, current_app
from flask_smorest import Blueprint

from api.errors import PROBLEM_JSON
from api.schemas.answers import ProblemAnswer
from api.schemas.components import reference
from api.schemas.fields import Arguments
from api.schemas.parser import StrictParser
from union_catalog.services.catalogue import Catalogue

P = ParamSpec("P")
Media = NewType("Media", str)
EXTENSION = "union_catalog.catalogue"
JSON = "application/json"


def blueprint(name: str, about: str) -> Any:
    """A group of operations under /api/v1 that reads its arguments strictly."""
    group = Blueprint(name, __name__, url_prefix="/api/v1", description=about)
    group.ARGUMENTS_PARSER = StrictParser()
    return group


def get(
    group: Any,
    rule: str,
    *,
    arguments: type[Arguments],
    answer: type[msgspec.Struct] | None = None,
    media: Mapping[str, str] | None = None,
    problems: tuple[int, ...] = (),
) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """Routes GET ``rule`` to a view that is given its loaded arguments first.

    Its answer is documented as JSON of the struct ``answer`` or as the content types of ``media`` (type
    → what it is), and its
    failures by the statuses of ``problems``, to which 422 and 503 are added.
    """

    def decorate(view: Callable[P, Response]) -> Callable[P, Response]:
        documented = view
        if answer is not None:
            documented = group.response(200, reference(answer), description=_about(answer))(documented)
        for content_type, what in (media or {}).items():
            schema = {"type": "string", "description": what}
            documented = group.response(200, schema, content_type=content_type)(documented)
        for status in sorted({*problems, 422, 503}):
            documented = group.alt_response(
                status,
                schema=reference(ProblemAnswer),
                content_type=PROBLEM_JSON,
                description=HTTPStatus(status).phrase,
            )(documented)
        checked = group.arguments(arguments, location="query")(documented)
        group.route(rule, methods=["GET"])(checked)
        return view

    return decorate


def _about(answer: type[msgspec.Struct]) -> str:
    return (answer.__doc__ or "").strip().splitlines()[0]


def catalogue() -> Catalogue:
    """The use cases that this application was built over."""
    found: Catalogue = current_app.extensions[EXTENSION]
    return found


def json_response(answer: msgspec.Struct) -> Response:
    """``answer`` as JSON; its labels depend on the language of the request."""
    response = Response(msgspec.json.encode(answer), content_type=JSON)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
