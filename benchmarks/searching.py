"""Search with all facets over HTTP, one client, against the bare engine on the same index and the same queries in the same run."""

import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.exports import Installation, load_all
from benchmarks.figures import ROOT, Figure
from indexers.embedded.engine import EmbeddedEngine
from union_catalog.search.engine import SearchRequest
from union_catalog.search.query import parse

PORT = 8791
ROUNDS = 400
_BROAD = ("中国", "history", "的", "文学", "红楼梦", "小说", "曹雪芹", "I247", "xiaoshuo", "现代 文学", "", "经济", "教育", "上海", "历史")


def measure() -> Iterator[Figure]:
    """The catalogue of the four real files, gunicorn as ``serve`` runs it."""
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder))
        installation.set_up()
        load_all(installation)
        queries = _queries(Path(folder))
        command = [sys.executable, "-m", "api.cli", "serve", "--port", str(PORT)]
        served = subprocess.Popen(command, env=installation.environment, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            _wait()
            http = _times(_over_http, queries)
        finally:
            served.terminate()
            served.wait(30)
        engine = EmbeddedEngine(Path(folder) / "index")
        bare = _times(lambda query: engine.search(SearchRequest(parse(query))), queries)
    told = f"median {statistics.median(bare):.1f} ms;"
    yield Figure("bare engine, all facets, 70 k records, p95", round(_p95(bare), 1), "ms", detail=told)
    yield Figure(
        "search over HTTP, all facets, 70 k records, p95",
        round(_p95(http), 1),
        "ms",
        f"{_p95(bare) + 20:.1f} (bare + 20)",
        f"{_p95(bare) + 8:.1f} (bare + 8)",
        f"median {statistics.median(http):.1f} ms; {ROUNDS} queries, broad words, titles, pinyin, classes, one client;",
    )


def _queries(folder: Path) -> list[str]:
    """A fixed mixture, drawn with a fixed seed: broad words, and titles of the catalogue."""
    installation = Installation(folder)
    rows = installation.run("search", "", "--per-page", "100").splitlines()[1:]
    titles = [row.split("  ")[1].partition(" / ")[0] for row in rows if "  " in row]
    return random.Random(7).choices([*_BROAD, *titles], k=ROUNDS)


def _times(ask: Callable[[str], object], queries: Sequence[str]) -> list[float]:
    for query in queries[:30]:
        ask(query)
    times = []
    for query in queries:
        begun = time.perf_counter()
        ask(query)
        times.append((time.perf_counter() - begun) * 1000)
    return times


def _over_http(query: str) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/api/v1/search?{urlencode({'q': query})}", timeout=30) as answer:
        answer.read()


def _wait() -> None:
    for _ in range(300):
        try:
            _over_http("")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
