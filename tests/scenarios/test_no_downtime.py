"""Searches go on: while the index is rebuilt, and while web servers are exchanged for newer ones one after the other."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.scenarios.installations import COMMAND, Installation
from tests.scenarios.processes import eventually
from tests.scenarios.servers import Service, answers, free_port, get, own_index

SEARCH = "/api/v1/search?q=" + quote("红楼梦")


class Readers:
    """Somebody who searches without a pause. As a web server before ours would, each asks the next address where one does not answer."""

    def __init__(self, ports: list[int]) -> None:
        self.ports, self.found, self.failed = ports, list[int](), list[str]()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._search)

    def __enter__(self) -> "Readers":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _search(self) -> None:
        while not self._stop.is_set():
            status, body = 0, ""
            for port in self.ports:
                status, body, _ = get(f"http://127.0.0.1:{port}{SEARCH}")
                if status:
                    break
            if status == 200:
                self.found.append(int(json.loads(body)["total"]))
            else:
                self.failed.append(f"{status} {body[:200]}")

    def has_searched(self, times: int) -> bool:
        """Whether so many more searches have ended."""
        goal = len(self.found) + times
        return eventually(lambda: len(self.found) >= goal or bool(self.failed), 30)


@pytest.fixture
def web(demo: Installation, tmp_path: Path) -> Iterator["Web"]:
    found = Web(demo, tmp_path)
    yield found
    for service in found.started:
        service.kill()


class Web:
    """Web servers over one installation."""

    def __init__(self, demo: Installation, folder: Path) -> None:
        self.demo, self.folder, self.started = demo, folder, list[Service]()

    def start(self, port: int, *parts: str, **settings: str) -> Service:
        command = [*COMMAND, "serve", "--port", str(port), *(word for part in parts for word in ("--only", part))]
        service = Service(command, self.demo.environment(web_workers="1", **settings), self.folder / f"web-{port}.log")
        self.started.append(service)
        service.start()
        assert answers(f"http://127.0.0.1:{port}/readyz"), service.log.read_text()[-3000:]
        return service


@pytest.mark.parametrize("engine", ["embedded", "elasticsearch"])
def test_searches_go_on_while_the_index_is_rebuilt(web: Web, engine: str) -> None:
    with ExitStack() as stack:
        settings: Mapping[str, str] = stack.enter_context(own_index()) if engine == "elasticsearch" else {}
        installation = Installation(web.demo.home, settings)
        installation.done("index", "rebuild")
        port = free_port()
        web.start(port, **settings)
        with Readers([port]) as readers:
            assert readers.has_searched(5)
            for _ in range(3):
                installation.done("index", "rebuild")
            assert readers.has_searched(5)
        assert readers.failed == []
        assert len(set(readers.found)) == 1
        assert readers.found[0] > 0
        web.started[0].stop()
        assert installation.index_agrees()


def test_searches_go_on_while_web_servers_are_exchanged(web: Web) -> None:
    ports = [free_port(), free_port()]
    first, second = (web.start(port, "web") for port in ports)
    with Readers(ports) as readers:
        assert readers.has_searched(5)
        for service, port in ((first, ports[0]), (second, ports[1])):
            service.stop()
            assert readers.has_searched(5)
            web.start(port, "web")
            assert readers.has_searched(5)
    assert readers.failed == []
    assert len(set(readers.found)) == 1
