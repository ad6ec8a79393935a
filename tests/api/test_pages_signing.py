"""Signing in and out on pages: what the form says, what the cookie is, and that no other site can send our forms."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.api.signing_in import CARD, PASSWORD, PIN, Library
from tests.api.test_pages import parsed
from union_catalog.context import command_line
from union_catalog.services import staff
from union_catalog.services.staff import NewMember
from union_catalog.storage.tables import session

AT_HOME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return library.app.test_client()


def form_of(client: FlaskClient, address: str = "/sign-in") -> dict[str, str]:
    """What the form in the page would send."""
    form = parsed(client.get(address).text).cssselect("main form")[0]
    return {str(name): str(value) for name, value in form.form_values()}


def sign_in(client: FlaskClient, who: str, secret: str, back: str = "") -> TestResponse:
    form = form_of(client, f"/sign-in?back={back}")
    return client.post("/sign-in", data={**form, "who": who, "secret": secret}, headers=AT_HOME)


def sessions(library: Library) -> int:
    with library.database.read() as connection:
        return connection.execute(select(func.count()).select_from(session)).scalar_one()


@pytest.mark.parametrize(("who", "secret"), [("zhang", PASSWORD), (CARD, PIN), (f" {CARD} ", PIN)])
def test_one_form_for_readers_and_staff_leads_back(library: Library, client: FlaskClient, who: str, secret: str) -> None:
    answer = sign_in(client, who, secret, "/search%3Fq=dream")
    assert (answer.status_code, answer.location) == (303, "/search?q=dream")
    cookie = next(told for told in answer.headers.getlist("Set-Cookie") if told.startswith("session="))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" not in cookie
    page = client.get("/about")
    assert parsed(page.text).cssselect('form[action="/sign-out"]')
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert client.get("/sign-in?back=/about").location == "/about"


def test_over_tls_the_cookie_goes_over_nothing_else(client: FlaskClient) -> None:
    form = parsed(client.get("/sign-in", base_url="https://localhost").text).cssselect("main form")[0]
    data = {**dict(form.form_values()), "who": "zhang", "secret": PASSWORD}
    answer = client.post("/sign-in", data=data, base_url="https://localhost", headers=AT_HOME)
    assert all("Secure" in told for told in answer.headers.getlist("Set-Cookie"))


def test_who_signs_out_is_a_stranger_again_also_with_the_old_cookie(library: Library, client: FlaskClient) -> None:
    sign_in(client, "zhang", PASSWORD)
    kept = client.get_cookie("session")
    assert kept is not None
    form = parsed(client.get("/about").text).cssselect('form[action="/sign-out"]')[0]
    assert client.post("/sign-out", data=dict(form.form_values()), headers=AT_HOME).location == "/"
    assert client.get_cookie("session") is None
    assert sessions(library) == 0
    client.set_cookie("session", kept.value)
    assert parsed(client.get("/about").text).cssselect('a[href^="/sign-in"]')


def test_signing_in_again_ends_the_session_before(library: Library, client: FlaskClient) -> None:
    form = form_of(client)
    sign_in(client, "zhang", PASSWORD)
    token = parsed(client.get("/about").text).cssselect('form[action="/sign-out"] input')[0].get("value")
    client.post("/sign-in", data={**form, "csrf_token": token, "who": CARD, "secret": PIN}, headers=AT_HOME)
    assert sessions(library) == 1


WRONG = "卡号或密码不对。连错5次会锁定，服务台可立即重设。"


def test_a_wrong_secret_is_said_without_saying_which_and_nothing_typed_is_lost(client: FlaskClient) -> None:
    form = form_of(client)
    for _ in range(2):
        answer = client.post("/sign-in", data={**form, "who": CARD, "secret": "000000"}, headers=AT_HOME)
        page = parsed(answer.text)
        assert answer.status_code == 422
        assert page.get_element_by_id("sign-in-error").text_content().strip() == WRONG
        assert page.get_element_by_id("who").get("value") == CARD
        assert page.get_element_by_id("secret").get("value") is None
        assert [field.get("aria-invalid") for field in page.cssselect("#who, #secret")] == ["true", "true"]
        form = {str(name): str(value) for name, value in page.cssselect("main form")[0].form_values()}
    assert WRONG in sign_in(client, "nobody", "000000").text


def test_a_locked_card_says_for_how_long(library: Library, client: FlaskClient) -> None:
    for _ in range(5):
        sign_in(client, CARD, "000000")
    assert "已锁定15分钟，服务台可立即重设。" in sign_in(client, CARD, PIN).text
    library.clock.advance(timedelta(minutes=13, seconds=30))
    assert "已锁定2分钟" in sign_in(client, CARD, PIN).text
    client.set_cookie("lang", "en")
    assert "Locked for 2 minutes." in sign_in(client, CARD, PIN).text
    library.clock.advance(timedelta(minutes=2))
    assert sign_in(client, CARD, PIN).status_code == 303


@pytest.mark.parametrize(
    ("roles", "start"),
    [(("circulation",), "/desk"), (("circulation", "cataloguing"), "/staff"), (("manager",), "/staff"), (("network",), "/staff")],
)
def test_staff_from_nowhere_begin_at_their_work(library: Library, client: FlaskClient, roles: tuple[str, ...], start: str) -> None:
    with library.database.write() as connection:
        new = NewMember(username="li", library="" if roles == ("network",) else "JD", branches=(), roles=roles)
        staff.add(connection, library.clock, command_line(library.clock), new, staff.hashed(PASSWORD))
    assert sign_in(client, "li", PASSWORD).location == start
    assert client.get("/sign-in").location == start
    assert client.get(start).status_code == 200


def test_a_reader_from_nowhere_begins_at_the_card_and_so_does_who_signs_in_on_the_first_page(client: FlaskClient) -> None:
    link = parsed(client.get("/").text).cssselect('#tools a[href^="/sign-in"]')[0]
    assert link.get("href") == "/sign-in"
    assert sign_in(client, CARD, PIN).location == client.get("/sign-in").location == "/me"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(client: FlaskClient, target: str) -> None:
    form = {**form_of(client), "back": target, "who": "zhang", "secret": PASSWORD}
    assert client.post("/sign-in", data=form, headers=AT_HOME).location == "/"


class TestForms:
    """What a page of another site could send."""

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://localhost:81"},
        ],
    )
    @pytest.mark.parametrize("address", ["/sign-in", "/sign-out", "/display", "/near"])
    def test_nothing_is_taken_from_elsewhere(self, client: FlaskClient, address: str, headers: dict[str, str]) -> None:
        data = {**form_of(client), "who": "zhang", "secret": PASSWORD, "type": "large"}
        answer = client.post(address, data=data, headers=headers)
        assert answer.status_code == 403
        assert "form_from_elsewhere" in answer.text
        assert client.get_cookie("type") is None

    @pytest.mark.parametrize("headers", [{}, AT_HOME, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}])
    def test_a_wish_needs_no_token(self, client: FlaskClient, headers: dict[str, str]) -> None:
        assert client.post("/display", data={"type": "large"}, headers=headers).status_code == 303

    @pytest.mark.parametrize("token", [None, "", "x", "钥匙", "0" * 64])
    def test_a_form_without_its_token_is_not_taken(self, library: Library, client: FlaskClient, token: str | None) -> None:
        form = form_of(client)
        del form["csrf_token"]
        told = {} if token is None else {"csrf_token": token}
        answer = client.post("/sign-in", data={**form, **told, "who": "zhang", "secret": PASSWORD}, headers=AT_HOME)
        assert (answer.status_code, "form_outdated" in answer.text) == (403, True)
        assert sessions(library) == 0

    def test_a_token_is_of_one_browser(self, library: Library, client: FlaskClient) -> None:
        other = library.app.test_client()
        form = form_of(other)
        form_of(client)
        assert client.post("/sign-in", data={**form, "who": "zhang", "secret": PASSWORD}, headers=AT_HOME).status_code == 403

    def test_a_token_is_of_one_session(self, library: Library, client: FlaskClient) -> None:
        before = form_of(client)["csrf_token"]
        sign_in(client, "zhang", PASSWORD)
        assert client.post("/sign-out", data={"csrf_token": before}, headers=AT_HOME).status_code == 403
        assert sessions(library) == 1

    def test_a_script_of_ours_shows_the_token_to_the_api_as_a_header(self, client: FlaskClient) -> None:
        sign_in(client, "zhang", PASSWORD)
        token = parsed(client.get("/about").text).cssselect('form[action="/sign-out"] input')[0].get("value")
        headers = {"Idempotency-Key": "k1", **AT_HOME}
        refused = client.delete("/api/v1/sessions", headers=headers)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "form_outdated")
        done = client.delete("/api/v1/sessions", headers={**headers, "X-CSRF-Token": token})
        assert (done.status_code, done.get_json()) == (200, {"signed_out": True})

    def test_a_token_shown_by_hand_needs_no_form(self, client: FlaskClient) -> None:
        body = {"username": "zhang", "password": PASSWORD}
        headers = {"Idempotency-Key": "k1", "Origin": "https://elsewhere.example"}
        assert client.post("/api/v1/sessions", json=body, headers=headers).status_code == 201
