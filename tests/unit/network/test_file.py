"""Reading the network file: what it says, and every fault with its place."""

import pytest

from union_catalog.errors import ConfigurationError
from union_catalog.network.couriers import Stop
from union_catalog.network.file import read_network
from union_catalog.network.model import BRANCH_KINDS

WHOLE = """
[[regions]]
code = "R"
name = "一区"
name_en = "One"

[[libraries]]
code = "A"
name = "甲馆"
region = "R"
circulation = "remote"
rank = 3
floating = "group:delta"

[[branches]]
code = "A-1"
library = "A"
name = "一分馆"
kind = "locker"
lat = 31
lng = 121.5
address = "某路一号"
offers_pickup = true
local_codes = ["1", "01"]

[[branches]]
code = "B-1"
library = "B"
name = "别馆的分馆"

[[routes]]
code = "V"
name = "一号线"
weekdays = ["fri", "mon"]
stops = [{ branch = "A-1", time = "8:30" }, { branch = "B-1", time = "10:05" }, { branch = "A-1", time = "17:00" }]
"""


def test_everything_that_is_said_is_read() -> None:
    network = read_network(WHOLE, {"B"})
    assert (network.regions[0].name, network.regions[0].name_en) == ("一区", "One")
    library = network.libraries[0]
    assert (library.code, library.region, library.circulation, library.rank) == ("A", "R", "remote", 3)
    assert library.floating == "group:delta"
    first, second = network.branches
    assert (first.kind, first.lat, first.lng, first.offers_pickup, first.local_codes) == ("locker", 31, 121.5, True, ("1", "01"))
    assert (second.kind, second.lat, second.offers_pickup) == ("other", None, False)
    (route,) = network.routes
    assert (route.code, route.name, route.weekdays) == ("V", "一号线", ("mon", "fri"))
    assert route.stops == (Stop("A-1", 510), Stop("B-1", 605), Stop("A-1", 1020))


def test_gcj02_is_converted_and_wgs84_is_not() -> None:
    converted = read_network(WHOLE.replace("lat = 31\n", 'lat = 31\ndatum = "gcj02"\n'), {"B"}).branches[0]
    assert converted.lat is not None
    assert 0.0005 < abs(converted.lat - 31) < 0.01
    assert read_network(WHOLE.replace("lat = 31\n", 'lat = 31\ndatum = "wgs84"\n'), {"B"}).branches[0].lat == 31


@pytest.mark.parametrize("kind", BRANCH_KINDS)
def test_every_kind_is_taken(kind: str) -> None:
    assert read_network(WHOLE.replace("locker", kind), {"B"}).branches[0].kind == kind


def test_an_empty_file_is_an_empty_network() -> None:
    assert read_network("") == read_network("# nothing yet\n")


