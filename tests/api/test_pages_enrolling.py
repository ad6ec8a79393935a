"""Who is enrolled on pages and over the API, what is said where that cannot be, and the card that is then to be made."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from tests.api.callers import Caller
from tests.api.my_library import Reader, submit, take_on
from tests.api.signing_in import Library
from tests.api.staff_room import Staff, StaffRoom, errors, page_of, rows
from tests.api.test_pages import Page, parsed, text
from tests.api.test_pages_join import GOOD
from tests.api.test_patrons import application
from union_catalog.ids import PatronId
from union_catalog.services.patrons.enrol import Guardian
from union_catalog.storage import credentials, patrons
from union_catalog.storage.tables import patron

CHILD = "310114201706010030"  # born on the first of June 2017
TOLD = {"name": "李思远", "birth_date": "1990-05-01", "phone": "13800000001", "pin": "314159", "agreed": "true", "home_branch": "JD-JY"}
WRONG = (
    ({"document": CHILD}, "birth_date", "证件号码里的出生日期和填的不一样"),
    ({"birth_date": ""}, "birth_date", "请填出生日期，或者填身份证号码"),
    ({"birth_date": "", "document_type": "passport", "document": "E1234567"}, "birth_date", "请填出生日期"),
    ({"phone": "abc"}, "phone", "电话号码不对"),
    ({"email": "x@y"}, "email", "电子邮箱地址不对"),
)


class TestAtADesk:
    """What cannot be is said at its field, with everything that was typed, and nobody is enrolled."""

    @pytest.mark.parametrize(("typed", "name", "said"), WRONG)
    def test_what_cannot_be(self, room: StaffRoom, typed: dict[str, str], name: str, said: str) -> None:
        answer = room.client("circulation").send("/staff/enrol", "/staff/enrol", **{**TOLD, **typed})
        field = parsed(answer.text).get_element_by_id(f"enrol-{name}")
        assert (answer.status_code, field.get("aria-invalid"), field.get("value")) == (422, "true", {**TOLD, **typed}[name])
        assert said in "".join(errors(answer))
        assert rows(room, patron) == 0

    def test_the_age_is_asked_for_whatever_category_was_chosen_but_an_institution_has_none(self, room: StaffRoom) -> None:
        desk = room.client("circulation")
        ageless = {**TOLD, "birth_date": ""}
        assert desk.send("/staff/enrol", "/staff/enrol", **ageless, category="adult").status_code == 422
        assert desk.send("/staff/enrol", "/staff/enrol", **ageless, category="institution").status_code == 303

    def test_a_guardian_s_document_contradicts_too(self, room: StaffRoom) -> None:
        child = {**TOLD, "birth_date": "2020-05-01", "guardian_name": "李长风"}
        child |= {"guardian_birth_date": "1980-01-01", "guardian_document": "11010519491231002X"}
        answer = room.client("circulation").send("/staff/enrol", "/staff/enrol", **child)
        assert parsed(answer.text).get_element_by_id("enrol-guardian_birth_date").get("aria-invalid") == "true"
        assert rows(room, patron) == 0


class TestOnline:
    """The same online, in both languages."""

    @pytest.fixture
    def client(self, library: Library) -> FlaskClient:
        return library.app.test_client()

    @pytest.mark.parametrize(("typed", "name", "said"), WRONG)
    def test_what_cannot_be(self, client: FlaskClient, typed: dict[str, str], name: str, said: str) -> None:
        wrong = submit(client, parsed(client.get("/join").text), "/join", {**GOOD, **typed})
        page = parsed(wrong.text)
        assert wrong.status_code == 422
        assert [error.get("id") for error in page.cssselect(".err")] == [f"{name}-error"]
        assert said in text(page.get_element_by_id(f"{name}-error"))
        assert page.get_element_by_id(name).get("value") == {**GOOD, **typed}[name]

    def test_the_document_alone_tells_the_age(self, client: FlaskClient) -> None:
        alone = {**GOOD, "birth_date": "", "document": "11010519491231002X"}
        assert submit(client, parsed(client.get("/join").text), "/join", alone).status_code == 303

    @pytest.mark.parametrize(("name", "value", "said"), [("phone", "abc", "电话号码不对"), ("email", "x@y", "电子邮箱地址不对")])
    def test_a_reader_s_own_contact_is_refused_and_kept_as_typed(self, reader: Reader, name: str, value: str, said: str) -> None:
        wrong = reader.send("/me/details", "/me/details", {name: value})
        page = parsed(wrong.text)
        assert (wrong.status_code, page.get_element_by_id(name).get("value")) == (422, value)
        assert said in text(page.get_element_by_id(f"{name}-error"))
        assert reader.page("/me/details").get_element_by_id("phone").get("value") == "13900000000"


class TestOverTheApi:
    """The field is named; what the contract leaves out may be left out."""

    @pytest.fixture
    def desk(self, room: StaffRoom) -> Caller:
        return Caller(room.app.test_client(), room.secret("circulation"))

    @pytest.mark.parametrize(
        ("told", "code", "name"),
        [
            ({"document": {"type": "resident_id", "number": CHILD}}, "guardian_needed", "guardian"),  # the later of two days counts
            ({"birth_date": None, "category": ""}, "age_untold", "birth_date"),
            ({"phone": "abc"}, "phone_invalid", "phone"),
            ({"email": "x@y"}, "email_invalid", "email"),
        ],
    )
    def test_what_cannot_be(self, room: StaffRoom, desk: Caller, told: dict[str, object], code: str, name: str) -> None:
        refused = desk.post("/api/v1/patrons", {**application(home_branch="JD-JY"), **told})
        assert (refused.status_code, refused.get_json()["code"], refused.get_json()["errors"][0]["name"]) == (422, code, name)
        assert rows(room, patron) == 0

    def test_without_a_date_of_birth_the_category_is_what_was_stated(self, desk: Caller) -> None:
        made = desk.post("/api/v1/patrons", application(home_branch="JD-JY", birth_date=None, category="adult"))
        assert made.status_code == 201
        assert desk.get(f"/api/v1/patrons/{made.get_json()['id']}")["category"] == "adult"

    def test_a_change_is_refused_too(self, desk: Caller) -> None:
        made = desk.post("/api/v1/patrons", application(home_branch="JD-JY")).get_json()["id"]
        for field, value in (("phone", "abc"), ("email", "x@y")):
            refused = desk.patch(f"/api/v1/patrons/{made}", {field: value})
            assert (refused.status_code, refused.get_json()["errors"][0]["name"]) == (422, field)


class TestTheNewCard:
    """Whoever issues a card sees its whole number right after that, wherever the reader is at home; nobody does later."""

    def number(self, page: Page) -> str:
        return "".join(text(one) for one in page.cssselect(".receipt .number")).replace(" ", "")

    def issued(self, room: StaffRoom, desk: Staff, reader: str) -> str:
        answer = desk.send(page_of(reader), f"{page_of(reader)}/cards", reason="damaged")
        assert answer.location == f"{page_of(reader)}?done=card"
        with room.database.read() as connection:
            ours = [card.number for card in credentials.of(connection, PatronId(reader)) if card.state == "valid"]
        return ours[0]

    def test_another_library_s_desk_sees_it_once(self, room: StaffRoom) -> None:
        reader, desk = room.enrol().patron.id, room.client("circulation", "JX")
        number = self.issued(room, desk, reader)
        page = desk.page(f"{page_of(reader)}?done=card")
        assert self.number(page) == number
        assert page.cssselect(".receipt svg.bars")
        assert page.cssselect("[data-print]")
        assert number not in desk.client.get(page_of(reader)).text.replace(" ", "")

    def test_nobody_else_sees_it_and_not_for_long(self, room: StaffRoom) -> None:
        reader, desk = room.enrol().patron.id, room.client("circulation", "JX")
        self.issued(room, desk, reader)
        address = f"{page_of(reader)}?done=card"
        assert not self.number(room.client("circulation", "JX").page(address))
        room.clock.advance(timedelta(minutes=16))
        assert not self.number(desk.page(address))

    def test_a_card_that_another_desk_has_replaced_is_not_shown(self, room: StaffRoom) -> None:
        reader, first, second = room.enrol().patron.id, room.client("circulation", "JX"), room.client("circulation")
        self.issued(room, first, reader)
        number = self.issued(room, second, reader)
        address = f"{page_of(reader)}?done=card"
        assert (self.number(first.page(address)), self.number(second.page(address))) == ("", number)

    def test_whoever_enrols_or_confirms_sees_it(self, room: StaffRoom) -> None:
        desk, elsewhere = room.client("circulation"), room.client("circulation", "JX")
        enrolled = desk.done("/staff/enrol", "/staff/enrol", **TOLD)
        assert len(self.number(enrolled)) == 16
        waiting = room.enrol("周明", at_desk=False)
        address = page_of(waiting.patron.id)
        assert self.number(elsewhere.done(address, f"{address}/confirm")) == waiting.card


class TestExpired:
    """A card whose last day is over is nowhere called valid."""

    def test_on_the_pages_of_staff(self, room: StaffRoom) -> None:
        reader = room.enrol()
        with room.database.write() as connection:
            patrons.change(connection, reader.patron.id, {"expires_on": "2026-11-22"})
        desk = room.client("circulation")
        page = desk.page(page_of(reader.patron.id))
        assert text(page.cssselect(".found p")[0]).endswith("成人 · 已过期")
        assert "已过期" in text(page.cssselect(".panel .lines li")[0])
        assert "有效" not in text(page.cssselect(".panel .lines li")[0])
        with room.database.write() as connection:
            patrons.change(connection, reader.patron.id, {"expires_on": "2026-11-23"})
        assert text(desk.page(page_of(reader.patron.id)).cssselect(".found p")[0]).endswith("成人 · 有效")

    def test_on_my_card(self, library: Library, reader: Reader) -> None:
        with library.database.write() as connection:
            patrons.change(connection, reader.id, {"expires_on": "2026-11-30"})
        assert text(reader.page("/me").cssselect(".library-card .till")[0]) == "11月30日 周一已过期"


def test_a_guardian_tells_two_children_apart_until_they_are_grown(library: Library, reader: Reader) -> None:
    """At eighteen a name is a stranger's to others."""
    names = ("陈大宝", "陈小宝", "陈已成年")
    for name, born in zip(names, (date(2018, 1, 1), date(2020, 1, 1), date(2008, 11, 30)), strict=True):
        take_on(library, name, birth_date=born, phone="", guardian=Guardian(patron=reader.id))
    shown = [text(one) for one in reader.page("/me").cssselect('[aria-labelledby="h-wards"] li h3')]
    assert sorted(shown) == sorted(["陈大宝", "陈小宝", "陈***"])
