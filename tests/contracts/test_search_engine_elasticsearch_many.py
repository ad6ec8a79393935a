"""Many at once on one server: writers, searches, rebuilds, one of them killed, and an index in several parts."""

import multiprocessing
import os
import random
import signal
import threading
from dataclasses import replace
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from indexers.elasticsearch.engine import ElasticsearchEngine
from indexers.elasticsearch.indices import Indices, Shape
from indexers.elasticsearch.server import Address
from tests.contracts.elasticsearch_site import Site
from tests.contracts.search_engines import CATALOGUE, edition, found, page
from union_catalog.clock import SystemClock
from union_catalog.errors import SearchUnavailable


def test_any_number_of_writers_leave_the_newest_state(site: Site) -> None:
    site.filled()
    chance = random.Random(5)
    changes = [(f"w{n}", revision, (n + revision) % 3 == 0) for n in range(20) for revision in range(1, 13)]
    chance.shuffle(changes)

    def write(part: list[tuple[str, int, bool]]) -> None:
        engine = site.engine()
        for start in range(0, len(part), 6):
            batch = part[start : start + 6]
            engine.apply(
                [edition(name, "题", revision=revision) for name, revision, gone in batch if not gone],
                [(name, revision) for name, revision, gone in batch if gone],
            )
        engine.close()

    threads = [threading.Thread(target=write, args=(changes[i::4],)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = {name: revision for name, revision in site.engine().revisions() if name.startswith("w")}
    assert written == {f"w{n}": 12 for n in range(20) if (n + 12) % 3}


def test_what_is_written_during_a_rebuild_is_in_both_indices(site: Site) -> None:
    """Nobody tells the rebuild of these changes: whoever writes sees that an index is being built, and writes to it too."""
    engine, other = site.filled(), site.engine()
    rebuild = engine.start_rebuild()
    rebuild.add([edition("a", "甲", revision=1)])
    other.apply([edition("a", "甲二", revision=3), edition("b", "乙", revision=2)], [("c", 9)])
    rebuild.add([edition("b", "乙旧", revision=1), edition("c", "丙", revision=8)])
    assert found(engine, "甲二") == ["a"]
    rebuild.switch()
    assert list(engine.revisions()) == [("a", 3), ("b", 2)]


def test_searches_and_writes_go_on_through_rebuilds(site: Site) -> None:
    engine = site.filled()
    stop = threading.Event()
    totals: list[int] = []
    failures: list[BaseException] = []
    written = 0

    def guarded(work: object) -> threading.Thread:
        def go() -> None:
            try:
                while not stop.is_set():
                    work()  # type: ignore[operator]  # one of the functions below
            except SearchUnavailable as error:
                failures.append(error)

        return threading.Thread(target=go)

    def search() -> None:
        totals.append(page(engine, "红楼梦", facets=True).total)

    def write() -> None:
        nonlocal written
        engine.apply([edition(f"t{written}", "另一本")], ())
        written += 1

    threads = [guarded(search), guarded(search), guarded(write)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        rebuild = site.engine().start_rebuild()
        rebuild.add(CATALOGUE)
        rebuild.add([edition(f"t{i}", "另一本") for i in range(written + 1)])
        rebuild.switch()
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert set(totals) == {6}
    assert {f"t{i}" for i in range(written)} <= dict(engine.revisions()).keys()


@pytest.mark.parametrize("by_a_writer", [True, False])
def test_what_a_killed_rebuild_left_behind_is_removed_by_whoever_comes_next(site: Site, by_a_writer: bool) -> None:
    engine = site.filled()
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    child = context.Process(target=_rebuild_and_hang, args=(site.urls, site.shape, started))
    child.start()
    assert started.wait(60)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert len(site.indices()) == 2
    assert page(engine).total == len(CATALOGUE)
    if by_a_writer:
        engine.apply([edition("after", "之后")], ())
        assert len(site.indices()) == 1
    rebuild = engine.start_rebuild()
    rebuild.add(CATALOGUE[:3])
    rebuild.switch()
    assert len(site.indices()) == 1
    assert page(engine).total == 3


def _rebuild_and_hang(urls: tuple[str, ...], shape: Shape, started: threading.Event) -> None:
    rebuild = ElasticsearchEngine(Address(urls), shape, SystemClock()).start_rebuild()
    rebuild.add(CATALOGUE)
    started.set()
    signal.pause()


def test_a_builder_whose_index_was_taken_cannot_switch(site: Site) -> None:
    engine = site.filled()
    rebuild = engine.start_rebuild()
    site.client.indices.delete(index=[name for name in site.indices() if name.endswith("2")])
    with pytest.raises(SearchUnavailable):
        rebuild.add(CATALOGUE)
    rebuild.abandon()
    assert page(engine).total == len(CATALOGUE)


def test_a_switch_that_was_made_though_its_answer_was_lost_is_not_undone_by_abandoning(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = site.filled()
    rebuild = engine.start_rebuild()
    rebuild.add(CATALOGUE[:3])
    monkeypatch.setattr(Indices, "_retire", lost_answer)
    with pytest.raises(SearchUnavailable):
        rebuild.switch()
    rebuild.abandon()
    assert page(engine).total == 3
    assert len(site.indices()) == 2
    engine.apply([edition("after", "之后")], ())  # whoever writes next removes what was left
    assert (len(site.indices()), page(engine).total) == (1, 4)


def lost_answer(*_: object, **__: object) -> None:
    raise SearchUnavailable("search_server_gone", location="", reason="lost")


def test_an_old_index_that_cannot_be_removed_does_not_hold_up_the_new_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = site.filled()
    rebuild = engine.start_rebuild()
    rebuild.add(CATALOGUE[:3])
    with monkeypatch.context() as patched:
        patched.setattr(type(site.client.indices), "delete", lost_answer)
        rebuild.switch()
    assert (page(engine).total, len(site.indices())) == (3, 2)
    engine.start_rebuild().switch()
    assert len(site.indices()) == 1


def test_what_is_asked_while_an_index_is_replaced_is_asked_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The alias was followed just before, and the index that it led to is gone when the question gets there."""
    engine = site.filled()
    lost = iter([True, False] * 20)
    for name in ("search", "msearch"):
        ask = getattr(Elasticsearch, name)

        def asked(self: Elasticsearch, ask: Any = ask, **told: Any) -> Any:
            return ask(self, **({**told, "index": "nowhere"} if next(lost) else told))

        monkeypatch.setattr(Elasticsearch, name, asked)
    assert page(engine).total == len(CATALOGUE)
    assert page(engine, "文").total > 0


def test_several_shards_answer_as_one_does(site: Site) -> None:
    one = site.filled()
    spread = replace(site, shape=replace(site.shape, prefix=f"{site.shape.prefix}-s", shards=3))
    three = spread.filled()
    for query in ("红楼梦", "hlm", "三体", ""):
        assert page(three, query, facets=True) == page(one, query, facets=True)
