"""Searching among a hundred thousand and among a million records: over HTTP, against the bare engine, on both engines, in one run.

The catalogue is written by ``filling.py``. UNION_CATALOG_BENCH_COUNT sets the size of the large one, for a try; the small one is a tenth.
UNION_CATALOG_BENCH_FILLED names a folder in which both are kept, so that another run need not write them again.
"""

import os
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.clients import Client, p95, served, times
from benchmarks.exports import Installation
from benchmarks.figures import Figure
from benchmarks.filling import fill
from benchmarks.known_queries import Known, initials, known, syllables, units
from benchmarks.mixed_queries import BROAD
from benchmarks.search_server import Server, server
from indexers.elasticsearch.pages import Pages
from indexers.embedded.engine import EmbeddedEngine
from union_catalog.matching.merging import MergedRecord
from union_catalog.search.engine import FacetName, SearchRequest
from union_catalog.search.query import parse
from union_catalog.storage import reads
from union_catalog.storage.database import Database
from union_catalog.storage.values import unpack

COUNT, ROUNDS, SEED = 1_000_000, 400, 20261124
FACETS: tuple[FacetName, ...] = ("library", "available", "language", "format", "year", "clc")
_WARMING = 30


@dataclass(frozen=True, slots=True)
class Typed:
    """What is asked of one catalogue: whole searches, and the beginnings of words for suggestions."""

    searches: Sequence[str]
    beginnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of one size of catalogue, by what was asked."""

    count: int
    times: Mapping[str, Sequence[float]]

    def p95(self, what: str) -> float:
        return p95(self.times[what])

    def told(self, what: str) -> str:
        return f"median {statistics.median(self.times[what]):.1f} ms"


def measure() -> Iterator[Figure]:
    """A tenth of the records first, then all of them."""
    count = int(os.environ.get("UNION_CATALOG_BENCH_COUNT", COUNT))
    small, large = _measured(count // 10), _measured(count)
    yield from _embedded(large)
    yield from _elasticsearch(large)
    yield from _suggestions(large)
    for what in ("embedded over HTTP", "Elasticsearch over HTTP"):
        growth = large.p95(what) / small.p95(what)
        how = f"p95 of {small.count:,} records {small.p95(what):.1f} ms, of {large.count:,} {large.p95(what):.1f} ms;"
        yield Figure(f"growth of p95 from a tenth, {what}", round(growth, 2), "×", "4", "1.5", how)


def _embedded(found: Measured) -> Iterator[Figure]:
    bare, over_http = found.p95("embedded bare"), found.p95("embedded over HTTP")
    size = f"{found.count:,} records"
    yield Figure(f"bare engine, 6 facets, {size}, p95", round(bare, 1), "ms", detail=f"{found.told('embedded bare')};")
    must, goal = f"{bare + 40:.1f} (bare + 40)", f"{bare + 15:.1f} (bare + 15)"
    how = f"{found.told('embedded over HTTP')}; {ROUNDS} queries: broad words, titles, words of titles, pinyin, initials; one client;"
    yield Figure(f"search over HTTP, 6 facets, {size}, embedded, p95", round(over_http, 1), "ms", must, goal, how)


def _elasticsearch(found: Measured) -> Iterator[Figure]:
    bare, over_http = found.p95("Elasticsearch bare"), found.p95("Elasticsearch over HTTP")
    told = found.told("Elasticsearch over HTTP")
    how = f"p95 {over_http:.1f} ms over HTTP, {bare:.1f} ms for the same bodies by the official client; {told};"
    what = f"search over HTTP, 6 facets, {found.count:,} records, Elasticsearch against the bare query, p95"
    yield Figure(what, round(over_http / bare, 2), "×", "2", "1.3", how)


def _suggestions(found: Measured) -> Iterator[Figure]:
    for engine in ("embedded", "Elasticsearch"):
        what = f"{engine} suggestions"
        how = f"{found.told(what)}; beginnings of titles in Han, pinyin and initials, one letter to six, over HTTP;"
        yield Figure(f"suggestions, {found.count:,} records, {engine}, p95", round(found.p95(what), 1), "ms", "50", "15", how)


def _measured(count: int) -> Measured:
    with _filled(count) as installation, server() as elsewhere:
        typed = _typed(installation)
        found: dict[str, Sequence[float]] = {"embedded bare": _bare(installation, typed.searches)}
        found |= _over_http(installation, typed, "embedded")
        remote = elsewhere.searching(installation)
        remote.run("index", "rebuild")
        found["Elasticsearch bare"] = _bare_query(elsewhere, typed.searches)
        found |= _over_http(remote, typed, "Elasticsearch")
    return Measured(count, found)


@contextmanager
def _filled(count: int) -> Iterator[Installation]:
    kept = os.environ.get("UNION_CATALOG_BENCH_FILLED")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(kept or folder) / str(count)
        done = home / "filled"
        installation = Installation(home)
        if not done.exists():
            home.mkdir(parents=True, exist_ok=True)
            fill(installation, count)
            done.touch()
        installation.run("init")  # what an earlier version has kept
        yield installation


def _request(query: str) -> SearchRequest:
    return SearchRequest(parse(query), facets=FACETS)


def _bare(installation: Installation, searches: Sequence[str]) -> Sequence[float]:
    engine = EmbeddedEngine(installation.home / "index")
    try:
        return times(lambda query: engine.search(_request(query)), searches)
    finally:
        engine.close()


def _bare_query(elsewhere: Server, searches: Sequence[str]) -> Sequence[float]:
    """The bodies that our engine sends, made beforehand."""
    bodies = [Pages(_request(query)).body() for query in searches]
    alias = next(iter(elsewhere.client.indices.get_alias(index=f"{elsewhere.prefix}-v*")))
    return times(lambda body: elsewhere.client.search(index=alias, body=body).body, bodies)


def _over_http(installation: Installation, typed: Typed, engine: str) -> dict[str, Sequence[float]]:
    with served(installation) as port:
        client = Client(port)

        def search(query: str) -> object:
            return client.get("/api/v1/search", q=query, facets=FACETS)

        def suggest(beginning: str) -> object:
            return client.get("/api/v1/suggestions", q=beginning)

        return {f"{engine} over HTTP": times(search, typed.searches), f"{engine} suggestions": times(suggest, typed.beginnings)}


def _typed(installation: Installation) -> Typed:
    """Drawn with a fixed seed: a third broad words, the rest of books of this catalogue."""
    chance = random.Random(SEED)
    books = _books(installation)
    ways: tuple[Callable[[Known], str], ...] = (
        lambda book: book.title,
        lambda book: "".join(units(book.title)[:2]),
        lambda book: f"{''.join(units(book.title)[:3])} {book.author}".strip(),
        lambda book: "".join(syllables(book)[:3]),
        initials,
    )
    searches = [
        chance.choice(BROAD) if chance.random() < 1 / 3 else chance.choice(ways)(chance.choice(books)) for _ in range(ROUNDS + _WARMING)
    ]
    written = [chance.choice((book.title, "".join(syllables(book)), initials(book)))[: chance.randint(1, 6)] for book in books]
    return Typed(searches[:ROUNDS], [text for text in map(str.strip, written) if text][:ROUNDS])


def _books(installation: Installation) -> list[Known]:
    """Some thousand, from the beginning."""
    database = Database(f"sqlite:///{installation.home / 'catalogue.sqlite3'}")
    with database.read() as connection:
        rows = reads.live_unions(connection, "", 2000)
    database.close()
    return [book for row in rows if (book := known(unpack(row.merged_z, MergedRecord).record)) is not None]
