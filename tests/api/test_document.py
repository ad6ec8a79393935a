"""The OpenAPI document: valid, complete, and true of what is answered."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no stubs
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.permissions import matrix
from tests.api.test_pages import parsed


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    """As it is served."""
    found: dict[str, Any] = client.get("/api/openapi.json").get_json()
    return found


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_it_describes_every_route_of_the_api(app: Flask, document: dict[str, Any]) -> None:
    routed = {re.sub(r"<(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    assert set(document["paths"]) == routed


def test_it_names_every_parameter_of_a_search(document: dict[str, Any]) -> None:
    parameters = {p["name"]: p for p in document["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert {
        "q",
        "library",
        "language",
        "format",
        "year_from",
        "year_to",
        "clc",
        "available",
        "sort",
        "per_page",
        "cursor",
    } <= set(parameters)
    assert parameters["library"]["explode"] is True
    assert parameters["per_page"]["schema"]["maximum"] == 100
    assert set(parameters["sort"]["schema"]["enum"]) == {"relevance", "year", "-year", "title", "popularity", "distance"}
    assert all(p["description"] for p in parameters.values())


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """(method, path) → what is said of it."""
    methods = ("get", "post", "put", "patch", "delete")
    return {(method, path): told[method] for path, told in document["paths"].items() for method in methods if method in told}


def test_every_operation_says_what_it_is_and_how_it_may_fail(document: dict[str, Any]) -> None:
    for (method, path), operation in operations(document).items():
        assert operation["summary"], path
        assert {"422", "503"} <= set(operation["responses"]), path
        assert {status for status in operation["responses"] if status < "300"} in ({"200"}, {"201"} if method == "post" else {"200"}), path
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], (path, status)


def test_what_needs_a_token_is_what_the_matrix_closes(app: Flask, document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    closed = {key for key, told in operations(document).items() if told.get("security") == [{"token": []}]}
    api = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]  # what machines watch (/metrics) is not in it
    rules = [rule for rule in api if "public" not in matrix()[rule.endpoint].own]
    named = {(frozenset(rule.methods or ()), re.sub(r"<(\w+)>", r"{\1}", rule.rule)) for rule in rules}
    assert closed == {(method.lower(), path) for methods, path in named for method in methods - {"HEAD", "OPTIONS"}}
    for key in closed:
        assert {"401", "403"} <= set(operations(document)[key]["responses"])


def validator(document: dict[str, Any], name: str) -> Draft202012Validator:
    """Checks values against a schema of the document, in which nothing undocumented may stand."""
    schemas = {key: _closed(schema) for key, schema in document["components"]["schemas"].items()}
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}})


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "additionalProperties": False} if "properties" in schema else schema


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ('/api/v1/search?q=红楼梦 "', "SearchAnswer"),
        ("/api/v1/records/{id}", "RecordAnswer"),
        ("/api/v1/records/{id}/items", "ItemsAnswer"),
        ("/api/v1/records/{id}/matches", "ReasonsAnswer"),
        ("/api/v1/matches/explain?first=JD:JD1&second=JX:JX1", "PairAnswer"),
        ("/api/v1/libraries", "LibrariesAnswer"),
        ("/api/v1/branches", "BranchesAnswer"),
        ("/api/v1/branches/JD-1", "BranchAnswer"),
        ("/api/v1/nothing", "ProblemAnswer"),
        ("/api/v1/search?per_page=x", "ProblemAnswer"),
    ],
)
def test_what_is_answered_is_what_is_described(client: FlaskClient, document: dict[str, Any], path: str, name: str) -> None:
    union_id = client.get("/api/v1/search?format=book&sort=year").get_json()["items"][0]["union_id"]
    answer = client.get(path.replace("{id}", union_id)).get_json()
    assert [error.message for error in validator(document, name).iter_errors(answer)] == []


def test_the_page_has_a_form_for_every_operation(client: FlaskClient, document: dict[str, Any]) -> None:
    page = client.get("/api/docs").text
    assert page.count('<form class="try"') == len(operations(document))
    for (method, path), told in operations(document).items():
        form = page.split(f'data-method="{method.upper()}" data-path="{path}"')[1].split("</form>")[0]
        schemas = document["components"]["schemas"]
        body = told.get("requestBody", {"content": {}})["content"].get("application/json", {"schema": {"$ref": ""}})
        fields = schemas.get(body["schema"]["$ref"].rpartition("/")[2], {"properties": {}})["properties"]
        for name in [parameter["name"] for parameter in told["parameters"]] + list(fields):
            assert f'name="{name}"' in form
        assert ('type="password"' in form) == ("security" in told)


def test_the_page_asks_nobody_else_and_runs_nothing_inline(client: FlaskClient) -> None:
    page = client.get("/api/docs").text
    addresses = re.findall(r'(?:src|href|action)="([^"]+)"', page)
    assert addresses
    assert all(address.startswith(("/", "#")) for address in addresses)
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", page)
    for address in re.findall(r'(?:src|href)="(/api/docs/static/[^"]+)"', page):
        with client.get(address) as answer:
            assert answer.status_code == 200


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_s_own_words_are_in_the_reader_s_language_and_what_is_english_says_so(client: FlaskClient, language: str) -> None:
    page = parsed(client.get(f"/api/docs?lang={language}").text).cssselect("main")[0]
    for element in page.cssselect("code, [lang=en], option:not([value=''])"):
        element.drop_tree()
    words = page.text_content().replace("OpenAPI 3.1", "").replace("OpenAPI", "")
    assert not re.search({"zh": "[A-Za-z]", "en": "[\u4e00-\u9fff]"}[language], words)
    assert {"zh": "发送", "en": "Send"}[language] in words
