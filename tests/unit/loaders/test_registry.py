"""Opening a source and reading it: what is refused before anything is read, what a reader promises of each record."""

import hashlib
import pickle
from pathlib import Path

import pytest

from loaders.formats.codes import FILE_CODES, RECORD_CODES
from loaders.formats.model import RawRecord
from loaders.formats.reader import FORMATS, Reader
from loaders.formats.registry import open_source
from tests.unit.loaders.building import cnmarc_record, iso_record
from union_catalog.errors import MalformedRecord, SourceUnusable

A, B, C = (cnmarc_record(name) for name in "ABC")
MARCXML = '<collection><record><controlfield tag="001">{}</controlfield></record></collection>'


def write(folder: Path, data: bytes) -> Path:
    path = folder / "export"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "format", "encoding", "code"),
    [
        (b"", "cnmarc", "auto", "empty_file"),
        (b"\r\n \x00\r\n", "csv", "auto", "empty_file"),
        ("这不是机读目录\n".encode() * 40, "marc21", "auto", "not_marc"),
        (b"PK\x03\x04" + bytes(range(256)) * 8, "cnmarc", "auto", "not_marc"),
        (A, "marcxml", "auto", "not_xml"),
        (b"<collection></collection>", "marcxml", "auto", "no_records"),
        (b'<!DOCTYPE lolz [<!ENTITY lol "lol">]><lolz>&lol;</lolz>', "marcxml", "auto", "xml_doctype"),
        (A, "dublin", "auto", "unknown_format"),
        (A, "cnmarc", "latin-1", "unknown_encoding"),
        (cnmarc_record("A", encoding="gb18030") * 9, "cnmarc", "utf-8", "wrong_encoding"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, data: bytes, format: str, encoding: str, code: str) -> None:
    with pytest.raises(SourceUnusable) as refused:
        open_source(write(tmp_path, data), format, encoding)
    assert refused.value.code == code
    assert code in FILE_CODES


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_that_is_not_there_and_one_that_is_a_folder(tmp_path: Path, format: str) -> None:
    for path, code in ((tmp_path / "nothing", "file_not_found"), (tmp_path, "file_unreadable")):
        with pytest.raises(SourceUnusable) as refused:
            open_source(path, format)
        assert refused.value.code == code


def test_a_source_goes_on_where_it_was(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, A + B + C), "cnmarc")
    assert [raw.position for raw in source.frames()] == [0, 1, 2]
    assert [(raw.position, raw.data) for raw in source.frames(after=2)] == [(2, C)]
    assert list(source.frames(after=3)) == []
    assert source.size == len(A + B + C)


@pytest.mark.parametrize(("data", "format"), [(A, "cnmarc"), (MARCXML.format("A").encode(), "marcxml")])
def test_auto_is_settled_when_the_source_is_opened(tmp_path: Path, data: bytes, format: str) -> None:
    assert open_source(write(tmp_path, data), format).encoding == "utf-8"
    path = write(tmp_path, cnmarc_record("A", encoding="gb18030"))
    assert open_source(path, "cnmarc").reader.encoding == "gb18030"


def test_the_encoding_that_an_xml_file_declares_is_used(tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="GBK"?>{MARCXML.format("红楼梦")}'
    source = open_source(write(tmp_path, text.encode("gb18030")), "cnmarcxml")
    assert [source.reader.read(raw).record_id for raw in source.frames()] == ["红楼梦"]


def test_a_reader_can_be_sent_to_another_process() -> None:
    reader = Reader("cnmarc", "utf-8")
    assert pickle.loads(pickle.dumps(reader)).read(RawRecord(0, 0, A)) == reader.read(RawRecord(0, 0, A))


def test_what_a_reader_tells_of_a_record() -> None:
    data = iso_record(("001", "  R 1 "), ("005", "20240102030405.0"), ("200", "1 $a题名"))
    parsed = Reader("cnmarc", "utf-8").read(RawRecord(7, 99, data))
    assert (parsed.record_id, parsed.version, parsed.deleted) == ("R 1", "20240102030405.0", False)
    assert (parsed.position, parsed.offset, parsed.raw) == (7, 99, data)
    assert parsed.digest == hashlib.sha256(data).hexdigest()


def test_a_record_without_an_id_is_named_by_its_bytes() -> None:
    data = iso_record(("200", "1 $a题名"))
    parsed = Reader("cnmarc", "utf-8").read(RawRecord(0, 0, data))
    assert parsed.record_id == f"sha256-{hashlib.sha256(data).hexdigest()[:16]}"


def test_a_deleted_record() -> None:
    data = iso_record(("001", "R1"), ("200", "1 $a题名"), leader="00000dam0 2200000   450 ")
    assert Reader("cnmarc", "utf-8").read(RawRecord(0, 0, data)).deleted


@pytest.mark.parametrize("told", ["", "unknown", "2024"])
def test_what_is_no_time_is_no_version(told: str) -> None:
    data = iso_record(("001", "R1"), ("005", told), ("200", "1 $a题名"))
    assert Reader("cnmarc", "utf-8").read(RawRecord(0, 0, data)).version == ""


def test_the_same_record_in_iso_2709_and_in_xml_is_equal() -> None:
    xml = (
        '<record><leader>00000nam0 2200000   450 </leader><controlfield tag="001">R1</controlfield>'
        '<datafield tag="200" ind1="1" ind2=" "><subfield code="a">红楼梦</subfield><subfield code="f">曹雪芹著</subfield></datafield>'
        '<datafield tag="905" ind1=" " ind2=" "><subfield code="b">1</subfield><subfield code="c">X</subfield></datafield></record>'
    )
    iso = iso_record(("001", "R1"), ("200", "1 $a红楼梦$f曹雪芹著"), ("905", "  $b1$cX"))
    one = Reader("cnmarcxml", "utf-8").read(RawRecord(0, 0, xml.encode()))
    other = Reader("cnmarc", "utf-8").read(RawRecord(0, 0, iso))
    assert (one.record_id, one.record, one.items) == (other.record_id, other.record, other.items)


@pytest.mark.parametrize(
    ("raw", "code", "record_id"),
    [
        (RawRecord(0, 0, A, "oversized", 6_000_000, "0" * 64), "oversized", "A"),
        (RawRecord(0, 0, b"junk", "no_leader", 4), "no_leader", ""),
        (RawRecord(0, 0, cnmarc_record("R 9", encoding="gb18030")), "undecodable", "R 9"),
        (RawRecord(0, 0, A[:-9]), "truncated", "A"),
    ],
)
def test_a_record_that_cannot_be_read_is_named_as_far_as_possible(raw: RawRecord, code: str, record_id: str) -> None:
    with pytest.raises(MalformedRecord) as raised:
        Reader("cnmarc", "utf-8").read(raw)
    assert (raised.value.code, raised.value.data["record_id"]) == (code, record_id)
    assert code in RECORD_CODES


def test_rows_read_again_without_their_mapping_tell_what_is_missing() -> None:
    with pytest.raises(MalformedRecord) as raised:
        Reader("csv", "utf-8").read(RawRecord(0, 2, "Bib#,T\n1,题名\n".encode()))
    assert raised.value.code == "missing_columns"
    mapping = '[columns]\nrecord_id = "Bib#"\ntitle = "T"\n'
    assert Reader("csv", "utf-8", mapping).read(RawRecord(0, 2, "Bib#,T\n1,题名\n".encode())).record_id == "1"
