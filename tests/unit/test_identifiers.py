"""Identifiers: the arithmetic against python-stdnum, the forms against what catalogues hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import isbn as stdnum_isbn
from stdnum import issn as stdnum_issn

from union_catalog.identifiers import barcode, cubn, format_isbn, is_isil, isbn13, issn8, parse_isbn


@given(st.from_regex(r"(97[89][0-9]{10}|[0-9]{9}[0-9X])", fullmatch=True))
def test_isbn_arithmetic_is_that_of_stdnum(text: str) -> None:
    valid = stdnum_isbn.is_valid(text)
    assert bool(isbn13(text)) == valid
    if valid:
        assert isbn13(text) == stdnum_isbn.to_isbn13(text)


@given(st.from_regex(r"[0-9]{7}[0-9X]", fullmatch=True))
def test_issn_arithmetic_is_that_of_stdnum(text: str) -> None:
    assert bool(issn8(text)) == stdnum_issn.is_valid(text)


@pytest.mark.parametrize(
    ("text", "value", "valid", "qualifier", "price"),
    [
        ("978-7-02-000220-7 (全套) : CNY59.70", "9787020002207", True, "全套", "CNY59.70"),
        ("7-5037-2790-X", "9787503727900", True, "", ""),
        ("0471383147 (paper/cd-rom : alk. paper)", "9780471383147", True, "paper/cd-rom; alk. paper", ""),
        ("ISBN：９７８７２１４０６４８０６", "9787214064806", True, "", ""),
        ("978–7–02–000220–7", "9787020002207", True, "", ""),
        ("0835210766 :", "9780835210768", True, "", ""),
        ("978-7-02-000220-8", "978-7-02-000220-8", False, "", ""),
        ("7-02-00022-7", "7-02-00022-7", False, "", ""),
        ("25.00元", "", False, "", "25.00元"),
        ("CNY50.00", "", False, "", "CNY50.00"),
        ("精装", "", False, "精装", ""),
        ("", "", False, "", ""),
    ],
)
def test_isbn_subfields(text: str, value: str, valid: bool, qualifier: str, price: str) -> None:
    assert parse_isbn(text)[:4] == (value, valid, qualifier, price)


def test_an_isbn_with_hyphens() -> None:
    assert format_isbn("9787020002207") == "978-7-02-000220-7"
    assert format_isbn("not one") == "not one"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("CN-110001", True),
        ("CN-ZJ-1", True),
        ("DE-1", True),
        ("OCLC-AAA", True),
        ("CN110001", False),
        ("CN-", False),
        ("CN-123456789012", False),
    ],
)
def test_isil(text: str, told: bool) -> None:
    assert is_isil(text) is told


@pytest.mark.parametrize(("text", "value"), [("统一书号：10019·3145", "10019·3145"), ("10019.3145", "10019·3145"), ("1.20", "")])
def test_cubn(text: str, value: str) -> None:
    assert cubn(text) == value


@pytest.mark.parametrize(("text", "code"), [(" 310 0001 ", "3100001"), ("*A12*", "A12"), ("３１０", "310"), ("", "")])
def test_barcode(text: str, code: str) -> None:
    assert barcode(text) == code
