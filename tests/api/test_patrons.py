"""Readers over the API: enrolled at a desk or online, looked after at home, known by card, code and PIN everywhere."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from api.app import create_app
from tests.api.callers import Caller
from union_catalog.clock import SteppingClock
from union_catalog.ids import new_id
from union_catalog.services import access
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PIN = "314159"


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock(NOW)


@pytest.fixture
def app(written: Catalogue, settings: Settings, clock: SteppingClock) -> Flask:
    return create_app(settings, catalogue=written, clock=clock)


def staff(app: Flask, written: Catalogue, clock: SteppingClock, library: str) -> Caller:
    token = access.issue(written.database, clock, f"desk of {library}", ("circulation",), library).secret
    return Caller(app.test_client(), token)


@pytest.fixture
def desk(app: Flask, written: Catalogue, clock: SteppingClock) -> Caller:
    """A desk of JD."""
    return staff(app, written, clock, "JD")


@pytest.fixture
def elsewhere(app: Flask, written: Catalogue, clock: SteppingClock) -> Caller:
    """A desk of JX."""
    return staff(app, written, clock, "JX")


@pytest.fixture
def nobody(app: Flask) -> Caller:
    return Caller(app.test_client())


def application(**changes: object) -> dict[str, object]:
    """An adult who wants a card at JD; no two have the same telephone."""
    told = {"name": "王小明", "birth_date": "1990-05-01", "phone": f"1380{int(new_id()[-6:], 36) % 10**7:07d}", "category": "adult"}
    return {**told, "home_branch": "JD-1", "consent": {"notice": "2026-1", "date": "2026-11-22"}, "pin": PIN, **changes}


def enrol(caller: Caller, **changes: object) -> Any:
    answer = caller.post("/api/v1/patrons", application(**changes))
    assert answer.status_code == 201, answer.text
    return answer.get_json()


def signed_in(app: Flask, card: str, pin: str = PIN) -> Caller:
    answer = Caller(app.test_client()).post("/api/v1/sessions", {"card": card, "pin": pin})
    assert answer.status_code == 201, answer.text
    return Caller(app.test_client(), answer.get_json()["token"])


def test_a_desk_enrols_a_reader_who_signs_in_with_card_and_pin(app: Flask, desk: Caller) -> None:
    enrolled = enrol(desk, name="欧阳远方", email="y@example.org")
    assert (enrolled["state"], len(enrolled["card"])) == ("active", 16)
    me = signed_in(app, enrolled["card"]).get("/api/v1/me")
    assert (me["id"], me["name"], me["email"], me["expires_on"]) == (enrolled["id"], "欧阳远方", "y@example.org", "2031-11-23")
    assert not me["consent_missing"]
    assert [(card["number"], card["kind"], card["state"]) for card in me["cards"]] == [(enrolled["card"], "card", "valid")]


def test_a_repeated_enrolment_is_answered_again_and_leaves_one_reader(desk: Caller) -> None:
    told, key = application(), new_id()
    first, second = desk.post("/api/v1/patrons", told, key), desk.post("/api/v1/patrons", told, key)
    assert first.get_json() == second.get_json()
    assert (second.status_code, second.headers["Idempotency-Replayed"]) == (201, "true")
    again = desk.post("/api/v1/patrons", told)
    assert (again.status_code, again.get_json()["code"]) == (409, "possible_duplicate")
    assert again.get_json()["candidates"] == [first.get_json()["id"]]
    assert desk.post("/api/v1/patrons", {**told, "confirmed_new": True}).status_code == 201


def test_a_document_is_one_reader_s_and_its_number_is_nowhere_in_what_is_answered(desk: Caller, elsewhere: Caller) -> None:
    document = {"type": "resident_id", "number": "11010519491231002X"}
    first = enrol(desk, document=document, birth_date="1949-12-31")
    again = elsewhere.post("/api/v1/patrons", application(home_branch="ZG", document=document, birth_date=None))
    assert (again.status_code, again.get_json()["code"], again.get_json()["id"]) == (409, "patron_exists", first["id"])
    found = elsewhere.get("/api/v1/patrons?document=11010519491231002x")["items"]
    assert [one["id"] for one in found] == [first["id"]]
    assert "11010519491231002" not in json.dumps(desk.get(f"/api/v1/patrons/{first['id']}"))


def test_online_a_reader_waits_for_a_desk_and_is_told_of_nobody(app: Flask, nobody: Caller, desk: Caller) -> None:
    known = application()
    desk.post("/api/v1/patrons", known)
    refused = nobody.post("/api/v1/patrons", {**known, "confirmed_new": True})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "possible_duplicate")
    assert "candidates" not in refused.get_json()
    enrolled = enrol(nobody)
    assert enrolled["state"] == "pending"
    assert enrol(signed_in(app, enrolled["card"]))["state"] == "pending"
    assert signed_in(app, enrolled["card"]).get("/api/v1/me")["state"] == "pending"
    assert desk.post(f"/api/v1/patrons/{enrolled['id']}/confirm").get_json()["state"] == "active"


def test_a_child_comes_with_a_guardian(desk: Caller) -> None:
    child = application(name="大宝", birth_date="2018-01-01", category="child")
    refused = desk.post("/api/v1/patrons", child)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "guardian_needed")
    assert refused.get_json()["errors"][0]["name"] == "guardian"
    mother = enrol(desk, name="母亲")
    enrolled = enrol(desk, **{**child, "guardian": {"card": mother["card"]}})
    assert desk.get(f"/api/v1/patrons/{mother['id']}")["wards"] == [enrolled["id"]]
    by_name = enrol(desk, **{**child, "name": "二宝", "guardian": {"name": "父亲", "phone": "13700137000"}})
    assert desk.get(f"/api/v1/patrons/{by_name['id']}")["guardian"]


@pytest.mark.parametrize(
    ("changes", "code", "name"),
    [
        ({"pin": "12345"}, "pin_form", "pin"),
        ({"consent": None}, "consent_needed", "consent"),
        ({"document": {"type": "resident_id", "number": "123"}}, "resident_id_invalid", "document"),
        ({"document": "123"}, "bad_parameters", "document"),
        ({"birth_date": "1990-13-01"}, "bad_parameters", "birth_date"),
        ({"birth_date": "2030-01-01"}, "birth_date_impossible", "birth_date"),
        ({"home_branch": "XX-1"}, "unknown_home_branch", "home_branch"),
        ({"category": "vip"}, "unknown_category", "category"),
        ({"name": "a\x00b"}, "bad_parameters", "name"),
        ({"nmae": "x"}, "bad_parameters", "nmae"),
        ({"consent": {"notice": "2026-1", "date": "2027-01-01"}}, "bad_consent", "consent.date"),
    ],
)
def test_what_cannot_be_is_told_by_its_name(desk: Caller, changes: dict[str, object], code: str, name: str) -> None:
    answer = desk.post("/api/v1/patrons", application(**changes))
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert [fault["name"] for fault in answer.get_json()["errors"]] == [name]


def test_a_consent_that_is_left_out_is_asked_for(desk: Caller) -> None:
    told = application()
    del told["consent"]
    assert desk.post("/api/v1/patrons", told).get_json()["code"] == "consent_needed"


def test_other_libraries_see_enough_to_check_a_card_and_change_nothing(desk: Caller, elsewhere: Caller) -> None:
    enrolled = enrol(desk, name="欧阳远方", email="y@example.org")
    address = f"/api/v1/patrons/{enrolled['id']}"
    seen = elsewhere.get(address)
    assert (seen["name"], seen["birth_date"], seen["phone"], seen["email"], seen["age_band"]) == ("欧***", None, None, None, "35-59")
    assert seen["cards"][0]["number"] == "*" * 12 + enrolled["card"][-4:]
    assert elsewhere.patch(address, {"email": "x@example.org"}).status_code == 403
    assert elsewhere.ask(f"{address}/events").status_code == 403
    assert desk.patch(address, {"email": "z@example.org", "expires_on": "2033-01-01"}).get_json()["email"] == "z@example.org"
    kinds = [one["kind"] for one in desk.get(f"{address}/events")["items"]]
    assert kinds[0] == "patron.changed"
    assert {"patron.enrolled", "consent.given"} <= set(kinds)
    assert desk.ask("/api/v1/patrons/nobody").status_code == 404


def test_a_reader_sees_and_changes_their_own_and_no_other(app: Flask, desk: Caller) -> None:
    first, second = enrol(desk), enrol(desk)
    reader = signed_in(app, first["card"])
    assert reader.ask(f"/api/v1/patrons/{first['id']}").status_code == 200
    assert reader.ask(f"/api/v1/patrons/{second['id']}").status_code == 403
    assert reader.patch("/api/v1/me", {"language": "en", "keeps_history": False}).get_json()["keeps_history"] is False
    refused = reader.patch("/api/v1/me", {"category": "senior"})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "not_readers_own")
    for path in (f"/api/v1/patrons/{second['id']}/cards", "/api/v1/desk-sessions"):
        assert reader.post(path, {"reason": "new"}).status_code == 403


def test_a_code_opens_one_desk_once(app: Flask, desk: Caller, elsewhere: Caller, clock: SteppingClock) -> None:
    enrolled = enrol(desk)
    reader = signed_in(app, enrolled["card"])
    code = reader.get("/api/v1/me/qr")
    assert code["svg"].startswith("<svg")
    assert code["valid_until"] == "2026-11-23T02:01:00.000000Z"
    opened = desk.post("/api/v1/desk-sessions", {"card": code["code"], "branch": "JD-1"})
    assert opened.status_code == 201
    assert opened.get_json()["patron"] == enrolled["id"]
    again = elsewhere.post("/api/v1/desk-sessions", {"card": code["code"], "branch": "ZG"})
    assert (again.status_code, again.get_json()["code"]) == (409, "qr_used")
    fresh = reader.get("/api/v1/me/qr")["code"]
    forged = desk.post("/api/v1/desk-sessions", {"card": fresh[:-1] + ("0" if fresh[-1] != "0" else "1"), "branch": "JD-1"})
    assert (forged.status_code, forged.get_json()["code"]) == (422, "qr_forged")
    clock.advance(timedelta(seconds=61))
    late = desk.post("/api/v1/desk-sessions", {"card": fresh, "branch": "JD-1"})
    assert (late.status_code, late.get_json()["code"]) == (422, "qr_expired")
    wrong_desk = desk.post("/api/v1/desk-sessions", {"card": enrolled["card"], "branch": "ZG"})
    assert (wrong_desk.status_code, wrong_desk.get_json()["code"]) == (403, "other_desk")
    session = opened.get_json()["session"]
    assert elsewhere.delete(f"/api/v1/desk-sessions/{session}").status_code == 403
    assert desk.delete(f"/api/v1/desk-sessions/{session}").status_code == 200
    assert desk.delete(f"/api/v1/desk-sessions/{session}").status_code == 404


def test_a_lost_card_is_taken_nowhere_and_the_new_one_everywhere(app: Flask, desk: Caller, elsewhere: Caller) -> None:
    enrolled = enrol(desk)
    issued = elsewhere.post(f"/api/v1/patrons/{enrolled['id']}/cards", {"reason": "lost"})
    assert (issued.status_code, issued.get_json()["id"]) == (201, enrolled["id"])
    refused = desk.post("/api/v1/desk-sessions", {"card": enrolled["card"], "branch": "JD-1"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "card_lost")
    assert desk.post("/api/v1/desk-sessions", {"card": issued.get_json()["card"], "branch": "JD-1"}).status_code == 201
    denied = Caller(app.test_client()).post("/api/v1/sessions", {"card": enrolled["card"], "pin": PIN})
    assert (denied.status_code, denied.get_json()["code"]) == (401, "card_lost")
    assert signed_in(app, issued.get_json()["card"]).get("/api/v1/me")["id"] == enrolled["id"]


def test_a_reader_freezes_the_card_and_a_desk_may_too(app: Flask, desk: Caller, elsewhere: Caller) -> None:
    enrolled = enrol(desk)
    reader = signed_in(app, enrolled["card"])
    assert reader.post("/api/v1/me/freeze").get_json()["frozen"] == 1
    assert elsewhere.post(f"/api/v1/patrons/{enrolled['id']}/freeze").get_json()["frozen"] == 0
    assert [card["state"] for card in reader.get("/api/v1/me")["cards"]] == ["lost"]


def test_card_numbers_are_checked_before_anybody_is_looked_for(desk: Caller) -> None:
    card = enrol(desk)["card"]
    wrong = card[:-1] + str((int(card[-1]) + 1) % 10)
    for answer in (desk.ask(f"/api/v1/patrons?card={wrong}"), desk.post("/api/v1/desk-sessions", {"card": wrong, "branch": "JD-1"})):
        assert (answer.status_code, answer.get_json()["code"]) == (422, "card_check_digit")
    assert desk.ask("/api/v1/patrons?card=JD999").status_code == 404
    for query in ("", "?name=王小明", f"?card={card}&document=1"):
        assert desk.ask(f"/api/v1/patrons{query}").get_json()["code"] == "find_by_one"
    assert len(desk.get("/api/v1/patrons?name=王小明&birth_date=1990-05-01")["items"]) == 1


def test_a_number_of_two_libraries_is_asked_back(desk: Caller) -> None:
    for library in ("JD", "JX"):
        told = {"kind": "member_card", "number": "0012345", "issuer": library}
        assert desk.post(f"/api/v1/patrons/{enrol(desk)['id']}/credentials", told).status_code == 201
    asked = desk.ask("/api/v1/patrons?card=0012345")
    assert (asked.status_code, asked.get_json()["code"], asked.get_json()["issuers"]) == (409, "ambiguous_card", ["JD", "JX"])
    assert len(desk.get("/api/v1/patrons?card=0012345&issuer=JX")["items"]) == 1


def test_a_social_security_card_is_added_and_not_shown(desk: Caller) -> None:
    enrolled = enrol(desk)
    added = desk.post(f"/api/v1/patrons/{enrolled['id']}/credentials", {"kind": "social", "number": "A12345678"})
    assert [card["number"] for card in added.get_json()["cards"] if card["kind"] == "social"] == [""]
    assert desk.get("/api/v1/patrons?card=a12345678")["items"][0]["id"] == enrolled["id"]


def test_a_pin_is_reset_at_any_desk_or_changed_by_who_knows_it(app: Flask, desk: Caller, elsewhere: Caller, nobody: Caller) -> None:
    enrolled = enrol(desk)
    reader = signed_in(app, enrolled["card"])
    wrong = reader.put("/api/v1/me/pin", {"pin": "000000", "new_pin": "271828"})
    assert (wrong.status_code, wrong.get_json()["code"]) == (401, "pin_wrong")
    assert reader.put("/api/v1/me/pin", {"pin": PIN, "new_pin": "271828"}).status_code == 200
    assert reader.ask("/api/v1/me").status_code == 401
    tries = [nobody.post("/api/v1/sessions", {"card": enrolled["card"], "pin": "000000"}).get_json()["code"] for _ in range(6)]
    assert tries == ["card_or_pin_wrong"] * 5 + ["pin_locked"]
    assert elsewhere.put(f"/api/v1/patrons/{enrolled['id']}/pin", {"pin": "161803"}).status_code == 200
    signed_in(app, enrolled["card"], "161803")


def test_two_records_are_made_one_and_parted(desk: Caller, elsewhere: Caller) -> None:
    kept, gone = enrol(desk), enrol(desk)
    address = f"/api/v1/patrons/{kept['id']}"
    assert elsewhere.post(f"{address}/merge", {"other": gone["id"]}).status_code == 403
    merged = desk.post(f"{address}/merge", {"other": gone["id"]}).get_json()
    assert {card["number"]: card["state"] for card in merged["cards"]} == {kept["card"]: "valid", gone["card"]: "replaced"}
    assert desk.get(f"/api/v1/patrons/{gone['id']}")["merged_into"] == kept["id"]
    refused = desk.patch(f"/api/v1/patrons/{gone['id']}", {"language": "en"})
    assert (refused.status_code, refused.get_json()["code"], refused.get_json()["target"]) == (409, "patron_merged", kept["id"])
    assert desk.get(f"/api/v1/patrons?card={gone['card']}")["items"][0]["id"] == kept["id"]
    parted = desk.post(f"{address}/unmerge", {}).get_json()
    assert (parted["kept"]["id"], parted["restored"]["state"]) == (kept["id"], "active")
    assert desk.post(f"{address}/unmerge", {}).status_code == 404
