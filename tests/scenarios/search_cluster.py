"""Elasticsearch nodes of a test's own, to be killed: real server processes, started as CI starts them."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import missing
from tests.scenarios.installations import ROOT
from tests.scenarios.processes import alive, command_of

COMMAND = ROOT / ".ci" / "elasticsearch"


@dataclass(frozen=True, slots=True)
class Cluster:
    """``urls`` has one address a node."""

    folder: Path
    port: int
    urls: tuple[str, ...]

    def pids(self) -> dict[str, int]:
        """The processes of the living nodes by their names."""
        found: dict[str, int] = {}
        for entry in Path("/proc").glob("[0-9]*"):
            command = command_of(int(entry.name))
            if "java" in command.partition(" ")[0] and str(self.folder) in command:
                name = next(f"node-{n}" for n in range(1, len(self.urls) + 1) if f"node-{n}" in command)
                found[name] = int(entry.name)
        return found

    def kill(self, name: str) -> None:
        """kill -9, and waits until it is gone."""
        pid = self.pids()[name]
        os.kill(pid, signal.SIGKILL)
        while alive([pid]):
            pass

    def start(self) -> None:
        """Brings back what was killed, with its data."""
        _start(self.folder, self.port, len(self.urls))


def _start(folder: Path, port: int, nodes: int) -> tuple[str, ...]:
    done = subprocess.run([COMMAND, "start", folder, str(port), str(nodes)], capture_output=True, text=True, check=False)
    if done.returncode:
        missing(f"no Elasticsearch of our own: {done.stderr.strip()[-300:]}", "REQUIRE_ELASTICSEARCH")
    return tuple(done.stdout.split())


@contextmanager
def cluster(nodes: int = 1) -> Iterator[Cluster]:
    """A new cluster without anything in it; stopped and removed afterwards. Skips where none can be started."""
    if not os.environ.get("UNION_CATALOG_TEST_ELASTICSEARCH_URL"):
        missing("UNION_CATALOG_TEST_ELASTICSEARCH_URL names no Elasticsearch server", "REQUIRE_ELASTICSEARCH")
    port = _free_ports(nodes)
    # Not in pytest's folder, which the server's own user may not enter.
    folder = Path(f"/tmp/union-catalog-test-cluster-{os.getpid()}-{port}")
    try:
        yield Cluster(folder, port, _start(folder, port, nodes))
    finally:
        subprocess.run([COMMAND, "stop", folder, str(port)], capture_output=True, check=False)


def _free_ports(count: int) -> int:
    """The first of so many neighbouring ports that nobody listens on, those of the nodes' own traffic included."""
    for port in range(19200 + os.getpid() % 400 * 10, 32000, 10):
        if all(_is_free(port + n) and _is_free(port + 100 + n) for n in range(count)):
            return port
    raise AssertionError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
