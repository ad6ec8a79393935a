"""The families of works are grouped as cataloguers would group them."""

from collections import Counter

import pytest

from tests.unit.matching.families import Measured, measured, read_families, told_of


@pytest.fixture(scope="module")
def found() -> Measured:
    return measured(read_families())


def test_the_families_are_many_and_of_every_kind() -> None:
    members = read_families()
    assert len({member.family for member in members}) >= 60
    assert len(members) >= 400
    assert sum(count > 1 for count in Counter(member.work for member in members).values()) >= 120


def test_what_is_brought_together_is_one_work(found: Measured) -> None:
    assert found.precision >= 0.98, told_of(found.wrong)


def test_what_is_one_work_is_brought_together(found: Measured) -> None:
    assert found.recall >= 0.95, told_of(found.missed)
