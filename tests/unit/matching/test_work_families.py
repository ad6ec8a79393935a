"""The families of works are grouped as cataloguers would group them."""

from collections import Counter, defaultdict

import pytest

from tests.unit.matching.families import Measured, measured, read_families, told_of
from union_catalog.bibliographic.folding import fold_words
from union_catalog.matching.authorities import rows_of
from union_catalog.matching.work_titles import creator_of, title_form


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


def test_every_listed_title_stands_once_for_a_creator() -> None:
    meant = defaultdict(set)
    for creator, first, *others in rows_of("work_titles.tsv"):
        for title in (first, *others):
            meant[creator_of(fold_words(creator)), title_form(title)].add(first)
    assert {found: works for found, works in meant.items() if len(works) > 1} == {}


def test_a_title_that_is_enough_means_one_work() -> None:
    starred = Counter(title_form(title) for _, *titles in rows_of("work_titles.tsv") for title in titles if title.startswith("*"))
    assert [title for title, count in starred.items() if count > 1] == []
