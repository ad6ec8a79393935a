"""What a network file may say of where items stay that come back away from home."""

import pytest

from union_catalog.network.floating import is_rule


@pytest.mark.parametrize("told", ["home", "library", "group:delta", "group:长三角", "group:" + "x" * 42])
def test_what_is_a_rule(told: str) -> None:
    assert is_rule(told)


@pytest.mark.parametrize("told", ["", "Home", "group", "group:", "group: a", "group:a b", "group:" + "x" * 43])
def test_what_is_no_rule(told: str) -> None:
    assert not is_rule(told)