FAULTS = [
    ('code = "R"', 'code = "R', "network_syntax", ""),
    ('name = "一区"', "", "network_missing_key", "regions[0].name"),
    ('name = "一区"', 'name = "  "', "network_missing_key", "regions[0].name"),
    ('name = "甲馆"', 'name = "甲馆"\ncolour = "red"', "network_unknown_key", "libraries[0].colour"),
    ("[[regions]]", "[[region]]", "network_unknown_key", "region"),
    ("[[regions]]", "[regions]", "network_bad_value", "regions"),
    ("rank = 3", 'rank = "3"', "network_bad_value", "libraries[0].rank"),
    ("rank = 3", "rank = true", "network_bad_value", "libraries[0].rank"),
    ('"remote"', '"both"', "network_bad_value", "libraries[0].circulation"),
    ('"locker"', '"castle"', "network_bad_value", "branches[0].kind"),
    ("lat = 31\n", "lat = 91\n", "network_bad_value", "branches[0].lat"),
    ("lat = 31\n", "lat = nan\n", "network_bad_value", "branches[0].lat"),
    ("lng = 121.5\n", "lng = 181\n", "network_bad_value", "branches[0].lng"),
    ("lng = 121.5\n", "", "network_bad_value", "branches[0].lng"),
    ("lat = 31\n", 'lat = 31\ndatum = "bd09"\n', "network_bad_value", "branches[0].datum"),
    ('["1", "01"]', "[1]", "network_bad_value", "branches[0].local_codes"),
    ('["1", "01"]', '["1", "1"]', "network_twice", "branches.local_codes"),
    ('code = "B-1"', 'code = "A-1"', "network_twice", "branches"),
    ('region = "R"', 'region = "X"', "network_unknown_code", "libraries[0].region"),
    ('library = "B"', 'library = "C"', "network_unknown_code", "branches[1].library"),
    ('library = "B"', 'library = "A"\nlocal_codes = ["01"]', "network_twice", "branches.local_codes"),
    ('"group:delta"', '"everywhere"', "network_bad_value", "libraries[0].floating"),
    ('"group:delta"', '"group:"', "network_bad_value", "libraries[0].floating"),
    ('"group:delta"', '"group:two words"', "network_bad_value", "libraries[0].floating"),
    ('"group:delta"', f'"group:{"x" * 43}"', "network_bad_value", "libraries[0].floating"),
    ('["fri", "mon"]', '["friday"]', "network_bad_value", "routes[0].weekdays"),
    ('["fri", "mon"]', '["fri", "fri"]', "network_bad_value", "routes[0].weekdays"),
    ('["fri", "mon"]', "[]", "network_bad_value", "routes[0].weekdays"),
    ('["fri", "mon"]', "[[]]", "network_bad_value", "routes[0].weekdays"),
    ('{ branch = "B-1", time = "10:05" }', '{ branch = "B-1", time = "8:30" }', "network_bad_value", "routes[0].stops[1].time"),
    ('{ branch = "B-1", time = "10:05" }', '{ branch = "B-1", time = "24:00" }', "network_bad_value", "routes[0].stops[1].time"),
    ('{ branch = "B-1", time = "10:05" }', '{ branch = "B-1", time = 10 }', "network_bad_value", "routes[0].stops[1].time"),
    ('{ branch = "B-1", time = "10:05" }', '{ branch = "B-1" }', "network_missing_key", "routes[0].stops[1].time"),
    ('{ branch = "B-1", time = "10:05" }', '{ branch = 1, time = "10:05" }', "network_bad_value", "routes[0].stops[1].branch"),
    ('{ branch = "B-1", time = "10:05" }', '"B-1"', "network_bad_value", "routes[0].stops[1]"),
    ('time = "10:05" }', 'time = "10:05", wait = 5 }', "network_unknown_key", "routes[0].stops[1].wait"),
    ('{ branch = "B-1", time', '{ branch = "C-1", time', "network_unknown_code", "routes[0].stops[1].branch"),
    ('code = "V"', 'code = "V"\ncolour = "red"', "network_unknown_key", "routes[0].colour"),
]


@pytest.mark.parametrize(("said", "instead", "code", "place"), FAULTS)
def test_a_fault_is_told_with_its_place(said: str, instead: str, code: str, place: str) -> None:
    assert said in WHOLE
    with pytest.raises(ConfigurationError) as refusal:
        read_network(WHOLE.replace(said, instead, 1), {"B"})
    assert refusal.value.code == code
    assert place in str(refusal.value.data["place"])


def test_two_libraries_may_use_the_same_local_code() -> None:
    network = read_network(WHOLE.replace('name = "别馆的分馆"', 'name = "别馆的分馆"\nlocal_codes = ["1"]'), {"B"})
    assert [branch.local_codes[0] for branch in network.branches] == ["1", "1"]


def test_a_route_may_call_at_a_branch_that_is_known_already() -> None:
    elsewhere = WHOLE.replace('{ branch = "B-1", time', '{ branch = "C-1", time')
    assert read_network(elsewhere, {"B"}, {"C-1"}).routes[0].stops[1].branch == "C-1"


def test_a_route_goes_from_somewhere_to_somewhere() -> None:
    start, end = WHOLE.index("stops = "), WHOLE.rindex("]")
    with pytest.raises(ConfigurationError, match=r"routes\[0\].stops"):
        read_network(WHOLE[:start] + 'stops = [{ branch = "A-1", time = "8:30" }]' + WHOLE[end + 1 :], {"B"})
