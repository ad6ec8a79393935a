"""Blocks, credit, money and objections over the API, on both databases."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from indexers.embedded.engine import EmbeddedEngine
from tests.api.callers import Caller
from tests.api.test_pages import parsed, text
from tests.services.borrowers import Town, town
from union_catalog.circulation.plan import Charge
from union_catalog.clock import SteppingClock
from union_catalog.context import command_line
from union_catalog.ids import LibraryCode, LoanId, PatronId
from union_catalog.services import access, accounts, sessions, staff
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.network import add_library
from union_catalog.services.staff import NewMember
from union_catalog.settings import Settings
from union_catalog.storage.database import Database

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def here(database: Database) -> Town:
    clock = SteppingClock(NOW)
    for code, name in (("JD", "嘉定区图书馆"), ("JX", "嘉兴市图书馆")):
        add_library(database, clock, command_line(clock), code, name, "native")
    return town(database, clock)


@pytest.fixture
def app(here: Town, settings: Settings, tmp_path: Path) -> Flask:
    return create_app(settings, catalogue=Catalogue(here.database, EmbeddedEngine(tmp_path / "index")), clock=here.clock)


def caller(app: Flask, here: Town, role: str, library: str = "JD") -> Caller:
    secret = access.issue(here.database, here.clock, f"{role} of {library}", (role,), library).secret
    return Caller(app.test_client(), secret)


@pytest.fixture
def desk(app: Flask, here: Town) -> Caller:
    return caller(app, here, "circulation")


@pytest.fixture
def manager(app: Flask, here: Town) -> Caller:
    return caller(app, here, "manager")


@pytest.fixture
def elsewhere(app: Flask, here: Town) -> Caller:
    return caller(app, here, "circulation", "JX")


def signed_in(app: Flask, here: Town, reader: PatronId) -> Caller:
    with here.database.write() as connection:
        sessions.begin(connection, here.clock, f"us_{reader}", "patron", reader)
    return Caller(app.test_client(), f"us_{reader}")


def charged(here: Town, reader: PatronId, fen: int, kind: str = "fine") -> LoanId:
    loan = here.loan(reader, "returned")
    asked = Charge(patron=reader, library=LibraryCode("JD"), kind=kind, amount_fen=fen, loan=loan)
    with here.database.write() as connection:
        accounts.charge(connection, here.clock, here.staff(), asked)
    return loan


def paid(desk: Caller, reader: str, **body: object) -> Any:
    answer = desk.post(f"/api/v1/patrons/{reader}/payments?lang=en", {"branch": "JD-1", **body})
    assert answer.status_code == 201, answer.text
    return answer.get_json()


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_a_deposit_and_its_refund_have_receipts(here: Town, desk: Caller) -> None:
    reader = here.reader()
    told = paid(desk, reader, kind="deposit", amount_fen=10_000, method="wechat")
    assert (told["receipt"], told["cash_fen"], told["deposit_fen"], told["lines"][0]["label"]) == (
        "JD-1-20261123-0001",
        10_000,
        10_000,
        "Deposit paid",
    )
    assert paid(desk, reader, kind="refund", amount_fen=10_000)["cash_fen"] == -10_000
    account = desk.get(f"/api/v1/patrons/{reader}/account?lang=en")
    assert (account["owed_fen"], account["deposit_fen"], [entry["kind"] for entry in account["entries"]]) == (0, 0, ["refund", "deposit"])


def test_a_payment_that_is_sent_twice_is_taken_once(here: Town, desk: Caller) -> None:
    reader = here.reader()
    body = {"kind": "deposit", "amount_fen": 100, "branch": "JD-1"}
    first, again = (desk.post(f"/api/v1/patrons/{reader}/payments", body, key="k1") for _ in range(2))
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.get_json() == first.get_json()
    assert desk.get(f"/api/v1/patrons/{reader}/account")["deposit_fen"] == 100


@pytest.mark.parametrize("amount", ["100", 100.0, 1.5, True, None, -1, 0, 10**30, [1]])
def test_an_amount_is_a_whole_number_within_limits(here: Town, desk: Caller, amount: object) -> None:
    reader = here.reader()
    answer = desk.post(f"/api/v1/patrons/{reader}/payments", {"kind": "deposit", "amount_fen": amount, "branch": "JD-1"})
    assert answer.status_code == 422, answer.text
    assert answer.get_json()["errors"][0]["name"] == "amount_fen"
    assert desk.get(f"/api/v1/patrons/{reader}/account")["deposit_fen"] == 0


def test_refusals_say_the_amount_in_yuan(here: Town, desk: Caller) -> None:
    reader = here.reader()
    charged(here, reader, 80)
    answer = desk.post(f"/api/v1/patrons/{reader}/payments?lang=en", {"kind": "fine", "amount_fen": 81, "branch": "JD-1"})
    assert refused(answer) == (409, "more_than_owed")
    assert "¥0.80" in answer.get_json()["detail"]
    answer = desk.post(f"/api/v1/patrons/{reader}/payments?lang=zh", {"kind": "fine", "amount_fen": 81, "branch": "JD-1"})
    assert "0.80元" in answer.get_json()["detail"]


def test_a_till_is_named_and_one_s_own(here: Town, desk: Caller, elsewhere: Caller) -> None:
    path = f"/api/v1/patrons/{here.reader()}/payments"
    body = {"kind": "deposit", "amount_fen": 100}
    assert refused(desk.post(path, body)) == (422, "branch_needed")
    assert refused(desk.post(path, {**body, "branch": "nowhere"})) == (422, "unknown_desk")
    assert refused(elsewhere.post(path, {**body, "branch": "JD-1"})) == (403, "other_library")


def test_waivers_replacements_and_reversals_are_a_manager_s(here: Town, desk: Caller, manager: Caller) -> None:
    reader = here.reader()
    loan = charged(here, reader, 3980, "compensation")
    entry = desk.get(f"/api/v1/patrons/{reader}/account")["entries"][0]["id"]
    path = f"/api/v1/patrons/{reader}/payments"
    for body in ({"kind": "waiver", "amount_fen": 80}, {"kind": "replacement", "loan": loan}, {"kind": "reversal", "entry": entry}):
        asked = {**body, "branch": "JD-1", "reason": "r"}
        assert refused(desk.post(path, asked)) == (403, "not_allowed")
        assert "主管" in desk.post(path, asked).get_json()["detail"]
        assert refused(manager.post(path, {**asked, "reason": " "})) == (422, "reason_needed")
    assert paid(manager, reader, kind="waiver", amount_fen=80, reason="r")["owed_fen"] == 3900
    assert paid(manager, reader, kind="replacement", loan=loan, reason="r")["owed_fen"] == 0


def test_other_libraries_see_what_is_owed_and_not_each_entry(here: Town, desk: Caller, elsewhere: Caller) -> None:
    reader = here.reader()
    charged(here, reader, 80)
    own, other = (each.get(f"/api/v1/patrons/{reader}/account?lang=zh") for each in (desk, elsewhere))
    assert (own["owed_fen"], len(own["entries"])) == (80, 1)
    assert (other["owed_fen"], other["entries"], other["charges"][0]["library_name"]) == (80, [], "嘉定区图书馆")


def test_a_till_s_day_is_summed_up_by_method_and_kind(here: Town, desk: Caller, manager: Caller) -> None:
    reader = here.reader()
    charged(here, reader, 300)
    paid(desk, reader, kind="deposit", amount_fen=10_000, method="wechat")
    paid(desk, reader, kind="fine", amount_fen=200)
    paid(manager, reader, kind="waiver", amount_fen=100, reason="=cmd()")
    paid(desk, reader, kind="refund", amount_fen=4_000)
    sheet = desk.get("/api/v1/branches/JD-1/cash-sheet?lang=en")
    assert (sheet["date"], sheet["received_fen"], sheet["paid_out_fen"], sheet["net_fen"]) == ("2026-11-23", 10_200, 4_000, 6_200)
    assert [(one["label"], one["received_fen"], one["paid_out_fen"], one["receipts"]) for one in sheet["methods"]] == [
        ("Cash", 200, 4_000, 2),
        ("WeChat", 10_000, 0, 1),
    ]
    assert [(one["kind"], one["cash_fen"], one["owed_fen"]) for one in sheet["kinds"]] == [
        ("deposit", 10_000, 0),
        ("fine", 200, -200),
        ("refund", -4_000, 0),
        ("waiver", 0, -100),
    ]
    assert desk.get("/api/v1/branches/JD-1/cash-sheet?date=2026-11-22")["entries"] == []


def test_a_cash_sheet_can_be_opened_in_a_spreadsheet(here: Town, desk: Caller, elsewhere: Caller) -> None:
    paid(desk, here.reader(), kind="deposit", amount_fen=10_000)
    answer = desk.ask("/api/v1/branches/JD-1/cash-sheet?format=csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="JD-1-2026-11-23.csv"'
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert [(row["receipt"], row["kind"], row["cash_fen"]) for row in rows] == [("JD-1-20261123-0001", "deposit", "10000")]
    assert elsewhere.ask("/api/v1/branches/JD-1/cash-sheet").status_code == 403
    assert desk.ask("/api/v1/branches/nowhere/cash-sheet").status_code == 404


def test_a_block_says_who_why_since_when_until_when_and_what_lifts_it(here: Town, desk: Caller, elsewhere: Caller) -> None:
    reader = here.reader()
    made = elsewhere.post(f"/api/v1/patrons/{reader}/blocks?lang=en", {"reason": "noise", "until": "2026-12-01"})
    assert made.status_code == 201
    block = desk.get(f"/api/v1/patrons/{reader}/blocks?lang=zh")["items"][0]
    assert block == {
        "id": made.get_json()["id"],
        "code": "staff_block",
        "message": "嘉兴市图书馆停用了这张证。",
        "library": "JX",
        "library_name": "嘉兴市图书馆",
        "scope": "network",
        "reason": "noise",
        "since": "2026-11-23T02:00:00.000000Z",
        "until": "2026-12-01",
        "lifted_by": "staff",
        "how": "由设限的馆解除",
        "override": "manager",
        "loan": None,
    }


def test_a_block_is_lifted_by_the_library_that_set_it(here: Town, desk: Caller, elsewhere: Caller) -> None:
    reader = here.reader()
    path = f"/api/v1/patrons/{reader}/blocks"
    block = desk.post(path, {"reason": "noise"}).get_json()["id"]
    assert refused(elsewhere.send("DELETE", path, {"block": block, "reason": "r"})) == (403, "other_library")
    assert desk.send("DELETE", path, {"block": block}).status_code == 422
    lifted = desk.send("DELETE", path, {"block": block, "reason": "settled"})
    assert (lifted.status_code, lifted.get_json()["reason"]) == (200, "settled")
    assert desk.get(path)["items"] == []
    assert refused(desk.send("DELETE", path, {"block": block, "reason": "again"})) == (409, "block_ended")


def test_other_desks_see_a_block_but_not_its_loan(app: Flask, here: Town, desk: Caller, elsewhere: Caller) -> None:
    reader = here.reader()
    loan = here.loan(reader)
    seen = [each.get(f"/api/v1/patrons/{reader}/blocks")["items"][0] for each in (desk, elsewhere, signed_in(app, here, reader))]
    assert [(block["code"], block["loan"]) for block in seen] == [("overdue_loans", loan), ("overdue_loans", None), ("overdue_loans", loan)]


def test_the_score_is_told_with_its_log_to_the_reader_and_to_the_own_library(
    app: Flask, here: Town, desk: Caller, elsewhere: Caller
) -> None:
    reader, other = here.reader(credit=50), here.reader()
    made = desk.post(f"/api/v1/patrons/{reader}/credit?lang=en", {"cause": "volunteering", "points": 9, "reason": "shelving"})
    assert (made.status_code, made.get_json()["points"], made.get_json()["label"]) == (201, 59, "Few items at a time")
    me = signed_in(app, here, reader)
    told = me.get(f"/api/v1/patrons/{reader}/credit?lang=en")
    assert [(entry["points"], entry["label"], entry["reason"]) for entry in told["log"]] == [(9, "Helped out", "shelving")]
    assert told["mends_on"] == "2026-10-31"
    assert desk.get(f"/api/v1/patrons/{reader}/credit?lang=en")["log"] == told["log"]
    assert elsewhere.get(f"/api/v1/patrons/{reader}/credit?lang=en") == {**told, "log": []}
    assert me.ask(f"/api/v1/patrons/{other}/credit").status_code == 403
    wrong = desk.post(f"/api/v1/patrons/{reader}/credit", {"cause": "volunteering", "points": 99, "reason": "r"})
    assert refused(wrong) == (422, "points_not_allowed")


def test_a_reader_objects_and_a_manager_decides(app: Flask, here: Town, desk: Caller, manager: Caller) -> None:
    reader = here.reader("JX")
    me = signed_in(app, here, reader)
    block = desk.post(f"/api/v1/patrons/{reader}/blocks", {"reason": "noise"}).get_json()["id"]
    made = me.post("/api/v1/me/objections?lang=en", {"about": "block", "about_id": block, "text": "I was not there"})
    assert (made.status_code, made.get_json()["library"], made.get_json()["label"]) == (201, "JD", "Waiting")
    waiting = manager.get("/api/v1/objections")["items"]
    assert [one["text"] for one in waiting] == ["I was not there"]
    path = f"/api/v1/objections/{waiting[0]['id']}/decision"
    assert desk.post(path, {"decision": "upheld", "answer": "you are right"}).status_code == 403
    done = manager.post(path, {"decision": "upheld", "answer": "you are right"})
    assert (done.status_code, done.get_json()["state"]) == (200, "upheld")
    assert me.get(f"/api/v1/patrons/{reader}/blocks")["items"] == []
    assert [(one["state"], one["answer"]) for one in me.get("/api/v1/me/objections")["items"]] == [("upheld", "you are right")]


def test_objections_that_wait_come_in_pages(app: Flask, here: Town, desk: Caller, manager: Caller) -> None:
    reader = here.reader()
    for _ in range(3):
        block = desk.post(f"/api/v1/patrons/{reader}/blocks", {"reason": "noise"}).get_json()["id"]
        taken = desk.post(f"/api/v1/patrons/{reader}/objections", {"about": "block", "about_id": block, "text": "t"})
        assert taken.status_code == 201
    first = manager.get("/api/v1/objections?per_page=2")
    rest = manager.get(f"/api/v1/objections?per_page=2&cursor={first['next_cursor']}")
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
    assert len(desk.get(f"/api/v1/patrons/{reader}/objections")["items"]) == 3


def test_a_reader_who_is_not_there_is_told(desk: Caller) -> None:
    for path in ("blocks", "credit", "account", "objections"):
        assert refused(desk.ask(f"/api/v1/patrons/nobody/{path}")) == (404, "unknown_patron")


def test_the_cash_sheet_is_a_page_for_the_desk_and_no_other(app: Flask, here: Town, desk: Caller) -> None:
    reader = here.reader()
    charged(here, reader, 300)
    paid(desk, reader, kind="deposit", amount_fen=10_000, method="wechat")
    paid(desk, reader, kind="fine", amount_fen=200)
    stranger = app.test_client().get("/branches/JD-1/cash-sheet?date=2026-11-23")
    assert (stranger.status_code, "/sign-in?back=" in stranger.headers["Location"]) == (303, True)
    own, other = browser(app, here, "JD"), browser(app, here, "JX")
    page = own.get("/branches/JD-1/cash-sheet?lang=zh")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    rows = [[text(cell) for cell in row] for row in parsed(page.text).cssselect("tbody tr")]
    assert rows == [
        ["现金", "1", "2.00元", "0.00元", "2.00元"],
        ["微信", "1", "100.00元", "0.00元", "100.00元"],
        ["合计", "", "102.00元", "0.00元", "102.00元"],
        ["嘉定区图书馆", "收押金", "1", "100.00元", ""],
        ["嘉定区图书馆", "收逾期费", "1", "2.00元", ""],
        ["JD-1-20261123-0001", "10:00", "收押金", "嘉定区图书馆", "微信", "100.00元", ""],
        ["JD-1-20261123-0002", "10:00", "收逾期费", "嘉定区图书馆", "现金", "2.00元", ""],
    ]
    assert "没有收付" in own.get("/branches/JD-1/cash-sheet?lang=zh&date=2026-11-22").text
    assert own.get("/branches/JD-1/cash-sheet?date=yesterday").status_code == 200
    assert other.get("/branches/JD-1/cash-sheet").status_code == 403
    assert own.get("/branches/nowhere/cash-sheet").status_code == 404


def browser(app: Flask, here: Town, library: str) -> FlaskClient:
    """A member of staff who has signed in."""
    new = NewMember(username=f"till-of-{library}", library=library, branches=(), roles=("circulation",))
    with here.database.write() as connection:
        member = staff.add(connection, here.clock, command_line(here.clock), new)
        sessions.begin(connection, here.clock, f"us_{library}", "staff", member.id)
    client = app.test_client()
    client.set_cookie("session", f"us_{library}")
    return client
