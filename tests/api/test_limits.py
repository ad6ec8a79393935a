"""How often an address may search: anonymous readers only, reading rooms together, nobody for another."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app
from api.limits import scope_of
from tests.api.test_pages import parsed
from union_catalog.clock import SystemClock
from union_catalog.errors import ConfigurationError
from union_catalog.ids import new_id
from union_catalog.services import access
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings

Ask = Callable[..., int]
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def limited(settings: Settings, catalogue: Catalogue) -> Callable[..., FlaskClient]:
    """The application with three searches a minute, and further settings."""

    def build(**more: str) -> FlaskClient:
        told = {"HOME": str(settings.home), "LOG_LEVEL": "error", "SEARCH_LIMIT": "3/minute", **{k.upper(): v for k, v in more.items()}}
        made = Settings.from_environment({f"UNION_CATALOG_{name}": text for name, text in told.items()})
        return create_app(made, catalogue=catalogue).test_client(use_cookies=False)

    return build


def statuses(client: FlaskClient, count: int, address: str, path: str = "/api/v1/search", **headers: str) -> list[int]:
    told = {name.replace("_", "-"): text for name, text in headers.items()}
    return [client.get(path, environ_overrides={"REMOTE_ADDR": address}, headers=told).status_code for _ in range(count)]


def test_more_than_the_limit_is_a_problem_that_says_when_to_come_back(limited: Callable[..., FlaskClient]) -> None:
    client = limited()
    assert statuses(client, 4, "203.0.113.9") == [200, 200, 200, 429]
    answer = client.get("/api/v1/search?lang=en", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert (problem["code"], problem["title"]) == ("too_many_requests", "Too many requests")
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert statuses(client, 1, "203.0.113.10") == [200]


def test_pages_and_interface_are_counted_together_and_other_pages_not_at_all(limited: Callable[..., FlaskClient]) -> None:
    client = limited()
    assert statuses(client, 2, "203.0.113.9", "/search?q=围城") == [200, 200]
    assert statuses(client, 2, "203.0.113.9") == [200, 429]
    refused = client.get("/search?q=围城", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert (refused.status_code, refused.mimetype) == (429, "text/html")
    assert "查得太频繁" in refused.text
    assert int(refused.headers["Retry-After"]) > 0
    assert statuses(client, 9, "203.0.113.9", "/libraries") == [200] * 9


def test_a_reading_room_shares_a_larger_limit(limited: Callable[..., FlaskClient]) -> None:
    client = limited(search_limit_networks="198.51.100.0/24, 2001:db8:1::/48", search_limit_network="5/minute")
    assert statuses(client, 3, "198.51.100.1") == [200] * 3
    assert statuses(client, 3, "198.51.100.2") == [200, 200, 429]
    assert statuses(client, 6, "2001:db8:1::7") == [200] * 5 + [429]


def test_a_home_of_version_six_is_one_address(limited: Callable[..., FlaskClient]) -> None:
    client = limited()
    assert statuses(client, 3, "2001:db8::1") == [200] * 3
    assert statuses(client, 1, "2001:db8::2:1") == [429]
    assert statuses(client, 1, "2001:db8:0:1::1") == [200]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_not_limited(limited: Callable[..., FlaskClient], address: str) -> None:
    assert statuses(limited(), 6, address) == [200] * 6


def test_who_shows_a_token_is_not_limited(limited: Callable[..., FlaskClient], catalogue: Catalogue) -> None:
    secret = access.issue(catalogue.database, SystemClock(), "harvester", ("cataloguing",)).secret
    assert statuses(limited(), 6, "203.0.113.9", Authorization=f"Bearer {secret}") == [200] * 6


def test_what_a_reader_s_browser_claims_is_believed_of_named_proxies_only(limited: Callable[..., FlaskClient]) -> None:
    plain, behind = limited(), limited(trusted_proxies="1")
    forged = {"X_Forwarded_For": "203.0.113.77, 203.0.113.5"}
    assert statuses(behind, 4, "127.0.0.1", **forged) == [200, 200, 200, 429]
    assert statuses(behind, 1, "127.0.0.1", X_Forwarded_For="203.0.113.5, 203.0.113.77") == [200]
    assert statuses(behind, 1, "127.0.0.1", X_Forwarded_For="127.0.0.1, 203.0.113.5") == [429]
    assert statuses(plain, 6, "127.0.0.1", **forged) == [200] * 6  # all readers share the proxy's address: better none than all


@pytest.mark.parametrize(
    ("engine", "limit", "expected"), [("embedded", "auto", 422), ("elasticsearch", "auto", 429), ("elasticsearch", "off", 422)]
)
def test_without_a_word_the_embedded_engine_is_not_limited(
    limited: Callable[..., FlaskClient], engine: str, limit: str, expected: int
) -> None:
    client = limited(search_engine=engine, search_limit=limit)
    assert statuses(client, 301, "203.0.113.9", "/api/v1/search?per_page=0")[-1] == expected


def test_a_store_that_cannot_be_is_told_at_the_start(limited: Callable[..., FlaskClient]) -> None:
    with pytest.raises(ConfigurationError, match="bad_setting"):
        limited(search_limit_storage="cupboard://here")


def test_a_store_that_is_away_stops_no_search(limited: Callable[..., FlaskClient]) -> None:
    client = limited(search_limit_storage="redis://127.0.0.1:1")
    assert statuses(client, 4, "203.0.113.9") == [200, 200, 200, 429]


def test_suggestions_may_be_asked_for_more_often_and_are_counted_by_themselves(limited: Callable[..., FlaskClient]) -> None:
    client = limited()
    assert statuses(client, 13, "203.0.113.9", "/api/v1/suggestions?q=围") == [200] * 12 + [429]
    assert statuses(client, 1, "203.0.113.9") == [200]


def test_every_route_that_asks_the_search_engine_is_counted_and_no_other(
    app: Flask, client: FlaskClient, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is called with what it can be asked for, and the questions that reach the engine are noted."""
    asked: list[str] = []
    for question in ("search", "suggest", "editions"):
        monkeypatch.setattr(catalogue.engine, question, _noting(getattr(catalogue.engine, question), question, asked))
    asking = set()
    record = catalogue.recent(1)[0].union_id
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= {"union_id", "code"}:
            asked.clear()
            client.get(str(rule).replace("<union_id>", record).replace("<code>", "JD-1"), query_string={"q": "围"})
            asking |= {rule.endpoint} if asked else set()
    assert asking == {endpoint for endpoint, view in app.view_functions.items() if scope_of(view) in ("searches", "suggestions")}
    assert {endpoint: scope_of(app.view_functions[endpoint]) for endpoint in asking} == {
        "search.search": "searches",
        "pages.search": "searches",
        "suggestions.suggest": "suggestions",
    }


