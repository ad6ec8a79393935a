"""What desks and readers do over HTTP: the contract of check-outs, check-ins, renewals, undoing and items."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.test import TestResponse

from api.app import create_app
from tests.api.collection import CLOCK, fill
from union_catalog.ids import new_id
from union_catalog.services import access, sessions
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings
from union_catalog.storage.database import Database
from union_catalog.storage.tables import branch, credential, patron

SINCE = "2026-01-01T00:00:00.000000Z"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Iterator[Catalogue]:
    """Of its own: desks change it."""
    home = tmp_path_factory.mktemp("desks")
    shutil.copy(_sqlite_template, home / "catalogue.sqlite3")
    filled = fill(Database(f"sqlite:///{home / 'catalogue.sqlite3'}", 5), home / "index")
    with filled.database.write() as connection:
        connection.execute(insert(branch).values(code="JX-9", library="JX", name="南湖分馆", name_en="Nanhu", kind="town"))
        for card, state in (("C1", "valid"), ("C2", "valid"), ("C3", "lost"), ("C4", "valid")):
            row = {"id": f"reader-{card}", "library": "JD", "home_branch": "JD-1", "category": "adult", "state": "active"}
            connection.execute(insert(patron).values(**row, credit=100, created_at=SINCE))
            shown = {"issuer": "JD", "number": card, "kind": "member_card", "patron_id": row["id"], "state": state}
            connection.execute(insert(credential).values(**shown, issued_at=SINCE))
        sessions.begin(connection, CLOCK, "us_reader", "patron", "reader-C2")
    yield filled
    filled.engine.close()
    filled.database.close()


@pytest.fixture(scope="module")
def http(catalogue: Catalogue, settings: Settings) -> FlaskClient:
    return create_app(settings, catalogue=catalogue).test_client(use_cookies=False)


@pytest.fixture(scope="module")
def secrets(catalogue: Catalogue) -> Mapping[str, str]:
    """Tokens of programs by library and role, and the session of the reader of C2."""
    wanted = {"JD": ("circulation",), "JX": ("circulation",), "manager": ("manager",)}
    libraries = {"JD": "JD", "JX": "JX", "manager": "JD"}
    issued = {who: access.issue(catalogue.database, CLOCK, who, roles, libraries[who]).secret for who, roles in wanted.items()}
    return {**issued, "reader": "us_reader"}


class Desk:
    """Sends commands, each with a key of its own unless one is given."""

    def __init__(self, http: FlaskClient, secrets: Mapping[str, str]) -> None:
        self.http = http
        self.secrets = secrets

    def post(self, path: str, body: object = None, who: str = "JD", key: str = "", lang: str = "zh") -> TestResponse:
        headers = {"Authorization": f"Bearer {self.secrets[who]}", "Idempotency-Key": key or new_id()}
        return self.http.post(f"/api/v1{path}?lang={lang}", json=body or {}, headers=headers)

    def get(self, path: str, who: str = "JD") -> TestResponse:
        return self.http.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.secrets[who]}"})

    def lend(self, barcode: str, card: str, who: str = "JD", **more: Any) -> TestResponse:
        at = "JX-9" if who == "JX" else "JD-1"
        item = {"library": "JD", "barcode": barcode}
        return self.post("/check-outs", {"card": card, "item": item, "branch": at, **more}, who)

    def take(self, barcode: str, who: str = "JD", **more: Any) -> TestResponse:
        return self.post("/check-ins", {"item": {"barcode": barcode}, "branch": "JX-9" if who == "JX" else "JD-1", **more}, who)


@pytest.fixture(scope="module")
def desk(http: FlaskClient, secrets: Mapping[str, str]) -> Desk:
    return Desk(http, secrets)


def test_a_book_goes_out_and_comes_back_elsewhere_and_goes_home(desk: Desk) -> None:
    out = desk.lend("b3", "C1")
    lent = out.get_json()
    assert (out.status_code, lent["case"], lent["loan"]["item"]) == (201, "CO-1", {"library": "JD", "barcode": "b3"})
    assert (lent["loan"]["renewals_left"], lent["notes"], lent["loan"]["due_date"] in lent["instruction"]) == (1, [], True)
    back = desk.take("b3", who="JX")
    told = back.get_json()
    assert (back.status_code, told["case"], told["outcome"]) == (200, "CI-2", "transit_home")
    assert told["loan"] == {"id": lent["loan"]["id"], "item": {"library": "JD", "barcode": "b3"}, "due_date": lent["loan"]["due_date"]}
    assert (told["transit"]["to_branch"], told["instruction"]) == ("JD-1", "装箱，送嘉定区图书馆 菊园我嘉书房")
    again = desk.take("b3", who="JX").get_json()
    assert (again["case"], again["outcome"], again["first_case"]) == ("CI-19", "repeated", "CI-2")
    assert (again["instruction"], again["case_event"]) == (told["instruction"], told["case_event"])
    home = desk.take("b3").get_json()
    assert (home["case"], home["outcome"], home["loan"]) == ("CI-7", "transit_received", None)


def test_a_refusal_tells_all_that_stands_in_the_way(desk: Desk) -> None:
    refused = desk.lend("b1", "C3")
    told = refused.get_json()
    assert (refused.status_code, refused.content_type, told["code"], told["case"]) == (409, "application/problem+json", "blocked", "CO-11")
    assert told["blocks"] == [
        {
            "code": "card_lost",
            "message": "这张卡已挂失。",
            "library": "JD",
            "since": None,
            "until": None,
            "override": None,
            "lifted_by": "办一张新卡",
        }
    ]
    assert told["instruction"] == "不能借，卡已挂失"


def test_a_command_is_answered_once(desk: Desk) -> None:
    key = new_id()
    body = {"card": "C4", "item": {"library": "JD", "barcode": "b1"}, "branch": "JD-1"}
    first, second = desk.post("/check-outs", body, key=key), desk.post("/check-outs", body, key=key)
    assert (second.status_code, second.data, second.headers["Idempotency-Replayed"]) == (201, first.data, "true")
    other_key = desk.post("/check-outs", body)
    assert (other_key.status_code, other_key.data) == (201, first.data)
    assert desk.http.post("/api/v1/check-outs", json=body, headers={"Authorization": f"Bearer {desk.secrets['JD']}"}).status_code == 400
    undone = desk.post("/undo", {"case_event": first.get_json()["case_event"]})
    assert (undone.status_code, undone.get_json()["case"], undone.get_json()["undone_case"]) == (200, "UN-1", "CO-1")
    late = desk.post("/undo", {"case_event": first.get_json()["case_event"]})
    assert (late.status_code, late.get_json()["code"], late.get_json()["case"]) == (409, "undone_already", "UN-5")


def test_a_reader_sees_and_renews_own_loans_and_nobody_elses(desk: Desk) -> None:
    lent = desk.lend("b2", "C2").get_json()
    mine = desk.get("/me/loans", who="reader").get_json()["items"]
    assert [(one["id"], one["title"], one["overdue"], one["renewals_left"]) for one in mine] == [(lent["loan"]["id"], "红楼梦", False, 1)]
    renewed = desk.post("/me/renewals", {}, who="reader").get_json()["results"]
    assert [(one["case"], [block["code"] for block in one["blocks"]]) for one in renewed] == [("RN-23", ["not_later"])]
    assert desk.get("/patrons/reader-C2/loans", who="reader").status_code == 200
    assert desk.get("/patrons/reader-C1/loans", who="reader").status_code == 403
    assert desk.get("/patrons/reader-C2/loans").get_json()["items"][0]["title"] == "红楼梦"
    abroad = desk.get("/patrons/reader-C2/loans", who="JX").get_json()["items"][0]
    assert (abroad["title"], abroad["item"], abroad["library"]) == (None, None, "JD")
    one = desk.post("/renewals", {"loan": lent["loan"]["id"]}).get_json()["results"][0]
    assert (one["loan"], one["due_date"], one["item"]["barcode"]) == (lent["loan"]["id"], None, "b2")
    assert desk.post("/renewals", {}).get_json()["code"] == "loan_or_patron"
    desk.take("b2", item={"library": "JD", "barcode": "b2"})


def test_what_is_said_of_an_item(desk: Desk) -> None:
    book = {"branch": "JD-1", "barcode": "Q1", "title": "嘉定县志", "price": "38元"}
    assert desk.post("/items", {**book, "library": "JX"}).get_json()["errors"][0]["name"] == "library"
    made = desk.post("/items", {**book, "library": "JD"})
    assert (made.status_code, made.get_json()["case"]) == (201, "IT-13")
    desk.lend("Q1", "C1")
    state = desk.get("/items/JD/Q1").get_json()
    assert (state["status"], state["title"], state["home_branch"], state["due_date"] is not None) == ("on_loan", "嘉定县志", "JD-1", True)
    steps: list[tuple[str, dict[str, object], str]] = [
        ("claimed-returned", {}, "IT-6"),
        ("claimed-returned", {"withdrawn": True}, "IT-7"),
        ("lost", {}, "IT-1"),
        ("found", {}, "IT-4"),
        ("damaged", {}, "IT-9"),
        ("damaged", {"repaired": True}, "IT-10"),
        ("barcode", {"barcode": "Q2"}, "IT-11"),
    ]
    for what, more, case in steps:
        said = desk.post(f"/items/JD/Q1/{what}", {"branch": "JD-1", **more})
        assert (said.status_code, said.get_json()["case"]) == (200, case), said.get_json()
    assert desk.post("/items/JD/Q2/withdraw", {"branch": "JX-9"}, who="JX").status_code == 403
    assert desk.post("/items/JD/Q2/withdraw", {"branch": "JD-1"}).get_json()["case"] == "IT-12"
    wrong = desk.post("/items/JD/Q2/found", {"branch": "JD-1"})
    assert (wrong.status_code, wrong.get_json()["case"], wrong.get_json()["instruction"]) == (409, "IT-22", "没有登记遗失")
    assert desk.get("/items/JD/NOBODYS").status_code == 404


def test_who_has_the_right_goes_past_blocks(desk: Desk) -> None:
    desk.post("/items", {"branch": "JD-1", "barcode": "R1", "title": "馆藏方志", "library_use": True})
    past: dict[str, Any] = {"override": {"codes": ["library_use_only"], "reason": "展览"}}
    refused = desk.lend("R1", "C1", **past).get_json()
    assert (refused["blocks"][0]["override"], refused["detail"]) == ("manager", "现在不能办：仅供馆内阅览。逐条见 blocks。")
    assert desk.lend("R1", "C1", who="manager", **past).get_json()["case"] == "CO-5"
    assert desk.lend("R1", "C1", override={"codes": [], "reason": "x"}).status_code == 422
    assert desk.lend("R1", "C1", override="x").status_code == 422
    nothing = desk.lend("R1", "C1", override={"codes": ["library_use_only"], "reason": ""}).get_json()["errors"]
    assert [(fault["name"], "override.reason" in fault["message"]) for fault in nothing] == [("override.reason", True)]
    (misspelt,) = desk.lend("R1", "C1", override={**past["override"], "raeson": "x"}).get_json()["errors"]
    assert "override.reason" in misspelt["message"]


def test_what_has_happened_is_flagged_and_kept(desk: Desk) -> None:
    desk.post("/items", {"branch": "JD-1", "barcode": "H1", "title": "断线那天"})
    for zoneless in ("2026-11-22T10:00:00", "yesterday"):
        (fault,) = desk.lend("H1", "C3", no_block=True, occurred_at=zoneless).get_json()["errors"]
        assert (fault["name"], "2026-11-22T16:30:00+08:00" in fault["message"]) == ("occurred_at", True)
    told = desk.lend("H1", "C3", no_block=True, occurred_at="2020-01-01T00:00:00+08:00").get_json()
    assert (told["code"], told["errors"][0]["name"]) == ("occurred_too_long_ago", "occurred_at")
    kept = desk.lend("H1", "C3", no_block=True).get_json()
    assert (kept["case"], kept["notes"]) == ("CO-7", [{"code": "flagged", "message": "当时有妨碍：这张卡已挂失。"}])
    assert desk.lend("H1", "C3", occurred_at="昨天").status_code == 422
    assert desk.lend("H1", "C3", occurred_at="2026-11-22T16:30:00").status_code == 422


def test_barcodes_that_are_nobodys_or_two_libraries(desk: Desk) -> None:
    unknown = desk.take("4711")
    assert (unknown.status_code, unknown.get_json()["outcome"], unknown.get_json()["item"]) == (
        200, "unknown_item", {"library": "", "barcode": "4711"},
    )  # fmt: skip
    asked = desk.take("b1")
    told = asked.get_json()
    assert (asked.status_code, told["code"]) == (409, "ambiguous_item")
    assert told["candidates"] == [{"library": "JD", "barcode": "b1"}, {"library": "JX", "barcode": "b1"}]
    assert desk.take("b1", item={"library": "JX", "barcode": "b1"}).get_json()["case"] == "CI-12"


def test_a_desk_is_at_home_in_its_own_branch(desk: Desk) -> None:
    refused = desk.post("/check-ins", {"item": {"barcode": "b3"}, "branch": "JX-9"})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "other_desk")
    assert desk.post("/check-ins", {"item": {"barcode": "b3"}, "branch": "nowhere"}).status_code == 404
    assert desk.post("/check-outs", {"item": {"barcode": "b3"}, "branch": "JD-1"}).get_json()["code"] == "card_or_session"


def test_what_nobody_knew_is_listed_and_resolved(desk: Desk) -> None:
    made = desk.post("/items", {"branch": "JD-1", "barcode": "Q7", "title": "练川图志"})
    assert made.status_code == 201
    desk.lend("Q7", "C1")
    for barcode in ("X1", "X2", "X3"):
        assert desk.take(barcode).get_json()["case"] == "CI-20"
    page = desk.get("/stray-items?per_page=2").get_json()
    rest = desk.get(f"/stray-items?cursor={page['next_cursor']}").get_json()
    assert (len(page["strays"]), rest["next_cursor"]) == (2, None)
    ours = [one for one in page["strays"] + rest["strays"] if one["barcode"].startswith("X")]
    assert [(one["barcode"], one["branch"]) for one in ours] == [("X1", "JD-1"), ("X2", "JD-1"), ("X3", "JD-1")]
    assert desk.get("/stray-items", who="JX").get_json()["strays"] == []
    first, second, third = (f"/stray-items/{one['id']}/resolve" for one in ours)
    assert desk.post(first, {"how": "item", "barcode": "Q7"}, who="JX").status_code == 403
    known = desk.post(first, {"how": "item", "barcode": "Q7"}).get_json()
    assert (known["resolution"], known["item"], known["case"]) == ("item", {"library": "JD", "barcode": "Q7"}, "CI-1")
    assert known["instruction"] == "上架"
    assert desk.get("/items/JD/Q7").get_json()["status"] == "available"
    assert desk.post(first, {"how": "removed", "reason": "discarded"}).get_json()["code"] == "stray_resolved"
    put = desk.post(second, {"how": "catalogued", "title": "槎溪志"}).get_json()
    assert (put["case"], put["item"]["barcode"], desk.get("/items/JD/X2").get_json()["title"]) == ("IT-13", "X2", "槎溪志")
    assert desk.post(third, {"how": "removed", "reason": "给了王小明"}).status_code == 422
    sent = desk.post(third, {"how": "sent_on", "to_branch": "JX-9"}).get_json()
    assert (sent["to_branch"], sent["case"], sent["label"]) == ("JX-9", None, "转送别的馆点")
    assert not [one for one in desk.get("/stray-items").get_json()["strays"] if one["barcode"].startswith("X")]
