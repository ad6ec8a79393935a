"""Real records in every format and encoding, and records broken on purpose: what each file must give, agreed by reading its bytes."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from loaders.formats.model import ParsedRecord
from loaders.formats.registry import Source, open_source
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.errors import MalformedRecord, SourceUnusable

pytestmark = pytest.mark.shared_data


class Outcome(NamedTuple):
    """The records of a file, and the codes of those that cannot be read."""

    records: list[ParsedRecord]
    codes: list[str]


def read_all(source: Source) -> Outcome:
    outcome = Outcome([], [])
    for raw in source.frames():
        try:
            outcome.records.append(source.reader.read(raw))
        except MalformedRecord as error:
            outcome.codes.append(error.code)
    return outcome


def described(outcome: Outcome) -> dict[str, BibliographicRecord]:
    return {record.record_id: record.record for record in outcome.records}


# Each file of marc/broken: format, encoding, records readable, codes of those that are not, and why.
BROKEN: list[tuple[str, str, str, int, list[str]]] = [
    # "{6924f6}" stands in the middle of East Asian text: no character of EACC
    ("bad_eacc_encoding.dat", "marc21", "marc-8", 0, ["undecodable"]),
    ("bad_eacc_encoding.marc8.marc", "marc21", "marc-8", 0, ["undecodable"]),
    # a first field "0 2" without indicators, then blanks behind the record: all that has a known tag is sound
    ("bad_indicator.dat", "marc21", "utf-8", 1, []),
    # "Soci" ESC "t…": escapes where letters with accents were, so that letters are lost
    ("bad_marc8_escape.dat", "marc21", "marc-8", 0, ["undecodable"]),
    # base address wrong (2, 3, 6), directory of 13 bytes (4), a letter in it (5): the one field is plain each time; the seventh has none
    ("bad_records.mrc", "marc21", "utf-8", 7, ["no_fields"]),
    # a subfield code of two bytes, "á": the field is sound for all that
    ("bad_subfield_code.dat", "marc21", "utf-8", 1, []),
    ("bad_subfield_code.marc", "marc21", "marc-8", 1, []),
    # a tag of two digits, indicators "z", a blank leader
    ("bad_tag.xml", "marcxml", "utf-8", 1, []),
    # bytes C0 and 80, which no UTF-8 text has; MARC-8 has no 80 either
    ("bad_utf_byte.utf8.marc", "marc21", "utf-8", 0, ["undecodable"]),
    ("bad_utf_byte.utf8.marc", "marc21", "marc-8", 0, ["undecodable"]),
    # type of date r without a second date: nothing wrong with the bytes
    ("date_type_r_missing_date2.marc", "marc21", "marc-8", 1, []),
    # C2 98 is legal: a control character, which goes
    ("marc_with_bad_utf8.utf8.marc", "marc21", "utf-8", 1, []),
    ("missing-second-date.marc", "marc21", "utf-8", 1, []),
    # the second record has a BEL as its subfield code, which XML does not allow
    ("three-records-second-bad.xml", "marcxml", "utf-8", 2, ["xml_malformed"]),
    ("utf8.xml", "marcxml", "utf-8", 1, []),
    # letters and combining marks in an odd order, all of them legal
    ("utf8_errors.dat", "marc21", "utf-8", 1, []),
    # U+FFFD as a subfield code: what was lost was lost before, the rest is sound
    ("utf8_invalid.mrc", "marc21", "utf-8", 1, []),
    # a lone A8
    ("utf8_with_bad_bytes.marc", "marc21", "utf-8", 0, ["undecodable"]),
    ("utf8_with_leader_flag.dat", "marc21", "utf-8", 1, []),
    # says MARC-8 in its leader and is UTF-8: the setting of the source is believed
    ("utf8_without_leader_flag.dat", "marc21", "utf-8", 1, []),
]


@pytest.mark.parametrize(("name", "format", "encoding", "readable", "codes"), BROKEN)
def test_broken_files(shared_data: Path, name: str, format: str, encoding: str, readable: int, codes: list[str]) -> None:
    outcome = read_all(open_source(shared_data / "marc" / "broken" / name, format, encoding))
    assert (len(outcome.records), outcome.codes) == (readable, codes)


@pytest.mark.parametrize(
    ("name", "format", "encoding", "code"),
    [
        ("test_utf8.txt", "marc21", "utf-8", "not_marc"),
        ("test_utf8.txt", "marcxml", "utf-8", "not_xml"),
        ("bad_subfield_code.marc", "marc21", "utf-8", "wrong_encoding"),
        ("utf8_errors.dat", "marc21", "marc-8", "wrong_encoding"),
    ],
)
def test_files_that_are_refused(shared_data: Path, name: str, format: str, encoding: str, code: str) -> None:
    with pytest.raises(SourceUnusable) as refused:
        open_source(shared_data / "marc" / "broken" / name, format, encoding)
    assert refused.value.code == code


def test_every_broken_file_has_its_line(shared_data: Path) -> None:
    told = {name for name, *_ in BROKEN} | {"test_utf8.txt"}
    assert {path.name for path in (shared_data / "marc" / "broken").iterdir()} == told


def test_what_is_read_of_the_records_with_bad_directories(shared_data: Path) -> None:
    outcome = read_all(open_source(shared_data / "marc/broken/bad_records.mrc", "marc21", "utf-8"))
    assert {record.record.titles[0].text for record in outcome.records} == {"The pragmatic programmer"}


SOUND = [
    ("cnmarc_real.gb18030.iso", "cnmarc", "gb18030", 11, 0),
    ("cnmarc_real.utf8.iso", "cnmarc", "utf-8", 11, 0),
    ("nist.utf8.mrc", "marc21", "utf-8", 1500, 0),
    ("nist.marc8.mrc", "marc21", "marc-8", 1500, 0),
    ("gpo.utf8.mrc", "marc21", "utf-8", 1592, 0),
    ("uva.marc8.mrc", "marc21", "marc-8", 2000, 0),
    ("han_880.marc21.utf8.mrc", "marc21", "utf-8", 107, 0),
    ("koha.marcxml", "marcxml", "utf-8", 435, 1),  # one has unit separators in its control fields: not XML
    ("evergreen_concerto.marcxml", "marcxml", "utf-8", 264, 0),
]


@pytest.mark.parametrize(("name", "format", "encoding", "readable", "unreadable"), SOUND)
def test_real_files(shared_data: Path, name: str, format: str, encoding: str, readable: int, unreadable: int) -> None:
    for told in (encoding, "auto"):
        source = open_source(shared_data / "marc" / name, format, told)
        outcome = read_all(source)
        assert (len(outcome.records), len(outcome.codes)) == (readable, unreadable)
    untitled = [record for record in outcome.records if record.record.title_proper is None]
    assert len(untitled) <= readable // 100


@pytest.mark.parametrize(
    ("one", "other", "format"),
    [
        (("cnmarc_real.gb18030.iso", "gb18030"), ("cnmarc_real.utf8.iso", "utf-8"), "cnmarc"),
        (("nist.marc8.mrc", "marc-8"), ("nist.utf8.mrc", "utf-8"), "marc21"),
    ],
)
def test_the_same_records_in_two_encodings_are_equal(shared_data: Path, one: tuple[str, str], other: tuple[str, str], format: str) -> None:
    first, second = (described(read_all(open_source(shared_data / "marc" / name, format, enc))) for name, enc in (one, other))
    shared = first.keys() & second.keys()
    assert len(shared) >= 0.99 * len(first)
    assert {key: first[key] for key in shared} == {key: second[key] for key in shared}


def strings(value: object) -> Iterator[str]:
    """Every text in a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


