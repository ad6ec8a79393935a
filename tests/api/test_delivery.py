"""How answers travel: compressed where that is safe, known again by their tags, kept where they may be, over TLS for good."""

import gzip
import re
import zlib
from collections.abc import Callable

import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.collection import CLOCK
from union_catalog.services import access
from union_catalog.services.catalogue import Catalogue

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
UNPACK: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "zstd": zstandard.ZstdDecompressor().decompress}


def address_of(client: FlaskClient, name: str) -> str:
    """The address of a file of ours as a page names it."""
    found = re.search(rf'"(/static/[^"]*{re.escape(name)}\?v=[0-9a-f]+)"', client.get("/about").text)
    assert found
    return found[1]


@pytest.mark.parametrize(("accepted", "coding"), [("gzip", "gzip"), ("gzip, deflate, br, zstd", "zstd"), ("gzip;q=1, zstd;q=0.5", "gzip")])
@pytest.mark.parametrize("path", ["/about", "/api/v1/libraries", "/static/site.css", "/openapi"])
def test_text_is_compressed_as_the_caller_takes_it(client: FlaskClient, path: str, accepted: str, coding: str) -> None:
    path = {"/openapi": "/api/openapi.json"}.get(path, path)
    plain = client.get(path, buffered=True)
    small = client.get(path, buffered=True, headers={"Accept-Encoding": accepted})
    assert "Accept-Encoding" in plain.headers["Vary"]
    if len(plain.data) < 1000:
        assert "Content-Encoding" not in small.headers
        return
    assert small.headers["Content-Encoding"] == coding
    assert UNPACK[coding](small.data) == plain.data
    assert len(small.data) == int(small.headers["Content-Length"]) < len(plain.data) * 0.6
    assert "Accept-Encoding" in small.headers["Vary"]


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0, zstd;q=0"])
def test_who_takes_no_coding_of_ours_gets_it_as_it_is(client: FlaskClient, accepted: str) -> None:
    answer = client.get("/about", headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
    assert "<!doctype html>" in answer.text.lower()


def test_what_may_hold_a_secret_is_never_compressed(app: Flask, catalogue: Catalogue) -> None:
    secret = access.issue(catalogue.database, CLOCK, "reader", ("cataloguing",)).secret
    client = app.test_client()
    asked = client.get("/api/openapi.json", headers={**BROWSER, "Authorization": f"Bearer {secret}"})
    assert "Content-Encoding" not in asked.headers
    remembered = client.get("/about?lang=en", headers=BROWSER)
    assert "Set-Cookie" in remembered.headers
    assert "Content-Encoding" not in remembered.headers
    failed = client.get("/nothing", headers=BROWSER)
    assert failed.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in failed.headers


def again(client: FlaskClient, path: str, first: TestResponse) -> TestResponse:
    return client.get(path, buffered=True, headers={**BROWSER, "If-None-Match": first.headers["ETag"]})


KEPT = ["/", "/about", "/libraries", "/api/v1/libraries", "/api/v1/search?q=围城", "/search?q=围城", "/static/site.css"]


@pytest.mark.parametrize("path", KEPT)
def test_what_the_caller_has_is_not_sent_again(client: FlaskClient, path: str) -> None:
    first = client.get(path, headers=BROWSER, buffered=True)
    assert first.status_code == 200
    unchanged = again(client, path, first)
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert "Accept-Encoding" in unchanged.headers["Vary"]
    assert unchanged.headers.get("Cache-Control") == first.headers.get("Cache-Control")
    other = client.get(path, buffered=True, headers={**BROWSER, "If-None-Match": '"another"'})
    assert (other.status_code, other.data) == (200, first.data)
    assert first.headers["ETag"].startswith("W/") == ("Content-Encoding" in first.headers)


def test_a_page_in_another_language_has_another_tag(client: FlaskClient) -> None:
    first = client.get("/about", headers={"Accept-Language": "zh"})
    other = client.get("/about", headers={"Accept-Language": "en", "If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
    assert "Accept-Language" in other.headers["Vary"]


def test_a_file_named_by_its_digest_is_kept_for_ever_and_no_other(client: FlaskClient) -> None:
    named = address_of(client, "site.css")
    assert client.get(named, buffered=True).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(named, headers=BROWSER, buffered=True).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for other in ("/static/site.css", "/static/site.css?v=0123456789", "/about"):
        assert client.get(other, buffered=True).headers["Cache-Control"] == "no-cache"
    explorer = client.get("/api/docs").text
    assert re.search(r'src="/api/docs/static/explorer\.js\?v=[0-9a-f]{10}"', explorer)


def test_a_file_that_is_not_there_is_no_fault(client: FlaskClient) -> None:
    assert client.get("/static/none.css?v=1").status_code == 404


def test_over_tls_browsers_are_told_to_stay_there(client: FlaskClient) -> None:
    assert client.get("/about", base_url="https://localhost").headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in client.get("/about").headers
    forged = client.get("/about", headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" not in forged.headers


def test_a_tag_is_of_the_answer_s_text(client: FlaskClient) -> None:
    answer = client.get("/about")
    assert answer.headers["ETag"] == f'"{len(answer.data):x}-{zlib.crc32(answer.data):08x}"'


def test_suggestions_are_kept_for_a_minute_by_who_asked_alone(client: FlaskClient) -> None:
    answer = client.get("/api/v1/suggestions?q=围")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, max-age=60"
    assert again(client, "/api/v1/suggestions?q=围", answer).status_code == 304
    assert client.get("/api/v1/suggestions?q=围&limit=999").headers["Cache-Control"] == "no-store"
