"""Clusters: vetoes hold inside, libraries do not hold one edition twice without good reason, light records wait for a clear case."""

from itertools import combinations, permutations

from tests.unit.matching.examples import features
from union_catalog.ids import UnionId
from union_catalog.matching.clustering import Edge, assign_ids, partition
from union_catalog.matching.features import Features
from union_catalog.matching.rules import decide

ISBN = "9787020002207"


def clusters(**records: Features) -> set[frozenset[str]]:
    """The partition of records under keys such as JD_1; the same for every order."""
    members = {key.replace("_", ":"): found for key, found in records.items()}
    edges = [
        Edge(a, b, strength)
        for a, b in combinations(members, 2)
        for verdict, strength in [decide(members[a], members[b])]
        if verdict == "same"
    ]
    orders = [partition(dict(order), edges[::step]) for order in permutations(members.items()) for step in (1, -1)]
    assert all(order == orders[0] for order in orders)
    return set(orders[0])


def groups(*parts: str) -> set[frozenset[str]]:
    return {frozenset(part.split()) for part in parts}


def test_three_libraries_share_an_edition() -> None:
    assert clusters(JD_1=features(), JX_1=features("紅樓夢"), KS_1=features(date="2008")) == groups("JD:1 JX:1 KS:1")


def test_a_veto_holds_inside_a_cluster() -> None:
    """B without an edition statement fits both A and C, which are different editions: it goes with one of them, and they stay apart."""
    parts = clusters(A_1=features(edition="第2版"), B_1=features(), C_1=features(edition="第3版"))
    assert not any({"A:1", "C:1"} <= part for part in parts)
    assert len(parts) == 2


def test_two_records_of_one_library_are_two_editions() -> None:
    assert clusters(JD_1=features(), JD_2=features()) == groups("JD:1", "JD:2")


def test_two_records_of_one_library_with_one_isbn_are_a_duplicate() -> None:
    assert clusters(JD_1=features(isbn=ISBN), JD_2=features(isbn=ISBN)) == groups("JD:1 JD:2")


def test_the_record_that_is_worded_alike_is_preferred() -> None:
    parts = clusters(JD_1=features(by="钱锺书"), JX_1=features(by="錢鍾書"), JX_2=features(by="钱锺书"))
    assert groups("JD:1 JX:2") < parts


def test_a_light_record_joins_the_only_edition() -> None:
    light = features("普罗旺斯的山居岁月", "(英)彼得·梅尔著 何博译", "", "")
    full = features("普罗旺斯的山居岁月", "彼得·梅尔; 何博", "长江文艺出版社", "2008-8")
    assert clusters(WZ_1=light, JX_1=full) == groups("JX:1 WZ:1")


def test_a_light_record_stays_alone_before_two_editions() -> None:
    light = features("普罗旺斯的山居岁月", "彼得·梅尔", "", "")
    first = features("普罗旺斯的山居岁月", "彼得·梅尔", "长江文艺出版社", "2008-8")
    second = features("普罗旺斯的山居岁月", "彼得·梅尔", "南海出版公司", "2011-3")
    assert clusters(WZ_1=light, JX_1=first, JD_1=second) == groups("WZ:1", "JX:1", "JD:1")


def test_of_two_light_records_of_one_library_neither_joins() -> None:
    light = features("普罗旺斯的山居岁月", "彼得·梅尔", "", "")
    full = features("普罗旺斯的山居岁月", "彼得·梅尔", "长江文艺出版社", "2008-8")
    assert clusters(WZ_1=light, WZ_2=light, JX_1=full) == groups("WZ:1", "WZ:2", "JX:1")


def test_a_slip_in_a_title_joins_only_without_a_rival() -> None:
    right, wrong = features("中国方术史考论集"), features("中国方木史考论集")
    assert clusters(JD_1=right, JX_1=wrong) == groups("JD:1 JX:1")
    assert clusters(JD_1=right, JX_1=wrong, JX_2=right) == groups("JD:1 JX:2", "JX:1")


def test_edges_to_records_that_are_gone_are_ignored() -> None:
    assert partition({"JD:1": features()}, [Edge("JD:1", "JX:9", 900)]) == [frozenset({"JD:1"})]


def ids(*names: str) -> dict[UnionId, int]:
    return {UnionId(name): age for age, name in enumerate(names)}


def test_on_a_merge_the_older_id_stays() -> None:
    plan = assign_ids({"JD:1": UnionId("u2"), "JX:1": UnionId("u1")}, [frozenset({"JD:1", "JX:1"})], ids("u1", "u2"))
    assert plan.kept == ("u1",)
    assert plan.redirects == {"u2": 0}


def test_on_a_split_the_larger_part_keeps_the_id() -> None:
    old = {key: UnionId("u1") for key in ("A:1", "B:1", "C:1")}
    plan = assign_ids(old, [frozenset({"A:1"}), frozenset({"B:1", "C:1"})], ids("u1"))
    assert plan.kept == (None, "u1")


def test_on_an_even_split_the_lowest_record_key_decides() -> None:
    old = {key: UnionId("u1") for key in ("A:1", "B:1")}
    plan = assign_ids(old, [frozenset({"B:1", "A:0"}), frozenset({"A:1"})], ids("u1"))
    assert dict(zip(plan.parts, plan.kept, strict=True)) == {frozenset({"B:1", "A:0"}): None, frozenset({"A:1"}): "u1"}


def test_an_id_without_members_is_emptied() -> None:
    plan = assign_ids({"A:1": UnionId("u1")}, [], ids("u1"))
    assert (plan.kept, plan.emptied) == ((), ("u1",))


def test_an_id_that_lost_its_members_to_another_redirects_there() -> None:
    old: dict[str, UnionId | None] = {"A:1": UnionId("u1"), "B:1": UnionId("u2"), "C:1": UnionId("u2"), "D:1": None}
    plan = assign_ids(old, [frozenset({"A:1", "B:1", "C:1"}), frozenset({"D:1"})], ids("u2", "u1"))
    assert plan.kept == ("u2", None)
    assert plan.redirects == {"u1": 0}
