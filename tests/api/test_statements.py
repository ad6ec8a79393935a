"""How much a check-out asks of the database all told: who asks, and the command."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.app import create_app
from indexers.embedded.engine import EmbeddedEngine
from tests.api.callers import Caller
from tests.services.desks import town
from tests.services.statements import statements
from tests.services.test_desk_statements import MOST
from union_catalog.clock import SteppingClock
from union_catalog.context import command_line
from union_catalog.services import access, staff
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.staff import NewMember
from union_catalog.settings import Settings
from union_catalog.storage.database import Database


@pytest.mark.postgres
def test_a_check_out_over_http_asks_once_who_it_is_and_nothing_else_besides(
    postgres_database: Database, settings: Settings, tmp_path: Path
) -> None:
    clock = SteppingClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))
    jd = town(postgres_database, clock)
    catalogue = Catalogue(postgres_database, EmbeddedEngine(tmp_path))
    with postgres_database.write() as connection:
        new = NewMember(username="zhang", library="JD", branches=("JD-1",), roles=("circulation",))
        secret = access.issue_to(connection, clock, staff.add(connection, clock, command_line(clock), new)).secret
    desk = Caller(create_app(settings, catalogue=catalogue, clock=clock).test_client(use_cookies=False), secret)

    def lend(barcode: str) -> int:
        body = {"card": card, "item": {"library": "JD", "barcode": barcode}, "branch": "JD-1"}
        return desk.post("/api/v1/check-outs", body).status_code

    card = jd.card()
    assert lend(jd.item()) == 201  # reads the policy, which stays known
    barcode = jd.item()
    with statements(postgres_database) as asked:
        assert lend(barcode) == 201
    assert len(asked) <= 1 + MOST, "\n\n".join(asked)
