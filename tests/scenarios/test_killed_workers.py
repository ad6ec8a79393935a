"""Processes of the web server killed at random moments while desks work: what was acknowledged is there, and nothing is there twice."""

import http.client
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event

import msgspec
import pytest

from api.serve import listen, web_server
from tests.scenarios.processes import children_of, eventually
from tests.scenarios.servers import answers, free_port
from tests.services.desks import BRANCHES, Town, town
from union_catalog.clock import SteppingClock, SystemClock
from union_catalog.ids import new_id
from union_catalog.services import access
from union_catalog.settings import Settings
from union_catalog.storage.database import Database
from union_catalog.storage.tables import answered_command, desk_action, loan

SHORT, LONG = 5, 100  # kills
DESKS = 6
PATIENCE = 60.0


@dataclass
class Desk:
    """Lends an item and takes it in again, over and over. A command goes out again, with its key, until it is answered."""

    port: int
    token: str
    item: str
    card: str
    branch: str
    acknowledged: dict[str, int] = field(default_factory=dict)
    unheard: int = 0

    def work(self, stop: Event) -> None:
        while not stop.is_set():
            item = {"library": "JD", "barcode": self.item}
            self._send("/api/v1/check-outs", {"card": self.card, "item": item, "branch": self.branch})
            self._send("/api/v1/check-ins", {"item": item, "branch": self.branch})

    def _send(self, path: str, body: object) -> None:
        key, until = new_id(), time.monotonic() + PATIENCE
        while time.monotonic() < until:
            status, told = self._ask(path, body, key)
            if status in (200, 201):
                self.acknowledged[key] = status
                return
            assert status in (0, 503) or (status == 409 and b"busy" in told), (status, told)
            self.unheard += status == 0
            time.sleep(0.02)
        raise AssertionError("not answered")

    def _ask(self, path: str, body: object, key: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key, "Content-Type": "application/json"}
        try:
            connection.request("POST", path, msgspec.json.encode(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()


@contextmanager
def gunicorn(home: Path, database: Database) -> Iterator[tuple[int, int]]:
    """(its port, its process id), run as ``serve`` runs it."""
    told = {"UNION_CATALOG_HOME": str(home), "UNION_CATALOG_DATABASE_URL": database.url.render_as_string(hide_password=False)}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UNION_CATALOG_")} | told
    with listen("127.0.0.1", free_port()) as listener, (home / "web.log").open("ab") as log:
        program = web_server(Settings.from_environment(environment), listener)
        process = subprocess.Popen(program.command, env=environment, pass_fds=program.inherits, stdout=log, stderr=log)
        port: int = listener.getsockname()[1]
        try:
            assert answers(f"http://127.0.0.1:{port}/healthz"), (home / "web.log").read_text()
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(30)


def kill_one(master: int) -> None:
    """Some worker, as soon as there is one."""
    assert eventually(lambda: bool(children_of(master)))
    os.kill(random.choice(children_of(master)), signal.SIGKILL)


def judge(jd: Town, desks: list[Desk]) -> None:
    """Every command was heard in the end, so that what is in the database is what was acknowledged, each once."""
    acknowledged = {key: status for desk in desks for key, status in desk.acknowledged.items()}
    done = [str(one["command_id"]) for one in jd.rows(desk_action)]
    assert sorted(done) == sorted(acknowledged)
    assert {one["key"]: one["status"] for one in jd.rows(answered_command)} == acknowledged
    assert len(jd.rows(loan)) == sum(status == 201 for status in acknowledged.values())
    assert all(one["ended_at"] for one in jd.rows(loan))


@pytest.mark.parametrize("kills", [SHORT, pytest.param(LONG, marks=pytest.mark.long)])
def test_what_was_acknowledged_is_there_and_nothing_twice(database: Database, tmp_path: Path, kills: int) -> None:
    jd = town(database, SteppingClock(SystemClock().now() - timedelta(hours=1)))
    token = access.issue(database, SystemClock(), "desks", ("circulation",), "JD").secret
    places = [code for code, library in BRANCHES if library == "JD"]
    stop = Event()
    with gunicorn(tmp_path, database) as (port, master), ThreadPoolExecutor(DESKS) as threads:
        desks = [Desk(port, token, jd.item(home=at), jd.card(), at) for at in places * (DESKS // len(places))]
        working = [threads.submit(desk.work, stop) for desk in desks]
        for _ in range(kills):
            time.sleep(random.uniform(0.05, 0.5))
            kill_one(master)
        time.sleep(0.5)
        stop.set()
        for one in working:
            one.result(2 * PATIENCE)
    assert sum(desk.unheard for desk in desks) > 0
    judge(jd, desks)
