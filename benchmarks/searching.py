"""Search with all facets over HTTP, one client, against the bare engine on the same index and the same queries in the same run."""

import random
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.clients import Client, p95, served, times
from benchmarks.exports import Installation, load_all
from benchmarks.figures import Figure
from indexers.embedded.engine import EmbeddedEngine
from union_catalog.search.engine import SearchRequest
from union_catalog.search.query import parse

ROUNDS = 400
_BROAD = ("中国", "history", "的", "文学", "红楼梦", "小说", "曹雪芹", "I247", "xiaoshuo", "现代 文学", "", "经济", "教育", "上海", "历史")


def measure() -> Iterator[Figure]:
    """The catalogue of the four real files, gunicorn as ``serve`` runs it."""
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder))
        installation.set_up()
        load_all(installation)
        queries = _queries(Path(folder))
        with served(installation) as port:
            client = Client(port)
            http = times(lambda query: client.get("/api/v1/search", q=query), queries)
        engine = EmbeddedEngine(Path(folder) / "index")
        bare = times(lambda query: engine.search(SearchRequest(parse(query))), queries)
    told = f"median {statistics.median(bare):.1f} ms;"
    yield Figure("bare engine, all facets, 70 k records, p95", round(p95(bare), 1), "ms", detail=told)
    yield Figure(
        "search over HTTP, all facets, 70 k records, p95",
        round(p95(http), 1),
        "ms",
        f"{p95(bare) + 20:.1f} (bare + 20)",
        f"{p95(bare) + 8:.1f} (bare + 8)",
        f"median {statistics.median(http):.1f} ms; {ROUNDS} queries, broad words, titles, pinyin, classes, one client;",
    )


def _queries(folder: Path) -> list[str]:
    """A fixed mixture, drawn with a fixed seed: broad words, and titles of the catalogue."""
    installation = Installation(folder)
    rows = installation.run("search", "", "--per-page", "100").splitlines()[1:]
    titles = [row.split("  ")[1].partition(" / ")[0] for row in rows if "  " in row]
    return random.Random(7).choices([*_BROAD, *titles], k=ROUNDS)
