"""Choosing in trees and among names, as the API tells it."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings

SEARCH = "/api/v1/search"
HERE = "lat=31.395&lng=121.24"


def facet(client: FlaskClient, name: str, query: str = "") -> dict[str, tuple[int, bool]]:
    """value → (count, selected)"""
    answer = client.get(f"{SEARCH}?{query}")
    assert answer.status_code == 200, answer.text
    return {value["value"]: (value["count"], value["selected"]) for value in answer.get_json()["facets"][name]}


def total(client: FlaskClient, query: str) -> int:
    answer = client.get(f"{SEARCH}?{query}")
    assert answer.status_code == 200, answer.text
    found: int = answer.get_json()["total"]
    return found


def test_a_branch_tells_whose_it_is(client: FlaskClient) -> None:
    branches = client.get(SEARCH).get_json()["facets"]["branch"]
    assert {"value": "JD-1", "label": "菊园我嘉书房", "count": 2, "selected": False, "parent": "JD"} in branches
    assert {branch["parent"] for branch in branches} == {"JD", "JX"}


def test_a_branch_narrows_its_library_and_stands_beside_another(client: FlaskClient) -> None:
    assert total(client, "") == 3
    assert total(client, "library=JD") == 2
    assert total(client, "library=JD&branch=JD-1") == total(client, "branch=JD-1") == 2
    assert total(client, "library=JX&branch=JD-1") == 2
    assert total(client, "library=JX&library=JD&branch=JD-1") == 2


def test_a_library_whose_branch_is_chosen_too_stays_chosen(client: FlaskClient) -> None:
    libraries = facet(client, "library", "library=JD&branch=JD-1&q=钱钟书")
    assert libraries["JD"] == (1, True)
    assert facet(client, "branch", "library=JD&branch=JD-1")["JD-1"] == (2, True)
    assert facet(client, "library", "library=JD&branch=JD-1&q=没有这本书&exact=true")["JD"] == (0, True)


def test_names_are_chosen_in_either_script(client: FlaskClient) -> None:
    assert total(client, "author=曹雪芹") == total(client, "author=［清］曹雪芹") == 2
    assert total(client, "author=錢鍾書") == 1
    assert facet(client, "author", "author=錢鍾書")["钱钟书"] == (1, True)
    assert facet(client, "subject")["章回小说"][0] == total(client, "subject=章回小说")


def test_nearness_is_counted_from_a_place(client: FlaskClient) -> None:
    assert "near" not in client.get(SEARCH).get_json()["facets"]
    near = client.get(f"{SEARCH}?{HERE}&within=1&lang=en").get_json()["facets"]["near"]
    assert [value["value"] for value in near] == ["1", "2", "5", "10", "20", "50"]
    assert near[0] == {"value": "1", "label": "Within 1 km", "count": 2, "selected": True, "parent": None}
    assert total(client, f"{HERE}&within=1") == 2
    assert total(client, f"{HERE}&within=1&sort=distance") == 2


def test_only_the_facets_that_are_named(client: FlaskClient) -> None:
    assert set(client.get(f"{SEARCH}?facets=author&facets=clc").get_json()["facets"]) == {"author", "clc"}


@pytest.mark.parametrize("query", ["facets=colour", "audience=everyone", "subject=%00", "author=" + "x" * 200])
def test_what_is_no_choice_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"{SEARCH}?{query}").status_code == 422


@pytest.fixture
def deeper(settings: Settings, catalogue: Catalogue, tmp_path: Path) -> FlaskClient:
    """The application with names for deeper classes."""
    path = tmp_path / "classes.tsv"
    rows = (
        "code\tname\tlevel\tparent",
        "I\t文学\t1\t",
        "I2\t中国文学\t2\tI",
        "I24\t小说\t3\tI2",
        "I242\t古代\t4\tI24",
        "I246\t近代\t4\tI24",
    )
    path.write_text("\n".join(rows) + "\n", "utf-8")
    app: Flask = create_app(replace(settings, clc_file=str(path)), catalogue=catalogue)
    return app.test_client(use_cookies=False)


def test_a_chosen_class_opens_what_is_below_it(client: FlaskClient, deeper: FlaskClient) -> None:
    assert set(facet(client, "clc", "clc=I2")) == {"I", "I2"}
    opened = {value["value"]: value for value in deeper.get(f"{SEARCH}?clc=I24").get_json()["facets"]["clc"]}
    assert {code: value["parent"] for code, value in opened.items()} == {"I": None, "I2": "I", "I24": "I2", "I242": "I24", "I246": "I24"}
    assert opened["I242"]["label"] == "古代"
    assert opened["I24"]["selected"]
    assert set(facet(deeper, "clc", "")) == {"I", "I2"}
