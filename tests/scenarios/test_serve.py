"""The supervisor with real processes: started again when they die, all gone when it goes, however it goes."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.scenarios.processes import alive, children_of, eventually, family_of

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "tests" / "scenarios" / "supervised.py"
Start = Callable[..., subprocess.Popen[str]]


def answer(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
            return str(response.read().decode())
    except OSError as error:
        return str(error)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(port: int) -> Iterator[Start]:
    """Starts the supervisor; whatever is left of it afterwards is killed."""
    started: list[subprocess.Popen[str]] = []

    def run(application: str = "supervised:application") -> subprocess.Popen[str]:
        path = os.pathsep.join([str(ROOT), str(PROGRAM.parent)])
        process = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(port), application],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        started.append(process)
        return process

    yield run
    for process in started:
        for pid in [process.pid, *family_of(process.pid)]:
            if alive([pid]):
                os.kill(pid, signal.SIGKILL)
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def whole_family(process: subprocess.Popen[str]) -> list[int]:
    """The waiting child, gunicorn and its two workers."""
    assert eventually(lambda: len(family_of(process.pid)) == 4)
    return family_of(process.pid)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything(start: Start, port: int, number: signal.Signals) -> None:
    process = start()
    assert said(process) == f"http://127.0.0.1:{port}"
    assert answer(port) == "here"
    family = whole_family(process)
    process.send_signal(number)
    assert process.wait(15) == 0
    assert alive(family) == []


def test_what_dies_is_started_again_and_the_port_stays(start: Start, port: int) -> None:
    process = start()
    said(process)
    before = whole_family(process)
    for pid in children_of(process.pid):
        os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: alive(before) == [])
    assert eventually(lambda: len(family_of(process.pid)) == len(before))
    assert eventually(lambda: answer(port) == "here")
    assert not set(before) & set(family_of(process.pid))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent died")
def test_a_killed_supervisor_leaves_nobody_behind(start: Start) -> None:
    process = start()
    said(process)
    family = whole_family(process)
    process.kill()
    assert eventually(lambda: alive(family) == [])


def test_a_taken_port_is_said_at_once(start: Start, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        process = start()
        assert said(process) == "port_taken"
        assert process.wait(5) == 4


def test_a_web_server_that_cannot_start_ends_the_attempt(start: Start) -> None:
    process = start("supervised:no_such_application")
    assert said(process) == "web_failed"
    assert process.wait(15) == 4
    assert family_of(process.pid) == []