LIBRARIES = [
    ("jiading.cnmarc.gb18030.iso", "cnmarc", "gb18030", 17_750, 35_510),
    ("jiaxing.marc21.utf8.mrc", "marc21", "utf-8", 17_339, 34_473),
    ("wenzhou.cnmarc.utf8.iso", "cnmarc", "utf-8", 22_690, 45_394),
    ("kunshan.holdings.csv", "csv", "auto", 12_046, 23_921),
]


@pytest.mark.parametrize(("name", "format", "encoding", "records", "items"), LIBRARIES)
def test_the_exports_of_the_four_libraries(shared_data: Path, name: str, format: str, encoding: str, records: int, items: int) -> None:
    outcome = read_all(open_source(shared_data / "libraries" / name, format, encoding))
    assert (len(outcome.records), outcome.codes) == (records, [])
    assert len({record.record_id for record in outcome.records}) == records
    barcodes = [item.barcode for record in outcome.records for item in record.items]
    assert (len(barcodes), len(set(barcodes))) == (items, items)
    for record in outcome.records:
        assert record.record.title_proper is not None
        assert all(item.branch_code and item.status == "available" for item in record.items)
    for record in outcome.records[::50]:
        texts = set(strings(msgspec.to_builtins(record.record)))
        assert not any("\x1f" in text or "&#" in text or "&amp;" in text for text in texts)


@pytest.mark.parametrize(
    ("name", "format", "declared", "better"),
    [
        ("jiading.cnmarc.gb18030.iso", "cnmarc", "utf-8", "gb18030"),
        ("jiaxing.marc21.utf8.mrc", "marc21", "gb18030", "utf-8"),
        ("wenzhou.cnmarc.utf8.iso", "cnmarc", "big5", "utf-8"),
        ("jiaxing.marc21.utf8.mrc", "marc21", "marc-8", "utf-8"),
        ("kunshan.holdings.csv", "csv", "gb18030", "utf-8"),
    ],
)
def test_a_wrong_encoding_is_refused(shared_data: Path, name: str, format: str, declared: str, better: str) -> None:
    with pytest.raises(SourceUnusable) as refused:
        open_source(shared_data / "libraries" / name, format, declared)
    assert (refused.value.code, refused.value.data["better"]) == ("wrong_encoding", better)
