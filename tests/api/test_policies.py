"""Policies over the API: read, check, put, explain; and the calendar of a branch, which pages follow at once."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from tests.api.callers import Caller
from tests.api.collection import CLOCK
from union_catalog.clock import SteppingClock
from union_catalog.services import access
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings

POLICIES, CALENDAR = "/api/v1/policies", "/api/v1/branches/JD-1/calendar"
POLICY = """
[network.quota]
other = 10

[[rules]]
id = "everything"
days = 21
renewals = 1
quota = 10

[[rules]]
id = "JD-books"
item_library = "JD"
item_type = "book"
days = 60
renewals = 2
quota = 5
"""
WEEK = {"mon": [], "tue-sun": ["9:00-17:00"]}


@pytest.fixture
def now() -> SteppingClock:
    """A Monday noon in Shanghai."""
    return SteppingClock(datetime(2026, 11, 23, 4, 0, tzinfo=UTC))


@pytest.fixture
def client(written: Catalogue, settings: Settings, now: SteppingClock) -> FlaskClient:
    return create_app(settings, catalogue=written, clock=now).test_client()


def caller(client: FlaskClient, written: Catalogue, role: str, library: str = "") -> Caller:
    return Caller(client, access.issue(written.database, CLOCK, role, (role,), library).secret)


@pytest.fixture
def network(client: FlaskClient, written: Catalogue) -> Caller:
    return caller(client, written, "network")


def test_the_policy_in_force_is_told_as_a_file_as_a_table_and_in_words(network: Caller) -> None:
    found = network.get(f"{POLICIES}?lang=en")
    assert (found["version"]["version"], found["version"]["actor"]) == (1, "system:init")
    assert found["text"].startswith("#")
    fallback = found["rules"][0]
    assert (fallback["id"], fallback["criteria"]) == ("everything", "everything (fallback)")
    assert fallback["terms"][0] == "Lent for 30 days; renewals: 1, of 30 days each."
    assert found["table"]["rules"][0]["days"] == 30
    assert "借期30天" in network.get(f"{POLICIES}?lang=zh")["rules"][0]["terms"][0]


def test_what_is_read_can_be_put_back_changed(network: Caller) -> None:
    found = network.get(POLICIES)
    table = deepcopy(found["table"])
    table["rules"][0]["days"] = 21
    done = network.put(POLICIES, {"table": table, "based_on": found["version"]["version"], "note": "试行"})
    assert (done.status_code, done.get_json()["version"], done.get_json()["changed"]) == (200, 2, True)
    assert done.get_json()["changes"]["rules"][0]["differences"][0] == {"name": "days", "label": "借期（天）", "before": 30, "after": 21}
    after = network.get(POLICIES)
    assert (after["version"]["note"], after["table"], len(after["versions"])) == ("试行", table, 2)
    assert network.get(f"{POLICIES}?version=1")["table"] == found["table"]
    assert network.ask(f"{POLICIES}?version=3").status_code == 404


def test_a_check_changes_nothing_and_tells_all_faults(network: Caller) -> None:
    worse = POLICY.replace("days = 21", "days = 0").replace('"JD"', '"XX"')
    found = network.post(f"{POLICIES}/check", {"text": worse}).get_json()
    assert [(fault["code"], fault["place"]) for fault in found["faults"]] == [
        ("policy_out_of_range", "rules[0].days"),
        ("policy_unknown_code", "rules[1].item_library"),
    ]
    assert found["changes"] is None
    good = network.post(f"{POLICIES}/check?lang=en", {"text": POLICY}).get_json()
    assert (good["based_on"], good["faults"]) == (1, [])
    assert [(one["rule"], one["action"]) for one in good["changes"]["rules"]] == [
        ("everything", "change"),
        ("JD-books", "add"),
        ("sound-and-picture", "remove"),
    ]
    assert good["changes"]["summary"][0].startswith("0 loans are open")
    assert network.get(POLICIES)["version"]["version"] == 1


@pytest.mark.parametrize("body", [{}, {"text": "x", "table": {}}, {"text": 1}, {"table": []}, {"text": None}, {"txt": ""}])
def test_what_is_no_policy_is_refused(network: Caller, body: dict[str, Any]) -> None:
    assert network.post(f"{POLICIES}/check", body).status_code == 422
    assert network.put(POLICIES, {**body, "based_on": 1}).status_code == 422
    assert network.put(POLICIES, {"text": POLICY}).status_code == 422


def test_a_fault_is_told_and_nothing_is_put(network: Caller) -> None:
    refused = network.put(POLICIES, {"text": POLICY.replace("other", "adult"), "based_on": 1})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "policy_no_fallback")
    assert "network.quota.other" in refused.get_json()["detail"]
    assert network.put(POLICIES, {"text": "[[", "based_on": 1}).get_json()["code"] == "policy_syntax"


def test_nobody_s_change_is_lost_and_a_repeated_one_is_made_once(network: Caller) -> None:
    body = {"text": POLICY, "based_on": 1}
    first, again = network.put(POLICIES, body, "k"), network.put(POLICIES, body, "k")
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    late = network.put(POLICIES, {"text": POLICY.replace("21", "28"), "based_on": 1})
    assert (late.status_code, late.get_json()["code"]) == (409, "policy_changed")


def test_who_may_change_the_rules_of_all(client: FlaskClient, written: Catalogue) -> None:
    manager = caller(client, written, "manager", "JD")
    assert manager.ask(POLICIES).status_code == 200
    assert manager.post(f"{POLICIES}/check", {"text": POLICY}).status_code == 200
    assert manager.put(POLICIES, {"text": POLICY, "based_on": 1}).status_code == 403
    assert caller(client, written, "network", "JD").put(POLICIES, {"text": POLICY, "based_on": 1}).status_code == 403
    assert Caller(client).ask(POLICIES).status_code == 401


def test_why_a_loan_has_its_terms(network: Caller, client: FlaskClient, written: Catalogue) -> None:
    network.put(POLICIES, {"text": POLICY, "based_on": 1})
    desk = caller(client, written, "circulation", "JX")
    asked = {"category": "child", "item_library": "JD", "item_type": "book", "branch": "JD-1"}
    found = desk.post(f"{POLICIES}/explain?lang=en", asked).get_json()
    assert (found["version"], found["rule"], found["terms"]["days"], found["terms"]["network_quota"]) == (2, "JD-books", 60, 10)
    assert found["because"][0] == (
        "Rule “JD-books” of policy version 2 applies, because it names: Library of the item JD, Type of item Books."
    )
    assert [(one["name"], one["value_label"], one["matched"]) for one in found["circumstances"]] == [
        ("item_library", "JD", True),
        ("item_group", "", False),
        ("item_type", "Books", True),
        ("patron_category", "Child", False),
        ("branch", "JD-1", False),
    ]
    assert [(one["rule"], one["fits"], one["criterion"]) for one in found["others"]] == [("everything", True, "item_library")]
    other = desk.post(f"{POLICIES}/explain", {**asked, "item_library": "JX"}).get_json()
    assert (other["rule"], other["others"][0]["message"]) == (
        "everything",
        "规则“JD-books”不适用：它只管所属馆为“JD”的，这里是“JX”。",
    )
    assert desk.post(f"{POLICIES}/explain", {**asked, "version": 1}).get_json()["rule"] == "everything"


def test_an_item_is_known_by_its_barcode(network: Caller) -> None:
    items = network.get("/api/v1/search?q=")["items"]
    copy = network.get(f"/api/v1/records/{items[0]['union_id']}/items")["items"][0]
    asked = {"category": "adult", "item": {"barcode": copy["barcode"], "library": copy["library"]}, "branch": "JD-1"}
    assert network.post(f"{POLICIES}/explain", asked).get_json()["rule"] == "everything"
    missing = network.post(f"{POLICIES}/explain", {**asked, "item": {"barcode": "0000"}})
    assert (missing.status_code, missing.get_json()["code"]) == (404, "unknown_item")


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"branch": "XX"}, 404, "unknown_branch"),
        ({"item_type": "film"}, 422, "unknown_code"),
        ({"item_library": "XX"}, 422, "unknown_code"),
        ({"category": "wizard"}, 422, "unknown_code"),
        ({"patron": "nobody", "category": ""}, 404, "unknown_patron"),
        ({"patron": "nobody"}, 422, "bad_parameters"),
        ({"item_type": ""}, 422, "bad_parameters"),
        ({"version": 9}, 404, "unknown_policy_version"),
    ],
)
def test_circumstances_that_cannot_be_are_told(network: Caller, wrong: dict[str, Any], status: int, code: str) -> None:
    asked = {"category": "adult", "item_library": "JD", "item_type": "book", "branch": "JD-1", **wrong}
    answer = network.post(f"{POLICIES}/explain", asked)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def opened(client: FlaskClient) -> str:
    state: str = client.get("/api/v1/branches/JD-1").get_json()["open"]["state"]
    return state


def test_pages_and_answers_follow_a_changed_calendar_at_once(client: FlaskClient, written: Catalogue, now: SteppingClock) -> None:
    manager = caller(client, written, "manager", "JD")
    assert opened(client) == "closed"
    manager.put(CALENDAR, {"hours": {"mon-sun": ["0:00-24:00"]}})
    assert opened(client) == "open"
    done = manager.put(CALENDAR, {"hours": WEEK, "exceptions": [{"date": "2026-11-24", "hours": ["13:00-17:00"], "note": "盘点"}]})
    assert done.status_code == 200
    assert client.get(CALENDAR).get_json() == done.get_json()
    assert done.get_json()["hours"]["sun"] == ["9:00-17:00"]
    assert done.get_json()["exceptions"][0] == {
        "date": "2026-11-24", "until": "2026-11-24", "hours": ["13:00-17:00"], "note": "盘点", "note_en": "",
    }  # fmt: skip
    assert opened(client) == "closed"
    assert "盘点" in client.get("/branches/JD-1").get_data(as_text=True)
    now.advance(timedelta(days=1, hours=2))
    assert opened(client) == "open"
    manager.put(CALENDAR, {"hours": {"mon-sun": []}})
    assert opened(client) == "closed"


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ({"hours": {"mon": []}}, "network_day_missing", "calendar.hours"),
        ({"hours": {**WEEK, "sun": []}}, "network_day_twice", "sun"),
        ({"hours": {"mon-sun": ["17:00-9:00", "10:00-11:00"]}}, "network_bad_hours", "calendar.hours.mon-sun"),
        ({"hours": {"mon-sun": "9-17"}}, "network_bad_hours", "calendar.hours.mon-sun"),
        ({"hours": {"daily": []}}, "network_bad_day", "calendar.hours.daily"),
        ({"hours": WEEK, "exceptions": [{"date": "2026-02-30"}]}, "network_bad_exception", "calendar.exceptions[0].date"),
        ({"hours": WEEK, "exceptions": [{"date": "20260301"}]}, "network_bad_exception", "calendar.exceptions[0].date"),
        ({"hours": WEEK, "exceptions": ["2026-02-03"]}, "network_bad_exception", "calendar.exceptions[0].date"),
        ({"hours": WEEK, "exceptions": [{"date": "2026-02-03", "until": "2026-02-01"}]}, "network_bad_exception", ".until"),
        ({"hours": WEEK, "exceptions": [{"date": "2026-02-03", "open": True}]}, "network_bad_exception", ".open"),
        ({"hours": WEEK, "exceptions": [{"date": "2026-02-03"}] * 401}, "too_many_exceptions", ""),
        ({"hours": []}, "bad_parameters", ""),
        ({"exceptions": []}, "bad_parameters", ""),
        ({"hours": WEEK, "exceptions": {}}, "bad_parameters", ""),
    ],
)
def test_a_wrong_calendar_is_told_with_its_place(network: Caller, body: dict[str, Any], code: str, place: str) -> None:
    before = network.get(CALENDAR)
    answer = network.put(CALENDAR, body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert place in answer.get_json()["detail"]
    assert network.get(CALENDAR) == before


def test_a_branch_without_a_calendar_says_so(client: FlaskClient) -> None:
    assert client.get("/api/v1/branches/ZG/calendar").get_json() == {"branch": "ZG", "library": "JX", "hours": None, "exceptions": []}


def test_a_calendar_is_its_library_s_own(client: FlaskClient, written: Catalogue) -> None:
    body = {"hours": WEEK}
    other = caller(client, written, "manager", "JX").put(CALENDAR, body)
    assert (other.status_code, other.get_json()["code"]) == (403, "other_library")
    assert caller(client, written, "circulation", "JD").put(CALENDAR, body).status_code == 403
    assert caller(client, written, "network").put(CALENDAR, body).status_code == 200
    assert caller(client, written, "network").put("/api/v1/branches/XX/calendar", body).status_code == 404
    assert client.get("/api/v1/branches/XX/calendar").status_code == 404
