"""Taking an ISO 2709 record apart: a directory that is wrong is not believed."""

import pytest

from loaders.formats.marc import Field, id_in_bytes, parse_iso2709
from tests.unit.loaders.building import cnmarc_record, iso_record
from union_catalog.errors import MalformedRecord

FIELDS = (("001", "R1"), ("200", "1 $a红楼梦$f曹雪芹著"), ("210", "  $c人民文学出版社$d2008"))


def fields(data: bytes, encoding: str = "utf-8") -> list[tuple[str, str]]:
    return [(tag, text.replace("\x1f", "$")) for tag, text in parse_iso2709(data, encoding).fields]


def code(data: bytes, encoding: str = "utf-8") -> str:
    with pytest.raises(MalformedRecord) as raised:
        parse_iso2709(data, encoding)
    return raised.value.code


def test_fields_in_the_order_of_the_directory() -> None:
    assert fields(iso_record(*FIELDS)) == list(FIELDS)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_encoding_is_the_one_told(encoding: str) -> None:
    assert fields(iso_record(*FIELDS, encoding=encoding), encoding) == list(FIELDS)


def test_a_directory_in_another_order_than_the_fields_is_followed() -> None:
    record = iso_record(*FIELDS)
    first, second, third = record[24:36], record[36:48], record[48:60]
    assert fields(record[:24] + third + first + second + record[60:]) == [FIELDS[2], FIELDS[0], FIELDS[1]]


def test_positions_counted_in_characters_are_not_believed() -> None:
    record, at = iso_record(*FIELDS), 0
    directory = ""
    for tag, text in FIELDS:
        directory += f"{tag}{len(text) + 1:04d}{at:05d}"
        at += len(text) + 1
    assert fields(record[:24] + directory.encode() + record[60:]) == list(FIELDS)


@pytest.mark.parametrize("base", [b"00000", b"99999", b"abcde", b"     "])
def test_the_base_address_is_not_needed(base: bytes) -> None:
    record = iso_record(*FIELDS)
    assert fields(record[:12] + base + record[17:]) == list(FIELDS)


def test_a_missing_directory_terminator_is_made_good_by_the_base_address() -> None:
    record = iso_record(("001", "R1"), ("200", "1 $a红楼梦"))
    broken = record[:12] + b"00048" + record[17:48] + record[49:]
    assert fields(broken) == [("001", "R1"), ("200", "1 $a红楼梦")]


def test_a_lost_field_is_told() -> None:
    record = iso_record(*FIELDS)
    lost = record[: record.index(b"  \x1fc")] + b"\x1d"
    assert code(lost) == "truncated"


def test_more_fields_than_entries_without_true_positions_cannot_be_told_apart() -> None:
    record = iso_record(*FIELDS)
    assert code(record[:24] + b"200000199999" + record[60:]) == "bad_directory"


def test_a_record_cut_in_the_middle_of_its_last_field_is_truncated() -> None:
    assert code(iso_record(*FIELDS)[:-10]) == "truncated"


def test_a_record_that_lacks_only_its_terminator_is_read() -> None:
    assert fields(iso_record(*FIELDS)[:-1]) == list(FIELDS)


def test_a_last_field_that_lacks_only_its_terminator_is_read() -> None:
    assert fields(iso_record(*FIELDS)[:-2] + b"\x1d") == list(FIELDS)


def test_a_leader_alone_has_no_fields() -> None:
    assert code(b"00026nam0 2200025   450 \x1e\x1d") == "no_fields"


@pytest.mark.parametrize("data", [b"", b"abc", b"x" * 200])
def test_bytes_without_a_leader(data: bytes) -> None:
    assert code(data) == "no_leader"


def test_bytes_that_do_not_decode_are_told_with_their_offset() -> None:
    record = iso_record(*FIELDS, encoding="gb18030")
    with pytest.raises(MalformedRecord) as raised:
        parse_iso2709(record, "utf-8")
    assert raised.value.code == "undecodable"
    assert raised.value.data == {"encoding": "utf-8", "offset": record.index("红".encode("gb18030"))}


def test_the_id_of_an_unreadable_record_is_found() -> None:
    assert id_in_bytes(cnmarc_record("X 17", encoding="gb18030")) == "X 17"
    assert id_in_bytes(b"\xff" * 80) == ""


def test_text_is_composed_and_entities_are_resolved() -> None:
    (_, text), *_ = fields(iso_record(("200", "1 $aCafe\u0301 &amp; &#31354;&#38388; &copy=1")))
    assert text == "1 $aCafé & 空间 &copy=1"


def test_non_sorting_marks_and_controls_go() -> None:
    (_, text), *_ = fields(iso_record(("200", "1 $a\u0098The \u009cend\u0007")))
    assert text == "1 $aThe end"


def test_a_field_gives_its_subfields_squeezed_and_raw() -> None:
    field = Field("100", "1#\x1fa  two　blanks \x1fb \x1fb x\x1f")
    assert (field.ind1, field.ind2) == ("1", "#")
    assert field.first("a") == "two blanks"
    assert field.first("b") == "x"
    assert field.every("ab") == ["two blanks", "x"]
    assert field.raw("a") == "  two　blanks "
