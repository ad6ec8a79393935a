"""How to sign in as each of the demo's people, and what to scan at a desk: the file of UNION_CATALOG_SIGN_IN_GUIDE."""

import os
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from api.pages.trying import Group, Guide, Sample, Somebody, Text
from demo.people import tables
from demo.people.tables import Reader
from union_catalog.services.patrons import cards, lookup

PASSWORD = "demo-yikatong"  # noqa: S105 - everybody is to know it
PIN = "246810"


def guide_of(connection: Connection) -> Guide:
    """As things are now: a reader who has no valid card any more, or another name, is left out."""
    numbers = {reader.name: _numbers(connection, reader) for reader in tables.readers()}
    staff = [Somebody(Text(one.zh, one.en), Text(one.for_zh, one.for_en), one.username, one.start) for one in tables.staff()]
    readers = [
        Somebody(Text(one.name, one.name_en), Text(one.for_zh, one.for_en), numbers[one.name]["card"], one.start)
        for one in tables.readers()
        if "card" in numbers[one.name]
    ]
    groups = (Group(Text("馆员", "Staff"), PASSWORD, tuple(staff)), Group(Text("读者", "Readers"), PIN, tuple(readers)))
    items = [Sample(tables.item(one.value).barcode, Text(one.zh, one.en)) for one in tables.samples() if one.kind == "item"]
    shown = [
        Sample(numbers[one.value][one.kind], Text(one.zh, one.en))
        for one in tables.samples()
        if one.kind != "item" and one.kind in numbers[one.value]
    ]
    return Guide(groups, tuple(items), tuple(shown))


def _numbers(connection: Connection, reader: Reader) -> dict[str, str]:
    """The reader's "card", the one that was "lost", and the "misread" card, as far as there are any."""
    found = [patron for patron in lookup.by_name(connection, reader.name, reader.born) if patron.merged_into is None]
    known = [one for patron in found for one in cards.numbers_of(connection, patron.id) if one.kind == "card"]
    numbers = {("card" if one.state == "valid" else one.state): one.number for one in known}
    return numbers | ({"misread": _misread(numbers["card"])} if "card" in numbers else {})


def _misread(number: str) -> str:
    """With another digit in the middle, which the check digit tells."""
    return number[:8] + str((int(number[8]) + 1) % 10) + number[9:]


def write_guide(path: Path, guide: Guide) -> None:
    """Whole or not at all: whoever serves may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(guide), indent=1))
    os.replace(fresh, path)
