"""The words of the exports for states and kinds of items."""

from importlib.resources import files
from typing import get_args

import pytest

from loaders.formats.items import make_item
from union_catalog.holdings.model import Lending, ReportedStatus
from union_catalog.holdings.words import item_kind, item_state


@pytest.mark.parametrize(
    ("word", "status", "lending"),
    [
        ("", "available", None),
        ("在馆", "available", None),
        (" 可 借 ", "available", None),
        ("Available", "available", None),
        ("借出", "on_loan", None),
        ("借出(应还日期:2024-05-01)", "on_loan", None),
        ("Checked out: due 2024-05-01", "on_loan", None),
        ("流转中", "in_transit", None),
        ("馆藏丢失", "lost", None),
        ("仅供阅览", "available", "library_use"),
        ("在线", "available", "online"),
        ("火星", "unknown", None),
    ],
)
def test_states(word: str, status: str, lending: str | None) -> None:
    assert item_state(word) == (status, lending)


@pytest.mark.parametrize(
    ("word", "item_type", "lending", "known"),
    [
        ("", "book", "loan", True),
        ("book", "book", "loan", True),
        ("少儿图书", "children", "loan", True),
        ("reference", "reference", "library_use", True),
        ("电子书", "e-book", "online", True),
        ("火星", "book", "loan", False),
    ],
)
def test_kinds(word: str, item_type: str, lending: str, known: bool) -> None:
    assert item_kind(word) == (item_type, lending, known)


def listed(name: str) -> list[list[str]]:
    """The lines of a word table."""
    lines = files("union_catalog.holdings").joinpath("data", name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def test_the_tables_name_only_what_the_model_has() -> None:
    states, lendings = set(get_args(ReportedStatus)), set(get_args(Lending))
    for word, *values in listed("status_words.tsv"):
        assert {item_state(word).status} <= states, word
        assert values == [item_state(word).lending or item_state(word).status]
    for word, item_type, *lending in listed("item_types.tsv"):
        assert item_kind(word) == (item_type, lending[0] if lending else "loan", True)
        assert set(lending) <= lendings


@pytest.mark.parametrize(
    ("type_word", "status_word", "url", "lending"),
    [
        ("book", "在馆", "", "loan"),
        ("reference", "在馆", "", "library_use"),
        ("book", "仅供阅览", "", "library_use"),
        ("reference", "在线", "", "library_use"),
        ("book", "", "http://example.org", "online"),
    ],
)
def test_how_an_item_may_be_used(type_word: str, status_word: str, url: str, lending: str) -> None:
    item = make_item(code="", branch="X", type_word=type_word, status_word=status_word, url=url)
    assert (item.lending, item.status) == (lending, "available")
