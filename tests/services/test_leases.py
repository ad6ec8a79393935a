"""Leases: one holder at a time, taken over when its time is up or its process is gone, on both databases."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from union_catalog.storage import leases
from union_catalog.storage.database import Database

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
RACER = """
import sys
from datetime import UTC, datetime
from union_catalog.storage import leases
from union_catalog.storage.database import Database
database, holder = Database(sys.argv[1]), leases.new_holder()
print("ready", flush=True)
sys.stdin.readline()
won = 0
for number in range(60):
    with database.write() as connection:
        taken = leases.acquire(connection, f"race-{number}", holder, datetime.now(UTC), 600)
    won += taken is not None
print(won, flush=True)
sys.stdin.readline()
"""


def take(database: Database, holder: str, at: datetime = NOW, seconds: float = 10) -> leases.Lease | None:
    with database.write() as connection:
        return leases.acquire(connection, "index", holder, at, seconds)


def holder_at(database: Database, at: datetime) -> str | None:
    with database.read() as connection:
        return leases.holder_of(connection, "index", at)


def test_one_holder_at_a_time(database: Database) -> None:
    first = take(database, "elsewhere/1/2/a")
    assert first is not None
    assert take(database, "elsewhere/1/2/b", NOW + timedelta(seconds=9)) is None
    assert holder_at(database, NOW + timedelta(seconds=9)) == "elsewhere/1/2/a"
    assert holder_at(database, NOW + timedelta(seconds=10)) is None


def test_it_is_taken_over_when_its_time_is_up_and_the_token_grows(database: Database) -> None:
    first = take(database, "elsewhere/1/2/a")
    second = take(database, "elsewhere/1/2/b", NOW + timedelta(seconds=10))
    assert first is not None
    assert second is not None
    assert second.token > first.token
    with database.write() as connection:
        assert not leases.renew(connection, first, NOW + timedelta(seconds=11), 100)
        leases.release(connection, first)
    assert holder_at(database, NOW + timedelta(seconds=11)) == "elsewhere/1/2/b"


def test_renewing_holds_on(database: Database) -> None:
    lease = take(database, "elsewhere/1/2/a")
    assert lease is not None
    with database.write() as connection:
        assert leases.renew(connection, lease, NOW + timedelta(seconds=5), 10)
    assert take(database, "elsewhere/1/2/b", NOW + timedelta(seconds=14)) is None
    again = take(database, "elsewhere/1/2/a", NOW + timedelta(seconds=14))
    assert again is not None
    assert again.token == lease.token


def test_a_released_lease_is_free_and_its_token_goes_on_growing(database: Database) -> None:
    lease = take(database, "elsewhere/1/2/a")
    assert lease is not None
    with database.write() as connection:
        leases.release(connection, lease)
    assert holder_at(database, NOW) is None
    other = take(database, "elsewhere/1/2/b")
    assert other is not None
    assert other.token > lease.token


def test_a_lease_of_a_process_that_is_gone_is_free_at_once(database: Database) -> None:
    program = "from union_catalog.storage.leases import new_holder; print(new_holder())"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    gone = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True).stdout.strip()
    mine = leases.new_holder()
    assert leases.is_surely_gone(gone)
    assert not leases.is_surely_gone(mine)
    assert not leases.is_surely_gone("another-machine/1/2/x")
    pid_used_again = "/".join([mine.split("/")[0], str(os.getpid()), "1", "x"])
    assert leases.is_surely_gone(pid_used_again)
    for dead in (gone, pid_used_again):
        with database.write() as connection:
            leases.forget(connection, "index")
        assert take(database, dead, seconds=1000) is not None
        assert holder_at(database, NOW) is None
        assert take(database, mine) is not None
        assert take(database, dead) is None


def test_two_processes_that_race_share_what_there_is(database: Database) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", RACER, database.url.render_as_string(hide_password=False)]
    pipe = subprocess.PIPE
    racers = [subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    won = []
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    for racer in racers:  # both live until both have run, or the leases of the first would be free
        assert racer.stdout is not None
        won.append(int(racer.stdout.readline()))
    for racer in racers:
        racer.communicate("end\n")
    assert sum(won) == 60, won
