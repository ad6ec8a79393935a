"""An installation as its administrator sees it: set up, served, jobs looked at and run, stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.scenarios.processes import alive, children_of, command_of, eventually, family_of

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "api.cli"]


def environment(home: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("UNION_CATALOG_")}
    return kept | {"UNION_CATALOG_HOME": str(home), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], env=environment(home), capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of an empty catalogue."""
    home = tmp_path / "home"
    assert run(home, "init").returncode == 0
    return home


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """``serve`` after it has told its address; killed afterwards if it still runs."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told = process.stdout.readline()
    yield process
    for pid in alive([*family_of(process.pid), process.pid]):
        os.kill(pid, signal.SIGKILL)
    _, log = process.communicate()
    assert f"http://127.0.0.1:{port}" in told, log
    assert "Traceback" not in log


def status(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
        return int(response.status)


def test_serve_runs_three_parts_and_ends_with_none(served: subprocess.Popen[str], home: Path, port: int) -> None:
    parts = " ".join(command_of(pid) for pid in children_of(served.pid))
    assert all(name in parts for name in ("gunicorn", "relay", "scheduler"))
    assert status(port, "/healthz") == 200
    assert status(port, "/readyz") == 200
    assert status(port, "/api/v1/search?q=" + quote("红" * 10_000)) == 200  # longer than the web server's own bound

    second = run(home, "serve", "--port", str(port))
    assert second.returncode == 4
    assert str(port) in second.stderr
    assert "Traceback" not in second.stderr

    family = family_of(served.pid)
    served.send_signal(signal.SIGTERM)
    assert served.wait(25) == 0
    assert alive(family) == []


def test_a_scheduler_that_dies_is_followed_by_another(served: subprocess.Popen[str], home: Path) -> None:
    first = next(pid for pid in children_of(served.pid) if "scheduler" in command_of(pid))
    time.sleep(0.5)
    os.kill(first, signal.SIGKILL)

    def another_runs() -> bool:
        running = [pid for pid in children_of(served.pid) if "scheduler" in command_of(pid)]
        return bool(running) and first not in running

    assert eventually(another_runs)
    assert run(home, "jobs", "list").returncode == 0


def test_serve_before_init_says_what_to_do(tmp_path: Path) -> None:
    early = run(tmp_path / "empty", "serve")
    assert early.returncode == 4
    assert "union-catalog init" in early.stderr
    assert "Traceback" not in early.stderr


def test_every_job_can_be_run_by_hand(home: Path) -> None:
    listed = json.loads(run(home, "jobs", "list", "--json").stdout)
    assert {job["name"] for job in listed} > {"prune-outbox", "prune-jobs", "verify-index", "forget-history", "send-notices"}
    for name in (job["name"] for job in listed):
        done = run(home, "jobs", "run", name, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["state"] == "done"
    again = json.loads(run(home, "jobs", "list", "--json").stdout)
    assert {job["last"]["state"] for job in again} == {"done"}
    assert "done" in run(home, "jobs", "list").stdout


def test_a_job_that_does_not_exist_is_wrong_usage(home: Path) -> None:
    asked = run(home, "jobs", "run", "paint-the-house")
    assert asked.returncode == 2
    assert "prune-outbox" in asked.stderr
