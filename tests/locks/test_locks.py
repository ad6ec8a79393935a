"""Two of the locks, taken away as ``make test-locks`` does it with all of them."""

import pytest

from tests.locks.removals import REMOVALS
from tests.locks.trial import without
from tests.services.test_invariants import CASES

QUICK = ("lock of a reader", "ix_loan_open_item")


@pytest.mark.postgres
@pytest.mark.parametrize("name", QUICK)
def test_without_it_a_test_fails(postgres_url: str, name: str) -> None:
    assert without(postgres_url, next(removal for removal in REMOVALS if removal.name == name))


def test_every_rule_of_the_database_can_be_taken_away() -> None:
    assert set(CASES) <= {removal.name for removal in REMOVALS}
