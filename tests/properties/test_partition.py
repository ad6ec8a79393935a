"""Properties of the partition with verdicts of staff, over generated shelves on which clusters of three and more are common."""

from collections import Counter
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.test_matching import judged, keys, records
from union_catalog.matching.clustering import Form, Said, StaffVerdict, judge, library_of, partition
from union_catalog.matching.features import Features, features_of

Shelf = dict[str, Features]
described_shelves = st.dictionaries(keys, records.map(features_of), min_size=9, max_size=14)


def groups_of(members: Shelf, verdicts: list[StaffVerdict]) -> dict[str, frozenset[str]]:
    """What staff ties together, directly or through others."""
    group = {key: frozenset({key}) for key in members}
    for verdict in verdicts:
        if verdict.kind == "same":
            joined = group[verdict.first] | group[verdict.second]
            group.update(dict.fromkeys(joined, joined))
    return group


def consistent(members: Shelf, wanted: list[tuple[str, str, Said]]) -> list[StaffVerdict]:
    """Those of the verdicts, in their order, that do not contradict the ones before."""
    said: list[StaffVerdict] = []
    for verdict in (StaffVerdict(*each) for each in wanted):
        group = groups_of(members, [*said, verdict])
        if all(group[v.first] is not group[v.second] for v in [*said, verdict] if v.kind == "different"):
            said.append(verdict)
    return said


@st.composite
def spoken_shelves(draw: st.DrawFn) -> tuple[Shelf, list[StaffVerdict]]:
    members = draw(described_shelves)
    pairs = st.lists(st.sampled_from(sorted(members)), min_size=2, max_size=2, unique=True)
    kinds: st.SearchStrategy[Said] = st.sampled_from(("same", "different"))
    wanted = draw(st.lists(st.tuples(pairs, kinds), max_size=6))
    return members, consistent(members, [(a, b, kind) for (a, b), kind in wanted])


def place_of(parts: list[frozenset[str]]) -> dict[str, frozenset[str]]:
    return {key: part for part in parts for key in part}


@given(spoken_shelves())
def test_a_verdict_always_holds(spoken: tuple[Shelf, list[StaffVerdict]]) -> None:
    members, said = spoken
    parts = partition(members, judged(members), said)
    assert Counter(key for part in parts for key in part) == Counter(list(members))
    place = place_of(parts)
    for first, second, kind in said:
        assert (place[first] is place[second]) == (kind == "same")


@given(spoken_shelves())
def test_vetoes_hold_inside_clusters_but_where_staff_said_same(spoken: tuple[Shelf, list[StaffVerdict]]) -> None:
    members, said = spoken
    group = groups_of(members, said)
    for part in partition(members, judged(members), said):
        for one, other in combinations({group[key] for key in part}, 2):
            assert judge(form(members, one), form(members, other)) != "different"


def form(members: Shelf, keys: frozenset[str]) -> Form:
    return Form(frozenset(map(library_of, keys)), tuple(dict.fromkeys(members[key] for key in sorted(keys))))


@given(spoken_shelves(), st.randoms())
def test_neither_the_order_of_records_nor_of_verdicts_matters(spoken: tuple[Shelf, list[StaffVerdict]], random: Random) -> None:
    members, said = spoken
    edges = judged(members)
    expected = partition(members, edges, said)
    shuffled = {key: members[key] for key in random.sample(sorted(members), len(members))}
    turned = [StaffVerdict(b, a, kind) for a, b, kind in random.sample(said, len(said))]
    assert partition(shuffled, random.sample(edges, len(edges)), turned) == expected


@given(spoken_shelves())
def test_components_with_verdicts_are_decided_each_for_itself(spoken: tuple[Shelf, list[StaffVerdict]]) -> None:
    members, said = spoken
    edges = judged(members)
    ties = [*said, *(StaffVerdict(edge.first, edge.second, "same") for edge in edges)]
    component = groups_of(members, ties)
    apart = [part for group in set(component.values()) for part in partition({key: members[key] for key in group}, edges, said)]
    assert sorted(apart, key=min) == partition(members, edges, said)


@given(described_shelves)
def test_records_of_one_form_are_judged_as_each_for_itself(members: Shelf) -> None:
    """Copies under further keys of the same libraries change nothing for the others but by what they are: checked pair by pair."""
    more = members | {f"{key}9": features for key, features in members.items()}
    for part in partition(more, judged(more)):
        for a, b in combinations(sorted(part), 2):
            assert judge(form(more, frozenset({a})), form(more, frozenset({b}))) != "different"


def test_the_generated_shelves_merge_and_split() -> None:
    """The properties above would hold of shelves on which nothing ever meets."""
    met: Counter[str] = Counter()

    @settings(max_examples=200, derandomize=True, database=None)
    @given(spoken_shelves())
    def count(spoken: tuple[Shelf, list[StaffVerdict]]) -> None:
        members, said = spoken
        edges = judged(members)
        plain, parts = partition(members, edges), partition(members, edges, said)
        met["merged"] += len(plain) < len(members)
        met["three"] += max(map(len, parts)) > 2
        met["cut"] += any(place_of(plain)[edge.first] is not place_of(plain)[edge.second] for edge in edges)
        met["moved by staff"] += plain != parts

    count()
    assert all(met[what] > 100 for what in ("merged", "three", "moved by staff")), met
    assert met["cut"] > 50, met
