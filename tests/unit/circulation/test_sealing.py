"""Sealed lines: opened by the right key for the right line, and by nothing else."""

import base64

import pytest

from union_catalog.circulation.sealing import about_line, new_pair, seal, unseal
from union_catalog.errors import InvalidInput

ABOUT = about_line("JD-1", "desk-3", "7")


def test_what_was_sealed_is_opened_by_the_private_half_alone() -> None:
    private, public = new_pair()
    sealed = seal(public, "补录".encode(), ABOUT)
    assert unseal(private, sealed, ABOUT).decode() == "补录"
    assert seal(public, b"x", ABOUT) != seal(public, b"x", ABOUT)
    with pytest.raises(InvalidInput, match="sealed_unreadable"):
        unseal(new_pair()[0], sealed, ABOUT)


def test_a_sealed_line_is_no_other_line_and_cannot_be_changed() -> None:
    private, public = new_pair()
    sealed = seal(public, b"one", ABOUT)
    with pytest.raises(InvalidInput, match="sealed_unreadable"):
        unseal(private, sealed, about_line("JD-1", "desk-3", "8"))
    raw = bytearray(base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)))
    raw[-1] ^= 1
    with pytest.raises(InvalidInput, match="sealed_unreadable"):
        unseal(private, base64.urlsafe_b64encode(bytes(raw)).decode(), ABOUT)


@pytest.mark.parametrize("sealed", ["", "x", "?", "é", "A" * 300, base64.b64encode(b"\x04" + b"\x00" * 90).decode()])
def test_what_was_never_sealed_is_refused_in_words(sealed: str) -> None:
    with pytest.raises(InvalidInput, match="sealed_unreadable"):
        unseal(new_pair()[0], sealed, ABOUT)