def _noting(answer: Callable[..., object], name: str, asked: list[str]) -> Callable[..., object]:
    def ask(*arguments: object) -> object:
        asked.append(name)
        return answer(*arguments)

    return ask


class TestSigningInAndEnrolling:
    """Each is counted by itself, over the API and on pages together."""

    def sign_in(self, client: FlaskClient, address: str = "203.0.113.9", **headers: str) -> TestResponse:
        body = {"card": "NONE1", "pin": "135790"}
        told = {"Idempotency-Key": new_id(), **{name.replace("_", "-"): text for name, text in headers.items()}}
        return client.post("/api/v1/sessions?lang=en", json=body, headers=told, environ_overrides={"REMOTE_ADDR": address})

    def enrol(self, client: FlaskClient, address: str = "203.0.113.9", **headers: str) -> TestResponse:
        body = {"name": f"王{new_id()}", "phone": "13800000000", "home_branch": "JD-1", "birth_date": "1990-05-01", "pin": "135790"}
        told = {"Idempotency-Key": new_id(), **headers}
        body |= {"consent": {"notice": "2026-1", "date": "2026-11-22"}}  # type: ignore[dict-item]  # an object
        return client.post("/api/v1/patrons?lang=en", json=body, headers=told, environ_overrides={"REMOTE_ADDR": address})

    def test_who_tries_many_cards_has_to_wait(self, limited: Callable[..., FlaskClient]) -> None:
        client = limited(sign_in_limit="3/minute", search_limit="off")
        assert [self.sign_in(client).status_code for _ in range(3)] == [401] * 3
        refused = self.sign_in(client)
        assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
        assert (refused.get_json()["code"], "sign-ins" in refused.get_json()["detail"]) == ("too_many_sign_ins", True)
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        assert self.sign_in(client, "203.0.113.10").status_code == 401
        assert self.sign_in(client, "127.0.0.1").status_code == 401
        assert statuses(client, 4, "203.0.113.9") == [200] * 4

    def test_a_session_of_one_s_own_spares_nobody(self, limited: Callable[..., FlaskClient], catalogue: Catalogue) -> None:
        secret = access.issue(catalogue.database, SystemClock(), "desk", ("circulation",)).secret
        client = limited(sign_in_limit="1/minute", enrol_limit="1/hour")
        shown = {"Authorization": f"Bearer {secret}"}
        assert [self.sign_in(client, **shown).status_code for _ in range(2)] == [401, 429]
        assert [self.enrol(client, **shown).status_code for _ in range(2)] == [201, 201]  # a desk enrols as many as come

    def test_a_reading_room_shares_larger_limits(self, limited: Callable[..., FlaskClient]) -> None:
        rooms = {"search_limit_networks": "198.51.100.0/24", "sign_in_limit_network": "3/minute", "enrol_limit_network": "2/hour"}
        client = limited(sign_in_limit="1/minute", enrol_limit="1/hour", **rooms)
        assert [self.sign_in(client, f"198.51.100.{n}").status_code for n in range(4)] == [401, 401, 401, 429]
        assert [self.enrol(client, f"198.51.100.{n}").status_code for n in range(3)] == [201, 201, 429]

    def test_who_enrols_many_has_to_wait_and_a_mistake_is_not_counted(self, limited: Callable[..., FlaskClient]) -> None:
        client = limited(enrol_limit="1/hour")
        headers = {"Idempotency-Key": "k"}
        for _ in range(2):
            assert client.post("/api/v1/patrons", json={}, headers=headers, environ_overrides=ELSEWHERE).status_code == 422
        assert self.enrol(client).status_code == 201
        refused = self.enrol(client)
        assert (refused.status_code, refused.get_json()["code"]) == (429, "too_many_enrolments")
        assert 60 < int(refused.headers["Retry-After"]) <= 3600
        assert self.sign_in(client).status_code == 401

    def test_pages_show_the_form_again_with_what_was_typed(self, limited: Callable[..., FlaskClient]) -> None:
        client = limited(sign_in_limit="1/minute", enrol_limit="1/hour")
        assert (self.sign_in(client).status_code, self.enrol(client).status_code) == (401, 201)
        browser = client.application.test_client()
        for address, form in (("/sign-in", {"who": "10023", "secret": "135790"}), ("/join", {"name": "王小明", "pin": "135790"})):
            page = parsed(browser.get(address, environ_overrides=ELSEWHERE).text)
            [filled] = [one for one in page.cssselect("main form") if one.get("action") == address]
            data = {**{str(name): str(value) for name, value in filled.form_values()}, **form}
            answer = browser.post(address, data=data, headers={"Sec-Fetch-Site": "same-origin"}, environ_overrides=ELSEWHERE)
            assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
            assert "频繁" in answer.text or "办证的太多" in answer.text
            kept = parsed(answer.text).cssselect("#who, #name")[0]
            assert kept.get("value") == next(iter(form.values()))
            assert "135790" not in answer.text

    def test_every_way_in_is_counted(self, app: Flask) -> None:
        scopes = {endpoint: scope_of(view) for endpoint, view in app.view_functions.items()}
        assert {endpoint for endpoint, scope in scopes.items() if scope == "sign_ins"} == {"sessions.sign_in", "signing.enter"}
        assert {endpoint for endpoint, scope in scopes.items() if scope == "enrolments"} == {"patrons.enrol_reader", "join.enrol_me"}

    @pytest.mark.parametrize(("engine", "limit", "expected"), [("embedded", "auto", 401), ("elasticsearch", "auto", 429)])
    def test_without_a_word_the_embedded_engine_is_not_limited(
        self, limited: Callable[..., FlaskClient], engine: str, limit: str, expected: int
    ) -> None:
        client = limited(search_engine=engine, sign_in_limit=limit)
        assert [self.sign_in(client).status_code for _ in range(31)][-1] == expected
