"""From a change in the database to the search that finds it: relay processes as in production, changes at random moments."""

import hashlib
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.clients import p95, running
from benchmarks.exports import Installation
from benchmarks.figures import Figure
from benchmarks.filling import fill
from benchmarks.search_server import server
from indexers.embedded.engine import EmbeddedEngine
from union_catalog.bibliographic.record import BibliographicRecord, Title
from union_catalog.clock import SystemClock
from union_catalog.context import command_line
from union_catalog.ids import new_id
from union_catalog.search.engine import SearchEngine, SearchRequest
from union_catalog.search.query import parse
from union_catalog.services.ingest.batch import Batch
from union_catalog.services.loads import LoadRequest, finish, loading
from union_catalog.services.prepared import Arrival, prepare
from union_catalog.storage.database import Database

COUNT, CHANGES, RELAYS, LONGEST = 20_000, 100, 2, 30.0
_KEY_LIMIT = 1000


def measure() -> Iterator[Figure]:
    """Both engines, each with two relays, in a catalogue of 20,000 records."""
    count = int(os.environ.get("UNION_CATALOG_BENCH_COUNT", COUNT))
    with tempfile.TemporaryDirectory() as folder, server() as elsewhere:
        installation = Installation(Path(folder))
        fill(installation, count)
        yield _figure("embedded", count, _seconds(installation, EmbeddedEngine(installation.home / "index")))
        remote = elsewhere.searching(installation)
        remote.run("index", "rebuild")
        yield _figure("Elasticsearch", count, _seconds(remote, elsewhere.engine()))


def _figure(engine: str, count: int, seconds: list[float]) -> Figure:
    told = f"median {statistics.median(seconds):.2f} s, longest {max(seconds):.2f} s"
    how = f"{told}; {len(seconds)} changes, {RELAYS} relays, {count:,} records;"
    return Figure(f"change in the database to searchable, {engine}, p95", round(p95(seconds), 2), "s", "2", "1", how)


def _seconds(installation: Installation, engine: SearchEngine) -> list[float]:
    chance = random.Random(1)
    database = Database(f"sqlite:///{installation.home / 'catalogue.sqlite3'}", busy_timeout=60)
    found = []
    with ExitStack() as relays:
        for _ in range(RELAYS):
            relays.enter_context(running([sys.executable, "-m", "api.cli", "relay"], installation))
        _until_found(engine, _change(database, "0")[0])  # they have started once this one is there
        for number in range(1, CHANGES + 1):
            time.sleep(chance.uniform(0.05, 0.6))
            title, committed = _change(database, str(number))
            _until_found(engine, title)
            found.append(time.perf_counter() - committed)
    engine.close()
    database.close()
    return found


def _change(database: Database, number: str) -> tuple[str, float]:
    """A new record: its title, which is no other's, and the moment at which it was committed."""
    title = f"{number}x{new_id()}"
    clock = SystemClock()
    record = BibliographicRecord(titles=(Title(kind="proper", text=title),), languages=("chi",))
    arrival = Arrival(title, "1", hashlib.sha256(title.encode()).hexdigest(), False, title.encode(), record, ())
    request = LoadRequest("JD", f"{title}.iso", new_id(), "cnmarc", "utf-8", False, False)
    with loading(database, clock, command_line(clock), request, _KEY_LIMIT) as begun:
        state = begun.ingest.take(begun.state, Batch([prepare("JD", arrival)], range(1)), 0.0)
        committed = time.perf_counter()
        finish(database, clock, command_line(clock), begun, state, request)
    return title, committed


def _until_found(engine: SearchEngine, title: str) -> None:
    """Raises TimeoutError."""
    until = time.monotonic() + LONGEST
    while not engine.search(SearchRequest(parse(title), per_page=1, facets=())).total:
        if time.monotonic() > until:
            raise TimeoutError(f"{title} was not found")
        time.sleep(0.01)
