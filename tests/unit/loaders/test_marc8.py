"""MARC-8 by the examples of its specification."""

import pytest

from loaders.formats.encodings import decode
from loaders.formats.marc8 import Marc8Error, decode_marc8, resolve_escapes


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", "plain"),
        (b"caf\xe2e", "cafe\u0301"),  # the mark stands before its letter
        (b"\xa5gir", "Ægir"),
        (b"H\x1bb2\x1bsO", "H₂O"),
        (b"m\x1bp2\x1bs", "m²"),
        (b"\x1bgb\x1bs-rays", "β-rays"),
        (b"\x1b(NkNIG\x1b(B", "Книг"),
        (b"\x1b$1!04!BX\x1b(B", "中文"),
        (b"a\x1b$1!04\x1fb", "a中\x1fb"),  # a subfield begins anew in Latin
        (b"\x88The \x89end", "The end"),
    ],
)
def test_decoding(data: bytes, text: str) -> None:
    assert decode_marc8(data) == text


@pytest.mark.parametrize(("data", "offset"), [(b"Soci\x1bt", 4), (b"ab\xff", 2), (b"\x1b$1!0", 3), (b"x\x80", 1), (b"\x1b", 0)])
def test_what_means_nothing_is_an_error_with_its_offset(data: bytes, offset: int) -> None:
    with pytest.raises(Marc8Error) as raised:
        decode_marc8(data)
    assert raised.value.offset == offset


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("300\x1bb2\x1bsK", "300₂K"),
        ("2935\x1bp5\x1bs to", "2935⁵ to"),
        ("°C\x1bp6\x1b(B°F", "°C⁶°F"),
        ("a\x1bzb", "azb"),
        ("x\x1bb2\x1fy2", "x₂\x1fy2"),
    ],
)
def test_escapes_left_in_unicode_are_resolved(text: str, resolved: str) -> None:
    assert resolve_escapes(text) == resolved
    assert decode(text.encode(), "utf-8") == resolved
