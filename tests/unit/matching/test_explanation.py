"""The links that explain a cluster: a maximum spanning tree, with the word of staff above every rule, and what keeps neighbours apart."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.matching.examples import features
from union_catalog.matching.clustering import Edge
from union_catalog.matching.explanation import SAID_BY_STAFF, Explanation, agreeing, differing, explain_cluster, separation
from union_catalog.matching.features import Features
from union_catalog.matching.rules import CERTAIN

SAME = features()
OTHER_YEAR = features(date="1998-1")
OTHER_EDITION = features(edition="第3版")


def cluster(size: int) -> dict[str, Features]:
    return {f"L{number:02}:1": SAME for number in range(size)}


def pairs(explanation: Explanation) -> list[tuple[str, str]]:
    return [(link.first, link.second) for link in explanation.links]


def test_the_strongest_links_are_taken_and_no_more_than_tie_all() -> None:
    edges = [Edge("L00:1", "L01:1", 850), Edge("L01:1", "L02:1", 750), Edge("L00:1", "L02:1", 760)]
    found = explain_cluster(cluster(3), edges, {})
    assert pairs(found) == [("L00:1", "L01:1"), ("L00:1", "L02:1")]
    assert found.indirect == ()
    assert found.untied == ()


def test_pairs_that_only_others_tie_are_told() -> None:
    found = explain_cluster(cluster(3), [Edge("L01:1", "L00:1", 850), Edge("L01:1", "L02:1", 750)], {})
    assert found.indirect == (("L00:1", "L02:1"),)


def test_the_word_of_staff_makes_a_link_and_takes_one_away() -> None:
    members = {"JD:1": SAME, "JX:1": OTHER_YEAR, "WZ:1": SAME}
    edges = [Edge("JD:1", "WZ:1", 850)]
    joined = explain_cluster(members, edges, {("JD:1", "JX:1"): "same"})
    assert [(link.first, link.second, link.by_staff) for link in joined.links] == [("JD:1", "JX:1", True), ("JD:1", "WZ:1", False)]
    assert joined.links[0].verdict.rule == "other_year"
    parted = explain_cluster(members, edges, {("JD:1", "WZ:1"): "different"})
    assert parted.links == ()
    assert parted.untied == ("JX:1", "WZ:1")


def test_two_records_of_one_library_are_tied_by_certain_evidence_only() -> None:
    members = {"JD:1": SAME, "JD:2": SAME, "JX:1": SAME}
    across = [Edge("JD:1", "JX:1", 750), Edge("JD:2", "JX:1", 750)]
    weak = explain_cluster(members, [Edge("JD:1", "JD:2", CERTAIN - 1), *across], {})
    assert pairs(weak) == [("JD:1", "JX:1"), ("JD:2", "JX:1")]
    certain = explain_cluster(members, [Edge("JD:1", "JD:2", CERTAIN), *across], {})
    assert pairs(certain)[0] == ("JD:1", "JD:2")


def test_links_to_records_elsewhere_are_ignored() -> None:
    assert explain_cluster(cluster(1), [Edge("L00:1", "XX:1", 950)], {("L00:1", "YY:1"): "same"}) == Explanation((), (), ())


@st.composite
def weighted(draw: st.DrawFn) -> tuple[int, list[Edge]]:
    size = draw(st.integers(1, 7))
    names = list(cluster(size))
    chosen = draw(st.lists(st.sampled_from(list(combinations(names, 2))), unique=True)) if size > 1 else []
    return size, [Edge(a, b, draw(st.integers(200, 960))) for a, b in chosen]


def heaviest(size: int, edges: list[Edge]) -> int:
    """The weight of the best forest, found by trying every set of links of the size that a forest has."""

    def forest(chosen: tuple[Edge, ...]) -> bool:
        group = {name: name for name in cluster(size)}
        for a, b, _ in chosen:
            if group[a] == group[b]:
                return False
            group = {name: group[a] if root == group[b] else root for name, root in group.items()}
        return True

    for count in range(min(size - 1, len(edges)), 0, -1):
        weights = [sum(edge.strength for edge in chosen) for chosen in combinations(edges, count) if forest(chosen)]
        if weights:
            return max(weights)
    return 0


@given(weighted())
def test_it_is_a_maximum_spanning_forest(told: tuple[int, list[Edge]]) -> None:
    size, edges = told
    strength = {frozenset(edge[:2]): edge.strength for edge in edges}
    found = explain_cluster(cluster(size), edges, {})
    if len(edges) <= 12:
        assert sum(strength[frozenset(pair)] for pair in pairs(found)) == heaviest(size, edges)
    assert set(found.indirect).isdisjoint(tuple(sorted(edge[:2])) for edge in edges)
    assert explain_cluster(cluster(size), reversed(edges), {}) == found


def test_staff_is_stronger_than_any_rule() -> None:
    assert SAID_BY_STAFF > 1000 > CERTAIN


def test_what_agrees_on_every_link_and_what_was_outweighed() -> None:
    members = {"JD:1": features(pages="320页"), "JX:1": features(pages="320页"), "WZ:1": features(pages="340页", date="2008-9")}
    links = explain_cluster(members, [Edge("JD:1", "JX:1", 850), Edge("JD:1", "WZ:1", 750)], {}).links
    assert agreeing(links) == ("title", "names", "publisher", "date", "language")
    assert differing(links) == ("extent",)
    assert agreeing(()) == differing(()) == ()


def test_a_veto_keeps_apart_and_names_its_field() -> None:
    told = separation({"JD:1": features(edition="第2版")}, {"JX:1": OTHER_EDITION}, {})
    assert told is not None
    assert (told.by, told.field, told.verdict.rule, told.first, told.second) == ("rule", "edition", "other_edition", "JD:1", "JX:1")


def test_the_pair_that_agrees_most_tells_why() -> None:
    ours = {"JD:1": features(title="红楼梦魇", by="张爱玲", date="1998-1"), "JD:2": features(edition="第2版")}
    told = separation(ours, {"JX:1": OTHER_EDITION}, {})
    assert told is not None
    assert (told.first, told.second, told.field) == ("JD:2", "JX:1", "edition")


def test_what_staff_said_is_told_before_any_rule() -> None:
    told = separation({"JD:1": SAME, "JD:2": OTHER_YEAR}, {"JX:1": SAME}, {("JD:1", "JX:1"): "different"})
    assert told is not None
    assert (told.by, told.first, told.field) == ("staff", "JD:1", "")


def test_without_a_veto_it_is_the_library_the_doubt_or_a_rival() -> None:
    def by(ours: Features, theirs: Features, key: str = "JX:1") -> str:
        told = separation({"JD:1": ours}, {key: theirs}, {})
        assert told is not None
        return told.by

    assert by(SAME, SAME, "JD:2") == "one_library"
    assert by(features(publisher="", date=""), features(by="", publisher="", date="")) == "unsure"
    assert by(SAME, SAME) == "rival"
    assert separation({"JD:1": SAME}, {}, {}) is None
