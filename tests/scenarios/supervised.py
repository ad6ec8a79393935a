"""A program for test_serve: the real supervisor over a tiny web application and a child that only waits.

Usage: supervised.py PORT APPLICATION. Prints the address when it is ready and the code of the error that
ended it.
"""

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from api.logging import configure_logging
from api.serve import Program, listen, supervise, web_server
from union_catalog.errors import UnionCatalogError
from union_catalog.settings import Settings


def application(_: object, start_response: Callable[[str, list[tuple[str, str]]], object]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"here"]


def main(port: int, app: str) -> None:
    settings = Settings.from_environment()
    configure_logging(settings)
    listener = listen("127.0.0.1", port)
    waiting = Program("relay", (sys.executable, str(Path(__file__)), "wait"))
    web = web_server(settings, listener, app)
    supervise([waiting, web], listener, lambda url: print(url, flush=True))


if __name__ == "__main__":
    if sys.argv[1] == "wait":
        time.sleep(600)
    try:
        main(int(sys.argv[1]), sys.argv[2])
    except UnionCatalogError as error:
        print(error.code, flush=True)
        sys.exit(4)
