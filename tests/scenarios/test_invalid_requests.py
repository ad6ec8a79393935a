"""Requests that the web server cannot read: refused, and told in the log without anything that a reader typed."""

import socket

from tests.scenarios.installations import COMMAND, Installation
from tests.scenarios.processes import eventually
from tests.scenarios.servers import Service, answers, free_port


def asked(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        return connection.recv(100)


def test_the_line_of_an_invalid_request_does_not_stand_in_the_log(installation: Installation) -> None:
    port = free_port()
    command = (*COMMAND, "serve", "--port", str(port), "--only", "web")
    web = Service(command, installation.environment(), installation.home / "serve.log")
    web.start()
    try:
        assert answers(f"http://127.0.0.1:{port}/healthz")
        line = "GET /api/v1/search?q=红楼梦&lat=31.123456&lng=121.987654 HTTP/1.1\r\n"
        assert asked(port, f"{line}Host: localhost\r\n\r\n".encode()).startswith(b"HTTP/1.1 400 ")
        assert asked(port, "GET / HTTP/1.1\r\nHost: localhost\r\nX红楼梦: 31.123456\r\n\r\n".encode()).startswith(b"HTTP/1.1 400 ")
        assert eventually(lambda: web.log.read_text("utf-8").count("invalid request") == 2, 10)
    finally:
        web.kill()
    lines = web.lines()
    written = [line for line in web.log.read_text("utf-8").splitlines() if line and not line.startswith(("{", "http://"))]
    assert written == []
    told = [line["event"] for line in lines if "invalid request" in line["event"]]
    assert told == ["invalid request: InvalidRequestLine", "invalid request: InvalidHeaderName"]
    assert not any(word in web.log.read_text("utf-8") for word in ("31.123456", "121.987654", "红楼梦", "127.0.0.1', "))
