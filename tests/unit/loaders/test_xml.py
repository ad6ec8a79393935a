"""MARCXML: cut by its tags, so that a bad record costs only itself; nothing in it can expand or reach out."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.formats.marcxml import parse_marcxml, read_prolog
from loaders.formats.model import RawRecord
from loaders.formats.xml_frames import frames
from union_catalog.errors import MalformedRecord, SourceUnusable

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">'
TAIL = b"</collection>"


def element(record_id: str, prefix: str = "") -> bytes:
    p = f"{prefix}:" if prefix else ""
    return (
        f'<{p}record><{p}leader>00000nam a2200000 a 4500</{p}leader><{p}controlfield tag="001">{record_id}</{p}controlfield>'
        f'<{p}datafield tag="245" ind1="1" ind2="0"><{p}subfield code="a">题名 &amp; {record_id}</{p}subfield></{p}datafield></{p}record>'
    ).encode()


A, B, C = element("A"), element("B"), element("C")


def cut(data: bytes, limit: int = 5_000_000) -> list[RawRecord]:
    return list(frames(io.BytesIO(data), limit))


def test_records_are_cut_verbatim() -> None:
    raws = cut(HEAD + A + b"\n" + B + TAIL)
    assert [(raw.offset, raw.data, raw.fault) for raw in raws] == [(len(HEAD), A, ""), (len(HEAD + A) + 1, B, "")]


def test_a_record_is_read_with_its_entities_and_prefix() -> None:
    expected = [("001", "X"), ("245", "10\x1fa题名 & X")]
    assert parse_marcxml(element("X"), "utf-8").fields == expected
    (raw,) = cut(b'<m:collection xmlns:m="u">' + element("X", "m") + b"</m:collection>")
    assert parse_marcxml(raw.data, "utf-8").fields == expected


def test_a_record_as_the_root() -> None:
    (raw,) = cut(b"<?xml version='1.0'?>\n" + A.replace(b"<record", b'<record xmlns="http://www.loc.gov/MARC21/slim"', 1))
    assert parse_marcxml(raw.data, "utf-8").control("001") == "A"


@pytest.mark.parametrize(
    "broken", [B.replace(b"</datafield>", b""), B.replace(b'code="a"', b'code="\x07"'), B.replace(b"&amp;", b"&bomb;")]
)
def test_a_bad_record_costs_only_itself(broken: bytes) -> None:
    raws = cut(HEAD + A + broken + C + TAIL)
    assert [raw.data for raw in raws] == [A, broken, C]
    with pytest.raises(MalformedRecord) as raised:
        parse_marcxml(raws[1].data, "utf-8")
    assert raised.value.code == "xml_malformed"


def test_a_missing_end_tag_costs_only_its_record() -> None:
    open_ended = B.removesuffix(b"</record>")
    raws = cut(HEAD + A + open_ended + C + TAIL)
    assert [(raw.data, raw.fault) for raw in raws] == [(A, ""), (open_ended, "xml_malformed"), (C, "")]


def test_what_is_commented_out_is_no_record() -> None:
    assert [raw.data for raw in cut(HEAD + b"<!-- " + A + b" -->" + B + b"<![CDATA[" + C + b"]]>" + TAIL)] == [B]


def test_the_wrapper_of_a_harvest_is_no_record() -> None:
    harvested = b"<record><header><identifier>1</identifier></header><metadata>" + A + b"</metadata></record>"
    assert [raw.data for raw in cut(b"<OAI-PMH><ListRecords>" + harvested * 2 + b"</ListRecords></OAI-PMH>")] == [A, A]


def test_an_overlong_record_is_told_apart() -> None:
    long = A.replace("题名".encode(), b"x" * 3_000_000)
    raws = cut(HEAD + B + long + C + TAIL, limit=1_000_000)
    assert [(raw.fault, raw.size) for raw in raws] == [("", len(B)), ("oversized", len(long)), ("", len(C))]
    assert raws[1].sha256 == RawRecord(0, 0, long).sha256


def test_a_record_across_blocks_is_whole() -> None:
    long = A.replace("题名".encode(), b"x" * 3_000_000)
    assert [raw.data for raw in cut(HEAD + b" " * 1_048_570 + B + long + C + TAIL)] == [B, long, C]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><collection>', "xml_doctype"),
        (b'<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><collection>', "xml_doctype"),
        (b"00467nam0 2200169", "not_xml"),
        (b'<?xml version="1.0" encoding="ebcdic-cp-us"?><collection>', "unknown_encoding"),
    ],
)
def test_files_that_are_refused(head: bytes, code: str) -> None:
    with pytest.raises(SourceUnusable) as refused:
        read_prolog(head, "file.xml")
    assert refused.value.code == code


@pytest.mark.parametrize(("declared", "encoding"), [(b"UTF-8", "utf-8"), (b"gb2312", "gb18030"), (b"GBK", "gb18030"), (b"Big5", "big5")])
def test_the_declared_encoding(declared: bytes, encoding: str) -> None:
    assert read_prolog(b'\xef\xbb\xbf<?xml version="1.0" encoding="' + declared + b'"?><collection>', "f") == encoding


def test_an_encoding_other_than_utf8() -> None:
    assert parse_marcxml(A.decode().encode("gb18030"), "gb18030").fields[1][1].endswith("题名 & A")


@given(st.lists(st.sampled_from([A, B, C, b"<record>", b"</record>", b"<leader>x", b"<!--", b"-->", b" text ", b"<"]), max_size=12))
def test_any_mixture_is_cut_without_a_crash(parts: list[bytes]) -> None:
    raws = cut(b"".join(parts))
    assert [raw.position for raw in raws] == list(range(len(raws)))
    for raw in raws:
        if not raw.fault:
            try:
                parse_marcxml(raw.data, "utf-8")
            except MalformedRecord as error:
                assert error.code in ("xml_malformed", "no_fields")  # noqa: PT017  # most mixtures are read
