"""What desks did without a line, over HTTP: verdicts, sealed lines, lines that cannot be read, who may, and the pages to look into them."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, update
from werkzeug.test import TestResponse

from api.app import create_app
from api.auth import SESSION_COOKIE
from tests.api.collection import CLOCK
from union_catalog.circulation.sealing import about_line, seal
from union_catalog.clock import instant_text
from union_catalog.context import command_line
from union_catalog.ids import new_id
from union_catalog.services import access, sessions, staff
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.staff import NewMember
from union_catalog.settings import Settings
from union_catalog.storage.tables import branch, credential, item, patron

SINCE = "2026-01-01T00:00:00.000000Z"
EARLIER = instant_text(CLOCK.now())
BATCHES = "/api/v1/offline-batches"


@pytest.fixture
def catalogue(written: Catalogue) -> Catalogue:
    """Of each test its own: desks change it."""
    with written.database.write() as connection:
        connection.execute(insert(branch).values(code="JX-9", library="JX", name="南湖分馆", name_en="Nanhu", kind="town"))
        connection.execute(insert(branch).values(code="JD-2", library="JD", name="东区分馆", name_en="East", kind="town"))
        row = {"id": "reader-C1", "library": "JD", "home_branch": "JD-1", "category": "adult", "state": "active"}
        connection.execute(insert(patron).values(**row, credit=100, created_at=SINCE))
        shown = {"issuer": "JD", "number": "C1", "kind": "member_card", "patron_id": "reader-C1", "state": "valid"}
        connection.execute(insert(credential).values(**shown, issued_at=SINCE))
        new = NewMember(username="desk", library="JD", branches=("JD-1",), roles=("circulation",))
        member = staff.add(connection, CLOCK, command_line(CLOCK), new)
        sessions.begin(connection, CLOCK, "us_desk", "staff", member.id)
    return written


@pytest.fixture
def http(catalogue: Catalogue, settings: Settings) -> FlaskClient:
    return create_app(settings, catalogue=catalogue, clock=CLOCK).test_client(use_cookies=False)


@pytest.fixture
def secrets(catalogue: Catalogue) -> Mapping[str, str]:
    return {of: access.issue(catalogue.database, CLOCK, of, ("circulation",), of).secret for of in ("JD", "JX")}


class Device:
    """Hands in for the desk of JD-1."""

    def __init__(self, http: FlaskClient, secrets: Mapping[str, str]) -> None:
        self.http, self.secrets = http, secrets

    def hand_in(self, *lines: object, who: str = "JD", key: str = "", **more: object) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.secrets[who]}", "Idempotency-Key": key or new_id()}
        body = {"branch": "JD-1", "device": "d1", "lines": lines, **more}
        return self.http.post(f"{BATCHES}?lang=zh", json=body, headers=headers)

    def get(self, path: str, who: str = "JD") -> TestResponse:
        return self.http.get(path, headers={"Authorization": f"Bearer {self.secrets[who]}"})

    def page(self, path: str) -> TestResponse:
        return self.http.get(path, headers={"Cookie": f"{SESSION_COOKIE}=us_desk"})


@pytest.fixture
def device(http: FlaskClient, secrets: Mapping[str, str]) -> Device:
    return Device(http, secrets)


def line(action: str, barcode: str, **more: Any) -> dict[str, Any]:
    return {"id": new_id(), "action": action, "item": {"library": "JD", "barcode": barcode}, "occurred_at": EARLIER, **more}


def test_every_line_has_its_verdict_in_the_order_in_which_it_was_sent(device: Device) -> None:
    lines = [
        line("check_out", "b1", card="C1"),
        line("check_out", "b2", card="4711"),
        line("check_in", "4711"),
        {"id": "x", "action": "pay"},
    ]
    answer = device.hand_in(*lines)
    told = answer.get_json()
    assert answer.status_code == 200
    assert [(one["id"], one["verdict"], one["case"]) for one in told["lines"]] == [
        (lines[0]["id"], "recorded", "CO-6"),
        (lines[1]["id"], "unknown_card", "CO-37"),
        (lines[2]["id"], "unknown_item", "CI-20"),
        ("x", "invalid", None),
    ]
    lent = told["lines"][0]["loan"]
    assert (lent["item"], lent["due_date"] > "2026", told["lines"][1]["instruction"]) == (lines[0]["item"], True, "已记借出，卡号待查")
    assert "4711" not in json.dumps(told["lines"][1])
    shown = device.get(f"{BATCHES}/{told['id']}").get_json()
    assert {one["id"]: one for one in shown["lines"]} == {one["id"]: one for one in told["lines"][:3]}


def test_an_instruction_names_a_branch_of_another_library_with_its_library(device: Device, catalogue: Catalogue) -> None:
    with catalogue.database.write() as connection:
        for barcode, home in (("b1", "JX-9"), ("b2", "JD-2")):
            connection.execute(update(item).where(item.c.library == "JD", item.c.barcode == barcode).values(branch=home))
    told = device.hand_in(line("check_in", "b1"), line("check_in", "b2")).get_json()
    said = ["没有借出，送嘉兴市图书馆 南湖分馆", "没有借出，送东区分馆"]
    assert [one["instruction"] for one in told["lines"]] == said
    page = device.page(f"/desk/offline/{told['id']}").text
    assert all(one in page for one in said)


def test_the_same_upload_is_answered_from_memory_and_the_same_lines_from_the_record(device: Device) -> None:
    lines = [line("check_out", "b3", card="C1")]
    first = device.hand_in(*lines, key="again")
    replayed = device.hand_in(*lines, key="again")
    assert (replayed.get_json(), replayed.headers["Idempotency-Replayed"]) == (first.get_json(), "true")
    anew = device.hand_in(*lines)
    assert (anew.get_json(), "Idempotency-Replayed" in anew.headers) == (first.get_json(), False)
    assert device.hand_in(*lines, line("check_in", "b3"), key="again").status_code == 422


def test_a_sealed_line_is_opened_by_the_server_alone(device: Device) -> None:
    key = device.get(f"{BATCHES}/key").get_json()
    public = base64.urlsafe_b64decode(key["public"] + "=")
    plain = line("check_in", "b1")
    content = json.dumps({name: value for name, value in plain.items() if name != "id"}).encode()
    sealed = {"id": plain["id"], "key": key["id"], "sealed": seal(public, content, about_line("JD-1", "d1", plain["id"]))}
    moved = {**sealed, "id": "other"}
    told = device.hand_in(sealed, moved, {**sealed, "id": "unknown-key", "key": "?"}).get_json()["lines"]
    assert [one["verdict"] for one in told] == ["recorded", "invalid", "invalid"]
    assert told[0]["item"]["barcode"] == "b1"
    assert device.get(f"{BATCHES}/key").get_json() == key


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"id": 7},
        {"id": "é"},
        {"id": "a" * 81},
        {"id": "n1", "action": "check_in", "item": {"barcode": "b1"}, "occurred_at": "2026-11-22T10:00:00"},
        {"id": "n2", "action": "check_in", "item": "b1", "occurred_at": EARLIER},
        {"id": "n3", "action": "check_in", "item": {"barcode": "b1"}, "occurred_at": "0001-01-01T00:00:00+14:00"},
        {"id": "n4", "sealed": 5, "key": 7},
        5,
        None,
        "b1",
        [{}],
    ],
)
def test_a_line_that_cannot_be_read_keeps_no_other_from_being_taken(device: Device, broken: Any) -> None:
    good = line("check_in", "b2")
    told = device.hand_in(broken, good).get_json()["lines"]
    assert [one["verdict"] for one in told] == ["invalid", "recorded"]
    assert (told[0]["reference"], [note["code"] for note in told[0]["notes"]]) == (None, ["line_unreadable"])


@pytest.mark.parametrize("scanned", ["\x00", "a\x00b", "x" * 500, " "])
def test_whatever_a_scanner_sends_is_kept(device: Device, scanned: str) -> None:
    told = device.hand_in(line("check_out", scanned, card=scanned)).get_json()["lines"][0]
    assert told["verdict"] == "invalid"
    assert told["reference"]


def test_a_batch_may_be_larger_than_other_bodies_and_not_without_end(device: Device) -> None:
    padding = [{"id": f"p{number}", "action": "none", "padding": "x" * 400} for number in range(1000)]
    answer = device.hand_in(*padding)
    assert (answer.status_code, len(answer.get_json()["lines"])) == (200, 1000)
    assert device.hand_in({"id": "p", "padding": "x" * 5_000_000}).status_code == 413
    headers = {"Authorization": f"Bearer {device.secrets['JD']}", "Idempotency-Key": new_id()}
    assert device.http.post("/api/v1/check-ins", json={"padding": "x" * 100_000}, headers=headers).status_code == 413
    assert device.hand_in(*[{}] * 5001).status_code == 422


def test_other_desks_neither_hand_in_nor_see_nor_settle(device: Device) -> None:
    assert device.hand_in(line("check_in", "b1"), who="JX").status_code == 403
    assert device.hand_in(branch="JD-9").status_code == 404
    made = device.hand_in(line("check_out", "b2", card="0815")).get_json()
    assert device.get(f"{BATCHES}/{made['id']}", "JX").status_code == 403
    assert device.get(f"{BATCHES}/none").status_code == 404
    listed = device.get(BATCHES).get_json()["items"]
    assert made["id"] in {one["id"] for one in listed}
    assert device.get(BATCHES, "JX").get_json()["items"] == []
    path = f"/api/v1/offline-lines/{made['lines'][0]['reference']}/settle"
    headers = {"Idempotency-Key": new_id()}
    of = {who: {**headers, "Authorization": f"Bearer {secret}"} for who, secret in device.secrets.items()}
    assert device.http.post(path, json={}, headers=of["JX"]).status_code == 403
    done = device.http.post(path, json={"card": "C1"}, headers=of["JD"]).get_json()
    assert (done["verdict"], done["case"], bool(done["settled_at"])) == ("recorded", "CO-6", True)
    again = device.http.post(path, json={"card": "C1"}, headers={**of["JD"], "Idempotency-Key": new_id()})
    assert (again.status_code, again.get_json()["code"]) == (409, "line_settled")


def test_the_worker_of_the_page_is_asked_for_again_and_may_answer_for_the_desk(device: Device) -> None:
    answer = device.http.get("/desk/worker.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert (answer.headers["Service-Worker-Allowed"], answer.headers["Cache-Control"]) == ("/desk", "no-cache")
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_line_tells_branch_and_key_to_whoever_is_signed_in(device: Device) -> None:
    answer = device.page("/desk/line")
    told = answer.get_json()
    assert (told["branch"], told["key"], answer.headers["Cache-Control"]) == ("JD-1", device.get(f"{BATCHES}/key").get_json(), "no-store")
    assert device.http.get("/desk/line").status_code == 303


def test_people_look_into_a_batch_on_a_page(device: Device) -> None:
    made = device.hand_in(line("check_out", "b2", card="4712"), line("check_in", "b9")).get_json()
    assert made["id"] in device.page("/desk/offline").get_data(as_text=True)
    assert re.search(r'href="/desk/offline">.*\n?.*2条待查', device.page("/staff").get_data(as_text=True))
    shown = device.page(f"/desk/offline/{made['id']}")
    page = shown.get_data(as_text=True)
    assert (shown.status_code, "卡号4712" in page, page.index("4712") < page.index("CI-20")) == (200, True, True)
    reference = made["lines"][0]["reference"]
    form = page.split(f'/{reference}"', 1)[1]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form.split("</form>")[0]))
    path, cookie = f"/desk/offline/{made['id']}/{reference}", {"Cookie": f"{SESSION_COOKIE}=us_desk"}
    assert device.http.post(path, data={**fields, "card": "C1"}, headers=cookie).status_code == 303
    page = device.page(f"/desk/offline/{made['id']}").get_data(as_text=True)
    assert ("4712" in page, "CO-6" in page) == (False, True)
    wrong = device.http.post(path, data={**fields, "key": new_id(), "card": "C1"}, headers=cookie)
    assert (wrong.status_code, "已经查过了" in wrong.get_data(as_text=True)) == (409, True)
