"""Pages a second to 16 clients, gunicorn as ``serve`` runs it, against an empty Flask page under the same settings in the same run."""

import os
import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from api.serve import listen, web_server
from benchmarks.clients import Client, free_port, rate, running, served, wait
from benchmarks.exports import Installation
from benchmarks.figures import Figure
from benchmarks.filling import fill
from benchmarks.mixed_queries import BROAD
from union_catalog.settings import Settings

COUNT, CLIENTS, SECONDS, PATHS = 70_000, 16, 20.0, 400
_RECORD = re.compile(rb'href="(/records/[0-9a-z]{16})"')


def measure() -> Iterator[Figure]:
    """Search pages with all facets and record pages, half and half."""
    count = int(os.environ.get("UNION_CATALOG_BENCH_COUNT", COUNT))
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder))
        fill(installation, count)
        empty = _empty(installation)
        with served(installation) as port:
            paths = _paths(port)
            pages = rate(port, paths, SECONDS, CLIENTS)
    share = f"{100 * pages / empty:.1f} % of {empty:,.0f} empty pages a second under the same settings"
    how = f"{share}; {CLIENTS} clients, {count:,} records, {len(paths)} pages: searches and records, half and half;"
    yield Figure("pages a second against an empty page", round(100 * pages / empty, 1), "%", "10", "20", how)
    yield Figure("pages a second", round(pages), "pages/s", detail="as above;")


def _empty(installation: Installation) -> float:
    with listen("127.0.0.1", free_port()) as listener:
        program = web_server(Settings.from_environment(), listener, "benchmarks.empty_page:create_app()")
        port: int = listener.getsockname()[1]
        with running(program.command, installation, program.inherits):
            wait(port, "/")
            return rate(port, ["/"], SECONDS, CLIENTS)


def _paths(port: int) -> list[str]:
    client, chance = Client(port), random.Random(1)
    searches = [f"/search?q={quote(query)}" for query in BROAD]
    records = sorted({path.decode() for search in searches for path in _RECORD.findall(client.get(search))})
    return [chance.choice(searches if number % 2 else records) for number in range(PATHS)]
