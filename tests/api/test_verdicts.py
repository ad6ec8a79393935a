"""What a cataloguer does over the API: says same and different, undoes it, corrects, and works off the queue."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from api.app import create_app
from tests.api.callers import Caller
from tests.api.collection import CLOCK
from union_catalog.services import access
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings
from union_catalog.storage.tables import event

VERDICTS, CORRECTIONS = "/api/v1/matches/verdicts", "/api/v1/corrections"


class Cataloguer(Caller):
    """Says same and different."""

    def say(self, first: str, second: str, verdict: str) -> TestResponse:
        return self.post(VERDICTS, {"first": first, "second": second, "verdict": verdict, "reason": "对过实书"})


@pytest.fixture
def client(written: Catalogue, settings: Settings) -> FlaskClient:
    return create_app(settings, catalogue=written).test_client()


def token(catalogue: Catalogue, library: str = "") -> str:
    return access.issue(catalogue.database, CLOCK, "编目员", ("cataloguing",), library).secret


@pytest.fixture
def cataloguer(client: FlaskClient, written: Catalogue) -> Cataloguer:
    return Cataloguer(client, token(written))


def home_of(caller: Caller, key: str) -> str:
    """The edition in which a source record stands."""
    found = caller.get(f"/api/v1/matches/explain?first={key}&second={key}")["members"][0]
    return next(
        str(item["union_id"])
        for item in caller.get(f"/api/v1/search?q={found['title']}&format={found['format']}")["items"]
        if any(one["key"] == key for one in caller.get(f"/api/v1/records/{item['union_id']}")["source_records"])
    )


def test_a_verdict_parts_what_the_rules_join_and_undoing_it_joins_again(cataloguer: Cataloguer) -> None:
    said = cataloguer.say("JX:JX1", "JD:JD1", "different")
    assert said.status_code == 201
    answer = said.get_json()
    assert answer["changed"] is True
    assert sorted(cluster["records"] for cluster in answer["clusters"]) == [["JD:JD1"], ["JX:JX1"]]
    pair = cataloguer.get("/api/v1/matches/explain?first=JD:JD1&second=JX:JX1")
    assert (pair["together"], pair["verdict"], pair["staff"]["verdict"]) == (False, "same", "different")
    undone = cataloguer.delete(f"{VERDICTS}/{answer['verdict']['id']}")
    assert (undone.status_code, [cluster["records"] for cluster in undone.get_json()["clusters"]]) == (200, [["JD:JD1", "JX:JX1"]])
    assert cataloguer.get(VERDICTS)["items"] == []
    kept = cataloguer.get(f"{VERDICTS}?state=all")["items"]
    assert [(one["id"], one["undone_by"]) for one in kept] == [(answer["verdict"]["id"], kept[0]["actor"])]


def test_the_record_tells_what_staff_said_and_to_cataloguers_alone_who(cataloguer: Cataloguer, client: FlaskClient) -> None:
    said = cataloguer.say("JD:JD1", "JD:JD3", "same").get_json()
    (cluster,) = said["clusters"]
    assert cluster["records"] == ["JD:JD1", "JD:JD3", "JX:JX1"]
    told = cataloguer.get(f"/api/v1/records/{cluster['union_id']}/matches")
    assert told["links"][0]["staff"] == said["verdict"]["id"]
    assert told["verdicts"][0]["reason"] == "对过实书"
    assert told["verdicts"][0]["actor"].startswith("staff:")
    public = client.get(f"/api/v1/records/{cluster['union_id']}/matches").get_json()
    assert public["verdicts"][0]["actor"] == ""
    assert "对过实书" in client.get(f"/records/{cluster['union_id']}/reasons").text


def test_contradictions_are_told_with_their_chain(cataloguer: Cataloguer) -> None:
    assert cataloguer.say("JD:JD1", "JD:JD2", "same").status_code == 201
    assert cataloguer.say("JD:JD2", "JD:JD3", "same").status_code == 201
    refused = cataloguer.say("JD:JD1", "JD:JD3", "different")
    problem = refused.get_json()
    assert (refused.status_code, problem["code"]) == (409, "verdicts_contradict")
    assert problem["chain"] == ["JD:JD1 = JD:JD2", "JD:JD2 = JD:JD3"]
    opposite = cataloguer.say("JD:JD1", "JD:JD2", "different")
    assert (opposite.status_code, opposite.get_json()["code"]) == (409, "verdict_stands")
    assert "chain" not in opposite.get_json()
    again = cataloguer.say("JD:JD1", "JD:JD2", "same")
    assert (again.status_code, again.get_json()["changed"]) == (201, False)


def test_a_cataloguer_of_a_library_writes_on_its_own_records_only(client: FlaskClient, written: Catalogue) -> None:
    bound = Cataloguer(client, token(written, "JX"))
    refused = bound.say("JD:JD1", "JD:JD2", "same")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "other_libraries_records")
    assert bound.say("JD:JD1", "JX:JX1", "different").status_code == 201
    body = {"key": "JD:JD1", "field": "publisher", "value": "人民文学出版社", "reason": "对过实书"}
    assert bound.post(CORRECTIONS, body).status_code == 403
    assert bound.post(CORRECTIONS, body | {"key": "JX:JX1"}).status_code == 201


def test_what_was_done_is_written_down_under_the_token(cataloguer: Cataloguer, written: Catalogue) -> None:
    cataloguer.say("JD:JD1", "JX:JX1", "different")
    held = access.tokens(written.database)[0].id
    with written.database.read() as connection:
        actors = connection.execute(select(event.c.actor).where(event.c.kind == "verdict.given")).scalars().all()
    assert actors == [f"staff:{held}"]


def test_verdicts_are_paged(cataloguer: Cataloguer) -> None:
    pairs = [("JD:JD1", "JD:JD2"), ("JD:JD1", "JD:JD3"), ("JD:JD2", "JD:JD3")]
    given = [cataloguer.say(a, b, "different").get_json()["verdict"]["id"] for a, b in pairs]
    first = cataloguer.get(f"{VERDICTS}?per_page=2")
    assert [one["id"] for one in first["items"]] == given[:2]
    second = cataloguer.get(f"{VERDICTS}?per_page=2&cursor={first['next_cursor']}")
    assert ([one["id"] for one in second["items"]], second["next_cursor"]) == (given[2:], None)


def test_a_correction_holds_and_can_be_taken_back(cataloguer: Cataloguer) -> None:
    body = {"key": "JD:JD2", "field": "publisher", "value": "上海文艺出版社", "reason": "版权页"}
    made = cataloguer.post(CORRECTIONS, body)
    assert made.status_code == 201
    one = made.get_json()
    assert (one["value"], one["sent"], one["undone_at"]) == ("上海文艺出版社", "人民文学出版社", None)
    union = home_of(cataloguer, "JD:JD2")
    shown = cataloguer.get(f"/api/v1/records/{union}")
    assert (shown["publisher"], shown["corrected"]) == ("上海文艺出版社", {"publications": ["JD:JD2"]})
    page = cataloguer.client.get(f"/records/{union}?lang=en").text
    assert "Corrected by a cataloguer: Publication" in page
    assert [listed["id"] for listed in cataloguer.get(f"{CORRECTIONS}?key=JD:JD2")["items"]] == [one["id"]]
    undone = cataloguer.delete(f"{CORRECTIONS}/{one['id']}")
    assert (undone.status_code, bool(undone.get_json()["undone_at"])) == (200, True)
    assert cataloguer.get(f"/api/v1/records/{union}")["publisher"] == "人民文学出版社"
    assert cataloguer.get(CORRECTIONS)["items"] == []
    assert len(cataloguer.get(f"{CORRECTIONS}?state=all&library=JD")["items"]) == 1


GOOD = {"first": "JD:JD1", "second": "JD:JD2", "verdict": "same", "reason": "r"}
FIXED = {"key": "JD:JD1", "field": "title", "value": "v", "reason": "r"}


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        (VERDICTS, {name: value for name, value in GOOD.items() if name != "reason"}, ["reason"]),
        (VERDICTS, GOOD | {"reason": "  "}, ["reason"]),
        (VERDICTS, GOOD | {"reason": "x" * 1001}, ["reason"]),
        (VERDICTS, GOOD | {"reason": "a\x00b"}, ["reason"]),
        (VERDICTS, GOOD | {"reason": None}, ["reason"]),
        (VERDICTS, GOOD | {"verdict": "perhaps"}, ["verdict"]),
        (VERDICTS, GOOD | {"first": 7}, ["first"]),
        (VERDICTS, GOOD | {"second": "JD2"}, ["second"]),
        (VERDICTS, GOOD | {"second": "JD:JD1"}, ["second"]),
        (VERDICTS, GOOD | {"reasons": "r"}, ["reasons"]),
        (VERDICTS, {}, ["first", "second", "verdict", "reason"]),
        (CORRECTIONS, FIXED | {"key": "JD1"}, ["key"]),
        (CORRECTIONS, FIXED | {"field": "titel"}, ["titel"]),
        (CORRECTIONS, FIXED | {"field": "date", "value": "soon"}, ["date"]),
        (CORRECTIONS, {name: value for name, value in FIXED.items() if name != "value"}, ["value"]),
        (CORRECTIONS, FIXED | {"value": None}, ["value"]),
    ],
)
def test_what_is_wrong_with_a_body_names_its_field(cataloguer: Cataloguer, path: str, body: dict[str, Any], named: list[str]) -> None:
    answer = cataloguer.post(path, body)
    assert answer.status_code == 422, answer.get_json()
    assert sorted(fault["name"] for fault in answer.get_json()["errors"]) == sorted(named)
    assert {fault["in"] for fault in answer.get_json()["errors"]} == {"body"}


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b'{"reason": "\\ud800"}', "application/json", 400),
        (b"first=JD:JD1", "application/x-www-form-urlencoded", 415),
        (b"", "", 415),
        (b'"' + b"x" * 70_000 + b'"', "application/json", 413),
    ],
)
def test_a_body_that_is_no_object_is_refused(cataloguer: Cataloguer, data: bytes, kind: str, status: int) -> None:
    answer = cataloguer.client.post(VERDICTS, data=data, content_type=kind, headers=cataloguer.headers | {"Idempotency-Key": "k"})
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


@pytest.mark.parametrize("path", [f"{VERDICTS}/none", f"{CORRECTIONS}/none"])
def test_what_is_not_there_cannot_be_undone(cataloguer: Cataloguer, path: str) -> None:
    assert cataloguer.delete(path).status_code == 404


@pytest.mark.parametrize("cursor", ["x", "1-2", "1-2-3-4", "-1-2-3", "9" * 30 + "-1-1"])
def test_a_place_that_is_none_in_the_queue_is_told(cataloguer: Cataloguer, cursor: str) -> None:
    assert cataloguer.get(f"/api/v1/matches/doubtful?cursor={cursor}")["code"] == "bad_cursor"
    assert cataloguer.get("/api/v1/matches/doubtful?cursor=5-1-2") == {"items": [], "next_cursor": None}
