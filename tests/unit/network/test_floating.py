"""Where items stay that come back away from home."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_catalog.network.floating import is_rule, reach
from union_catalog.network.model import Branch, Library

RULES = st.sampled_from(["home", "library", "group:delta", "group:lake"])


def library(code: str, floating: str) -> Library:
    return Library(code=code, name=code, floating=floating)


BRANCHES = [Branch(code=f"{code}-{number}", library=code, name=code) for code in "ABC" for number in (1, 2)]


def test_items_go_home_float_in_the_library_or_float_in_a_group() -> None:
    libraries = [library("A", "home"), library("B", "library"), library("C", "library")]
    assert reach(libraries, BRANCHES) == {"B": {"B-1", "B-2"}, "C": {"C-1", "C-2"}}
    libraries = [library("A", "group:delta"), library("B", "home"), library("C", "group:delta")]
    assert reach(libraries, BRANCHES) == {code: {"A-1", "A-2", "C-1", "C-2"} for code in "AC"}


@given(st.tuples(RULES, RULES, RULES))
def test_floating_is_between_equals_and_never_leaves_out_home(rules: tuple[str, str, str]) -> None:
    found = reach([library(code, rule) for code, rule in zip("ABC", rules, strict=True)], BRANCHES)
    for code, rule in zip("ABC", rules, strict=True):
        assert (code in found) == (rule != "home")
        assert rule == "home" or {f"{code}-1", f"{code}-2"} <= found[code]
    for branch in BRANCHES:
        for code, where in found.items():
            if branch.code in where:  # whoever keeps another library's items lets its own stay there too
                assert {f"{code}-1", f"{code}-2"} <= found[branch.library]


@pytest.mark.parametrize("told", ["", "Home", "group", "group:", "group: a", "group:a b", "group:" + "x" * 43])
def test_what_is_no_rule(told: str) -> None:
    assert not is_rule(told)
