"""What every operation of the API is made with; the decorator of questions is here, that of commands in api.idempotency."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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
from union_catalog.clock import Clock
from union_catalog.errors import InvalidInput
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.patrons.office import Office

P = ParamSpec("P")
Media = NewType("Media", str)
EXTENSION = "union_catalog.catalogue"
CLOCK = "union_catalog.clock"
OFFICE = "union_catalog.office"
JSON = "application/json"
SCHEME = "token"  # the security scheme of the document


def blueprint(name: str, about: str) -> Any:
    """A group of operations under /api/v1 that reads its arguments strictly."""
    group = Blueprint(name, __name__, url_prefix="/api/v1", description=about)
    group.ARGUMENTS_PARSER = StrictParser()
    return group


View = Callable[P, Response]


@contextmanager
def faults_called(names: Mapping[str, str]) -> Iterator[None]:
    """What a use case cannot take goes by the name that it has in the body: a use case's word → the body's."""
    try:
        yield
    except InvalidInput as error:
        name = str(error.data.get("name", ""))
        raise InvalidInput(error.code, **{**error.data, "name": names.get(name, name)}) from error


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
        documented = view if answer is None else group.response(200, reference(answer), description=about(answer))(view)
        for content_type, what in (media or {}).items():
            schema = {"type": "string", "description": what}
            documented = group.response(200, schema, content_type=content_type)(documented)
        documented = described(group, documented, problems, closed=closed)
        group.route(rule, methods=["GET"])(group.arguments(arguments, location="query")(documented))
        return view

    return decorate


def described(group: Any, view: Any, problems: tuple[int, ...], *, closed: bool) -> Any:
    """The view with the failures that it may answer; a ``closed`` one needs a token."""
    for status in sorted({*problems, 422, 503, *((401, 403) if closed else ())}):
        view = group.alt_response(
            status,
            schema=reference(ProblemAnswer),
            content_type=PROBLEM_JSON,
            description=HTTPStatus(status).phrase,
        )(view)
    return group.doc(security=[{SCHEME: []}])(view) if closed else view


def about(answer: type[msgspec.Struct]) -> str:
    """The first line of what is said of it."""
    return (answer.__doc__ or "").strip().splitlines()[0]


def catalogue() -> Catalogue:
    """The use cases that this application was built over."""
    found: Catalogue = current_app.extensions[EXTENSION]
    return found


def clock() -> Clock:
    """What this application takes for the time."""
    found: Clock = current_app.extensions[CLOCK]
    return found


def office() -> Office:
    """What use cases on readers need of this installation."""
    found: Office = current_app.extensions[OFFICE]
    return found


def key_limit() -> int:
    """The installation's limit of a match key."""
    found: int = current_app.config["MATCH_KEY_LIMIT"]
    return found


def json_response(answer: msgspec.Struct, status: int = 200) -> Response:
    """``answer`` as JSON; its labels depend on the language of the request."""
    response = Response(msgspec.json.encode(answer), status, content_type=JSON)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
