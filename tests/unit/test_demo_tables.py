"""The demo's tables: what can be checked of facts, and that the tables fit together."""

import re
import tomllib
from collections import Counter
from dataclasses import fields

from stdnum import isbn, issn

from demo.tables import (
    FOLDER,
    LIBRARIES,
    Description,
    Record,
    differences,
    editions,
    expected_clusters,
    records,
)
from union_catalog.network.file import read_network
from union_catalog.network.model import BRANCH_KINDS

NETWORK = read_network((FOLDER / "network.toml").read_text(encoding="utf-8"))
ALL = [record for library in LIBRARIES for record in records(library)]
FORMATS = {
    "book",
    "e-book",
    "audio",
    "braille",
    "large-print",
    "video",
    "music",
    "score",
    "map",
    "periodical",
}


def _of_format(name: str) -> list[Description]:
    return [edition for edition in editions().values() if edition.format == name]


def test_there_are_enough_editions_of_all_kinds() -> None:
    assert len(editions()) >= 400
    assert all(len(_of_format(name)) >= 1 for name in FORMATS)
    assert {edition.format for edition in editions().values()} == FORMATS
    assert len({edition.clc[0] for edition in editions().values()}) >= 16
    assert len({edition.language for edition in editions().values()}) >= 4


def test_keys_are_unique_over_all_files() -> None:
    keys = [
        line.split(",")[0] for path in (FOLDER / "editions").glob("*.csv") for line in path.read_text(encoding="utf-8").splitlines()[1:]
    ]
    assert len(keys) == len(set(keys)) == len(editions())


def test_every_isbn_is_genuine_and_stands_once() -> None:
    numbers = [edition.isbn for edition in editions().values() if edition.isbn]
    assert [number for number in numbers if len(number) != 13 or not isbn.is_valid(number)] == []
    assert [number for number, count in Counter(numbers).items() if count > 1] == []
    assert editions()["hongloumeng-rw-1996"].isbn == "9787020002207"


def test_every_issn_is_valid() -> None:
    periodicals = _of_format("periodical")
    assert len(periodicals) >= 5
    assert [edition.key for edition in periodicals if not issn.is_valid(edition.issn)] == []


def test_what_a_library_writes_as_isbn_is_of_the_same_edition() -> None:
    written = {key: values["isbn"].replace("-", "") for (key, _), values in differences().items() if values.get("isbn")}
    for key, number in written.items():
        with_prefix_left_out = number == editions()[key].isbn[3:]
        assert with_prefix_left_out or isbn.to_isbn13(number) == editions()[key].isbn, key


def test_no_fact_is_told_twice() -> None:
    told = Counter(
        (
            edition.title,
            edition.volume,
            edition.creators,
            edition.publisher,
            edition.date,
            edition.edition,
            edition.format,
        )
        for edition in editions().values()
    )
    assert [fact for fact, count in told.items() if count > 1] == []


def test_dates_and_classes_have_their_form() -> None:
    for edition in editions().values():
        assert re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?|\d{4}-|", edition.date), edition.key
        assert re.fullmatch(r"[A-KN-VXZ][A-Z]?(\d{1,3}(\.\d+)*)?(-\d+(\.\d+)*)?", edition.clc), edition.key
        assert edition.subjects, edition.key
        assert edition.title == edition.title.strip(), edition.key


def test_more_than_a_hundred_shared_editions_are_described_differently() -> None:
    shared = {key for key, members in expected_clusters().items() if len({library for library, _ in members}) > 1}
    assert len(shared & {key for key, _ in differences()}) >= 140


def test_every_difference_differs_and_belongs_to_a_record() -> None:
    held = {(record.description.key, record.library) for record in ALL}
    known = {field.name for field in fields(Description)} - {"key"}
    for (key, library), values in differences().items():
        assert (key, library) in held
        assert set(values) <= known
        described = next(r.description for r in ALL if (r.description.key, r.library) == (key, library))
        assert all(getattr(described, name) != getattr(editions()[key], name) for name in values), (
            key,
            library,
        )


def test_every_edition_is_held_and_no_record_id_stands_twice() -> None:
    assert set(expected_clusters()) == set(editions())
    members = [member for cluster in expected_clusters().values() for member in cluster]
    assert len(members) == len(set(members)) == len(ALL)
    assert all(record_id.startswith(library) for library, record_id in members)


def test_several_editions_and_media_of_one_classic() -> None:
    dreams = [edition for edition in editions().values() if edition.title in ("红楼梦", "紅樓夢")]
    assert len(dreams) >= 6
    assert {edition.format for edition in dreams} >= {"book", "video", "e-book"}


def test_about_two_thousand_items_in_known_branches_with_many_states() -> None:
    copies = [(record, copy) for record in ALL for copy in record.copies]
    assert 1900 <= len(copies) <= 2500
    own = {library: {b.code for b in NETWORK.branches if b.library == library} for library in LIBRARIES}
    assert [copy for record, copy in copies if copy.barcode and copy.branch not in own[record.library]] == []
    assert {copy.branch for _, copy in copies} == {branch.code for branch in NETWORK.branches} | {""}
    assert {copy.status for _, copy in copies} == {
        "",
        "借出",
        "预约中",
        "流转中",
        "编目中",
        "遗失",
        "修补",
        "仅供阅览",
    }
    assert {copy.kind for _, copy in copies} >= {
        "book",
        "children",
        "reference",
        "online",
        "periodical",
        "score",
    }


def test_barcodes_are_unique_in_their_library_and_some_occur_in_two() -> None:
    def barcodes(library: str) -> list[str]:
        return [copy.barcode for record in records(library) for copy in record.copies if copy.barcode]

    assert all(len(barcodes(library)) == len(set(barcodes(library))) for library in LIBRARIES)
    assert set(barcodes("WZ")) & set(barcodes("KS"))


def test_online_resources_have_an_address_instead_of_a_barcode() -> None:
    def is_online(record: Record) -> bool:
        return any(copy.kind == "online" for copy in record.copies)

    online = [record for record in ALL if is_online(record)]
    assert online
    assert all(record.description.url.startswith("https://") and record.description.format == "e-book" for record in online)
    assert all(not copy.barcode and not copy.branch for record in online for copy in record.copies)


def test_the_network_has_service_points_of_every_kind() -> None:
    assert len(NETWORK.branches) >= 20
    assert {library.code for library in NETWORK.libraries} == set(LIBRARIES)
    assert {branch.kind for branch in NETWORK.branches} >= set(BRANCH_KINDS) - {"other"}
    assert any(branch.offers_pickup for branch in NETWORK.branches)
    assert not all(branch.offers_pickup for branch in NETWORK.branches)


def test_every_branch_says_where_it_is_and_by_which_datum() -> None:
    branches = tomllib.loads((FOLDER / "network.toml").read_text(encoding="utf-8"))["branches"]
    assert all(branch["datum"] in ("wgs84", "gcj02") for branch in branches)
    assert all(27 < branch["lat"] < 32 and 120 < branch["lng"] < 122 for branch in branches)
