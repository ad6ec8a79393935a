"""Properties of matching over generated shelves of several editions of few works, so that merges, splits and threesomes are common."""

from collections import Counter
from itertools import combinations
from random import Random

from hypothesis import event, given
from hypothesis import strategies as st

from tests.unit.matching.examples import described
from union_catalog.bibliographic.folding import fold
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.ids import UnionId
from union_catalog.matching.clustering import Edge, assign_ids, partition
from union_catalog.matching.features import Features, features_of
from union_catalog.matching.keys import keys_of
from union_catalog.matching.merging import MemberRecord, merge
from union_catalog.matching.rules import CERTAIN, compare, decide

# Three editions, each told in several ways, and what a careless or silent cataloguer makes of them.
EDITIONS = (
    (
        ("红楼梦", "紅樓夢", "《红楼梦》"),
        ("曹雪芹", "[清] 曹雪芹 著"),
        ("人民文学出版社", "人民文學出版社", ""),
        ("2008-7", "2008年7月", "2008", "2008-9", ""),
    ),
    (
        ("红楼梦（上）", "红楼梦（插图本）", "红楼梦：校注本", "红楼梦"),
        ("曹雪芹", "高鹗", ""),
        ("三联书店", "生活·读书·新知三联书店"),
        ("1996-12", "1997-1"),
    ),
    (("围城", "圍城", "围城2", ""), ("钱锺书", "錢鍾書著", ""), ("人民文学出版社", "人民文学"), ("1991-2", "1991-02-01", "")),
)


def _told(edition: tuple[tuple[str, ...], ...]) -> st.SearchStrategy[BibliographicRecord]:
    title, by, publisher, date = (st.sampled_from(forms) for forms in edition)
    return st.builds(
        described,
        title,
        by,
        publisher,
        date,
        isbn=st.sampled_from(("", "", "", "", "9787020002207", "9787108009821")),
        edition=st.sampled_from(("", "", "", "第2版", "修订本")),
        pages=st.sampled_from(("", "", "320页", "323页", "980页")),
        price=st.sampled_from(("", "32.00元")),
        carrier=st.sampled_from(("book", "book", "book", "book", "audio")),
        place=st.sampled_from(("", "北京", "京", "上海")),
        series=st.sampled_from(("", "", "名著名译", "名著名译丛书", "企鹅经典")),
        audience=st.sampled_from(("", "", "general", "adult", "juvenile")),
        qualifier=st.sampled_from(("", "", "精装", "电子书")),
    )


records = st.sampled_from(EDITIONS).flatmap(_told)
keys = st.builds("{}:{}".format, st.sampled_from(("JD", "JX", "WZ", "KS", "HN", "TX", "PH")), st.integers(1, 3))
shelves = st.dictionaries(keys, records, min_size=6, max_size=14)


def judged(members: dict[str, Features]) -> list[Edge]:
    pairs = ((a, b, *decide(members[a], members[b])) for a, b in combinations(sorted(members), 2))
    return [Edge(a, b, strength) for a, b, verdict, strength in pairs if verdict == "same"]


def parts_of(shelf: dict[str, BibliographicRecord]) -> list[frozenset[str]]:
    members = {key: features_of(record) for key, record in shelf.items()}
    return partition(members, judged(members))


@given(records, records)
def test_a_verdict_is_symmetric_and_explained_as_it_was_decided(a: BibliographicRecord, b: BibliographicRecord) -> None:
    left, right = features_of(a), features_of(b)
    there, back = compare(left, right), compare(right, left)
    assert (there.verdict, there.strength) == decide(left, right) == decide(right, left)
    assert there.rule == back.rule
    assert [(e.field, e.side, e.code, e.left, e.right) for e in there.evidence] == [
        (e.field, e.side, e.code, e.right, e.left) for e in back.evidence
    ]
    event(there.verdict)


@given(records, records)
def test_what_is_judged_the_same_meets_by_a_key(a: BibliographicRecord, b: BibliographicRecord) -> None:
    left, right = features_of(a), features_of(b)
    if decide(left, right)[0] == "same":
        assert not set(keys_of(left)).isdisjoint(keys_of(right))


