"""kill -9 at any moment: a load goes on where it was, the index catches up, nothing is lost and nothing doubled."""

import json
import os
import random
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from demo.tables import records
from tests.scenarios.installations import Installation, ended, jiading, load_arguments, write_cnmarc
from tests.scenarios.processes import alive, eventually, family_of

COUNTS = ("read", "stored", "unchanged", "deleted", "quarantined", "withdrawn")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Jiading's export with every tenth record told twice, each time otherwise, and every fifteenth cut off."""
    path = write_cnmarc(tmp_path / "jd.iso", records("JD"))
    parts = path.read_bytes().split(b"\x1d")[:-1]
    twice = [part.replace(b"20260601", b"20260602", 1) for part in parts[::10]]
    broken = [part[: len(part) // 2] for part in parts[::15]]
    path.write_bytes(b"".join(part + b"\x1d" for part in [*parts[:300], *twice, *broken, *parts[300:]]))
    return path


@pytest.fixture
def shelved(installation: Installation, tmp_path: Path) -> Installation:
    """Wenzhou is there already, so that Jiading's records meet others."""
    installation.load("WZ", write_cnmarc(tmp_path / "wz.iso", records("WZ")), "--no-wait")
    return installation


def rows(installation: Installation, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(installation.home / "catalogue.sqlite3", timeout=30)) as connection:
        return connection.execute(statement).fetchall()


def stored(installation: Installation) -> int:
    return len(rows(installation, "SELECT 1 FROM source_record WHERE library = 'JD'"))


def reached(installation: Installation, process: subprocess.Popen[str], moment: int) -> bool:
    return stored(installation) >= moment or process.poll() is not None


def all_gone(pids: list[int]) -> bool:
    return alive(pids) == []


def everything(installation: Installation) -> tuple[object, ...]:
    """The state that must not depend on how it came about: no ids, no times."""
    return (
        installation.partition(),
        sorted(map(repr, rows(installation, "SELECT library, barcode, branch, reported_status, withdrawn_at FROM item"))),
        sorted(rows(installation, "SELECT library, record_id, digest, version FROM source_record")),
        sorted(rows(installation, "SELECT record_id, position, code, bytes_sha256 FROM quarantine")),
        rows(installation, "SELECT count(*) FROM union_record WHERE state = 'live'"),
    )


def test_a_load_that_is_killed_goes_on_where_it_was(shelved: Installation, file: Path, tmp_path: Path) -> None:
    killed, report = Installation(tmp_path / "killed"), tmp_path / "report.json"
    with closing(sqlite3.connect(shelved.home / "catalogue.sqlite3")) as connection:
        killed.home.mkdir()
        with closing(sqlite3.connect(killed.home / "catalogue.sqlite3")) as other:
            connection.backup(other)
    killed.done("init")

    assert shelved.load("JD", file, "--report", report).code == 0
    expected = json.loads(report.read_text("utf-8"))
    assert expected["stored"] == len(records("JD"))
    assert expected["quarantined"] > 60

    moments = sorted(random.sample(range(1, 220), 3))  # early enough that a fast load is still at it
    for moment in moments:
        process = killed.start("load", *load_arguments("JD", file), load_batch="2")
        assert eventually(partial(reached, killed, process, moment), 60)
        family = family_of(process.pid)
        process.kill()
        process.wait()
        assert eventually(partial(all_gone, family)), "its workers outlive it"
        ended(process)
        assert moment <= stored(killed) <= len(records("JD"))
    resumed = killed.load("JD", file, "--report", report, load_batch="7")
    assert resumed.code == 0
    told = json.loads(report.read_text("utf-8"))
    assert told["resumed"], moments
    assert [told[name] for name in COUNTS] == [expected[name] for name in COUNTS], moments
    assert everything(killed) == everything(shelved), moments
    assert killed.index_agrees()
    assert "unchanged" in killed.load("JD", file).out


def test_a_broken_off_load_is_not_gone_on_with_in_another_way(installation: Installation, tmp_path: Path) -> None:
    """Neither as another format, nor after another export has come in."""
    old, new = write_cnmarc(tmp_path / "old.iso", jiading(100)), tmp_path / "new.iso"
    new.write_bytes(old.read_bytes().replace(b"20260601000000.0", b"20260602000000.0"))
    break_off(installation, old, after=40)
    assert installation.load("JD", new).code == 0
    report = tmp_path / "report.json"
    assert installation.load("JD", old, "--report", report).code == 0
    told = json.loads(report.read_text("utf-8"))
    assert (told["read"], told["unchanged"], told["resumed"]) == (100, 100, False)
    assert {version for (version,) in rows(installation, "SELECT version FROM source_record")} == {"20260602000000.0"}

    break_off(installation, write_cnmarc(tmp_path / "more.iso", jiading(110)), after=0)
    assert installation.load("JD", tmp_path / "more.iso", "--report", report, format="unimarc").code == 0
    assert not json.loads(report.read_text("utf-8"))["resumed"]


def break_off(installation: Installation, file: Path, after: int) -> None:
    """A load killed after its first transactions."""
    process = installation.start("load", *load_arguments("JD", file), load_batch="1")  # slow enough to be met at it
    running = "SELECT 1 FROM load WHERE state = 'running' AND position >= "
    assert eventually(lambda: bool(rows(installation, f"{running}{after}")))
    process.kill()
    ended(process)


@contextmanager
def relays(installation: Installation, count: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Relay processes; killed afterwards."""
    started = [installation.start("relay", lease_seconds="3") for _ in range(count)]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def writer(installation: Installation) -> int:
    """The process that holds the lease of the index, 0 where nobody does."""
    found = rows(installation, "SELECT holder FROM lease WHERE name = 'index-writer' AND until > strftime('%Y-%m-%dT%H:%M:%fZ')")
    return int(str(found[0][0]).split("/")[1]) if found else 0


def pause(installation: Installation, process: subprocess.Popen[str]) -> None:
    """Stops a process, though not in the middle of a transaction, in which nobody else could write."""
    while True:
        os.kill(process.pid, signal.SIGSTOP)
        with closing(sqlite3.connect(installation.home / "catalogue.sqlite3", timeout=0.5)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                os.kill(process.pid, signal.SIGCONT)
                continue
            connection.rollback()
            return


def test_a_relay_that_is_killed_during_a_load_is_followed_by_the_one_that_stands_by(installation: Installation, file: Path) -> None:
    with relays(installation, 2) as (one, other):
        assert eventually(lambda: writer(installation) in (one.pid, other.pid))
        first, second = (one, other) if writer(installation) == one.pid else (other, one)
        load = installation.start("load", *load_arguments("JD", file), load_batch="7")
        assert eventually(lambda: stored(installation) > 20)
        first.kill()
        first.communicate()
        assert ended(load).code == 0
        status = installation.done("index", "status", "--json").json
        assert status["waiting"] == 0
        assert eventually(lambda: writer(installation) == second.pid)
        assert installation.done("search", "", "--json").json["total"] == status["documents"] > 400
        second.send_signal(signal.SIGTERM)
        assert ended(second).code == 0
    assert installation.index_agrees()


def test_a_load_waits_for_the_relay_that_runs(installation: Installation, tmp_path: Path) -> None:
    with relays(installation, 1) as (relay,):
        assert eventually(lambda: writer(installation) == relay.pid)
        assert installation.load("JD", write_cnmarc(tmp_path / "jd.iso", jiading(50))).code == 0
        assert writer(installation) == relay.pid
        assert installation.done("index", "status", "--json").json["waiting"] == 0
        assert installation.done("search", "", "--json").json["total"] > 0
        pause(installation, relay)  # as if it were busy for longer than its lease: it still holds the lock of the index
        load = installation.start("load", *load_arguments("JX", write_cnmarc(tmp_path / "jx.iso", jiading(60))))
        assert eventually(lambda: writer(installation) == load.pid, 60)
        os.kill(relay.pid, signal.SIGCONT)
        assert ended(load).code == 0
        assert installation.done("index", "status", "--json").json["waiting"] == 0
        assert eventually(lambda: writer(installation) == relay.pid)
    assert installation.index_agrees()


def test_without_a_relay_a_load_indexes_itself_and_no_wait_leaves_it(installation: Installation, tmp_path: Path) -> None:
    assert installation.load("JD", write_cnmarc(tmp_path / "jd.iso", jiading(20)), "--no-wait").code == 0
    status = installation.done("index", "status", "--json").json
    assert (status["waiting"], status["documents"], status["writer_active"]) == (20, 0, False)
    assert status["oldest_waiting"]
    assert installation.load("JD", write_cnmarc(tmp_path / "jd2.iso", jiading(21))).code == 0
    status = installation.done("index", "status", "--json").json
    assert (status["waiting"], status["documents"]) == (0, 21)
