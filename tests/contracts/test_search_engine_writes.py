"""Revisions, deletions, rebuilding: what makes an index a copy that can be trusted, on every engine."""

import random

import pytest

from tests.contracts.search_engines import CATALOGUE, EngineHome, edition, filled, found, page
from union_catalog.errors import Busy, SearchUnavailable
from union_catalog.search.digests import bucket, digests
from union_catalog.search.document import IndexDocument
from union_catalog.search.engine import SearchEngine


def told(engine: SearchEngine) -> list[tuple[str, int]]:
    return list(engine.revisions())


def test_an_index_is_made_once(home: EngineHome) -> None:
    engine = home.open()
    assert engine.create()
    assert not engine.create()
    assert page(engine).total == 0
    engine.apply([edition("a", "甲")], ())
    assert not home.open().create()
    assert found(engine, "甲") == ["a"]


def test_without_an_index_every_question_says_so(home: EngineHome) -> None:
    engine = home.open()
    for ask in (
        lambda: page(engine),
        lambda: engine.apply([edition("a", "甲")], ()),
        lambda: told(engine),
        engine.status,
    ):
        with pytest.raises(SearchUnavailable) as refusal:
            ask()
        assert refusal.value.code == "index_missing"
        assert refusal.value.data["command"] == "union-catalog index rebuild"


def test_a_batch_is_seen_at_once_and_by_others(home: EngineHome) -> None:
    engine, other = filled(home, ()), home.open()
    assert page(other).total == 0
    engine.apply([edition("a", "甲")], ())
    assert found(engine, "甲") == ["a"]
    assert found(other, "甲") == ["a"]


def test_what_was_answered_before_a_batch_is_not_told_again(home: EngineHome) -> None:
    engine = filled(home, [edition("a", "甲")])
    other = home.open()
    readers = (engine, other)
    assert [found(one, "甲") for one in readers] == [["a"], ["a"]]
    assert [page(one, facets=True).facets["format"][0].count for one in readers] == [1, 1]
    engine.apply([edition("b", "甲", revision=2)], ())
    assert [sorted(found(one, "甲")) for one in readers] == [["a", "b"], ["a", "b"]]
    engine.apply((), [("a", 3)])
    assert [found(one, "甲") for one in readers] == [["b"], ["b"]]
    assert [page(one, facets=True).facets["format"][0].count for one in readers] == [1, 1]


def test_a_later_revision_replaces_an_earlier_one_whole(home: EngineHome) -> None:
    engine = filled(home, [edition("a", "旧题", "某甲", revision=1)])
    engine.apply([edition("a", "新题", revision=2)], ())
    assert not found(engine, "旧题")
    assert not found(engine, "某甲")
    assert found(engine, "新题") == ["a"]
    assert told(engine) == [("a", 2)]


def test_an_earlier_revision_never_wins(home: EngineHome) -> None:
    engine = filled(home, [edition("a", "新题", revision=5)])
    engine.apply([edition("a", "旧题", revision=4)], ())
    engine.apply([], [("a", 3)])
    assert found(engine, "新题") == ["a"]
    assert told(engine) == [("a", 5)]


def test_an_equal_revision_may_come_again(home: EngineHome) -> None:
    engine = filled(home, [edition("a", "题", revision=5)])
    engine.apply([edition("a", "题", revision=5)], ())
    assert told(engine) == [("a", 5)]
    assert page(engine).total == 1
    engine.apply([edition("a", "同一稿", revision=5)], ())
    assert found(engine, "同一稿") == ["a"]


def test_what_was_deleted_stays_so_against_late_messages(home: EngineHome) -> None:
    engine = filled(home, [edition("a", "甲", revision=1), edition("b", "乙", revision=1)])
    engine.apply([], [("a", 7)])
    engine.apply([edition("a", "甲", revision=6)], ())
    assert not found(engine, "甲")
    engine.close()
    later = home.open()
    later.apply([edition("a", "甲", revision=6)], ())
    assert told(later) == [("b", 1)]
    assert page(later).total == 1
    later.apply([edition("a", "甲", revision=8)], ())
    assert found(later, "甲") == ["a"]


def test_a_deletion_of_what_was_never_there_counts_too(home: EngineHome) -> None:
    engine = filled(home, ())
    engine.apply([], [("a", 7)])
    engine.apply([edition("a", "甲", revision=6)], ())
    assert page(engine, facets=True).total == 0
    assert page(engine, "-乙").total == 0
    assert engine.status().documents == 0


def test_within_a_batch_the_highest_revision_wins(home: EngineHome) -> None:
    engine = filled(home, ())
    engine.apply([edition("a", "三", revision=3), edition("a", "二", revision=2), edition("b", "乙", revision=1)], [("b", 2), ("a", 1)])
    assert told(engine) == [("a", 3)]
    assert found(engine, "三") == ["a"]


def test_any_order_of_batches_ends_in_the_same_index(home: EngineHome) -> None:
    """Every interleaving of upserts and deletes of a few records leaves the highest revision of each."""
    chance = random.Random(11)
    engine = filled(home, ())
    changes: list[tuple[str, int, bool]] = [(name, revision, chance.random() < 0.3) for name in "abcdef" for revision in range(1, 9)]
    chance.shuffle(changes)
    for start in range(0, len(changes), 5):
        batch = changes[start : start + 5]
        engine.apply(
            [edition(name, f"第{revision}稿", revision=revision) for name, revision, gone in batch if not gone],
            [(name, revision) for name, revision, gone in batch if gone],
        )
    last = {name: gone for name, revision, gone in changes if revision == 8}
    assert told(engine) == [(name, 8) for name in "abcdef" if not last[name]]


