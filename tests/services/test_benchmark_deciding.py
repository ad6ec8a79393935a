"""The benchmark of deciding takes records as a load does, and its clock runs while they are decided on."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.deciding import decide_all
from tests.services.records import book
from union_catalog.services.deciding import graph
from union_catalog.services.prepared import prepare
from union_catalog.settings import Settings
from union_catalog.storage.database import Database


def test_deciding_is_timed_within_the_whole(catalogue_database: Database, tmp_path: Path, union_of: Callable[[], dict[str, str]]) -> None:
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(tmp_path), "UNION_CATALOG_LOAD_BATCH": "2"})
    before = graph.refresh
    prepared = {code: [prepare(code, book(f"{code}{number}", f"书名第{number}种")) for number in range(5)] for code in ("JD", "JX")}
    decided = decide_all(catalogue_database, settings, prepared)
    found = union_of()
    assert len(found) == decided.records == 10
    assert all(found[f"JD:JD{number}"] == found[f"JX:JX{number}"] for number in range(5))
    assert 0 < decided.merging.wall < decided.deciding.wall < decided.whole.wall
    assert 0 < decided.deciding.busy <= decided.whole.busy
    assert graph.refresh is before
