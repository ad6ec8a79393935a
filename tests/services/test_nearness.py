"""Near me: which branches lie in which ring, and who can lend next to the reader."""

from dataclasses import replace
from pathlib import Path

import pytest

from indexers.embedded.engine import EmbeddedEngine
from indexers.relay import Relay
from tests.services.conftest import Loader
from tests.services.records import book, item
from tests.services.statements import statements
from union_catalog.clock import SteppingClock
from union_catalog.context import Context
from union_catalog.errors import InvalidInput
from union_catalog.network.distance import metres
from union_catalog.search.engine import Filters, SearchRequest
from union_catalog.search.nearby import RINGS
from union_catalog.search.query import parse
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.index_feed import IndexFeed
from union_catalog.services.network import apply_network
from union_catalog.services.searching.asked import Asked, Place
from union_catalog.services.searching.nearness import Nearness
from union_catalog.storage.database import Database

HERE = Place(31.3, 121.3)
NORTH = 1 / 111.195  # a kilometre in degrees of latitude
DISTANCES = {"N0": 0.0, "N1": 0.94, "N2": 1.9, "N3": 2.1, "N5": 5.2, "N10": 12.0, "N20": 49.9, "N50": 50.3, "N99": 4000.0}


def network(**branches: float | None) -> str:
    """A library whose branches lie so many kilometres north of HERE; one that nobody has placed is at None."""
    told = ['[[libraries]]\ncode = "JD"\nname = "嘉定区图书馆"']
    for code, kilometres in branches.items():
        place = "" if kilometres is None else f"lat = {HERE.lat + kilometres * NORTH}\nlng = {HERE.lng}\n"
        told.append(f'[[branches]]\ncode = "{code}"\nlibrary = "JD"\nname = "{code}馆"\nname_en = "{code} house"\n{place}')
    return "\n".join(told)


@pytest.fixture
def nearness(database: Database, now: SteppingClock, context: Context) -> Nearness:
    apply_network(database, now, context, network(**DISTANCES, NOWHERE=None), lambda _: True)
    return Nearness(database)


def test_every_branch_stands_in_the_ring_of_its_distance(nearness: Nearness) -> None:
    rings = nearness.around(HERE).nearby.rings
    assert dict(zip(RINGS, rings, strict=True)) == {1: ("N0", "N1"), 2: ("N2",), 5: ("N3",), 10: ("N5",), 20: ("N10",), 50: ("N20",)}


def test_within_holds_all_nearer_rings(nearness: Nearness) -> None:
    assert nearness.around(HERE).nearby.within(5) == ("N0", "N1", "N2", "N3")


def test_a_branch_is_a_place_to_count_from(nearness: Nearness) -> None:
    around = nearness.around("N10")
    assert around.nearby.rings[0] == ("N10",)
    assert around.metres["N0"] == pytest.approx(12_000, rel=0.001)
    assert "N99" not in around.metres


@pytest.mark.parametrize(("code", "complaint"), [("NOWHERE", "place_without_position"), ("XX", "unknown_place")])
def test_what_cannot_be_counted_from_is_told(nearness: Nearness, code: str, complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint) as caught:
        nearness.around(code)
    assert caught.value.data["name"] == "near"


def test_a_branch_that_has_just_come_is_known(nearness: Nearness, database: Database, now: SteppingClock, context: Context) -> None:
    nearness.around(HERE)
    apply_network(database, now, context, network(NEW=30.0), lambda _: True)
    assert nearness.around("NEW").nearby.rings[0] == ("NEW",)


def test_across_the_date_line_and_near_the_pole(database: Database, now: SteppingClock, context: Context) -> None:
    text = '[[libraries]]\ncode = "P"\nname = "P"\n'
    text += "".join(f'[[branches]]\ncode = "{c}"\nlibrary = "P"\nname = "{c}"\nlat = {lat}\nlng = {lng}\n' for c, lat, lng in POLAR)
    apply_network(database, now, context, text, lambda _: True)
    assert Nearness(database).around(Place(0.0, 179.995)).nearby.rings[1] == ("EAST",)
    assert Nearness(database).around(Place(89.99, 0.0)).nearby.rings[2] == ("POLE",)


