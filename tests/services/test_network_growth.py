"""Courier routes and floating in the database: what the network file says comes back whole, and desks read from it what stays where."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from union_catalog.clock import SteppingClock
from union_catalog.context import Context
from union_catalog.errors import NotFound
from union_catalog.network.file import read_network
from union_catalog.services.branches import Branches
from union_catalog.services.network import apply_network, compare_network
from union_catalog.storage import network
from union_catalog.storage.database import Database
from union_catalog.storage.tables import library

SHANGHAI = ZoneInfo("Asia/Shanghai")
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


RULES = {"A": "group:delta", "B": "home", "C": "group:delta", "D": "library", "E": "library", "F": "home"}
STAYS = {("A", "A"), ("A", "C"), ("C", "A"), ("C", "C"), ("D", "D"), ("E", "E")}


def test_items_go_home_float_in_their_library_or_float_among_equals(database: Database, now: SteppingClock, context: Context) -> None:
    rows = "".join(f'[[libraries]]\ncode = "{code}"\nname = "{code}"\nfloating = "{rule}"\n' for code, rule in RULES.items())
    apply_network(database, now, context, rows, lambda _: True)
    at = library.alias()
    with database.read() as connection:
        found = connection.execute(select(library.c.code, at.c.code).where(network.floats(library, at)))
        assert {(of, there) for of, there in found} == STAYS


def test_a_branch_knows_when_the_van_calls(database: Database, now: SteppingClock, context: Context) -> None:
    apply_network(database, now, context, DEMO, lambda _: True)
    now.instant = datetime(2026, 11, 23, 0, 45, tzinfo=UTC)  # a Monday, 8:45 in Shanghai
    branches = Branches(database, now, SHANGHAI)
    assert [(call.at.isoformat(timespec="minutes"), route.name_en) for call, route in branches.calls("JX-MAIN")][:3] == [
        ("2026-11-23T12:40+08:00", "Jiaxing round"),
        ("2026-11-24T17:00+08:00", "Between libraries: Jiading, Kunshan, Jiaxing"),
        ("2026-11-25T08:40+08:00", "Jiaxing round"),
    ]
    with pytest.raises(NotFound, match="unknown_branch"):
        branches.calls("XX")
