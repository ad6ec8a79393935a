"""The tables of the demo's people: that they fit together and to the demo's holdings."""

import pytest

from demo.people import tables
from demo.people.life import DEEDS
from demo.tables import LIBRARIES, Copy, records
from union_catalog.services.circulation.finding import ItemReference

HELD = {(library, copy.barcode): copy for library in LIBRARIES for record in records(library) for copy in record.copies}
NAMES = [reader.name for reader in tables.readers()]


def held(item: ItemReference) -> Copy:
    return HELD[item.library, item.barcode]


def test_names_say_that_nobody_is_meant() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(name.startswith("读者") and len(name) == 3 for name in NAMES)
    assert all(reader.email.endswith(".example") for reader in tables.readers())
    assert [clerk.zh for clerk in tables.staff() if not clerk.zh.startswith(("馆员", "编目", "主管", "全网管理员"))] == []


def test_there_are_all_roles_libraries_and_kinds_of_readers() -> None:
    assert {clerk.role for clerk in tables.staff()} == {"circulation", "cataloguing", "manager", "network"}
    assert {clerk.library for clerk in tables.staff() if clerk.role == "circulation"} == set(LIBRARIES)
    assert {"adult", "child", "senior"} <= {reader.category for reader in tables.readers()}
    assert all(reader.guardian in NAMES[:place] for place, reader in enumerate(tables.readers()) if reader.guardian)


@pytest.mark.parametrize("name", NAMES)
def test_deeds_are_told_in_their_order_and_are_those_that_can_be_done(name: str) -> None:
    told = tables.deeds(name)
    days = [deed.days_ago for deed in told]
    since = next(reader.since_days for reader in tables.readers() if reader.name == name)
    assert days == sorted(days, reverse=True)
    assert all(0 < day <= since for day in days)
    assert {deed.deed for deed in told} <= DEEDS


def test_every_deed_is_of_a_reader_who_is_told() -> None:
    rows = (tables.FOLDER / "deeds.csv").read_text("utf-8").splitlines()[1:]
    assert sum(len(tables.deeds(name)) for name in NAMES) == len(rows)


def test_what_is_lent_stands_on_the_shelf_of_the_branch_that_lends_it() -> None:
    lent = [deed for name in NAMES for deed in tables.deeds(name) if deed.deed == "lend"]
    assert [deed.item for deed in lent if (held(deed.item).branch, held(deed.item).status) != (deed.branch, "")] == []


def test_samples_are_of_readers_and_items_that_there_are() -> None:
    items = [tables.item(sample.value) for sample in tables.samples() if sample.kind == "item"]
    assert [item for item in items if item.library != "-" and (item.library, item.barcode) not in HELD] == []
    assert {sample.value for sample in tables.samples() if sample.kind != "item"} <= set(NAMES)
    assert {sample.kind for sample in tables.samples()} == {"item", "card", "lost", "misread"}