@given(shelves, st.randoms())
def test_the_partition_does_not_depend_on_order(shelf: dict[str, BibliographicRecord], random: Random) -> None:
    members = {key: features_of(record) for key, record in shelf.items()}
    edges = judged(members)
    expected = partition(members, edges)
    order = list(members)
    random.shuffle(order)
    random.shuffle(edges)
    turned = [Edge(b, a, strength) for a, b, strength in edges]
    assert partition({key: members[key] for key in order}, turned) == expected
    event(f"largest cluster {max(map(len, expected))}")


@given(shelves)
def test_a_partition_holds_every_record_once_and_no_veto(shelf: dict[str, BibliographicRecord]) -> None:
    found = parts_of(shelf)
    assert Counter(key for part in found for key in part) == Counter(list(shelf))
    members = {key: features_of(record) for key, record in shelf.items()}
    for part in found:
        for a, b in combinations(sorted(part), 2):
            verdict, strength = decide(members[a], members[b])
            assert verdict != "different"
            assert a[:2] != b[:2] or strength >= CERTAIN


@given(shelves)
def test_components_are_decided_each_for_itself(shelf: dict[str, BibliographicRecord]) -> None:
    """The partition of all records at once is that of the connected components, which is what an incremental load decides."""
    members = {key: features_of(record) for key, record in shelf.items()}
    edges = judged(members)
    component = {key: frozenset({key}) for key in members}
    for a, b, _ in edges:
        joined = component[a] | component[b]
        component.update(dict.fromkeys(joined, joined))
    apart = [part for group in set(component.values()) for part in partition({key: members[key] for key in group}, edges)]
    assert sorted(apart, key=min) == partition(members, edges)


ids = st.sampled_from([UnionId(f"u{n}") for n in range(6)])
ages = st.permutations(range(6)).map(lambda order: {UnionId(f"u{n}"): age for n, age in enumerate(order)})


@given(st.dictionaries(keys, st.none() | ids, max_size=9), st.dictionaries(keys, st.integers(0, 3), max_size=9), ages)
def test_every_old_id_is_kept_or_leads_on_or_is_empty(
    old: dict[str, UnionId | None], placed: dict[str, int], age: dict[UnionId, int]
) -> None:
    parts = [frozenset(key for key, place in placed.items() if place == n) for n in set(placed.values())]
    plan = assign_ids(old, parts, age)
    kept = [union_id for union_id in plan.kept if union_id is not None]
    assert len(kept) == len(set(kept))
    assert sorted(kept + list(plan.redirects) + list(plan.emptied)) == sorted({i for i in old.values() if i is not None})
    assert set(plan.parts) == set(parts)
    for union_id, place in plan.redirects.items():
        target = plan.kept[place]
        assert target is not None
        assert age[target] < age[union_id]
        assert any(old.get(key) == union_id for key in plan.parts[place])
    assert assign_ids(old, reversed(parts), age) == plan


@given(st.dictionaries(keys, ids, min_size=1, max_size=9), ages)
def test_ids_stay_where_nothing_changes(placed: dict[str, UnionId], age: dict[UnionId, int]) -> None:
    parts = [frozenset(key for key in placed if placed[key] == union_id) for union_id in set(placed.values())]
    plan = assign_ids({**placed}, parts, age)
    assert [placed[min(part)] for part in plan.parts] == list(plan.kept)
    assert (plan.redirects, plan.emptied) == ({}, ())


@given(st.lists(records, min_size=1, max_size=5), st.randoms())
def test_merging_does_not_depend_on_order_and_loses_no_title(described_records: list[BibliographicRecord], random: Random) -> None:
    members = [MemberRecord(f"L{place}:1", place % 2, record) for place, record in enumerate(described_records)]
    expected = merge(members)
    random.shuffle(members)
    assert merge(members) == expected
    told = {fold(title.text) for record in described_records for title in record.titles}
    assert told == {fold(title.text) for title in expected.record.titles}
    told_fields = {f for f in ("publications", "extents", "agents") if any(getattr(r, f) for r in described_records)}
    assert told_fields <= {field for field, _ in expected.provenance}


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_no_text_is_too_odd(title: str, by: str, publisher: str, date: str) -> None:
    found = features_of(described(title, by, publisher, date))
    assert found == features_of(described(title, by, publisher, date))
    keys_of(found)
    assert decide(found, found)[0] != "different"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
