"""kill -9 in the middle of changes, of whatever runs: afterwards the index holds what the database holds, nothing missing, nothing stale.

Every fault has a short form and a long one, of 50,000 changes.
"""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.search_engines import elasticsearch_urls, remove_indices
from tests.scenarios.installations import COMMAND, Installation, ended, iso2709, load_arguments
from tests.scenarios.processes import alive, children_of, command_of, eventually, family_of
from tests.scenarios.search_cluster import Cluster, cluster
from union_catalog.ids import new_id

SIZES = [pytest.param(2_000, id="short"), pytest.param(50_000, id="long", marks=pytest.mark.long)]
LEASE = "3"
_PATIENCE = 60  # seconds for a search where three servers, a load and the tests beside them share a small machine


def changes(path: Path, count: int, version: int) -> Path:
    """So many records that are each an edition of its own; another version gives all of them other titles."""
    with path.open("wb") as file:
        for n in range(count):
            file.write(
                iso2709(
                    ("001", f"F{n:08d}"),
                    ("005", f"2026060{version}000000.0"),
                    ("200", f"1 \x1fa第{n}号县志第{version}稿\x1ff作者{n}编"),
                    ("210", f"  \x1fc第{n}出版社\x1fd{1950 + n % 70}"),
                    ("905", f"  \x1fbF{n:08d}\x1fcA"),
                )
            )
    return path


@pytest.fixture(params=["embedded", "elasticsearch"])
def catalogue(request: pytest.FixtureRequest, installation: Installation) -> Iterator[Installation]:
    """An installation with an empty index of either engine."""
    if request.param == "embedded":
        yield installation
        return
    prefix = f"test-{new_id().lower()}"
    yield on_server(installation, elasticsearch_urls(), prefix, replicas=0)
    remove_indices(prefix)


def on_server(installation: Installation, urls: tuple[str, ...], prefix: str, replicas: int, **more: str) -> Installation:
    settings = {"search_engine": "elasticsearch", "elasticsearch_url": ",".join(urls), "elasticsearch_prefix": prefix}
    changed = Installation(installation.home, settings | {"elasticsearch_replicas": str(replicas), "lease_seconds": LEASE} | more)
    changed.done("init")
    return changed


def waiting(installation: Installation) -> tuple[int, int]:
    """Messages that are open, and those that are done."""
    with closing(sqlite3.connect(installation.home / "catalogue.sqlite3", timeout=30)) as connection:
        told = dict(connection.execute("SELECT state IN ('pending', 'leased'), count(*) FROM outbox_delivery GROUP BY 1").fetchall())
    return told.get(1, 0), told.get(0, 0)


def caught_up(installation: Installation) -> bool:
    return waiting(installation)[0] == 0


def at_work(installation: Installation, count: int) -> bool:
    """Whether some of the changes are indexed and some wait."""
    still, done = waiting(installation)
    return still > 0 and done > count // 10


def nothing_lost(installation: Installation, count: int) -> None:
    assert eventually(partial(caught_up, installation), 600)
    verdict = installation.done("index", "verify", "--json").json
    assert (verdict["documents"], verdict["missing"], verdict["stale"], verdict["orphaned"]) == (count, 0, 0, 0)
    assert installation.done("index", "status", "--json").json["dead"] == 0
    assert installation.done("search", f"第{count - 1}号县志第2稿", "--json").json["total"] >= 1


