"""The demo's exports read by the real formats: what the tables say comes out again."""

from collections.abc import Iterator

import pytest

from demo import cnmarc, marc21
from demo.tables import Record, records
from loaders.formats.cnmarc import CNMARC
from loaders.formats.dialect import Dialect, describe
from loaders.formats.marc import parse_iso2709
from loaders.formats.marc21 import MARC21
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.holdings.model import ReportedItem

Read = tuple[Record, BibliographicRecord, tuple[ReportedItem, ...]]


def _read(library: str, data: bytes, dialect: Dialect, encoding: str) -> Iterator[Read]:
    for record in records(library):
        length = int(data[:5])
        yield record, *describe(dialect, parse_iso2709(data[:length], encoding))
        data = data[length:]
    assert data == b""


@pytest.fixture(scope="module")
def everything() -> list[Read]:
    jiading = cnmarc.export(records("JD"), cnmarc.JIADING, "gb18030")
    wenzhou = cnmarc.export(records("WZ"), cnmarc.WENZHOU, "utf-8")
    return [
        *_read("JD", jiading, CNMARC, "gb18030"),
        *_read("JX", marc21.export(records("JX")), MARC21, "utf-8"),
        *_read("WZ", wenzhou, CNMARC, "utf-8"),
    ]


def test_titles_and_formats_come_out_as_they_went_in(everything: list[Read]) -> None:
    for record, read, _ in everything:
        proper = read.title_proper
        assert proper is not None, record.record_id
        assert proper.text[0] == record.description.title[0] or record.description.romanised_title, record.record_id
        assert read.format == record.description.format, record.record_id


def test_romanised_records_show_the_title_of_the_book(everything: list[Read]) -> None:
    titles = {r.description.key: read.title_proper for r, read, _ in everything if r.description.romanised_title}
    title = titles["pingfan-rw-2005"]
    assert title is not None
    assert (title.text, title.pinyin) == ("平凡的世界", "Pingfan de shijie")


def test_genuine_isbns_are_valid_and_have_thirteen_digits(everything: list[Read]) -> None:
    for record, read, _ in everything:
        numbers = [one for one in read.identifiers if one.scheme == "isbn"]
        assert len(numbers) == bool(record.description.isbn), record.record_id
        assert all(one.valid and len(one.value) == 13 for one in numbers), record.record_id


def test_years_come_out_as_they_went_in(everything: list[Read]) -> None:
    for record, read, _ in everything:
        if record.description.date[:4].isdecimal():
            assert read.year == int(record.description.date[:4]), record.record_id


def test_dates_of_the_republic_are_understood(everything: list[Read]) -> None:
    years = {(r.library, r.description.key): read.year for r, read, _ in everything}
    assert years["JX", "niezi-yunchen-1992"] == 1992
    assert years["JD", "qianjiang-lianjing-1981"] == 1981


def test_every_item_is_reported_with_its_branch_and_state(everything: list[Read]) -> None:
    for record, _, items in everything:
        assert [item.barcode for item in items] == [copy.barcode for copy in record.copies], record.record_id
        assert [item.branch_code for item in items] == [copy.branch for copy in record.copies], record.record_id
        assert [item.status_word for item in items] == [copy.status for copy in record.copies], record.record_id
    states = {(item.status, item.lending) for _, _, items in everything for item in items}
    assert states >= {
        ("available", "loan"),
        ("available", "library_use"),
        ("available", "online"),
        ("on_loan", "loan"),
        ("lost", "loan"),
        ("in_process", "loan"),
    }
    assert "unknown" not in {state for state, _ in states}
