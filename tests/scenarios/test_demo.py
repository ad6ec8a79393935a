"""The demo end to end: four exports through the real loaders, then what a reader finds."""

import csv
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import pytest

from demo.tables import expected_clusters
from tests.scenarios.installations import Installation


def pairs(clusters: Iterable[Iterable[str]]) -> set[frozenset[str]]:
    return {frozenset(pair) for cluster in clusters for pair in combinations(sorted(cluster), 2)}


def test_clusters_are_the_editions(demo: Installation) -> None:
    found = pairs(demo.partition())
    expected = pairs([f"{library}:{record_id}" for library, record_id in members] for members in expected_clusters().values())
    assert set(demo.clusters()) == {f"{library}:{i}" for members in expected_clusters().values() for library, i in members}
    assert found - expected == set()
    assert len(found & expected) / len(expected) >= 0.93


def test_many_editions_are_shared_by_libraries(demo: Installation) -> None:
    shared = [part for part in demo.partition() if len({key.partition(":")[0] for key in part}) >= 2]
    assert len(shared) >= 100


@pytest.mark.parametrize("query", ["红楼梦", "紅樓夢", "honglou meng", "hongloumeng"])
def test_a_title_is_found_however_it_is_written(demo: Installation, query: str) -> None:
    """All editions, first those that are called exactly so."""
    answer = demo.done("search", query, "--json").json
    titles = [item["title"] for item in answer["items"]]
    named = demo.done("search", "红楼梦", "--json").json
    assert [item["union_id"] for item in answer["items"]] == [item["union_id"] for item in named["items"]]
    exact = [title in ("红楼梦", "紅樓夢") for title in titles]
    assert exact == sorted(exact, reverse=True)
    assert sum(exact) >= 5


@pytest.mark.parametrize("query", ["9787020002207", "978-7-02-000220-7", "7-02-000220-7", "7020002202"])
def test_an_isbn_is_found_however_it_is_written(demo: Installation, query: str) -> None:
    answer = demo.done("search", query, "--json").json
    assert answer["total"] == 1
    item = answer["items"][0]
    assert item["title"] == "红楼梦"
    assert [library["code"] for library in item["libraries"]] == ["JD", "JX", "KS", "WZ"]
    members = {record for record, union_id in demo.clusters().items() if union_id == item["union_id"]}
    assert frozenset(tuple(member.split(":")) for member in members) in set(expected_clusters().values())


def test_items_are_those_of_the_exports(demo: Installation, demo_exports: list[list[object]]) -> None:
    listed = {line.split("\t")[0]: int(line.split("\t")[4]) for line in demo.done("libraries", "list").out.splitlines()}
    kunshan = next(Path(str(arguments[-1])) for arguments in demo_exports if "KS" in arguments)
    with kunshan.open(encoding="utf-8-sig", newline="") as file:
        assert listed["KS"] == sum(1 for _ in csv.DictReader(file))
    assert sum(listed.values()) >= 2000


def test_the_network_is_the_one_described(demo: Installation) -> None:
    """No branch had to be made from a code that nobody knows."""
    assert "no change" in demo.done("network", "apply", Path(__file__).resolve().parents[2] / "demo" / "network.toml").out
    assert demo.index_agrees()
