"""Who may call what: every route for every kind of caller, and what a token does and does not do."""

import io
import json
import logging
from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.logging import configure_logging
from api.permissions import ROLES, TOKEN_ROLES, held, matrix
from tests.api.collection import CLOCK
from union_catalog.services import access
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}  # no network that the settings trust
CALLERS = ("nobody", "role lost", *TOKEN_ROLES)


@pytest.fixture(scope="module")
def tokens(catalogue: Catalogue) -> Mapping[str, str]:
    """Caller → what it shows: nothing, a token of a role that is no more, a token of each role."""
    roles = {"role lost": (), **{role: (role,) for role in TOKEN_ROLES}}
    issued = {caller: access.issue(catalogue.database, CLOCK, caller, held).secret for caller, held in roles.items()}
    return {"nobody": "", **issued}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, an address) of every route, with ids that name nothing."""
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        address = adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, "none"))
        found += [(rule.endpoint, method, address) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return found


@pytest.mark.parametrize("caller", CALLERS)
def test_every_route_lets_in_whom_the_matrix_names_and_nobody_else(app: Flask, tokens: Mapping[str, str], caller: str) -> None:
    roles = held({caller} & set(ROLES))
    wrong = {}
    for endpoint, method, address in routes(app):
        answer = app.test_client().open(address, method=method, headers=bearer(tokens[caller]), environ_overrides=ELSEWHERE)
        let_in = bool(roles & matrix()[endpoint].anywhere)
        refusal = 401 if caller == "nobody" else 403
        if "form_outdated" in answer.text:  # a form that was not read from a page of ours: past the matrix
            continue
        if (answer.status_code in (401, 403)) == let_in or (not let_in and answer.status_code != refusal):
            wrong[endpoint, method] = answer.status_code
    assert wrong == {}


def test_whoever_is_not_named_is_asked_for_a_token_and_told_which_right_is_missing(app: Flask, tokens: Mapping[str, str]) -> None:
    closed = [(method, address, endpoint) for endpoint, method, address in routes(app) if "public" not in matrix()[endpoint].own]
    assert closed
    for method, address, endpoint in closed:
        asked = app.test_client().open(f"{address}?lang=en", method=method, environ_overrides=ELSEWHERE)
        assert (asked.status_code, asked.get_json()["code"]) == (401, "not_authenticated")
        assert asked.headers["WWW-Authenticate"] == 'Bearer realm="union-catalog"'
        shown = bearer(tokens["role lost"])
        refused = app.test_client().open(f"{address}?lang=en", method=method, headers=shown, environ_overrides=ELSEWHERE)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "not_allowed")
        assert all(role in refused.get_json()["detail"] for role in matrix()[endpoint].anywhere)
        assert refused.content_type == "application/problem+json"


@pytest.mark.parametrize("shown", ["uc_mistyped", "", "x" * 9000, "uc_a uc_b"])
def test_a_wrong_token_is_told_even_where_none_is_needed(client: FlaskClient, shown: str) -> None:
    answer = client.get("/api/v1/libraries?lang=en", headers={"Authorization": f"Bearer {shown}"})
    assert (answer.status_code, answer.get_json()["code"]) == (401, "token_not_valid")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="union-catalog", error="invalid_token"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_revoked_token_is_refused_from_its_next_request_on(client: FlaskClient, catalogue: Catalogue) -> None:
    issued = access.issue(catalogue.database, CLOCK, "leaver", ("cataloguing",))
    assert client.get("/api/v1/libraries", headers=bearer(issued.secret)).status_code == 200
    access.revoke(catalogue.database, CLOCK, issued.id)
    assert client.get("/api/v1/libraries", headers=bearer(issued.secret)).status_code == 401


def test_the_scheme_is_read_in_any_case_and_others_are_not_ours(client: FlaskClient, tokens: Mapping[str, str]) -> None:
    secret = tokens["cataloguing"]
    assert client.get("/api/v1/libraries", headers={"Authorization": f"bEARER  {secret} "}).status_code == 200
    assert client.get("/api/v1/libraries", headers={"Authorization": "Basic dXNlcjpwYXNz"}).status_code == 200
    assert client.get("/libraries", headers=bearer("uc_wrong")).status_code == 200


def test_a_token_leaves_no_trace_in_the_log(client: FlaskClient, tokens: Mapping[str, str], settings: Settings) -> None:
    lines = io.StringIO()
    spoken = Settings.from_environment({"UNION_CATALOG_HOME": str(settings.home), "UNION_CATALOG_LOG_LEVEL": "debug"})
    configure_logging(spoken, lines)
    client.get("/api/v1/libraries", headers=bearer(tokens["cataloguing"]))
    client.get("/api/v1/libraries", headers=bearer("uc_not_a_token_of_ours"))
    logging.getLogger().handlers.clear()
    assert [json.loads(line)["status"] for line in lines.getvalue().splitlines() if '"request"' in line] == [200, 401]
    assert tokens["cataloguing"] not in lines.getvalue()
    assert "uc_" not in lines.getvalue()


def test_an_older_word_for_a_role_means_what_it_meant(client: FlaskClient, catalogue: Catalogue) -> None:
    older = access.issue(catalogue.database, CLOCK, "older", ("cataloguer",)).secret
    assert client.get("/api/v1/matches/verdicts", headers=bearer(older)).status_code == 200


def test_roles_bring_what_they_include() -> None:
    assert held(["manager"]) == {"public", "manager", "circulation"}
    assert held(["network"]) == {"public", "network", "manager", "circulation", "cataloguing"}
    assert held([]) == {"public"}
