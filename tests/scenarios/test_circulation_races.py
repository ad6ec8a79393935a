"""Desks at the same moment: no double loan, no lost return, no quota passed, no fen too much, and nobody is shown a deadlock."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.scenarios.duels import DUELS
from tests.scenarios.ring import Ring, ring
from tests.services.desks import town
from union_catalog.clock import SteppingClock, SystemClock
from union_catalog.storage.database import Database

SHORT, LONG = 2, 60  # rounds of each; the long ones are more than a thousand together


@pytest.fixture
def fighting(database: Database) -> Iterator[Ring]:
    """A town whose own doings lie an hour back, so that none of them is a second scan."""
    with ring(town(database, SteppingClock(SystemClock().now() - timedelta(hours=1)))) as made:
        yield made


def test_whoever_is_first_all_is_right_afterwards(fighting: Ring) -> None:
    for duel in DUELS * SHORT:
        duel(fighting)


@pytest.mark.long
@pytest.mark.parametrize("duel", DUELS, ids=lambda duel: str(duel.__name__))
def test_a_thousand_rounds(fighting: Ring, duel: Callable[[Ring], None]) -> None:
    for _ in range(LONG):
        duel(fighting)
