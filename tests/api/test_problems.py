"""Errors: every class of the domain has a status, every answer a code, a sentence and the request's
number, none a trace."""

import io
import json
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import errors as web
from api.app import create_app
from api.logging import configure_logging
from union_catalog import errors
from union_catalog.errors import UnionCatalogError
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings


def tree(root: type[UnionCatalogError] = UnionCatalogError) -> list[type[UnionCatalogError]]:
    """A class and all below it."""
    return [root, *(found for child in root.__subclasses__() for found in tree(child))]


def test_every_class_of_the_tree_has_its_own_row() -> None:
    assert set(web.STATUSES) == {kind for kind in tree() if kind.__module__ == "union_catalog.errors"}
    assert {kind.__module__ for kind in tree()} == {"union_catalog.errors"}


class Failing(Catalogue):
    """The use cases of an installation in trouble: every one raises what it was given."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def libraries(self) -> tuple[()]:
        raise self.error


@pytest.fixture
def failing(settings: Settings, catalogue: Catalogue) -> "type[Troubled]":
    """Applications over a catalogue that raises."""
    return type("Installed", (Troubled,), {"settings": settings, "engine": catalogue.engine, "database": catalogue.database})


class Troubled:
    """Builds the application over a failing catalogue and asks it."""

    settings: Settings
    engine: object
    database: object

    def __init__(self, error: Exception) -> None:
        over = Failing(error)
        over.engine = self.engine  # type: ignore[assignment]  # any engine: the probe asks for it at the start
        over.database = self.database  # type: ignore[assignment]  # as the engine: asked for, never used
        self.client = create_app(self.settings, catalogue=over).test_client()


@pytest.mark.parametrize("kind", [kind for kind in tree() if kind is not errors.Redirected], ids=lambda kind: kind.__name__)
def test_a_domain_error_is_a_problem(failing: type[Troubled], kind: type[UnionCatalogError]) -> None:
    error = errors.Blocked((), name="q") if kind is errors.Blocked else kind(name="q", id="1", kind="record")
    answer = failing(error).client.get("/api/v1/libraries")
    problem = answer.get_json()
    assert answer.status_code == web.STATUSES[kind] == problem["status"]
    assert answer.content_type == "application/problem+json"
    assert set(problem) == {"type", "title", "status", "detail", "code", "errors", "request_id"}
    assert problem["code"] == ("internal" if answer.status_code == 500 else kind.default_code)
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert ("Retry-After" in answer.headers) == (answer.status_code == 503)


def test_a_surprise_tells_nothing_but_its_number(failing: type[Troubled]) -> None:
    answer = failing(ZeroDivisionError("secret /home/x")).client.get("/api/v1/libraries")
    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_a_surprise_is_logged_with_its_number_and_trace(failing: type[Troubled], settings: Settings) -> None:
    client = failing(ZeroDivisionError("told")).client
    lines = io.StringIO()
    configure_logging(settings, lines)
    answer = client.get("/api/v1/libraries?lang=en", headers={"X-Request-ID": "abc-1"})
    logging.getLogger().handlers.clear()
    told = json.loads(lines.getvalue().splitlines()[0])
    assert answer.get_json()["request_id"] == told["request_id"] == "abc-1"
    assert told["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert all("locals" not in frame for frame in told["exception"][0]["frames"])


def test_what_is_unavailable_is_told_without_our_folders(failing: type[Troubled]) -> None:
    error = errors.SearchUnavailable("index_missing", path="/srv/secret", command="union-catalog index rebuild")
    answer = failing(error).client.get("/api/v1/libraries?lang=en")
    assert answer.get_json()["code"] == "index_missing"
    assert "Search is not available" in answer.get_json()["detail"]
    assert "/srv" not in answer.text


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/nothing", "/api/v1/search/", "/api/v2/search"])
def test_an_unknown_address_is_a_problem(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "no_such_address")
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_another_method_is_a_problem_that_names_those_taken(client: FlaskClient, method: str) -> None:
    answer = client.open("/api/v1/search", method=method)
    assert (answer.status_code, answer.get_json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_elsewhere_a_problem_is_a_page(client: FlaskClient) -> None:
    answer = client.get("/nothing", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert answer.headers["X-Request-ID"] in answer.text


@pytest.mark.parametrize("body", [b'{"card": "\xff"}', b"\xff\xfe", b"[]", b'"x"', b"{", b"", b"[" * 10_000])
def test_a_body_that_is_no_object_is_a_problem_that_says_so(client: FlaskClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": "one"}
    answer = client.post("/api/v1/sessions", data=body, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "body_not_an_object")


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    answer = client.post("/display", data={"back": "x" * 100_000})
    assert answer.status_code == 413


def test_no_route_is_open_that_the_matrix_does_not_name(settings: Settings, catalogue: Catalogue) -> None:
    app: Flask = create_app(settings, catalogue=catalogue)
    app.add_url_rule("/api/v1/secret", "secret", lambda: "told")
    answer = app.test_client().get("/api/v1/secret")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_allowed")