def test_revisions_come_in_the_order_of_ids(home: EngineHome) -> None:
    documents = [edition(f"{i:x}", "题", revision=i) for i in range(1, 300)]
    engine = filled(home, documents)
    assert told(engine) == sorted((document.union_id, document.revision) for document in documents)


def test_revisions_are_of_one_moment(home: EngineHome) -> None:
    engine = filled(home, [edition(f"r{i}", "题") for i in range(5)])
    asked = engine.revisions()
    first = next(asked)
    engine.apply([edition(f"r{i}", "题", revision=2) for i in range(5)], ())
    assert [first, *asked] == [(f"r{i}", 1) for i in range(5)]


def test_status_counts_live_documents(home: EngineHome) -> None:
    engine = filled(home)
    engine.apply([], [("hlm1", 9)])
    status = engine.status()
    assert status.engine == home.name
    assert status.documents == len(CATALOGUE) - 1
    assert status.size_bytes > 0


# Rebuilding


def rebuilt(engine: SearchEngine, documents: list[IndexDocument]) -> None:
    rebuild = engine.start_rebuild()
    rebuild.add(documents)
    rebuild.switch()


def test_a_rebuild_is_invisible_until_it_is_switched(home: EngineHome) -> None:
    engine, other = filled(home, [edition("old", "旧")]), home.open()
    rebuild = engine.start_rebuild()
    rebuild.add([edition("new", "新")])
    for one in (engine, other):
        assert found(one, "旧") == ["old"]
        assert not found(one, "新")
    rebuild.switch()
    for one in (engine, other, home.open()):
        assert not found(one, "旧")
        assert found(one, "新") == ["new"]


def test_changes_during_a_rebuild_can_be_caught_up_with(home: EngineHome) -> None:
    engine = filled(home, [edition("a", "甲", revision=1), edition("b", "乙", revision=1)])
    rebuild = engine.start_rebuild()
    rebuild.add([edition("a", "甲", revision=1), edition("b", "乙", revision=1)])
    engine.apply([edition("a", "甲二", revision=3)], [("b", 4)])
    rebuild.apply([edition("a", "甲二", revision=3), edition("c", "丙", revision=2)], [("b", 4)])
    rebuild.apply([edition("a", "甲一", revision=2)], ())
    rebuild.switch()
    assert told(engine) == [("a", 3), ("c", 2)]
    assert found(engine, "甲二") == ["a"]
    engine.apply([edition("b", "乙", revision=3)], ())
    assert told(engine) == [("a", 3), ("c", 2)]


def test_writing_goes_on_in_the_new_index_after_a_switch_by_another(home: EngineHome) -> None:
    engine, other = filled(home, [edition("a", "甲")]), home.open()
    rebuilt(other, [edition("a", "甲"), edition("b", "乙")])
    engine.apply([edition("c", "丙")], ())
    assert [union_id for union_id, _ in told(other)] == ["a", "b", "c"]


def test_an_abandoned_rebuild_leaves_the_index_as_it_was(home: EngineHome) -> None:
    engine = filled(home, [edition("old", "旧")])
    rebuild = engine.start_rebuild()
    rebuild.add([edition("new", "新")])
    rebuild.abandon()
    assert told(engine) == [("old", 1)]
    rebuilt(engine, [edition("newer", "更新")])
    assert told(engine) == [("newer", 1)]


def test_abandoning_after_the_switch_does_nothing(home: EngineHome) -> None:
    engine = filled(home, ())
    rebuild = engine.start_rebuild()
    rebuild.add([edition("new", "新")])
    rebuild.switch()
    rebuild.abandon()
    assert told(engine) == [("new", 1)]


def test_one_rebuild_at_a_time(home: EngineHome) -> None:
    engine, other = filled(home, ()), home.open()
    rebuild = engine.start_rebuild()
    with pytest.raises(Busy) as refusal:
        other.start_rebuild()
    assert refusal.value.code == "rebuild_running"
    rebuild.abandon()
    other.start_rebuild().abandon()


def test_a_rebuild_makes_an_index_where_there_was_none(home: EngineHome) -> None:
    engine = home.open()
    rebuilt(engine, [edition("a", "甲")])
    assert found(engine, "甲") == ["a"]


def test_a_page_goes_on_after_a_rebuild(home: EngineHome) -> None:
    engine = filled(home)
    first = page(engine, sort="title", per_page=10)
    rebuilt(engine, list(CATALOGUE))
    second = page(engine, sort="title", per_page=50, cursor=first.next_cursor)
    assert len(first.hits) + len(second.hits) == len(CATALOGUE)


def test_digests_are_those_of_the_living_documents(home: EngineHome) -> None:
    engine = home.open()
    engine.create()
    assert engine.digests() == {}
    engine.apply([edition(f"d{n}", "书", revision=n + 1) for n in range(60)], ())
    engine.apply([edition(f"d{n}", "书", revision=100 + n) for n in range(20)], [(f"d{n}", 200) for n in range(15, 30)])
    assert engine.digests() == digests(told(engine))
    chosen = sorted(engine.digests())[::3]
    assert list(engine.revisions(chosen)) == [entry for entry in told(engine) if bucket(entry[0]) in chosen]
    assert len(told(engine)) == 45
