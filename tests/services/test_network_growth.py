"""Courier routes and floating in the database: what the network file says comes back whole, and desks read from it what stays where."""

from pathlib import Path

from union_catalog.clock import SteppingClock
from union_catalog.context import Context
from union_catalog.network.file import read_network
from union_catalog.network.floating import reach
from union_catalog.services.network import apply_network, compare_network
from union_catalog.storage import network
from union_catalog.storage.database import Database

DEMO = (Path(__file__).resolve().parents[2] / "demo" / "network.toml").read_text("utf-8")


def test_routes_and_floating_come_back_whole(database: Database, now: SteppingClock, context: Context) -> None:
    apply_network(database, now, context, DEMO, lambda _: True)
    assert compare_network(database, DEMO).changes == ()
    told = read_network(DEMO)
    with database.read() as connection:
        stored = network.read(connection)
    assert stored.routes == tuple(sorted(told.routes, key=lambda route: route.code))
    assert {library.code: library.floating for library in stored.libraries} == {
        library.code: library.floating for library in told.libraries
    }


def test_a_changed_route_and_another_floating_are_told_and_carried_out(database: Database, now: SteppingClock, context: Context) -> None:
    apply_network(database, now, context, DEMO, lambda _: True)
    changed = DEMO.replace('weekdays = ["thu"]', 'weekdays = ["wed"]').replace('floating = "home"', 'floating = "library"')
    found = {(change.kind, change.code): change.fields for change in compare_network(database, changed).changes}
    assert found == {("library", "JX"): (("floating", "home", "library"),), ("route", "HUB-3"): (("weekdays", "thu", "wed"),)}
    apply_network(database, now, context, changed, lambda _: True)
    assert compare_network(database, changed).changes == ()


def test_a_route_may_name_a_branch_that_is_there_already(database: Database, now: SteppingClock, context: Context) -> None:
    apply_network(database, now, context, DEMO, lambda _: True)
    alone = DEMO[DEMO.index("[[routes]]") :].replace("温州线", "温州环线")
    assert [change.code for change in compare_network(database, alone).changes] == ["WZ-1"]


def test_what_floats_at_a_desk_is_what_the_rules_reach(database: Database, now: SteppingClock, context: Context) -> None:
    apply_network(database, now, context, DEMO, lambda _: True)
    told = read_network(DEMO)
    rules = reach(told.libraries, told.branches)
    with database.read() as connection:
        for branch in told.branches:
            assert network.floating_at(connection, branch.code) == {code for code, where in rules.items() if branch.code in where}
        assert network.floating_at(connection, "XX") == frozenset()
