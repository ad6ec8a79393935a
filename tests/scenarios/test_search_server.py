"""An installation that searches on a server: chosen by a setting, changed to and back, told when it cannot be used."""

from collections.abc import Iterator

import pytest

from tests.contracts.elasticsearch_proxy import Answer, proxied
from tests.contracts.search_engines import elasticsearch_urls, remove_indices
from tests.scenarios.installations import Installation
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
