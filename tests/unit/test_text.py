"""Plain text hygiene."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_catalog.text import half_width, has_cjk, has_han, squeeze, tidy


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Cafe\u0301", "Café"),
        ("The Owner&#39;s &lt;Manual&gt;", "The Owner's <Manual>"),
        ("x?a=1&copy=2", "x?a=1&copy=2"),
        ("\ufeff题\u200b名\u0007", "题名"),
        ("a\x1fb\x1ec\x1d", "a\x1fb\x1ec\x1d"),
        ("&#31;&#x1e;", ""),
    ],
)
def test_tidy(raw: str, clean: str) -> None:
    assert tidy(raw) == clean


@given(st.text(max_size=60))
def test_tidied_text_is_composed_and_free_of_controls(text: str) -> None:
    clean = tidy(text)
    allowed = "\t\r\n\x1d\x1e\x1f"
    assert "&" in text or unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(char) == "Cc" and char not in allowed for char in clean)


def test_forms() -> None:
    assert squeeze(" 蓝青荣　等 \n") == "蓝青荣 等"
    assert half_width("ＩＳＢＮ：７　８") == "ISBN:7 8"
    assert (has_han("の"), has_cjk("の"), has_han("红"), has_cjk("abc")) == (False, True, True, False)
