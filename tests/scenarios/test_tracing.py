"""What a load or a request causes can be followed: one id in its own log, in the answer, and in the relay's."""

import json
from pathlib import Path

import pytest

from tests.scenarios.installations import COMMAND, Installation, jiading, write_cnmarc
from tests.scenarios.processes import eventually
from tests.scenarios.servers import Service, answers, free_port


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_the_relay_names_the_load_that_gave_it_work(installation: Installation, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    relay = Service([*COMMAND, "relay"], installation.environment(log_format="json"), tmp_path / "relay.log")
    request.addfinalizer(relay.kill)
    relay.start()
    export = write_cnmarc(tmp_path / "secret-name.iso", jiading(5))
    arguments = ("load", "--library", "JD", "--format", "cnmarc", "--encoding", "utf-8", "--no-wait", export)
    loaded = installation.process(*arguments, log_format="json")
    assert loaded.code == 0, loaded.err
    told = lines(loaded.err)
    assert [line["event"] for line in told] == ["begun", "stored", "ended"]
    [cause] = {line["request_id"] for line in told}
    assert (told[1]["library"], told[1]["read"], told[1]["stored"]) == ("JD", 5, 5)
    assert told[2]["code"] == ""

    def drained() -> list[dict[str, object]]:
        return [line for line in relay.lines() if line["event"] == "relay.drained"]

    assert eventually(lambda: bool(drained()), 60), relay.log.read_text()
    assert drained()[0]["causes"] == [cause]
    assert "secret-name" not in relay.log.read_text() + loaded.err


def test_a_load_that_fails_says_so_in_its_log(installation: Installation, tmp_path: Path) -> None:
    export = write_cnmarc(tmp_path / "export.iso", jiading(1))
    arguments = ("load", "--library", "NONE", "--format", "cnmarc", "--encoding", "utf-8", export)
    failed = installation.process(*arguments, log_format="json")
    assert failed.code == 2
    assert [line.get("code") for line in lines(failed.err)] == [None, "unknown_library"]
    at_a_terminal = installation.process(*arguments)
    assert lines(at_a_terminal.err) == []


def test_whatever_serve_says_is_a_line_of_its_log(installation: Installation, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    port = free_port()
    service = Service([*COMMAND, "serve", "--port", str(port)], installation.environment(log_format="json"), tmp_path / "serve.log")
    request.addfinalizer(service.kill)
    service.start()

    def told() -> list[object]:
        return [line["url"] for line in service.lines() if line["event"] == "serving"]

    assert eventually(lambda: bool(told()), 60), service.log.read_text()
    assert answers(f"http://127.0.0.1:{port}/healthz")
    service.stop()
    assert told() == [f"http://127.0.0.1:{port}"]
    assert [line for line in service.log.read_text("utf-8").splitlines() if not line.startswith("{")] == []
