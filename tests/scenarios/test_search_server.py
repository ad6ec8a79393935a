"""An installation that searches on a server: chosen by a setting, changed to and back, told when it cannot be used."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from elasticsearch import Elasticsearch

from tests.contracts.elasticsearch_proxy import Answer, proxied
from tests.contracts.search_engines import elasticsearch_urls, remove_indices
from tests.scenarios.installations import COMMAND, Installation
from tests.scenarios.processes import eventually
from tests.scenarios.servers import Service, free_port, get
from tests.scenarios.servers import answers as site_answers
from union_catalog.ids import new_id

QUERIES = ("红楼梦", "紅樓夢", "hlm", "三体2", "I247", "红楼梦 -曹雪芹", "")


@pytest.fixture
def on_server() -> Iterator[dict[str, str]]:
    """The settings of an index of its own on the server."""
    prefix = f"test-{new_id().lower()}"
    yield {
        "search_engine": "elasticsearch",
        "elasticsearch_url": ",".join(elasticsearch_urls()),
        "elasticsearch_prefix": prefix,
        "elasticsearch_replicas": "0",
    }
    remove_indices(prefix)


def answers(installation: Installation) -> list[object]:
    return [installation.done("search", query, "--json", "--per-page", "100").json for query in QUERIES]


def test_after_a_change_of_engine_a_rebuild_is_all_that_is_needed(demo: Installation, on_server: dict[str, str]) -> None:
    before = answers(demo)
    changed = Installation(demo.home, on_server)
    assert changed.run("search", "红楼梦").refused(4, "union-catalog index rebuild")
    changed.done("index", "rebuild")
    status = changed.done("index", "status", "--json").json
    assert status["engine"] == "elasticsearch"
    assert status["waiting"] == 0
    assert changed.index_agrees()
    assert answers(changed) == before
    assert answers(demo) == before


def test_loads_go_into_the_server_s_index(installation: Installation, demo_exports: list[list[object]], on_server: dict[str, str]) -> None:
    changed = Installation(installation.home, on_server)
    assert "created" in changed.done("init").out
    assert "no change" in changed.done("init").out
    for arguments in demo_exports:
        changed.done("load", *arguments)
    assert changed.index_agrees()
    assert changed.done("search", "红楼梦", "--json").json["total"] > 0


@pytest.mark.parametrize("command", [("serve", "--port", "1"), ("relay",)])
def test_a_server_of_another_version_is_told_before_anything_runs(installation: Installation, command: tuple[str, ...]) -> None:
    with proxied("http://127.0.0.1:1") as proxy:
        proxy.instead = lambda asked: Answer(200, {"version": {"number": "8.19.21"}})
        outcome = installation.process(*command, search_engine="elasticsearch", elasticsearch_url=proxy.url)
    assert outcome.refused(4, "8.19.21", "9")


def test_an_engine_nobody_knows_is_a_wrong_setting(installation: Installation) -> None:
    assert installation.run("search", "红楼梦", search_engine="solr").refused(2, "UNION_CATALOG_SEARCH_ENGINE", "solr")


def test_a_load_into_a_closed_index_is_stored_and_ends_well(
    installation: Installation, demo_exports: list[list[object]], on_server: dict[str, str]
) -> None:
    """Nothing is to be loaded again: the index follows once somebody has opened it."""
    site = Installation(installation.home, on_server)
    site.done("init")
    index = site.done("index", "status", "--json").json["generation"]
    with Elasticsearch(elasticsearch_urls()) as client:
        client.indices.close(index=index)
        outcome = site.done("load", *demo_exports[0])
        assert ("the index cannot be used now and will follow" in outcome.err, "Error" in outcome.err) == (True, False), outcome
        client.indices.open(index=index, wait_for_active_shards=1)
    assert site.index_agrees()
    assert site.done("search", "", "--json").json["total"] > 0


def test_a_repair_counts_what_the_server_then_has(demo: Installation, on_server: dict[str, str]) -> None:
    """Of a document that was deleted by hand the server remembers the version for a while, and refuses the one that should come back."""
    site = Installation(demo.home, on_server)
    site.done("index", "rebuild")
    index = site.done("index", "status", "--json").json["generation"]
    deleted = sorted(set(site.clusters().values()))[:2]
    with Elasticsearch(elasticsearch_urls()) as client:
        for union_id in deleted:
            client.delete(index=index, id=union_id, refresh=True)
        told = site.run("index", "verify", "--repair", "--json")
        verdict = {name: told.json[name] for name in ("missing", "repaired", "remaining")}
        assert (told.code, verdict) == (4, {"missing": 2, "repaired": 0, "remaining": 2})
        assert "gc_deletes" in told.err
        client.indices.put_settings(index=index, settings={"index.gc_deletes": "0s"})
        assert eventually(lambda: site.run("index", "verify", "--repair").code == 0, 20)
    assert site.index_agrees()


@contextmanager
def web_server(installation: Installation, **settings: str) -> Iterator[str]:
    """``serve`` with nothing but the web server; answers its address."""
    port = free_port()
    arguments = (*COMMAND, "serve", "--port", str(port), "--only", "web")
    service = Service(arguments, installation.environment(**settings), installation.home / "serve.log")
    service.start()
    try:
        assert site_answers(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        service.kill()


def timed(url: str) -> tuple[int, float]:
    begun = time.monotonic()
    status = get(url)[0]
    return status, time.monotonic() - begun


def _late() -> Answer:
    time.sleep(8)
    return Answer(503, {})


def test_a_server_that_hangs_takes_no_other_page_with_it_and_is_asked_again_once_it_answers(
    demo: Installation, on_server: dict[str, str]
) -> None:
    """Eight threads, 24 searches at once, each of which would hang for four seconds."""
    site = Installation(demo.home, on_server)
    site.done("index", "rebuild")
    hanging = threading.Event()
    with proxied(elasticsearch_urls()[0]) as proxy:
        proxy.instead = lambda asked: _late() if hanging.is_set() else None
        with web_server(site, elasticsearch_url=proxy.url, elasticsearch_timeout="4") as url, ThreadPoolExecutor(26) as readers:
            assert eventually(lambda: get(f"{url}/api/v1/search?q=1")[0] == 200, 20)
            hanging.set()
            searches = [readers.submit(timed, f"{url}/api/v1/search?q={number}") for number in range(24)]
            time.sleep(0.5)
            others = [readers.submit(timed, f"{url}{page}") for page in ("/healthz", "/branches")]
            for status, seconds in (page.result() for page in others):
                assert (status, seconds < 3) == (200, True), seconds
            for status, seconds in (search.result() for search in searches):
                assert (status, seconds < 7) == (503, True), seconds
            assert timed(f"{url}/readyz")[0] == 503
            hanging.clear()
            assert eventually(lambda: all(get(f"{url}/api/v1/search?q=1")[0] == 200 for _ in range(10)), 30)
