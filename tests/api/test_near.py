"""Near me over HTTP: the parameters of a place, what results say of it, and that nobody writes it down."""

import io
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.logging import configure_logging
from union_catalog.clock import SteppingClock
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings

SEARCH = "/api/v1/search"
PLACE = "lat=31.3612345&lng=121.2398765"


def test_results_name_the_nearest_branch_that_can_lend_now(client: FlaskClient) -> None:
    items = {item["title"]: item for item in client.get(f"{SEARCH}?format=book&{PLACE}&lang=en").get_json()["items"]}
    assert items["围城"]["nearest"] == {"code": "JD-1", "name": "Juyuan Wojia Study", "metres": 3800}
    assert [item["nearest"] for item in client.get(f"{SEARCH}?format=book").get_json()["items"]] == [None, None]


def test_a_branch_is_a_place_too(client: FlaskClient) -> None:
    near = [item["nearest"] for item in client.get(f"{SEARCH}?format=book&near=JD-1&sort=distance").get_json()["items"]]
    assert [one["metres"] for one in near] == [0, 0]


@pytest.mark.parametrize(("within", "total"), [(1, 0), (2, 0), (5, 2), (50, 2)])
def test_within_narrows_by_rings(client: FlaskClient, within: int, total: int) -> None:
    assert client.get(f"{SEARCH}?{PLACE}&within={within}").get_json()["total"] == total


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("lat=31.4", {"lng"}),
        ("lng=121.4", {"lat"}),
        ("lat=91&lng=0", {"lat"}),
        ("lat=0&lng=-180.5", {"lng"}),
        ("lat=nan&lng=0", {"lat"}),
        ("lat=here&lng=0", {"lat"}),
        (f"{PLACE}&within=3", {"within"}),
        (f"{PLACE}&within=x", {"within"}),
        ("within=5", {"within"}),
        ("sort=distance", {"sort"}),
        ("within=5&sort=distance", {"within", "sort"}),
        ("near=NOWHERE", {"near"}),
        ("near=ZG", {"near"}),
        (f"{PLACE}&near=JD-1", {"near"}),
    ],
)
def test_a_place_that_cannot_be_used_is_told_with_its_parameter(client: FlaskClient, query: str, names: set[str]) -> None:
    answer = client.get(f"{SEARCH}?{query}")
    assert answer.status_code == 422, answer.text
    assert {error["name"] for error in answer.get_json()["errors"]} == names
    assert all(error["message"] for error in answer.get_json()["errors"])


@pytest.fixture
def logged(settings: Settings, catalogue: Catalogue) -> tuple[Flask, io.StringIO]:
    """An application that logs all it has to say into a text."""
    app = create_app(settings, catalogue=catalogue)
    stream = io.StringIO()
    talkative = Settings.from_environment({"UNION_CATALOG_HOME": str(settings.home), "UNION_CATALOG_LOG_LEVEL": "debug"})
    configure_logging(talkative, stream)
    return app, stream


def test_the_place_of_a_reader_is_written_nowhere(logged: tuple[Flask, io.StringIO], settings: Settings) -> None:
    app, stream = logged
    app.add_url_rule("/api/v1/broken", view_func=_broken)
    client = app.test_client()
    for query in (PLACE, f"{PLACE}&within=5&sort=distance", f"{PLACE}&within=4", f"{PLACE}&cursor=x", "lat=31.3612345"):
        client.get(f"{SEARCH}?{query}", headers={"Referer": f"http://localhost/search?{query}"})
        client.get(f"/api/v1/branches?{query}")
        client.get(f"/api/v1/branches/JD-1?{query}")
        client.get(f"/api/v1/broken?{query}")
    client.post("/near", data={"near": "31.3612345,121.2398765", "back": "/"})
    client.get("/search?q=围城")
    told = stream.getvalue() + client.get("/metrics").text
    assert '"route"' in told
    assert "broken" in told
    for trace in ("31.36", "121.23", "121.24"):
        assert trace not in told
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert b"121.2398" not in kept
    assert b"121.240" not in kept


def _broken() -> str:
    raise RuntimeError("told in the log, with its trace")


@pytest.mark.parametrize(("hour", "state", "until"), [(2, "open", "2026-11-24T11:30+08:00"), (4, "closed", "2026-11-24T13:00+08:00")])
def test_a_branch_says_when_it_is_open(settings: Settings, catalogue: Catalogue, hour: int, state: str, until: str) -> None:
    clock = SteppingClock(datetime(2026, 11, 24, hour, tzinfo=UTC))
    client = create_app(settings, catalogue=catalogue, clock=clock).test_client()
    branch = client.get("/api/v1/branches/JD-1?lang=en").get_json()
    assert branch["open"] == {"state": state, "until": until, "note": ""}
    assert branch["hours"]["week"][0] == {"day": "mon", "spans": []}
    assert branch["hours"]["week"][1] == {
        "day": "tue", "spans": [{"opens": "09:00", "closes": "11:30"}, {"opens": "13:00", "closes": "20:30"}],
    }  # fmt: skip
    assert branch["hours"]["exceptions"] == [{"first": "2027-02-06", "last": "2027-02-08", "spans": [], "note": "Spring Festival"}]
    assert (branch["telephone"], branch["transport"]) == ("021-00000000", "Line 11, Jiading North")
    assert branch["offers"] == [{"code": "return_box", "label": "24-hour return box"}]
    assert branch["region"] == {"code": "310114", "name": "Jiading, Shanghai"}
    found = client.get("/api/v1/branches?open_now=true").get_json()["branches"]
    assert [one["code"] for one in found] == (["JD-1"] if state == "open" else [])


def test_branches_stand_by_distance_and_those_without_a_place_last(client: FlaskClient) -> None:
    branches = client.get(f"/api/v1/branches?{PLACE}&sort=distance").get_json()["branches"]
    assert [(branch["code"], branch["metres"]) for branch in branches] == [("JD-1", 3800), ("ZG", None)]
    assert branches[1]["open"]["state"] == "unknown"
    assert [branch["code"] for branch in client.get("/api/v1/branches?library=JX").get_json()["branches"]] == ["ZG"]
    assert client.get("/api/v1/branches?sort=distance").status_code == 422


def test_a_branch_that_is_none_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/api/v1/branches/XX")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_branch")
