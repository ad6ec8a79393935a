"""Connections to a server: who asks it what, and what becomes of one that died while it lay idle."""

from collections.abc import Callable
from typing import Any

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import text

from tests.services.desks import town
from tests.services.statements import statements
from union_catalog.clock import SteppingClock
from union_catalog.services import access
from union_catalog.storage import database as module
from union_catalog.storage.database import Database

pytestmark = pytest.mark.postgres


def pings(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Grows with every question whether a connection is alive."""
    asked: list[Any] = []
    ping: Callable[[Any], bool] = database.engine.dialect.do_ping

    def noted(connection: Any) -> bool:
        asked.append(connection)
        return ping(connection)

    monkeypatch.setattr(database.engine.dialect, "do_ping", noted)
    return asked


def use(database: Database) -> int:
    """The number of the process that serves the connection."""
    with database.read() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_a_connection_that_was_just_used_is_not_asked_and_one_that_rested_is(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = pings(postgres_database, monkeypatch)
    assert use(postgres_database) == use(postgres_database)
    assert asked == []
    monkeypatch.setattr(module, "RESTED", 0.0)
    assert use(postgres_database) == use(postgres_database)
    assert len(asked) == 2


def test_a_connection_that_died_while_it_rested_is_made_anew_and_nobody_is_told(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = use(postgres_database)
    other = Database(postgres_database.url.render_as_string(hide_password=False))
    with other.write() as connection:
        assert connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": died}).scalar_one()
    other.close()
    monkeypatch.setattr(module, "RESTED", 0.0)
    assert use(postgres_database) != died


def test_who_asks_one_thing_opens_no_transaction(postgres_database: Database) -> None:
    status = {}
    for name, opened in (("glance", postgres_database.glance), ("read", postgres_database.read), ("after", postgres_database.glance)):
        with opened() as connection:
            connection.execute(text("SELECT 1"))
            driver: Any = connection.connection.driver_connection
            status[name] = driver.info.transaction_status
    assert status == {"glance": TransactionStatus.IDLE, "read": TransactionStatus.INTRANS, "after": TransactionStatus.IDLE}
    with postgres_database.write() as connection:
        connection.execute(text("SELECT 1"))
        driver = connection.connection.driver_connection
        assert driver.info.transaction_status == TransactionStatus.INTRANS  # the next that uses it has one again


def test_whose_a_token_is_costs_one_statement(postgres_database: Database, now: SteppingClock) -> None:
    jd = town(postgres_database, now)
    secret = access.issue(jd.database, now, "desk", ("circulation",)).secret
    with statements(postgres_database) as asked:
        assert access.known(postgres_database, now, secret) is not None
    assert len(asked) == 1
