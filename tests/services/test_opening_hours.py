"""Hours in the database: what the network file says comes back whole, and branches answer by the clock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.services.statements import statements
from union_catalog.clock import SteppingClock
from union_catalog.context import Context
from union_catalog.errors import NotFound
from union_catalog.network.file import read_network
from union_catalog.services.branches import Branches
from union_catalog.services.network import apply_network, compare_network
from union_catalog.storage import network, reads
from union_catalog.storage.database import Database

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEMO = (Path(__file__).resolve().parents[2] / "demo" / "network.toml").read_text("utf-8")


@pytest.fixture
def branches(database: Database, now: SteppingClock, context: Context) -> Branches:
    apply_network(database, now, context, DEMO, lambda _: True)
    return Branches(database, now, SHANGHAI)


def test_what_was_applied_comes_back_whole(branches: Branches, database: Database) -> None:
    with database.read() as connection:
        stored = network.read(connection)
    assert {branch.code: branch.hours for branch in stored.branches} == {
        branch.code: branch.hours for branch in read_network(DEMO).branches
    }
    assert compare_network(database, DEMO).changes == ()


def test_other_hours_are_one_change_that_is_told(branches: Branches, database: Database) -> None:
    changed = DEMO.replace('hours = { mon = ["13:00-20:30"], tue-sun', "hours = { mon = [], tue-sun")
    (change,) = compare_network(database, changed).changes
    assert change.code == "JD-MAIN"
    ((name, before, after),) = change.fields
    assert (name, before[:15], after[:10]) == ("hours", "mon 13:00-20:30", "mon closed")


def test_branches_open_and_close_by_the_clock_of_the_network(branches: Branches, now: SteppingClock) -> None:
    now.instant = datetime(2026, 11, 23, 4, 59, tzinfo=UTC)  # a Monday, 12:59 in Shanghai
    main = branches.one("JD-MAIN").open
    assert (main.state, main.until) == ("closed", datetime(2026, 11, 23, 13, 0, tzinfo=SHANGHAI))
    now.advance(timedelta(minutes=1))
    assert branches.one("JD-MAIN").open.state == "open"
    assert branches.one("JD-SF1").open.until is None
    now.instant = datetime(2026, 12, 31, 9, 0, tzinfo=UTC)
    early = branches.one("JD-MAIN").open
    assert (early.state, early.special.note_en if early.special else "") == ("closed", "Closing early at the end of the year")


def test_one_branch_is_read_by_itself(branches: Branches, database: Database) -> None:
    told = {detail.branch.code: detail for detail in branches.all()}
    with database.read() as connection:
        assert reads.branch_of(connection, "JD-MAIN") in reads.branches(connection)
        assert reads.branch_of(connection, "nowhere") is None
    for code, detail in told.items():
        with statements(database) as asked:
            assert branches.one(code) == detail
        assert all("branch.code = " in one for one in asked if "FROM branch" in one)


def test_an_exception_that_is_over_is_told_no_more(branches: Branches, now: SteppingClock) -> None:
    now.instant = datetime(2027, 2, 8, 12, 0, tzinfo=UTC)
    assert [special.note_en for special in (branches.one("JX-MAIN").hours or pytest.fail("hours")).specials] == [
        "Closed for the Spring Festival"
    ]
    now.advance(timedelta(days=1))
    assert (branches.one("JX-MAIN").hours or pytest.fail("hours")).specials == ()


def test_distances_are_told_from_a_branch(branches: Branches) -> None:
    found = {detail.branch.code: detail.metres for detail in branches.all("JD-MAIN")}
    assert found["JD-MAIN"] == 0
    assert found["JD-OLD"] == 3700
    assert 370_000 < (found["WZ-MAIN"] or 0) < 390_000
    assert branches.one("JD-MAIN").metres is None
    with pytest.raises(NotFound, match="unknown_branch"):
        branches.one("XX")
