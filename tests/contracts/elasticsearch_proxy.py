"""A small proxy before a real Elasticsearch server: it looks at what is asked, and can answer in the server's place."""

import http.client
import json
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    body: bytes
    authorization: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: object


@dataclass(slots=True)
class Proxy:
    """``instead`` is asked first; where it has no answer, the server is. ``after`` sees the answer and may change it."""

    url: str
    instead: Callable[[Asked], Answer | None] = lambda asked: None
    after: Callable[[Asked, object], object] = lambda asked, answer: answer
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def proxied(server: str, certificate: Path | None = None) -> Iterator[Proxy]:
    """A proxy on a port of its own, with TLS where there is a certificate (a file with its key)."""
    handler = type("Handler", (_Handler,), {"server_url": server})
    listening = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        listening.socket = context.wrap_socket(listening.socket, server_side=True)
        scheme = "https"
    proxy = handler.proxy = Proxy(f"{scheme}://127.0.0.1:{listening.server_address[1]}")  # type: ignore[attr-defined]  # made above
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield proxy
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def make_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that is its own authority, with its key behind it."""
    made = folder / "server.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(["openssl", "req", "-x509", *key, *subject, "-keyout", made, "-out", folder / "ca.pem"], check=True, capture_output=True)
    made.write_bytes(made.read_bytes() + (folder / "ca.pem").read_bytes())
    return made


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_url: str
    proxy: Proxy

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        asked = Asked(self.command, self.path, body, self.headers.get("authorization", ""))
        self.proxy.asked.append(asked)
        answer = self.proxy.instead(asked)
        if answer is None:
            answer = self._forward(asked)
        sent = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(sent)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _any  # noqa: N815 - the names that http.server calls

    def _forward(self, asked: Asked) -> Answer:
        behind = http.client.HTTPConnection(urlsplit(self.server_url).netloc, timeout=30)
        try:
            headers = {name: self.headers[name] for name in ("content-type", "accept") if name in self.headers}
            behind.request(asked.method, asked.path, asked.body, headers)
            answer = behind.getresponse()
            text = answer.read()
            return Answer(answer.status, self.proxy.after(asked, json.loads(text) if text else {}))
        finally:
            behind.close()

    def log_message(self, *_: object) -> None:
        """Says nothing."""
