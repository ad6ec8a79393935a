"""The search engine is gone: everything that desks and readers do goes on."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.resources.operation import EXTENSION
from tests.scenarios.servers import free_port
from tests.services.desks import Town, town
from union_catalog.clock import SteppingClock, SystemClock
from union_catalog.ids import new_id
from union_catalog.services import access
from union_catalog.services.rebuilding.readiness import make_ready
from union_catalog.settings import Settings
from union_catalog.storage.database import Database

GONE = ("embedded", "elasticsearch")
READER = {"name": "王小明", "birth_date": "1990-05-01", "phone": "13800000000", "home_branch": "JD-1", "pin": "314159"}
READER_AGREES: Mapping[str, Any] = READER | {"consent": {"notice": "2026-1", "date": "2026-01-02"}}


class Desk:
    """At JD-1, by a manager. Every command has to succeed."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self._client, self._token = client, token

    def do(self, method: str, path: str, body: object = None, **expected: int) -> Any:
        """The answer's JSON. Raises AssertionError unless it has the ``status``, 200 without one."""
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": new_id()}
        answer = self._client.open(f"/api/v1{path}", method=method, json=body if method != "GET" else None, headers=headers)
        assert answer.status_code == expected.get("status", 200), (path, answer.text)
        return answer.get_json()

    def post(self, path: str, status: int = 200, **body: object) -> Any:
        return self.do("POST", path, body, status=status)

    def get(self, path: str) -> Any:
        return self.do("GET", path)


@pytest.fixture(params=GONE)
def jd(request: pytest.FixtureRequest, sqlite_database: Database, tmp_path: Path) -> Iterator[tuple[Desk, Town]]:
    """A desk over an engine that was never there: no folder, or a port at which nobody listens."""
    told = {"HOME": str(tmp_path), "DATABASE_URL": str(sqlite_database.url), "SEARCH_ENGINE": request.param, "SEARCH_LIMIT": "off"}
    told |= {"ELASTICSEARCH_URL": f"http://127.0.0.1:{free_port()}", "INDEX_PATH": str(tmp_path / "gone")}
    settings, clock = Settings.from_environment({f"UNION_CATALOG_{name}": value for name, value in told.items()}), SystemClock()
    with sqlite_database.write() as connection:
        make_ready(connection, clock.now(), settings.match_key_limit)
    made = town(sqlite_database, SteppingClock(clock.now() - timedelta(hours=1)))
    token = access.issue(sqlite_database, clock, "desk", ("manager", "circulation"), "JD").secret
    app = create_app(settings)
    yield Desk(app.test_client(use_cookies=False), token), made
    app.extensions[EXTENSION].database.close()


def lend(desk: Desk, barcode: str, card: str) -> Any:
    return desk.post("/check-outs", 201, card=card, item={"library": "JD", "barcode": barcode}, branch="JD-1")


def take(desk: Desk, barcode: str) -> Any:
    return desk.post("/check-ins", item={"barcode": barcode}, branch="JD-1")


def test_there_is_no_search(jd: tuple[Desk, Town]) -> None:
    jd[0].do("GET", "/search?q=x", status=503)


def test_readers_are_enrolled_and_looked_after(jd: tuple[Desk, Town]) -> None:
    desk, made = jd
    reader = desk.post("/patrons", 201, **READER_AGREES)
    path = f"/patrons/{reader['id']}"
    lend(desk, made.item(), reader["card"])
    assert len(desk.get(f"{path}/loans")["items"]) == 1
    desk.post(f"{path}/cards", 201, reason="lost")
    desk.do("PATCH", path, {"phone": "13900000000"})
    desk.post(f"{path}/payments", 201, kind="deposit", amount_fen=100, branch="JD-1")
    for part in ("", "/blocks", "/credit", "/account"):
        desk.get(path + part)


def test_items_go_out_come_back_and_are_spoken_of(jd: tuple[Desk, Town]) -> None:
    desk, made = jd
    barcode, card = made.item(), made.card()
    lent = lend(desk, barcode, card)
    assert desk.post("/renewals", loan=lent["loan"]["id"])["results"][0]["case"]
    assert take(desk, barcode)["loan"]["id"] == lent["loan"]["id"]
    assert take(desk, "NOBODY-S")["outcome"] == "unknown_item"
    other = made.item()
    desk.post("/undo", case_event=lend(desk, other, card)["case_event"])
    lend(desk, other, card)
    for saying in ("claimed-returned", "lost", "found", "damaged"):
        desk.post(f"/items/JD/{other}/{saying}", branch="JD-1")
    desk.post(f"/items/JD/{other}/barcode", branch="JD-1", barcode="NEW-1")
    assert desk.get("/items/JD/NEW-1")
    desk.post("/items", 201, branch="JD-1", barcode="QUICK-1", title="一本没有编目的书")
    lend(desk, "QUICK-1", card)
