"""A mail server and a gateway of the tests' own, on real sockets: they keep what they are sent, and may be told to be difficult."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar


@dataclass
class MailBox:
    """``letters`` are the texts that were accepted. ``answers``: what is said to a command in place of the usual, by its first word;
    "." is the end of a text, and "" hangs up."""

    port: int = 0
    letters: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    answers: dict[str, str] = field(default_factory=dict)


class _Smtp(socketserver.StreamRequestHandler):
    server: "_SmtpServer"

    def handle(self) -> None:
        box = self.server.box
        box.connections += 1
        self._say("220 test")
        while line := self.rfile.readline():
            words = line.decode().strip()
            verb = words[:4].upper()
            if verb == "RCPT":
                box.recipients.append(words.partition("<")[2].partition(">")[0])
            if verb in box.answers:
                if not box.answers[verb]:
                    return
                self._say(box.answers[verb])
            elif verb == "DATA":
                if not self._take(box):
                    return
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, box: MailBox) -> bool:
        self._say("354 go on")
        lines = list(iter(self.rfile.readline, b".\r\n"))
        answer = box.answers.get(".", "250 taken")
        if answer.startswith("250") or not answer:
            box.letters.append(b"".join(line.removeprefix(b".") if line.startswith(b"..") else line for line in lines))
        if answer:
            self._say(answer)
        return bool(answer)

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class _SmtpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, box: MailBox) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.box = box


@contextmanager
def mail_server() -> Iterator[MailBox]:
    """A server on a port of its own."""
    box = MailBox()
    with _SmtpServer(box) as server:
        box.port = server.server_address[1]
        with _running(server):
            yield box


@dataclass(frozen=True)
class Call:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Gateway:
    """``statuses`` are answered first, one a call; then 202."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)


class _Http(BaseHTTPRequestHandler):
    gateway: ClassVar[Gateway]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.gateway.calls.append(Call(self.path, dict(self.headers.items()), body))
        status = self.gateway.statuses.pop(0) if self.gateway.statuses else 202
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.gateway.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def gateway() -> Iterator[Gateway]:
    """A gateway on a port of its own."""
    made = Gateway()
    handler = type("Handler", (_Http,), {"gateway": made})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        made.url = f"http://127.0.0.1:{server.server_address[1]}/messages?of=us"
        with _running(server):
            yield made


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