POLAR = (("EAST", 0.0, -179.995), ("POLE", 89.99, 180.0))


def test_the_nearest_branch_that_lends_now_is_told_to_a_hundred_metres(
    database: Database, now: SteppingClock, context: Context, tmp_path: Path, load: Loader
) -> None:
    apply_network(database, now, context, network(**DISTANCES, NOWHERE=None), lambda _: True)
    load("JD", [
        book("1", "红楼梦", items=[item("b1", "N1", status="on_loan"), item("b2", "N5"), item("b3", "N20")]),
        book("2", "围城", items=[item("b4", "N99"), item("b5", "NOWHERE")]),
    ])  # fmt: skip
    engine = EmbeddedEngine(tmp_path / "index")
    engine.create()
    Relay(IndexFeed(database, now, 30.0), engine).step()
    catalogue = Catalogue(database, engine)
    asked = Asked(SearchRequest(parse("")), near=HERE)
    result = catalogue.search(asked)
    titles = {record.union_id: record.title for record in result.records}
    found = {titles[union_id]: (near.code, near.name_en, near.metres) for union_id, near in result.nearest.items()}
    assert found == {"红楼梦": ("N5", "N5 house", 5200)}
    assert catalogue.search(replace(asked, near=None)).nearest == {}
    engine.close()


def test_a_result_leads_to_the_chosen_places_first(
    database: Database, now: SteppingClock, context: Context, tmp_path: Path, load: Loader
) -> None:
    """Of the copies in N0, N1 and N5: which is told, and which is the nearest to lend, by the branches that are chosen."""
    apply_network(database, now, context, network(**DISTANCES), lambda _: True)
    held = [item("b1", "N0"), item("b2", "N0"), item("b3", "N1", status="on_loan"), item("b4", "N5"), item("b5", "N99", status="missing")]
    load("JD", [book("1", "红楼梦", items=held)])
    engine = EmbeddedEngine(tmp_path / "index")
    engine.create()
    Relay(IndexFeed(database, now, 30.0), engine).step()
    catalogue = Catalogue(database, engine)

    def told(*branches: str, library: tuple[str, ...] = ()) -> tuple[str, str, str | None]:
        filters = Filters(library=library, branch=branches)
        result = catalogue.search(Asked(SearchRequest(parse(""), filters=filters), near=HERE))
        (record,) = result.records
        near = result.nearest.get(record.union_id)
        return record.best_status, record.best_branch, near.code if near else None

    assert told() == told(library=("JD",)) == ("available", "N0", "N0")
    assert told("N1", "N5") == told("N1", "N5", library=("JD",)) == ("available", "N5", "N5")
    assert told("N1") == ("on_loan", "N1", None)
    assert told("N99") == ("available", "N0", None), "nothing is known of what is there"
    engine.close()


def test_a_search_that_names_places_reads_their_names_once(
    database: Database, now: SteppingClock, context: Context, tmp_path: Path, load: Loader
) -> None:
    apply_network(database, now, context, network(N1=1.0, N2=2.0), lambda _: True)
    load("JD", [book("1", items=[item("b1", "N1")]), book("2", "围城", items=[item("b2", "N2")])])
    engine = EmbeddedEngine(tmp_path / "index")
    engine.create()
    Relay(IndexFeed(database, now, 30.0), engine).step()
    catalogue = Catalogue(database, engine)
    for query in ("", "馆:N1馆", "馆:N1馆 红喽梦"):
        with statements(database) as asked:
            result = catalogue.search(Asked(SearchRequest(parse(query))))
        assert result.facet_labels["branch"]["N1"] == ("N1馆", "N1 house")
        assert len([one for one in asked if "FROM branch" in one]) == 1, query
    engine.close()


def test_positions_are_told_as_they_stand_in_the_file(nearness: Nearness) -> None:
    one = nearness.around(HERE).positions["N5"]
    assert metres(HERE.lat, HERE.lng, one.lat, one.lng) == pytest.approx(5200, rel=0.001)
