"""Databases and indices of a test's own on the servers that tests may fill, and what runs over them: services as production runs them."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.contracts.search_engines import elasticsearch_urls, remove_indices
from tests.scenarios.processes import alive, eventually, family_of
from union_catalog.ids import new_id

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def own_database(server: str) -> Iterator[str]:
    """The address of a new, empty database on the PostgreSQL ``server``, removed at the end."""
    name = f"test_{new_id().lower()}"
    url = make_url(server.replace("postgresql://", "postgresql+psycopg://", 1))
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        admin.dispose()


@contextmanager
def own_index() -> Iterator[dict[str, str]]:
    """The settings of an index of its own on the Elasticsearch that tests may fill."""
    prefix = f"test-{new_id().lower()}"
    urls = elasticsearch_urls()
    told = {"search_engine": "elasticsearch", "elasticsearch_url": ",".join(urls), "elasticsearch_prefix": prefix}
    try:
        yield told | {"elasticsearch_replicas": "0"}
    finally:
        remove_indices(prefix)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Service:
    """A long-running command; its log lies in a file. It is stopped as a container's: by SIGTERM, to its end."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, stdout=log, stderr=log, start_new_session=True)

    def stop(self) -> None:
        """Raises AssertionError if it does not end by itself, with everything it started."""
        assert self.process is not None
        family = family_of(self.process.pid)
        self.process.terminate()
        assert self.process.wait(25) == 0, self.log.read_text()
        assert alive(family) == []

    def kill(self) -> None:
        """Ends it and all of its family, whatever state they are in."""
        if self.process is not None and self.process.poll() is None:
            for pid in alive([*family_of(self.process.pid), self.process.pid]):
                os.kill(pid, signal.SIGKILL)
            self.process.wait()

    def lines(self) -> list[dict[str, Any]]:
        """The log's structured lines."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.startswith("{")]


def get(url: str, **headers: str) -> tuple[int, str, Mapping[str, str]]:
    """(status, text, headers) of the answer; status 0 where nobody answers."""
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)
    except OSError:
        return 0, "", {}


def answers(url: str, status: int = 200, seconds: float = 60) -> bool:
    """Whether it answers with this status in time."""
    return eventually(lambda: get(url)[0] == status, seconds)


def program(words: Sequence[str]) -> list[str]:
    """A command of an image as one of this machine: its programs are those of this environment."""
    known = {"union-catalog": [sys.executable, "-m", "api.cli"], "python": [sys.executable]}
    return [*known[words[0]], *words[1:]]
