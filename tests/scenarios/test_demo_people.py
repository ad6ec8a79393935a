"""The demo's people, by real processes: made once, each signs in, a desk meets what the tables tell; again changes nothing."""

import json
import shutil
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.pages.trying import Guide
from tests.scenarios.installations import ROOT, Installation
from tests.scenarios.servers import Service, answers, free_port, get, program
from union_catalog.ids import new_id

FREE = {"library": "JD", "barcode": "310140227001"}
REFUSED = {
    "读者乙": "CO-17",
    "读者戊": "CO-16",
    "读者己": "CO-23",
    "读者庚": "CO-21",
    "读者辛": "CO-22",
    "读者癸": "CO-14",
}


OF_PEOPLE = ("staff", "patron", "person", "credential", "pin", "loan", "desk_action", "transit", "block", "account_entry", "credit_entry")
THERE = {
    "overdue": "loan WHERE ended_at IS NULL AND due_date < date('now')",
    "soon": "loan WHERE ended_at IS NULL AND due_date BETWEEN date('now') AND date('now', '+10 days')",
    "on its way": "transit WHERE ended_at IS NULL",
    "objections": "objection WHERE state = 'open'",
}


def settle(demo: Installation, **settings: str) -> "subprocess.CompletedProcess[str]":
    """``python -m demo.people``."""
    command = [sys.executable, "-m", "demo.people", str(demo.home / "sign-in.json")]
    environment = demo.environment(environment="development", **settings)
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)


def guide_of(demo: Installation) -> Guide:
    return msgspec.json.decode((demo.home / "sign-in.json").read_bytes(), type=Guide)


def dump(demo: Installation, *tables: str) -> list[str]:
    """All that the database holds, or of these tables."""
    connection = sqlite3.connect(demo.home / "catalogue.sqlite3")
    try:
        told = tuple(f'INSERT INTO "{table}" ' for table in tables) or ("",)
        return [line for line in connection.iterdump() if line.startswith(told)]
    finally:
        connection.close()


@pytest.fixture(scope="module")
def _settled_home(_demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    demo = Installation(shutil.copytree(_demo_home, tmp_path_factory.mktemp("settled") / "home"))
    demo.done("policies", "apply", ROOT / "demo" / "policies.toml")
    made = settle(demo)
    assert made.returncode == 0, made.stderr
    return demo.home


@pytest.fixture
def settled(_settled_home: Path, tmp_path: Path) -> Installation:
    """The demo with its people; a copy, to do with as one likes."""
    return Installation(shutil.copytree(_settled_home, tmp_path / "settled"))


@pytest.fixture
def address(settled: Installation, tmp_path: Path) -> Iterator[str]:
    """As ``make demo`` serves it."""
    port = free_port()
    environment = settled.environment(environment="development", sign_in_guide=str(settled.home / "sign-in.json"), web_workers="1")
    service = Service(program(["union-catalog", "serve", "--port", str(port)]), environment, tmp_path / "serve.log")
    service.start()
    try:
        assert answers(f"http://127.0.0.1:{port}/healthz", seconds=150), service.log.read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        service.kill()


def post(address: str, path: str, token: str = "", **body: object) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": new_id()} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(f"{address}/api/v1{path}", json.dumps(body).encode(), headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def sign_in(address: str, shown: Mapping[str, str]) -> str:
    status, answer = post(address, "/sessions", **shown)
    assert status == 201, (shown, answer)
    return str(answer["token"])


def test_everybody_signs_in_and_a_desk_meets_what_is_told(settled: Installation, address: str) -> None:
    staff, readers = guide_of(settled).groups
    secrets = {one.who: sign_in(address, {"username": one.who, "password": staff.secret}) for one in staff.people}
    tokens = {one.name.zh: sign_in(address, {"card": one.who, "pin": readers.secret}) for one in readers.people}
    cards = {one.name.zh: one.who for one in readers.people}
    lent = {
        name: len(json.loads(get(f"{address}/api/v1/me/loans", Authorization=f"Bearer {token}")[1])["items"])
        for name, token in tokens.items()
    }
    assert lent["读者甲"] == 5
    assert lent["读者壬"] == 0
    desk = secrets["jd-desk"]
    found = {name: post(address, "/check-outs", desk, card=cards[name], item=FREE, branch="JD-MAIN") for name in REFUSED}
    assert {name: (status, answer.get("case")) for name, (status, answer) in found.items()} == {
        name: (409, case) for name, case in REFUSED.items()
    }
    status, answer = post(address, "/check-outs", desk, card=cards["读者壬"], item=FREE, branch="JD-MAIN")
    assert (status, answer["case"]) == (201, "CO-1")
    # What readers and staff did stays; the page goes on showing who there is.
    before = dump(settled, *OF_PEOPLE)
    assert settle(settled).returncode == 0
    assert dump(settled, *OF_PEOPLE) == before
    assert cards["读者壬"] in get(f"{address}/")[1]


def test_again_changes_nothing(settled: Installation) -> None:
    before, written = dump(settled), (settled.home / "sign-in.json").read_bytes()
    again = settle(settled)
    assert (again.returncode, again.stderr) == (0, "")
    assert dump(settled) == before
    assert (settled.home / "sign-in.json").read_bytes() == written


def test_the_past_is_as_it_would_be(settled: Installation) -> None:
    """A loan is overdue, some fall due within days, a book is on its way and an objection waits; what was lent is found by search."""
    connection = sqlite3.connect(settled.home / "catalogue.sqlite3")
    found = {name: connection.execute(f"SELECT count(*) FROM {which}").fetchone()[0] for name, which in THERE.items()}
    connection.close()
    assert found == {"overdue": 1, "soon": 3, "on its way": 1, "objections": 1}
    assert settled.done("index", "verify")


def test_time_does_not_undo_it_overnight(settled: Installation) -> None:
    """What jobs do to a past that has only just been made: scores are mended, histories forgotten, restrictions ended."""
    next_week = (datetime.now(UTC) + timedelta(days=7)).isoformat()
    before = dump(settled, *OF_PEOPLE)
    for job in ("mend-credit", "end-blocks", "forget-history"):
        settled.done("jobs", "run", job, "--now", next_week, environment="development")
    assert dump(settled, *OF_PEOPLE) == before


def test_nobody_is_put_among_the_staff_of_others(demo: Installation) -> None:
    demo.done("staff", "add", "somebody", "--library", "JD", "--role", "manager", "--token")
    before = dump(demo)
    refused = settle(demo)
    assert refused.returncode == 5
    assert "UNION_CATALOG_HOME" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert dump(demo) == before
    assert not (demo.home / "sign-in.json").exists()


def test_production_refuses_the_file(settled: Installation) -> None:
    settled.run("jobs", "list", sign_in_guide=str(settled.home / "sign-in.json")).refused(2, "UNION_CATALOG_SIGN_IN_GUIDE")
