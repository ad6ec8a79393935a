"""What holds for every answer: permissions, languages, headers, probes, log lines, and that the
application may fork."""

import io
import json
import logging
import os
import stat
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.auth import current_context
from api.logging import configure_logging
from api.permissions import matrix
from api.request_ids import current_request_id
from api.security import signing_key
from union_catalog.clock import SystemClock
from union_catalog.errors import ConfigurationError
from union_catalog.settings import Settings


def test_the_permission_matrix_names_exactly_the_routes(app: Flask) -> None:
    assert set(matrix()) == {rule.endpoint for rule in app.url_map.iter_rules()}


@pytest.mark.parametrize(
    ("query", "cookie", "header", "spoken"),
    [
        ("", "", "", "zh"),
        ("", "", "fr, ja;q=0.5", "zh"),
        ("", "", "en-GB,en;q=0.9", "en"),
        ("", "", "fr, en;q=0.5, zh;q=0.1", "en"),
        ("", "", "zh-TW, en;q=0.8", "zh"),
        ("", "en", "zh", "en"),
        ("", "xx", "en", "en"),
        ("zh", "en", "en", "zh"),
        ("en-US", "zh", "zh", "en"),
        ("ZH_hans", "en", "en", "zh"),
    ],
)
def test_the_language_is_that_of_the_address_then_cookie_then_header(app: Flask, query: str, cookie: str, header: str, spoken: str) -> None:
    client = app.test_client()
    if cookie:
        client.set_cookie("lang", cookie)
    parameters = {"lang": query} if query and "_" not in query else {}
    answer = client.get(
        "/api/v1/nothing",
        query_string={"lang": query} if query else parameters,
        headers={"Accept-Language": header},
    )
    assert answer.get_json()["title"] == {"zh": "没有找到", "en": "Not found"}[spoken]


@pytest.mark.parametrize("path", ["/api/v1/libraries", "/api/v1/nothing", "/api/docs", "/healthz", "/", "/nothing"])
def test_every_answer_carries_the_headers_that_keep_a_browser_safe(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"]


def test_a_caller_s_request_id_is_kept_if_it_is_a_plain_word(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abc-1.2_3"}).headers["X-Request-ID"] == "abc-1.2_3"
    for bad in ("x" * 65, "a b", "<b>", "é"):
        assert client.get("/healthz", headers={"X-Request-ID": bad}).headers["X-Request-ID"] not in ("", bad)


def test_log_lines_name_routes_and_nothing_a_reader_typed(client: FlaskClient, settings: Settings) -> None:
    lines = io.StringIO()
    spoken = Settings.from_environment({"UNION_CATALOG_HOME": str(settings.home), "UNION_CATALOG_LOG_LEVEL": "debug"})
    configure_logging(spoken, lines)
    client.get(
        "/api/v1/search?q=围城&library=JD&lat=31.23&lng=121.47", headers={"X-Forwarded-For": "203.0.113.9", "Referer": "/search?q=围城"}
    )
    client.get("/api/v1/records/reader-s-own")
    logging.getLogger().handlers.clear()
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    requests = [line for line in told if line["event"] == "request"]
    assert [line["route"] for line in requests] == ["/api/v1/search", "/api/v1/records/<union_id>"]
    assert [line["status"] for line in requests] == [200, 404]
    assert not any(word in lines.getvalue() for word in ("围城", "31.23", "121.47", "203.0.113.9", "reader-s-own", "%E5"))


def test_probes(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert [(check["name"], check["state"]) for check in ready.get_json()["checks"]] == [
        ("database", "ready"),
        ("search", "ready"),
    ]


def test_an_installation_that_was_not_set_up_lives_but_is_not_ready(tmp_path: Path) -> None:
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(tmp_path / "new"), "UNION_CATALOG_LOG_LEVEL": "error"})
    client = create_app(settings).test_client()
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert [check["code"] for check in ready.get_json()["checks"]] == ["not_initialised", "index_missing"]
    answer = client.get("/api/v1/search")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "index_missing")
    assert "Retry-After" in answer.headers


def test_the_application_opens_nothing_before_it_is_asked(settings: Settings) -> None:
    before = _open_files()
    create_app(settings)
    assert _open_files() - before == set()


def _open_files() -> set[str]:
    """What this process holds open under any folder."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found.add(os.readlink(entry))
        except FileNotFoundError:
            continue
    return {path for path in found if "sqlite3" in path or "index" in path}


def test_the_signing_key_is_made_once_and_kept_secret(tmp_path: Path) -> None:
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(tmp_path / "home")})
    key = signing_key(settings)
    assert len(key) >= 32
    assert signing_key(settings) == key
    kept = tmp_path / "home" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]


def test_a_configured_key_wins_and_a_short_one_is_refused(tmp_path: Path) -> None:
    home = {"UNION_CATALOG_HOME": str(tmp_path)}
    assert signing_key(Settings.from_environment({**home, "UNION_CATALOG_SECRET_KEY": "k" * 16})) == "k" * 16
    with pytest.raises(ConfigurationError, match="short_secret_key"):
        signing_key(Settings.from_environment({**home, "UNION_CATALOG_SECRET_KEY": "k" * 15}))


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(tmp_path / "file" / "home")})
    with pytest.raises(ConfigurationError, match="home_not_writable"):
        signing_key(settings)


def test_a_request_s_id_becomes_that_of_the_command_it_is(app: Flask) -> None:
    with app.test_request_context("/", headers={"X-Request-ID": "abc-1"}):
        app.preprocess_request()
        assert current_context(SystemClock()).command_id == current_request_id() == "abc-1"
    with app.test_request_context("/"):
        app.preprocess_request()
        assert len(current_context(SystemClock()).command_id) <= 40
