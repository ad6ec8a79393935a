"""Records that are legal and strange: over-long codes, control characters, a thousand items. None may stop its file on any database."""

from pathlib import Path

import pytest

from loaders.pipeline import LoadOptions, Report, run_load
from tests.scenarios.installations import iso2709
from union_catalog.clock import SystemClock
from union_catalog.context import command_line
from union_catalog.services.network import add_library
from union_catalog.settings import Settings
from union_catalog.storage.database import Database

TITLE = ("200", "1 \x1fa活着\x1ff余华著")
LONG = "这是一段误填的很长的附注" * 30

STRANGE = {
    "a barcode that is a note": (("001", "1"), TITLE, ("905", f"  \x1fb{LONG}\x1fcA")),
    "two barcodes that begin alike": (("001", "1"), TITLE, ("905", f"  \x1fb{LONG}1\x1fcA"), ("905", f"  \x1fb{LONG}2\x1fcA")),
    "a branch that is a note": (("001", "1"), TITLE, ("905", f"  \x1fb1\x1fc{LONG}"), ("905", f"  \x1fb2\x1fc{LONG}。")),
    "a date of change that is a note": (("001", "1"), ("005", "20260601" + "0" * 90), TITLE),
    "a very long id": (("001", "1" * 3000), TITLE),
    "a very long title": (("001", "1"), ("200", f"1 \x1fa{LONG * 20}\x1ff{LONG}")),
    "control characters": (("001", "\x01\x001"), ("200", "1 \x1fa活\x00着\x07\x85\x1ff余\u200b华"), ("905", "  \x1fb\x001\x1fc\x00")),
    "entities of what must not be": (("001", "1"), ("200", "1 \x1fa活&#0;着&#xD800;&#29;&#31;a&#x1F;")),
    "private and unassigned characters": (("001", "1"), ("200", "1 \x1fa\ue000\uffff\U0010ffff\u0378")),
    "many items": (("001", "1"), TITLE, *(("905", f"  \x1fb{number}\x1fcA\x1fd{LONG}") for number in range(1500))),
    "one barcode again and again": (("001", "1"), TITLE, *(("905", f"  \x1fb7\x1fc{number % 3}") for number in range(5))),
    "no field but its id": (("001", "1"),),
    "no id": (TITLE,),
    "a year that is none": (("001", "1"), TITLE, ("210", "  \x1fa北京\x1fc某社\x1fd99999999999999999999")),
    "everything is blank": (("001", "   "), ("200", "1 \x1fa  \x1ff　"), ("905", "  \x1fb  \x1fc ")),
}


@pytest.mark.parametrize("what", STRANGE)
def test_a_strange_record_costs_nobody_anything(database: Database, tmp_path: Path, what: str) -> None:
    clock = SystemClock()
    add_library(database, clock, command_line(clock), "JD", "嘉定区图书馆", "native")
    neighbour = iso2709(("001", "neighbour"), ("200", "1 \x1fa围城\x1ff钱锺书著"), ("905", "  \x1fbN1\x1fcA"))
    path = tmp_path / "strange.iso"
    path.write_bytes(neighbour + iso2709(*STRANGE[what]))

    def load() -> Report:
        options = LoadOptions("JD", path, "cnmarc", "utf-8")
        return run_load(database, clock, command_line(clock), Settings.from_environment({}), options)

    report = load()
    assert (report.read, report.stored + report.quarantined) == (2, 2)
    assert report.stored >= 1
    again = load()
    assert (again.read, again.stored, again.quarantined) == (2, 0, report.quarantined)
