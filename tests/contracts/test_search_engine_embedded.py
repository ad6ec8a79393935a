"""What only the embedded engine can suffer: its folder, its lock, its processes."""

import json
import multiprocessing
import os
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest

from indexers.embedded import facets
from indexers.embedded.engine import EmbeddedEngine
from indexers.embedded.folder import Folder
from indexers.embedded.schema import SCHEMA_VERSION
from tests.contracts.search_engines import CATALOGUE, edition, found, page
from tests.contracts.test_search_engine_facets import crowd
from union_catalog.errors import SearchUnavailable
from union_catalog.search.frequent import MOST_NAMES


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    made = EmbeddedEngine(tmp_path / "index")
    made.create()
    made.apply(CATALOGUE, ())
    return made


def generation(folder: Path) -> Path:
    current = Folder(folder).current()
    assert current is not None
    return current


def refused(engine: EmbeddedEngine) -> SearchUnavailable:
    with pytest.raises(SearchUnavailable) as refusal:
        page(engine)
    return refusal.value


def test_a_folder_of_an_older_version_is_refused_and_a_rebuild_replaces_it(tmp_path: Path, engine: EmbeddedEngine) -> None:
    about = generation(tmp_path / "index") / "about.json"
    about.write_text(json.dumps({"schema_version": SCHEMA_VERSION - 1, "analysis_version": 1}))
    fresh = EmbeddedEngine(tmp_path / "index")
    refusal = refused(fresh)
    assert refusal.code == "index_outdated"
    assert refusal.data["found"] == SCHEMA_VERSION - 1
    assert refusal.data["needed"] == SCHEMA_VERSION
    assert refusal.data["command"] == "union-catalog index rebuild"
    with pytest.raises(SearchUnavailable):
        fresh.apply([edition("a", "甲")], ())
    rebuild = fresh.start_rebuild()
    rebuild.add(CATALOGUE)
    rebuild.switch()
    assert page(fresh).total == len(CATALOGUE)


@pytest.mark.parametrize("told", [1, 120, 400], ids=["too few", "some", "all"])
def test_names_are_counted_exactly_where_each_segment_tells_only_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: int) -> None:
    """Whatever the segments leave out: those that may be among the most frequent are counted again."""
    monkeypatch.setattr(facets, "_PART", told)
    documents = crowd(3_000, 300)
    engine = EmbeddedEngine(tmp_path / "index")
    engine.create()
    for start in range(0, len(documents), 600):
        engine.apply(documents[start : start + 600], ())
    exact = Counter(name for document in documents for name in document.authors)
    expected = sorted(exact.items(), key=lambda item: (-item[1], item[0]))[:MOST_NAMES]
    assert [(one.value, one.count) for one in page(engine, "人海", facets=True).facets["author"]] == expected


@pytest.mark.parametrize("damage", ["about.json", "meta.json"])
def test_a_damaged_folder_is_told_and_a_rebuild_replaces_it(tmp_path: Path, engine: EmbeddedEngine, damage: str) -> None:
    engine.close()
    (generation(tmp_path / "index") / damage).write_text("{")
    fresh = EmbeddedEngine(tmp_path / "index")
    assert refused(fresh).code in {"index_outdated", "index_unusable"}
    rebuild = fresh.start_rebuild()
    rebuild.switch()
    assert page(fresh).total == 0


def test_a_live_generation_that_vanished_is_told(tmp_path: Path, engine: EmbeddedEngine) -> None:
    live = generation(tmp_path / "index")
    live.rename(tmp_path / "elsewhere")
    assert refused(engine).code in {"index_outdated", "index_unusable"}
    (tmp_path / "elsewhere").rename(live)
    assert page(engine).total == len(CATALOGUE)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("not a folder")
    engine = EmbeddedEngine(tmp_path / "index")
    assert refused(engine).code == "index_missing"
    with pytest.raises(SearchUnavailable) as refusal:
        engine.create()
    assert refusal.value.code == "index_unwritable"


def test_one_writer_at_a_time(tmp_path: Path, engine: EmbeddedEngine) -> None:
    other = EmbeddedEngine(tmp_path / "index")
    with pytest.raises(SearchUnavailable) as refusal:
        other.apply([edition("a", "甲")], ())
    assert refusal.value.code == "index_locked"
    engine.close()
    other.apply([edition("a", "甲")], ())
    assert found(other, "甲") == ["a"]


def test_what_a_killed_rebuild_left_behind_is_removed_by_the_next(tmp_path: Path, engine: EmbeddedEngine) -> None:
    started = multiprocessing.get_context("spawn").Event()
    child = multiprocessing.get_context("spawn").Process(target=_rebuild_and_hang, args=(tmp_path / "index", started))
    child.start()
    assert started.wait(60)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    folders = [one for one in (tmp_path / "index").iterdir() if one.is_dir()]
    assert len(folders) == 2
    assert page(engine).total == len(CATALOGUE)
    rebuild = engine.start_rebuild()
    rebuild.add(CATALOGUE[:3])
    rebuild.switch()
    assert [one for one in (tmp_path / "index").iterdir() if one.is_dir()] == [generation(tmp_path / "index")]
    assert page(engine).total == 3


def _rebuild_and_hang(folder: Path, started: threading.Event) -> None:
    rebuild = EmbeddedEngine(folder).start_rebuild()
    rebuild.add(CATALOGUE)
    started.set()
    signal.pause()


def test_a_killed_writer_loses_nothing_that_was_acknowledged(tmp_path: Path, engine: EmbeddedEngine) -> None:
    engine.close()
    context = multiprocessing.get_context("spawn")
    acknowledged = context.Queue()
    child = context.Process(target=_write_for_ever, args=(tmp_path / "index", acknowledged))
    child.start()
    last = [acknowledged.get(timeout=60) for _ in range(12)][-1]
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    known = dict(engine.revisions())
    assert all(known[f"k{i}"] == 1 for i in range(last + 1))
    engine.apply([edition("after", "之后")], ())
    assert found(engine, "之后") == ["after"]


def _write_for_ever(folder: Path, acknowledged: "multiprocessing.Queue[int]") -> None:
    engine = EmbeddedEngine(folder)
    number = 0
    while True:
        engine.apply([edition(f"k{number}", "题")], ())
        acknowledged.put(number)
        number += 1


def test_an_engine_used_before_a_fork_works_in_the_child(engine: EmbeddedEngine) -> None:
    before = page(engine, "红楼梦").total
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, str(page(engine, "红楼梦").total).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        assert answer.read() == str(before)
    os.waitpid(child, 0)


def test_threads_search_while_batches_are_written(engine: EmbeddedEngine) -> None:
    totals: list[int] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            totals.append(page(engine, "红楼梦", facets=True).total)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for i in range(12):
        engine.apply([edition(f"t{i}", "另一本", revision=i + 1)], ())
        if i % 4 == 3:
            rebuild = engine.start_rebuild()
            rebuild.add(CATALOGUE)
            rebuild.switch()
    stop.set()
    for thread in threads:
        thread.join()
    assert set(totals) == {6}