@contextmanager
def running(installation: Installation, *command: object) -> Iterator[subprocess.Popen[str]]:
    """A process that is killed afterwards with all that it started. What it says goes nowhere, so that it can say much."""
    process = subprocess.Popen(
        [*COMMAND, *(str(part) for part in command)],
        env=installation.environment(lease_seconds=LEASE),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        for pid in [process.pid, *family_of(process.pid)]:
            if alive([pid]):
                os.kill(pid, signal.SIGKILL)
        process.wait()


@contextmanager
def loading(installation: Installation, file: Path) -> Iterator[subprocess.Popen[str]]:
    """A load of the changes beside what else goes on; it has to end well."""
    process = installation.start("load", *load_arguments("JD", file), "--no-wait", load_batch="200")
    try:
        yield process
    finally:
        outcome = ended(process, 600)
    assert outcome.code == 0, outcome


# The relay


@pytest.mark.parametrize("count", SIZES)
def test_the_relay_is_killed(catalogue: Installation, tmp_path: Path, count: int) -> None:
    catalogue.load("JD", changes(tmp_path / "first.iso", count, 1))
    with loading(catalogue, changes(tmp_path / "second.iso", count, 2)):
        for _ in range(3):
            with running(catalogue, "relay") as relay:
                eventually(partial(at_work, catalogue, count), 60)
                relay.kill()
    with running(catalogue, "relay"):
        nothing_lost(catalogue, count)


# A web worker


@dataclass(frozen=True, slots=True)
class Web:
    port: int
    process: subprocess.Popen[str]

    def get(self, path: str) -> tuple[int, dict[str, str], Any]:
        """Status, headers and what was answered, JSON or text."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=_PATIENCE + 10) as answer:
                return answer.status, dict(answer.headers), _read(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), _read(error)

    def workers(self) -> list[int]:
        """The processes of gunicorn that answer."""
        master = next(pid for pid in children_of(self.process.pid) if "gunicorn" in command_of(pid))
        return children_of(master)


def _read(answer: Any) -> Any:
    text = answer.read().decode()
    return json.loads(text) if "json" in answer.headers.get("content-type", "") else text


@contextmanager
def served(installation: Installation, port: int) -> Iterator[Web]:
    with running(installation, "serve", "--port", port) as process:
        web = Web(port, process)
        assert eventually(partial(_answers, web, "/healthz"), 3 * _PATIENCE)
        yield web


def _answers(web: Web, path: str, status: int = 200) -> bool:
    try:
        return web.get(path)[0] == status
    except OSError:
        return False


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("count", SIZES)
def test_web_workers_are_killed(catalogue: Installation, tmp_path: Path, port: int, count: int) -> None:
    catalogue.load("JD", changes(tmp_path / "first.iso", count, 1))
    with served(catalogue, port) as web:
        with loading(catalogue, changes(tmp_path / "second.iso", count, 2)):
            for _ in range(3):
                eventually(partial(at_work, catalogue, count), 60)
                before = web.workers()
                os.kill(before[0], signal.SIGKILL)
                assert eventually(partial(_replaced, web, before[0]), 30)
                assert eventually(partial(_answers, web, "/api/v1/search?q=1"), 20)
        nothing_lost(catalogue, count)


def _replaced(web: Web, killed: int) -> bool:
    workers = web.workers()
    return killed not in workers and len(workers) == 2


# The search server


@pytest.fixture
def node() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


@pytest.mark.parametrize("count", SIZES)
def test_the_search_server_is_killed(installation: Installation, node: Cluster, tmp_path: Path, port: int, count: int) -> None:
    catalogue = on_server(installation, node.urls, "faults", replicas=0)
    catalogue.load("JD", changes(tmp_path / "first.iso", count, 1))
    union_id = catalogue.clusters()["JD:F00000007"]
    with served(catalogue, port) as web:
        with loading(catalogue, changes(tmp_path / "second.iso", count, 2)):
            eventually(partial(at_work, catalogue, count), 60)
            node.kill("node-1")
            assert eventually(partial(_answers, web, "/api/v1/search?q=1", 503), 30)
            status, headers, problem = web.get("/api/v1/search?q=1")
            assert (status, problem["code"]) == (503, "search_server_gone")
            assert "problem+json" in headers["Content-Type"]
            assert int(headers["Retry-After"]) > 0
            assert web.get(f"/records/{union_id}")[0] == 200
            assert web.get(f"/api/v1/records/{union_id}")[0] == 200
        told = catalogue.run("index", "status", "--json")
        assert told.code == 4
        assert (told.json["usable"], told.json["error"]) == (False, "search_server_gone")
        assert told.json["waiting"] > 0
        node.start()
        nothing_lost(catalogue, count)
        assert web.get("/api/v1/search?q=1")[0] == 200


def test_a_load_whose_search_server_is_gone_says_so_and_ends_well(installation: Installation, tmp_path: Path) -> None:
    """The records are stored; the index follows by itself."""
    prefix = f"test-{new_id().lower()}"
    catalogue = on_server(installation, elasticsearch_urls(), prefix, replicas=0)
    try:
        away = {"elasticsearch_url": "http://127.0.0.1:9"}
        outcome = catalogue.load("JD", changes(tmp_path / "first.iso", 20, 2), **away)
        assert (outcome.code, outcome.out.count("20")) == (0, 2), outcome
        assert "the index will follow" in outcome.err
        status = catalogue.run("index", "status", "--json", **away)
        assert (status.code, status.json["waiting"], status.json["documents"]) == (4, 20, None)
        with running(catalogue, "relay"):
            nothing_lost(catalogue, 20)
    finally:
        remove_indices(prefix)


@pytest.mark.long
def test_one_of_three_nodes_is_killed(installation: Installation, tmp_path: Path, port: int) -> None:
    count = 50_000
    with cluster(3) as three:
        catalogue = on_server(installation, three.urls, "faults", replicas=1, elasticsearch_timeout=str(_PATIENCE))
        catalogue.load("JD", changes(tmp_path / "first.iso", count, 1))
        with served(catalogue, port) as web:
            with searching(web) as failures, loading(catalogue, changes(tmp_path / "second.iso", count, 2)):
                eventually(partial(at_work, catalogue, count), 60)
                three.kill("node-2")
            assert failures == []
            nothing_lost(catalogue, count)
            three.start()
            nothing_lost(catalogue, count)


@contextmanager
def searching(web: Web) -> Iterator[list[object]]:
    """Searches all the time; what was no answer."""
    failures: list[object] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.wait(0.1):
            try:
                status, _, answer = web.get("/api/v1/search?q=1")
                failures.extend([(status, answer["code"], answer["detail"])] if status != 200 else [])
            except OSError as error:
                failures.append(error)

    thread = threading.Thread(target=search)
    thread.start()
    try:
        yield failures
    finally:
        stop.set()
        thread.join()


# A rebuild


def test_a_rebuild_is_killed(catalogue: Installation, tmp_path: Path) -> None:
    """The live index stays as it was; the next rebuild removes what is left."""
    count = 2_000
    catalogue.load("JD", changes(tmp_path / "first.iso", count, 2))
    before = catalogue.done("index", "status", "--json").json
    process = catalogue.start("index", "rebuild")
    assert eventually(partial(begun(catalogue), before["generation"]), 60)
    process.kill()
    process.communicate()
    after = catalogue.done("index", "status", "--json").json
    assert (after["generation"], after["documents"]) == (before["generation"], count)
    nothing_lost(catalogue, count)
    catalogue.done("index", "rebuild")
    nothing_lost(catalogue, count)
    assert len(generations(catalogue)) == 1


def generations(installation: Installation) -> list[str]:
    """Of the index, live or not."""
    if "search_engine" not in installation.settings:
        return [path.name for path in (installation.home / "index").glob("generation-*")]
    prefix = installation.settings["elasticsearch_prefix"]
    with urllib.request.urlopen(f"{elasticsearch_urls()[0]}/_cat/indices/{prefix}-*?format=json", timeout=20) as answer:
        return [entry["index"] for entry in json.loads(answer.read())]


def begun(installation: Installation) -> Callable[[str], bool]:
    return lambda live: bool(set(generations(installation)) - {live})
