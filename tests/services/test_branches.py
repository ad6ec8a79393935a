"""Branch codes of exports: unknown ones are made branches, whatever they look like, and a network file can take them over later."""

from sqlalchemy import select

from tests.services.conftest import Loader
from tests.services.records import book, item
from union_catalog.clock import SteppingClock
from union_catalog.context import Context
from union_catalog.services.network import apply_network
from union_catalog.storage import outbox
from union_catalog.storage.database import Database
from union_catalog.storage.tables import branch, branch_local_code, event
from union_catalog.storage.tables import item as items

NETWORK = """
[[branches]]
code = "JX-CENTRE"
library = "JX"
name = "中心馆"
local_codes = ["A", "B"]
"""


def places(database: Database) -> dict[str, str]:
    """barcode → branch."""
    with database.read() as connection:
        return {row.barcode: row.branch for row in connection.execute(select(items.c.barcode, items.c.branch))}


def test_an_unknown_branch_is_made_and_told(load: Loader, catalogue_database: Database) -> None:
    load("JD", [book("1", items=[item("1", "A"), item("2", " A "), item("3", "")])])
    assert places(catalogue_database) == {"1": "A", "2": "A", "3": None}
    with catalogue_database.read() as connection:
        assert connection.execute(select(branch.c.name, branch.c.provisional)).all() == [("A", True)]
        told = select(event.c.library, event.c.data).where(event.c.kind == "branch.found")
        assert connection.execute(told).all() == [("JD", {"local_code": "A"})]


def test_the_same_code_in_two_libraries_is_two_branches(load: Loader, catalogue_database: Database) -> None:
    load("JD", [book("1", items=[item("1", "A")])])
    load("JX", [book("1", items=[item("2", "A"), item("3", "JX-A")])])
    load("JX", [book("2", items=[item("4", "A")])])
    found = places(catalogue_database)
    assert found["2"] == found["4"]
    assert len({found["1"], found["2"], found["3"]}) == 3


def test_long_codes_that_begin_alike_do_not_stop_a_load(load: Loader, catalogue_database: Database) -> None:
    codes = [f"{'这是一段误填在馆藏地里的很长的附注文字' * 4}{number}" for number in range(5)]
    load("JD", [book("1", items=[item(str(n), code) for n, code in enumerate(codes)])])
    assert len(set(places(catalogue_database).values())) == 5


def test_a_network_file_may_take_over_the_codes_of_found_branches(
    load: Loader, catalogue_database: Database, now: SteppingClock, context: Context
) -> None:
    load("JD", [book("1", items=[item("1", "A")])])
    load("JX", [book("1", items=[item("2", "A"), item("3", "B")])])
    apply_network(catalogue_database, now, context, NETWORK, lambda comparison: True)
    with catalogue_database.read() as connection:
        local = select(branch_local_code.c.local_code, branch_local_code.c.branch).where(branch_local_code.c.library == "JX")
        assert dict(tuple(row) for row in connection.execute(local)) == {"A": "JX-CENTRE", "B": "JX-CENTRE"}
    load("JX", [book("2", items=[item("4", "A"), item("5", "B")])])
    found = places(catalogue_database)
    assert (found["4"], found["5"]) == ("JX-CENTRE", "JX-CENTRE")


def test_the_items_of_a_found_branch_go_to_the_branch_that_the_network_file_says_it_is(
    load: Loader, catalogue_database: Database, now: SteppingClock, context: Context
) -> None:
    load("JD", [book("1", items=[item("1", "A")])])
    load("JX", [book("1", items=[item("2", "A"), item("3", "B"), item("4", "C")])])
    with catalogue_database.read() as connection:
        before = outbox.last_message(connection)
    apply_network(catalogue_database, now, context, NETWORK, lambda comparison: True)
    assert places(catalogue_database) == {"1": "A", "2": "JX-CENTRE", "3": "JX-CENTRE", "4": "C"}
    with catalogue_database.read() as connection:
        assert set(connection.execute(select(branch.c.code)).scalars()) == {"A", "C", "JX-CENTRE"}
        assert outbox.last_message(connection) == before + 1  # the index counts by branch
    load("JX", [book("1", items=[item("2", "A"), item("3", "B"), item("4", "C")])])
    assert places(catalogue_database)["2"] == "JX-CENTRE"
