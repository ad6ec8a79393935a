"""What a network file changes: additions and changes in its order, nothing removed, nothing for what is the same."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from union_catalog.network.changes import compare
from union_catalog.network.couriers import Route, Stop
from union_catalog.network.hours import OpeningHours
from union_catalog.network.model import Branch, Library, Network, Region

REGION, LIBRARY = Region(code="R", name="一区"), Library(code="A", name="甲馆", region="R")
BRANCH = Branch(code="A-1", library="A", name="一分馆", local_codes=("1", "2"))
KNOWN = Network((REGION,), (LIBRARY,), (BRANCH,))

BRANCHES = st.builds(
    Branch,
    code=st.sampled_from(["1", "2", "3"]),
    library=st.just("A"),
    name=st.sampled_from(["甲", "乙"]),
    lat=st.sampled_from([None, 31.0]),
    local_codes=st.lists(st.sampled_from("xyz"), unique=True).map(tuple),
)
NETWORKS = st.lists(BRANCHES, unique_by=lambda branch: branch.code).map(lambda branches: Network(branches=tuple(branches)))


def test_the_same_network_is_no_change() -> None:
    assert compare(KNOWN, KNOWN) == ()
    assert compare(KNOWN, Network((), (), (replace(BRANCH, local_codes=("2", "1")),))) == ()


def test_what_the_file_leaves_out_stays() -> None:
    assert compare(KNOWN, Network()) == ()


def test_additions_and_changes_name_what_differs() -> None:
    after = Network((REGION,), (replace(LIBRARY, name="甲图书馆"),), (replace(BRANCH, lat=31.0, lng=121.0), replace(BRANCH, code="A-2")))
    found = compare(KNOWN, after)
    assert [(change.kind, change.code, change.action) for change in found] == [
        ("library", "A", "change"),
        ("branch", "A-1", "change"),
        ("branch", "A-2", "add"),
    ]
    assert found[0].fields == (("name", "甲馆", "甲图书馆"),)
    assert [name for name, *_ in found[1].fields] == ["lat", "lng"]


def test_hours_that_the_file_does_not_tell_stay() -> None:
    told = replace(BRANCH, hours=OpeningHours(((),) * 7))
    assert compare(Network(branches=(told,)), Network(branches=(BRANCH,))) == ()
    assert [name for name, *_ in compare(KNOWN, Network(branches=(told,)))[0].fields] == ["hours"]


def test_a_route_that_goes_the_other_way_round_is_another() -> None:
    route = Route(code="V", name="一号线", weekdays=("mon",), stops=(Stop("A-1", 540), Stop("A-2", 600)))
    turned = replace(route, stops=(Stop("A-2", 540), Stop("A-1", 600)))
    (change,) = compare(Network(routes=(route,)), Network(routes=(turned,)))
    assert (change.kind, change.action) == ("route", "change")
    assert change.fields == (("stops", "A-1 9:00 → A-2 10:00", "A-2 9:00 → A-1 10:00"),)


@given(NETWORKS, NETWORKS)
def test_once_applied_there_is_nothing_left_to_change(before: Network, after: Network) -> None:
    changed = {change.code for change in compare(before, after)}
    merged = {branch.code: branch for branch in before.branches} | {b.code: b for b in after.branches if b.code in changed}
    assert compare(Network(branches=tuple(merged.values())), after) == ()
