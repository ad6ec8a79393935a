"""Choosing in trees: libraries and their branches, classes and what is below them."""

import pytest

from union_catalog.bibliographic.classes import ClassEntry, ClassTable, shipped
from union_catalog.search.engine import FacetCount, Filters, SearchPage
from union_catalog.services.searching.choosing import narrowed, unfolded, with_all_chosen

LIBRARY_OF = {"JD-MAIN": "JD", "JD-1": "JD", "JX-1": "JX"}
TABLE = ClassTable(
    ClassEntry(code, code, "", parent)
    for code, parent in (
        ("I", ""), ("K", ""), ("I1", "I"), ("I2", "I"), ("I24", "I2"), ("I25", "I2"), ("I246", "I24"), ("I247", "I24"), ("I247.5", "I247"),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("library", "branch", "left"),
    [
        (("JD",), ("JD-MAIN",), ()),
        (("JD",), ("JX-1",), ("JD",)),
        (("JD", "JX"), ("JD-1", "JD-MAIN"), ("JX",)),
        (("JD", "JX"), ("JD-1", "JX-1"), ()),
        (("JD",), ("UNKNOWN",), ("JD",)),
        (("JD",), (), ("JD",)),
        ((), ("JD-1",), ()),
    ],
)
def test_a_branch_stands_for_its_library(library: tuple[str, ...], branch: tuple[str, ...], left: tuple[str, ...]) -> None:
    assert narrowed(Filters(library=library, branch=branch, available=True), LIBRARY_OF) == Filters(
        library=left, branch=branch, available=True
    )


def page(*libraries: FacetCount) -> SearchPage:
    return SearchPage(0, (), {"library": libraries, "format": (FacetCount("book", 1, False),)}, None, ())


def test_a_library_that_gave_way_stays_chosen_in_its_place() -> None:
    told = with_all_chosen(page(FacetCount("JX", 7, False), FacetCount("JD", 3, False)), Filters(library=("JD", "WZ")))
    assert told.facets["library"] == (FacetCount("JX", 7, False), FacetCount("JD", 3, True), FacetCount("WZ", 0, True))
    assert told.facets["format"] == (FacetCount("book", 1, False),)


def test_where_nothing_is_counted_nothing_is_added() -> None:
    empty = SearchPage(0, (), {}, None, ())
    assert with_all_chosen(empty, Filters(library=("JD",))) == empty


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ((), set()),
        (("I",), {"I1", "I2"}),
        (("I2",), {"I1", "I2", "I24", "I25"}),
        (("I24",), {"I1", "I2", "I24", "I25", "I246", "I247"}),
        (("I247.57",), {"I1", "I2", "I24", "I25", "I246", "I247", "I247.5"}),
        (("I246", "K"), {"I1", "I2", "I24", "I25", "I246", "I247"}),
        (("?",), set()),
    ],
)
def test_a_chosen_class_is_shown_on_its_way_down(chosen: tuple[str, ...], shown: set[str]) -> None:
    assert set(unfolded(chosen, TABLE)) == shown


def test_without_deeper_names_nothing_deeper_is_shown() -> None:
    assert all(shipped().is_known(code) for code in unfolded(("I247.5",), shipped()))
