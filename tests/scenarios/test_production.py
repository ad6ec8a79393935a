"""The production shape with its real parts: the commands of deploy/services.toml over a PostgreSQL and an Elasticsearch."""

import json
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.scenarios.installations import Installation, demo_loads
from tests.scenarios.processes import eventually
from tests.scenarios.servers import ROOT, Service, answers, free_port, get, own_database, own_index, program

COMMANDS = tomllib.loads((ROOT / "deploy" / "services.toml").read_text("utf-8"))
LONG_RUNNING = ("web", "relay", "scheduler")
SECRET = "a-key-of-this-test-alone"

pytestmark = pytest.mark.postgres


class Production:
    """The services as the file says, with the addresses of this machine in the place of the containers'."""

    def __init__(self, folder: Path, database: str, index: Mapping[str, str]) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        own = {"database_url": database, "secret_key": SECRET, "log_format": "json", **index}
        self.installation = Installation(folder / "home", own)
        told = {name: text for name, text in COMMANDS["environment"].items() if "${" not in text}
        self.environment = told | self.installation.environment()
        self.services = {
            name: Service(self._here(["union-catalog", *COMMANDS["services"][name]["command"]]), self.environment, folder / f"{name}.log")
            for name in LONG_RUNNING
        }

    def _here(self, words: list[str]) -> list[str]:
        return [word.replace("8000", str(self.port)).replace("0.0.0.0", "127.0.0.1") for word in program(words)]

    def run_once(self, name: str) -> str:
        command = self._here(["union-catalog", *COMMANDS["services"][name]["command"]])
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True, timeout=60).stdout

    def is_well(self, name: str) -> bool:
        """What the container's health check would say."""
        command = self._here(COMMANDS["services"][name]["health"])
        return subprocess.run(command, env=self.environment, capture_output=True, timeout=60, check=False).returncode == 0

    def total(self, query: str) -> int:
        status, body, _ = get(f"{self.base}/api/v1/search?q={quote(query)}")
        assert status == 200, body
        return int(json.loads(body)["total"])

    def waiting(self) -> int:
        return int(self.installation.done("index", "status", "--json").json["waiting"])


@pytest.fixture
def production(tmp_path: Path, postgres_url: str) -> Iterator[Production]:
    with ExitStack() as stack:
        index = stack.enter_context(own_index())
        made = Production(tmp_path, stack.enter_context(own_database(postgres_url)), index)
        for service in made.services.values():
            stack.callback(service.kill)
        yield made


def test_every_service_may_stop_and_start_and_nothing_is_lost(production: Production, tmp_path: Path) -> None:
    assert "ready" in production.run_once("init")
    assert "no change" in production.run_once("init")  # a second `up` migrates nothing
    web, relay, scheduler = (production.services[name] for name in LONG_RUNNING)
    for service in (web, relay, scheduler):
        service.start()
    assert answers(f"{production.base}/readyz"), web.log.read_text()

    here, first, *rest = production.installation, *demo_loads(tmp_path / "exports")
    here.done("network", "apply", ROOT / "demo" / "network.toml")
    here.done("load", *first, "--no-wait")
    assert eventually(lambda: production.waiting() == 0, 60), relay.log.read_text()
    before = production.total("")
    assert before > 0
    assert all(production.is_well(name) for name in LONG_RUNNING)

    relay.stop()
    for arguments in rest:
        here.done("load", *arguments, "--no-wait")
    assert production.waiting() > 0
    assert production.total("") == before  # searches go on over what the index has
    web.stop()
    assert not production.is_well("web")
    relay.start()
    assert eventually(lambda: production.waiting() == 0, 60), relay.log.read_text()
    scheduler.stop()
    web.start()
    assert answers(f"{production.base}/readyz"), (get(f"{production.base}/readyz"), web.log.read_text()[-3000:])
    after = production.total("")
    assert after > before
    assert production.total("红楼梦") > 0

    web.stop()
    relay.stop()
    for service in (web, relay, scheduler):
        service.start()
    assert answers(f"{production.base}/readyz"), (get(f"{production.base}/readyz"), web.log.read_text()[-3000:])
    assert production.total("") == after
    assert all(production.is_well(name) for name in LONG_RUNNING)
    assert here.index_agrees()
    causes_of_loads_are_in_the_relay_s_log(relay)
    figures_of_all_services_are_told(production)


def causes_of_loads_are_in_the_relay_s_log(relay: Service) -> None:
    drained = [line for line in relay.lines() if line["event"] == "relay.drained" and line["messages"]]
    assert drained
    assert all(line.get("causes") for line in drained), drained


def figures_of_all_services_are_told(production: Production) -> None:
    status, told, _ = get(f"{production.base}/metrics")
    assert status == 200
    assert 'union_catalog_up{part="database"} 1.0' in told
    assert 'union_catalog_up{part="search"} 1.0' in told
    assert 'union_catalog_loads{library="JD",state="done"} 1.0' in told
    assert "union_catalog_outbox_waiting 0.0" in told
    assert 'union_catalog_search_seconds_count{engine="elasticsearch"} ' in told
    assert get(f"{production.base}/metrics", X_Forwarded_For="203.0.113.9")[0] == 401
