"""Commands between processes and transactions: killed, deadlocked, raced."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, select, text

from tests.services.test_commands import COMMAND, PRINT, found, regions, run, told
from union_catalog.clock import SteppingClock, SystemClock
from union_catalog.errors import Conflict, Raced
from union_catalog.services import commands
from union_catalog.services.commands import Command, Outcome
from union_catalog.storage.database import Database
from union_catalog.storage.tables import region


def _killed(url: str, ready: "multiprocessing.synchronize.Event") -> None:
    def act(connection: Connection) -> Outcome:
        outcome = found()(connection)
        ready.set()
        signal.pause()
        return outcome

    commands.run(Database(url), SystemClock(), COMMAND, act, told)


def test_what_a_killed_process_was_doing_is_done_by_whoever_asks_again(database: Database, now: SteppingClock) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    url = database.url.render_as_string(hide_password=False)
    process = context.Process(target=_killed, args=(url, ready))
    process.start()
    assert ready.wait(30)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert regions(database) == 0
    answer = _again(database, now)
    assert (answer.status, answer.replayed, regions(database)) == (201, False, 1)


def _again(database: Database, now: SteppingClock) -> commands.Answered:
    """Once the server has noticed that the other is gone."""
    for _ in range(100):
        try:
            return run(database, now, found())
        except Conflict as error:
            if error.code != "busy":
                raise
            threading.Event().wait(0.05)
    pytest.fail("the key is still claimed")


@pytest.mark.postgres
def test_a_deadlock_is_seen_by_nobody(postgres_database: Database, now: SteppingClock) -> None:
    with postgres_database.write() as connection:
        for code in ("A", "B"):
            connection.execute(region.insert().values(code=code, name=code))
    both = threading.Barrier(2)

    def crossing(first: str, second: str) -> Callable[[Connection], Outcome]:
        tries: list[int] = []

        def act(connection: Connection) -> Outcome:
            tries.append(1)
            for code in (first, second):
                connection.execute(select(region).where(region.c.code == code).with_for_update())
                if len(tries) == 1 and code == first:
                    both.wait(10)
            return Outcome(200, str(len(tries)).encode())

        return act

    answers: list[bytes] = []

    def take(key: str, *codes: str) -> None:
        answers.append(run(postgres_database, now, crossing(*codes), Command("staff:1", key, PRINT)).body)

    threads = [threading.Thread(target=take, args=told) for told in (("k1", "A", "B"), ("k2", "B", "A"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [b"1", b"2"]


@pytest.mark.postgres
def test_a_lost_serialization_is_a_race(postgres_database: Database) -> None:
    with postgres_database.write() as connection:
        connection.execute(region.insert().values(code="A", name="A"))
    with pytest.raises(Raced) as lost:
        _change_what_has_changed(postgres_database)
    assert lost.value.data["name"] == "serialization"


def _change_what_has_changed(database: Database) -> None:
    with database.snapshot() as late:
        late.execute(select(region))
        with database.write() as early:
            early.execute(region.update().values(name="B"))
        late.execute(region.update().values(name="C"))


def test_what_breaks_a_rule_of_the_database_itself_is_no_race(database: Database) -> None:
    with pytest.raises(Exception, match="database_failed") as failed, database.write() as connection:
        connection.execute(text("INSERT INTO region (code) VALUES ('A')"))
    assert not isinstance(failed.value, Raced)


def test_a_row_that_was_there_a_moment_ago_is_a_race(database: Database) -> None:
    with pytest.raises(Raced), database.write() as connection:
        connection.execute(text("INSERT INTO library (code, name, region) VALUES ('A', 'A', 'gone')"))
