"""Why records are one, over the API: members, links, evidence, neighbours; any two records."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.test_pages_whole import union_id
from union_catalog.services.catalogue import Catalogue


@pytest.fixture
def reasons(client: FlaskClient, catalogue: Catalogue) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/records/{union_id(catalogue, '红楼梦')}/matches").get_json()
    return found


def test_members_stand_as_their_libraries_wrote_them(reasons: dict[str, Any]) -> None:
    assert reasons["total"] == 2
    first, second = reasons["members"]
    assert (first["key"], first["title"], first["responsibility"], first["publisher"]) == ("JD:JD1", "红楼梦", "曹雪芹著", "人民文学出版社")
    assert (second["key"], second["title"], second["publisher"]) == ("JX:JX1", "紅樓夢", "人民文學出版社")
    assert first["isbn"] == ["9787020002207"]
    assert first["differs"] == second["differs"] == []


def test_the_link_tells_rule_and_evidence_in_words(reasons: dict[str, Any]) -> None:
    (link,) = reasons["links"]
    assert (link["first"], link["second"], link["rule"], link["staff"]) == ("JD:JD1", "JX:JX1", "isbn_title", None)
    assert link["rule_label"] == "ISBN相同，题名相合，别处没有相反的话"
    found = {evidence["field"]: (evidence["side"], evidence["label"], evidence["first"]) for evidence in link["evidence"]}
    assert found["title"] == ("for", "相同", "红楼梦")
    assert found["volume"][0] == "silent"
    assert (reasons["indirect"], reasons["untied"], reasons["verdicts"]) == ([], [], [])


def test_what_is_near_and_apart_names_the_field(reasons: dict[str, Any]) -> None:
    (near,) = reasons["near"]
    assert (near["by"], near["field"], near["rule"], near["second"]) == ("rule", "carrier", "other_carrier", "JD:JD3")
    assert near["edition"]["format"] == "audio"


def test_any_two_records_can_be_asked_for(client: FlaskClient) -> None:
    same = client.get("/api/v1/matches/explain?first=JX:JX1&second=JD:JD1&lang=en").get_json()
    assert (same["verdict"], same["together"], same["staff"]) == ("same", True, None)
    assert same["verdict_label"] == "one edition"
    assert [member["key"] for member in same["members"]] == ["JX:JX1", "JD:JD1"]
    other = client.get("/api/v1/matches/explain?first=JD:JD1&second=JD:JD2").get_json()
    assert (other["verdict"], other["together"]) == ("different", False)


@pytest.mark.parametrize(
    ("query", "status", "code", "named"),
    [
        ("first=JD:JD1", 422, "bad_parameters", ["second"]),
        ("first=%20&second=JD:JD1", 422, "bad_parameters", ["first"]),
        ("first=JD:%00&second=JD:JD1", 422, "bad_parameters", ["first"]),
        ("first=JD:JD1&second=JD2", 422, "bad_record_key", ["second"]),
        ("first=JD:JD1&second=JD:none", 404, "unknown_source_record", []),
        ("first=JD:JD1&third=JD:JD2&second=JD:JD2", 422, "bad_parameters", ["third"]),
        (f"first={'x' * 300}&second=JD:JD1", 422, "bad_parameters", ["first"]),
    ],
)
def test_what_cannot_be_asked_names_itself(client: FlaskClient, query: str, status: int, code: str, named: list[str]) -> None:
    answer = client.get(f"/api/v1/matches/explain?{query}")
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert [fault["name"] for fault in answer.get_json()["errors"]] == named


def test_an_id_that_is_none_is_told_as_for_the_record(client: FlaskClient) -> None:
    answer = client.get("/api/v1/records/none/matches")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_record")
