"""How much a desk asks of the database: what a busy network pays for with every scan."""

import json

import pytest

from tests.services.desks import Town, town
from tests.services.statements import statements
from union_catalog.clock import SteppingClock
from union_catalog.errors import UnionCatalogError
from union_catalog.ids import new_id
from union_catalog.services import commands
from union_catalog.services.circulation.check_out import CheckOutAsked, check_out
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.commands import Command, Outcome
from union_catalog.storage.database import Database

MOST = 9


def lend(jd: Town, barcode: str, card: str) -> None:
    """As the API does it: a command with its key, and its answer kept."""

    def act(connection: object) -> Outcome:
        deed = check_out(connection, jd.station(), CheckOutAsked(item=ItemReference(barcode), card=card))  # type: ignore[arg-type]  # as commands have it
        return Outcome(201, json.dumps(deed.told).encode(), patron_id=deed.patron)

    def refused(error: UnionCatalogError) -> Outcome:
        raise error

    commands.run(jd.database, jd.clock, Command("staff:desk", new_id(), "0" * 64), act, refused)


@pytest.mark.postgres
def test_a_check_out_is_nine_statements(postgres_database: Database, now: SteppingClock) -> None:
    jd = town(postgres_database, now)
    card = jd.card()
    lend(jd, jd.item(), card)  # reads the policy, which stays known
    barcode = jd.item()
    with statements(postgres_database) as asked:
        lend(jd, barcode, card)
    assert len(asked) <= MOST, "\n\n".join(asked)
