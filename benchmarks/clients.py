"""Asking a running installation over HTTP, one client or many, and how long it takes."""

import asyncio
import http.client
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from benchmarks.exports import Installation
from benchmarks.figures import ROOT

Asked = TypeVar("Asked")
_WARM = 30
_END_OF_HEAD = b"\r\n\r\n"


class Client:
    """One client that keeps its connection, as browsers do."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, **parameters: str | Sequence[str]) -> bytes:
        """The body of an answer; of several values each is sent. Raises ValueError for any status but 200."""
        self._connection.request("GET", f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise ValueError(f"{answer.status} for {path}")
        return body


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def served(installation: Installation) -> Iterator[int]:
    """The port at which ``union-catalog serve`` answers for the installation."""
    port = free_port()
    with running([sys.executable, "-m", "api.cli", "serve", "--port", str(port)], installation):
        wait(port, "/readyz")
        yield port


@contextmanager
def running(command: Sequence[str], installation: Installation, inherits: Sequence[int] = ()) -> Iterator[None]:
    """A process that is stopped at the end. ``inherits``: file descriptors that it gets."""
    log = Path(installation.home) / "process.log"
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=installation.environment, cwd=ROOT, stdout=out, stderr=out, pass_fds=inherits)
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)


def wait(port: int, path: str) -> None:
    """Until it answers there. Raises TimeoutError after a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            Client(port).get(path)
        except (OSError, ValueError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing answers at {path}")


def times(ask: Callable[[Asked], object], askings: Sequence[Asked]) -> list[float]:
    """Milliseconds of each, after some to warm up."""
    for one in askings[:_WARM]:
        ask(one)
    found = []
    for one in askings:
        begun = time.perf_counter()
        ask(one)
        found.append((time.perf_counter() - begun) * 1000)
    return found


def p95(milliseconds: Sequence[float]) -> float:
    return statistics.quantiles(milliseconds, n=20)[-1]


def rate(port: int, paths: Sequence[str], seconds: float, clients: int) -> float:
    """Answers a second to so many clients that ask one path after another, each as soon as it has its answer.

    A client does next to nothing but send and count bytes, so that it is the server that is measured. Raises ValueError where an answer is
    not 200.
    """
    return asyncio.run(_rate(port, [_request(path) for path in paths], seconds, clients))


def _request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\r\n".encode()


async def _rate(port: int, requests: Sequence[bytes], seconds: float, clients: int) -> float:
    until = time.monotonic() + seconds
    begun = time.monotonic()
    counts = await asyncio.gather(*(_ask(port, requests, number * 7, until) for number in range(clients)))
    return sum(counts) / (time.monotonic() - begun)


async def _ask(port: int, requests: Sequence[bytes], place: int, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    while time.monotonic() < until:
        writer.write(requests[(place + count) % len(requests)])
        head = await reader.readuntil(_END_OF_HEAD)
        if not head.startswith(b"HTTP/1.1 200"):
            raise ValueError(head[:80].decode())
        await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\r", 1)[0]))
        count += 1
        if b"connection: close" in head.lower():
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    return count
