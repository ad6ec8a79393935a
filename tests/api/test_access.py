"""Who may call what: every route for every kind of caller, and what a token does and does not do."""

import io
import json
import logging
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.auth import SESSION_COOKIE
from api.errors import MACHINE_PATHS
from api.labels import label
from api.logging import configure_logging
from api.permissions import ROLES, held, matrix
from tests.api.collection import CLOCK
from union_catalog.ids import new_id
from union_catalog.services import access, sessions, staff
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings
from union_catalog.storage import staff as rows
from union_catalog.storage.staff import StaffMember
from union_catalog.storage.tables import patron

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}  # no network that the settings trust
CALLERS = ("nobody", "role lost", *ROLES[1:])
THEN = "2026-11-22T08:00:00.000000Z"


@pytest.fixture(scope="module")
def tokens(catalogue: Catalogue) -> Mapping[str, str]:
    """Caller → what it shows: nothing; a token; of whoever can sign in, a session."""
    shown = {"nobody": "", **{role: f"us_{role}" for role in ("role lost", "reader", *staff.ROLES)}}
    with catalogue.database.write() as connection:
        row = {"library": "JD", "home_branch": "JD-1", "category": "adult", "state": "active", "credit": 0, "created_at": THEN}
        connection.execute(patron.insert().values(id="reader-of-all", **row))
        sessions.begin(connection, CLOCK, shown["reader"], "patron", "reader-of-all")
        for role in ("role lost", *staff.ROLES):
            roles = (role,) if role in staff.ROLES else ()
            member = StaffMember(id=new_id(), username=role, name=role, library="", branches=(), roles=roles, created_at=CLOCK.now())
            rows.add(connection, member, "")
            sessions.begin(connection, CLOCK, shown[role], "staff", member.id)
    return {**shown, "monitor": access.issue(catalogue.database, CLOCK, "monitor", ("monitor",)).secret}


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


def is_page(address: str) -> bool:
    return not address.startswith(MACHINE_PATHS)


def ask(app: Flask, method: str, address: str, secret: str) -> TestResponse:
    """With the secret as it is shown there: to machines by hand, to pages as a cookie."""
    client = app.test_client()
    if is_page(address):
        client.set_cookie(SESSION_COOKIE, secret)
        return client.open(address, method=method, environ_overrides=ELSEWHERE)
    return client.open(address, method=method, headers=bearer(secret), environ_overrides=ELSEWHERE)


def outcome(answer: TestResponse) -> str:
    """Whether the matrix let it in; a form that was not read from a page of ours was let in and refused later."""
    if answer.status_code == 303 and answer.location.partition("?")[0] == "/sign-in":
        return "asked"
    if answer.status_code in (401, 403) and "form_outdated" not in answer.text:
        return "asked" if answer.status_code == 401 else "refused"
    return "let in"


def expected(roles: frozenset[str], endpoint: str, address: str, secret: str) -> str:
    if roles & matrix()[endpoint].anywhere:
        return "let in"
    known = secret.startswith("us_") if is_page(address) else bool(secret)
    return "refused" if known else "asked"


@pytest.mark.parametrize("caller", CALLERS)
def test_every_route_lets_in_whom_the_matrix_names_and_nobody_else(app: Flask, tokens: Mapping[str, str], caller: str) -> None:
    roles, secret = held({caller} & set(ROLES)), tokens[caller]
    told = {(endpoint, method): (outcome(ask(app, method, address, secret)), address) for endpoint, method, address in routes(app)}
    wrong = {key: found for key, (found, address) in told.items() if found != expected(roles, key[0], address, secret)}
    assert wrong == {}


def test_whoever_is_not_named_is_asked_for_a_token_and_told_which_right_is_missing(app: Flask, tokens: Mapping[str, str]) -> None:
    closed = [(method, address, endpoint) for endpoint, method, address in routes(app) if "public" not in matrix()[endpoint].own]
    assert closed
    for method, address, endpoint in closed:
        if is_page(address):
            continue
        asked = app.test_client().open(f"{address}?lang=en", method=method, environ_overrides=ELSEWHERE)
        assert (asked.status_code, asked.get_json()["code"]) == (401, "not_authenticated")
        assert asked.headers["WWW-Authenticate"] == 'Bearer realm="union-catalog"'
        shown = bearer(tokens["role lost"])
        refused = app.test_client().open(f"{address}?lang=en", method=method, headers=shown, environ_overrides=ELSEWHERE)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "not_allowed")
        assert all(label("staff_role", role, "en") in refused.get_json()["detail"] for role in matrix()[endpoint].anywhere)
        assert refused.content_type == "application/problem+json"


def test_a_closed_page_leads_to_the_sign_in_and_from_there_back(app: Flask) -> None:
    closed = [address for endpoint, method, address in routes(app) if method == "GET" and "public" not in matrix()[endpoint].own]
    for address in filter(is_page, closed):
        led = app.test_client().get(f"{address}?a=b&c=d")
        assert led.status_code == 303
        assert (urlsplit(led.location).path, parse_qs(urlsplit(led.location).query)) == ("/sign-in", {"back": [f"{address}?a=b&c=d"]})


def test_a_closed_form_leads_to_the_sign_in_too_and_from_there_back_to_its_page(app: Flask) -> None:
    def way_back(method_address: str, came: str = "", host: str = "localhost") -> dict[str, list[str]]:
        headers = {"Referer": f"http://{host}{came}"} if came else {}
        led = app.test_client().post(method_address, data={"reason": "r"}, headers=headers)
        assert (led.status_code, urlsplit(led.location).path) == (303, "/sign-in")
        assert "刚才那一步没有做" in app.test_client().get(led.location, headers={"Accept-Language": "zh"}).text
        told = parse_qs(urlsplit(led.location).query)
        assert told.pop("unsent")
        return told

    assert way_back("/staff/patrons/p1/blocks", "/staff/patrons/p1?done=pin") == {"back": ["/staff/patrons/p1?done=pin"]}
    assert way_back("/desk", "/desk?mode=in") == {"back": ["/desk?mode=in"]}
    assert way_back("/desk") == way_back("/desk", "/staff/people", host="evil.example") == {"back": ["/desk"]}
    assert way_back("/staff/people/zhang/unlock", "/staff/people/zhang/unlock") == {}  # no page, but the answer to a form


def test_a_script_that_sends_a_closed_form_is_told_instead_of_led_away(app: Flask) -> None:
    """Led to the sign-in, the desk would take the scan for answered in some way that it does not know."""
    answer = app.test_client().post("/desk", data={"text": "b1"}, headers={"X-Desk": "1", "Referer": "http://localhost/desk"})
    assert (answer.status_code, "X-Desk" in answer.headers) == (401, False)


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
