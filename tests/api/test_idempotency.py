"""The header Idempotency-Key: asked for by every command, and a repetition is answered as the first time."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from api.app import create_app
from api.idempotency import LONGEST_KEY
from api.permissions import TOKEN_ROLES
from tests.api.callers import Caller
from tests.api.collection import CLOCK
from union_catalog.services import access, sessions
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings
from union_catalog.storage.tables import answered_command, event, match_verdict, patron

VERDICTS = "/api/v1/matches/verdicts"
BODY = {"first": "JD:JD1", "second": "JX:JX1", "verdict": "different", "reason": "对过实书"}
SHUFFLED = dict(reversed(BODY.items()))


@pytest.fixture
def caller(written: Catalogue, settings: Settings) -> Caller:
    """Who may do everything."""
    secret = access.issue(written.database, CLOCK, "all", TOKEN_ROLES).secret
    return Caller(create_app(settings, catalogue=written).test_client(), secret)


def commands_of(app: Flask) -> list[tuple[str, str]]:
    """(method, address) of every command of the API, with ids that name nothing."""
    adapter = app.url_map.bind("localhost")
    return [
        (method, adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, "none"), method=method))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"})
    ]


def test_every_command_asks_for_a_key_before_it_looks_at_anything_else(caller: Caller, written: Catalogue) -> None:
    with written.database.write() as connection:
        row = {"library": "JD", "home_branch": "JD-1", "category": "adult", "state": "active", "credit": 0, "created_at": "2026"}
        connection.execute(patron.insert().values(id="reader", **row))
        sessions.begin(connection, CLOCK, "us_reader", "patron", "reader")
    reader = Caller(caller.client, "us_reader")
    asked = commands_of(caller.client.application)
    assert len(asked) >= 4
    for method, address in asked:
        answers = [caller.client.open(address, method=method, headers=one.headers) for one in (caller, reader)]
        told = {(answer.status_code, answer.get_json()["code"]) for answer in answers}
        assert (400, "idempotency_key_missing") in told, (method, address)
        assert told <= {(400, "idempotency_key_missing"), (403, "not_allowed")}, (method, address)
        fault = next(answer.get_json()["errors"][0] for answer in answers if answer.status_code == 400)
        assert (fault["in"], fault["name"]) == ("header", "Idempotency-Key")


def test_every_command_documents_the_key_and_the_mark_of_a_repetition(caller: Caller) -> None:
    document = caller.get("/api/openapi.json")
    told = [
        operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in {"post", "put", "patch", "delete"}
    ]
    assert told
    for operation in told:
        assert {"name": "Idempotency-Key", "in": "header", "required": True}.items() <= _header(operation).items()
        assert {"400", "409", "422"} <= set(operation["responses"])
        done = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
        assert "Idempotency-Replayed" in done["headers"]


def _header(operation: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(parameter for parameter in operation["parameters"] if parameter["in"] == "header")
    return found


def test_a_repetition_is_answered_as_the_first_time_and_marked(caller: Caller, written: Catalogue) -> None:
    first = caller.post(VERDICTS, BODY, key="k1")
    again = caller.post(VERDICTS, SHUFFLED, key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    assert again.content_type == first.content_type
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    with written.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(match_verdict)).scalar_one() == 1
        assert connection.execute(select(event.c.command_id).where(event.c.kind == "verdict.given")).scalars().all() == ["k1"]


@pytest.mark.parametrize("changed", [{"verdict": "same"}, {"reason": "另有根据"}])
def test_another_request_with_the_key_is_refused(caller: Caller, changed: dict[str, str]) -> None:
    assert caller.post(VERDICTS, BODY, key="k1").status_code == 201
    refused = caller.post(VERDICTS, BODY | changed, key="k1")
    assert (refused.status_code, refused.get_json()["code"]) == (422, "idempotency_key_reused")
    assert caller.delete(f"{VERDICTS}/none", key="k1").status_code == 422


def test_the_language_of_an_answer_is_no_part_of_what_is_asked(caller: Caller) -> None:
    caller.post(f"{VERDICTS}?lang=zh", BODY, key="k1")
    assert caller.post(f"{VERDICTS}?lang=en", BODY, key="k1").headers["Idempotency-Replayed"] == "true"


def test_a_refusal_is_told_again_word_for_word(caller: Caller) -> None:
    refused = caller.delete(f"{VERDICTS}/none", key="k1")
    again = caller.delete(f"{VERDICTS}/none", key="k1")
    assert (refused.status_code, again.status_code) == (404, 404)
    assert again.data == refused.data
    assert again.content_type == "application/problem+json"
    assert again.headers["Idempotency-Replayed"] == "true"


def test_what_cannot_be_read_uses_no_key_up(caller: Caller) -> None:
    assert caller.post(VERDICTS, BODY | {"verdict": "perhaps"}, key="k1").status_code == 422
    assert caller.post(VERDICTS, BODY, key="k1").status_code == 201


def test_two_callers_may_have_one_key(caller: Caller, written: Catalogue) -> None:
    other = Caller(caller.client, access.issue(written.database, CLOCK, "other", TOKEN_ROLES).secret)
    assert caller.post(VERDICTS, BODY, key="k1").get_json()["changed"] is True
    theirs = other.post(VERDICTS, BODY, key="k1")
    assert (theirs.status_code, theirs.get_json()["changed"]) == (201, False)
    assert "Idempotency-Replayed" not in theirs.headers


@pytest.mark.parametrize("key", ["x" * (LONGEST_KEY + 1), "two words", "钥匙", "a\tb"])
def test_a_key_of_another_form_is_refused(caller: Caller, key: str) -> None:
    headers = caller.headers | {"Idempotency-Key": key.encode().decode("latin-1")}
    answer = caller.client.post(VERDICTS, json=BODY, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "idempotency_key_invalid")


@pytest.mark.parametrize("key", ["x" * LONGEST_KEY, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "a"])
def test_a_key_may_be_long_or_quoted(caller: Caller, written: Catalogue, key: str) -> None:
    assert caller.post(VERDICTS, BODY, key=key).status_code == 201
    assert caller.post(VERDICTS, BODY, key=key).headers["Idempotency-Replayed"] == "true"
    with written.database.read() as connection:
        assert connection.execute(select(func.length(event.c.command_id)).order_by(event.c.id.desc())).scalars().first() in (1, 40)


def test_nothing_that_was_sent_can_be_guessed_from_what_is_kept(caller: Caller, written: Catalogue, settings: Settings) -> None:
    caller.post(VERDICTS, BODY, key="k1")
    with written.database.read() as connection:
        first = connection.execute(select(answered_command.c.fingerprint)).scalar_one()
    with written.database.write() as connection:
        connection.execute(answered_command.delete())
    elsewhere = create_app(
        Settings.from_environment({"UNION_CATALOG_HOME": str(settings.home), "UNION_CATALOG_SECRET_KEY": "s" * 40}), catalogue=written
    )
    Caller(elsewhere.test_client(), caller.headers["Authorization"].removeprefix("Bearer ")).post(VERDICTS, BODY, key="k1")
    with written.database.read() as connection:
        assert connection.execute(select(answered_command.c.fingerprint)).scalar_one() != first


def test_no_cache_keeps_the_answer(caller: Caller) -> None:
    assert caller.post(VERDICTS, BODY).headers["Cache-Control"] == "no-store"


def test_a_browser_s_cookie_is_no_key(client: FlaskClient) -> None:
    assert client.post(VERDICTS, json=BODY, headers={"Cookie": "Idempotency-Key=k"}).status_code == 401
