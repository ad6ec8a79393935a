"""Getting a card online: what is told, what is wrong with it, and what is not told."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.api.my_library import Reader, submit, take_on
from tests.api.signing_in import Library
from tests.api.test_pages import parsed, text
from union_catalog.storage.tables import consent, patron, person

GOOD = {
    "name": "周明", "document_type": "resident_id", "document": "", "birth_date": "1990-05-06", "phone": "138 0000 1111",
    "home_branch": "JD-1", "pin": "204060", "again": "204060", "consent": "2026-11",
}  # fmt: skip


class TestJoining:
    @pytest.fixture
    def client(self, library: Library) -> FlaskClient:
        return library.app.test_client()

    def fill(self, client: FlaskClient, **typed: str) -> TestResponse:
        return submit(client, parsed(client.get("/join").text), "/join", {**GOOD, **typed})

    def test_whoever_fills_it_in_is_pending_signed_in_and_told_what_to_do(self, library: Library, client: FlaskClient) -> None:
        answer = self.fill(client)
        assert (answer.status_code, answer.location) == (303, "/me")
        page = parsed(client.get("/me").text)
        assert "网上办的证还没有到馆核对。" in text(page)
        assert "带证件到服务台核实" in text(page)
        with library.database.read() as connection:
            assert connection.execute(select(patron.c.state).where(patron.c.id != "reader")).scalar_one() == "pending"
            assert connection.execute(select(consent.c.notice)).scalar_one() == "2026-11"
        assert client.get("/join").location == "/me"

    def test_a_form_sent_twice_makes_one_reader_who_stays_signed_in(self, library: Library, client: FlaskClient) -> None:
        page = parsed(client.get("/join").text)
        other = library.app.test_client()
        cookie = client.get_cookie("form")
        assert cookie is not None
        other.set_cookie("form", cookie.value)
        first, second = submit(client, page, "/join", GOOD), submit(other, page, "/join", GOOD)
        assert (first.location, second.location) == ("/me", "/me")
        assert other.get("/me").status_code == 200
        with library.database.read() as connection:
            assert connection.execute(select(func.count()).select_from(person)).scalar_one() == 1

    def test_everything_that_is_wrong_is_said_at_once_under_its_field(self, client: FlaskClient) -> None:
        wrong = self.fill(
            client,
            name=" ",
            document="110101199003070000",
            birth_date="2090-01-01",
            phone="",
            home_branch="",
            pin="12ab",
            again="x",
            consent="",
        )
        page = parsed(wrong.text)
        errors = {error.get("id") for error in page.cssselect(".err")}
        fields = ("name", "document", "birth_date", "phone", "home_branch", "pin", "again", "consent")
        assert (wrong.status_code, errors) == (422, {f"{name}-error" for name in fields})
        assert {link.get("href") for link in page.cssselect(".notice a")} == {f"#{name}" for name in fields}
        assert all(page.get_element_by_id(name).get("aria-invalid") == "true" for name in fields)
        assert page.get_element_by_id("document").get("value") == "110101199003070000"
        assert "12ab" not in wrong.text
        assert wrong.headers["Cache-Control"] == "no-store, private"

    @pytest.mark.parametrize("card", ["9156000000000001", "9156 0000 0000 0001"])
    def test_a_mistyped_card_of_a_guardian_is_said_at_its_field(self, client: FlaskClient, card: str) -> None:
        wrong = self.fill(client, birth_date="2020-01-01", guardian_card=card)
        assert wrong.status_code == 422
        assert [error.get("id") for error in parsed(wrong.text).cssselect(".err")] == ["guardian_card-error"]

    def test_a_child_needs_a_guardian_and_the_guardian_sees_the_child(self, library: Library, client: FlaskClient, reader: Reader) -> None:
        assert "未满14岁要有监护人" in self.fill(client, birth_date="2020-01-01").text
        assert self.fill(client, birth_date="2020-01-01", guardian_card=reader.card).status_code == 303
        ward = reader.page("/me").cssselect("#h-wards")[0].getparent().getparent()
        assert "周明" in text(ward)
        assert "手头没有书" in text(ward)
        stands = text(reader.page("/me/erase"))
        assert "你是1个孩子的监护人" in stands

    def test_who_is_known_already_is_not_told_by_whom(self, library: Library, client: FlaskClient) -> None:
        made = take_on(library, "周明", birth_date=date(1990, 5, 6))
        refused = self.fill(client, phone="13900000000")
        assert refused.status_code == 409
        assert made.patron.id not in refused.text
        assert parsed(refused.text).get_element_by_id("name").get("value") == "周明"

    def test_the_notice_says_its_version_in_both_languages(self, client: FlaskClient) -> None:
        chinese, english = client.get("/join/notice"), client.get("/join/notice?lang=en")
        assert "文本2026-11" in chinese.text
        assert "Text 2026-11" in english.text
        assert "只留一串加密的摘要" in chinese.text
