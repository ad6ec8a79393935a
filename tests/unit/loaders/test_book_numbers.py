"""Editions and volumes that only the book number of the holdings tells."""

import pytest

from loaders.formats.book_numbers import tell_by_book_numbers
from loaders.formats.rules import Draft
from union_catalog.bibliographic.record import Text, Title
from union_catalog.holdings.model import ReportedItem


def told(*call_numbers: str, editions: tuple[str, ...] = (), volume: str = "") -> tuple[list[str], str]:
    """The editions and the volume of a draft whose items bear these call numbers."""
    draft = Draft(
        titles=[Title(kind="proper", text="数据结构", volume_number=volume)],
        editions=[Text(text=edition) for edition in editions],
        items=[ReportedItem(barcode=str(place), branch_code="WZ", call_number=number) for place, number in enumerate(call_numbers)],
    )
    tell_by_book_numbers(draft)
    return [edition.text for edition in draft.editions], draft.titles[0].volume_number


@pytest.mark.parametrize(
    ("number", "editions", "volume"),
    [
        ("TP311.12/121 E2", ["第2版"], ""),
        ("H319/H188 ed.3", ["第3版"], ""),
        ("I247/680-7 修订版", ["修订版"], ""),
        ("R161/R759 V3", [], "3"),
        ("I565/U845 V2 E2", ["第2版"], "2"),
        ("I247.5/161", [], ""),
        ("C912/C-44 864", [], ""),
        ("D9/98-6 2018", [], ""),
        ("TP3/E2", [], ""),
    ],
)
def test_signs_behind_the_authors_number(number: str, editions: list[str], volume: str) -> None:
    assert told(number) == (editions, volume)


def test_what_the_description_tells_stands() -> None:
    assert told("TP311/121 V3 E2", editions=("第1版",), volume="上") == (["第1版"], "上")


def test_items_that_disagree_tell_nothing() -> None:
    assert told("I247/12 V1", "I247/12 V2") == ([], "")
    assert told("I247/12 E2", "I247/12") == ([], "")
