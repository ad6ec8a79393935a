"""``matches rebuild`` at the command line: kill -9 at any moment, Ctrl-C in a dry run, what it says, and what is refused meanwhile."""

import csv
import os
import random
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.scenarios.installations import Installation, ended, jiading, partition, write_cnmarc
from tests.scenarios.processes import eventually

PHASES = ("linking", "settling")
ALONE = {"match_key_limit": "1"}  # no key is used, so that nothing is joined but what staff joins


def rows(installation: Installation, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(installation.home / "catalogue.sqlite3", timeout=30)) as connection:
        return connection.execute(statement).fetchall()


def stands(installation: Installation) -> tuple[str, int]:
    """Phase and position of matching."""
    ((phase, position),) = rows(installation, "SELECT phase, position FROM matching_state")
    return str(phase), int(str(position))


def reached(installation: Installation, process: subprocess.Popen[str], phase: str, position: int) -> bool:
    now, at = stands(installation)
    gone_by = now in PHASES and (PHASES.index(now), at) >= (PHASES.index(phase), position)
    return gone_by or process.poll() is not None


def decided(installation: Installation) -> tuple[object, ...]:
    """What must not depend on how it came about."""
    return (
        installation.partition(),
        sorted(rows(installation, "SELECT a, b, strength FROM match_edge")),
        sorted(rows(installation, "SELECT key, source_id FROM match_key")),
        sorted(rows(installation, "SELECT a, b, kind, doubt, worth FROM match_doubt")),
        rows(installation, "SELECT count(*) FROM union_record WHERE state = 'live'"),
        rows(installation, "SELECT phase, position FROM matching_state"),
    )


@pytest.fixture
def twin(demo: Installation, tmp_path: Path) -> Installation:
    """The same catalogue again."""
    other = Installation(tmp_path / "twin")
    other.home.mkdir()
    with (
        closing(sqlite3.connect(demo.home / "catalogue.sqlite3")) as one,
        closing(sqlite3.connect(other.home / "catalogue.sqlite3")) as two,
    ):
        one.backup(two)
    other.done("init")
    other.done("index", "rebuild")
    return other


def test_a_rebuild_that_is_killed_goes_on_where_it_was(demo: Installation, twin: Installation, tmp_path: Path) -> None:
    before = demo.clusters()
    done = twin.done("matches", "rebuild", "--json", **ALONE).json
    assert done["split"] == done["moved"] > 20
    assert len(partition(before)) + done["split"] == len(before) == len(twin.partition())

    highest = int(str(rows(demo, "SELECT max(id) FROM source_record")[0][0]))
    moments = [("linking", 1), *((phase, random.randrange(1, highest // 2)) for phase in PHASES), ("settling", highest // 2)]
    for phase, position in moments:
        process = demo.start("matches", "rebuild", load_batch="3", **ALONE)
        assert eventually(partial(reached, demo, process, phase, position), 60)
        assert demo.done("search", "", "--json").json["total"] > 0, "searches go on"
        process.kill()
        ended(process)
    assert stands(demo)[0] == "settling", moments
    told = demo.done("matches", "status", "--json", **ALONE).json
    assert (told["is_current"], told["running"]) == (True, False)
    assert demo.load("JD", write_cnmarc(tmp_path / "jd.iso", jiading(5)), **ALONE).refused(5, "matches rebuild")
    assert demo.done("matches", "rebuild", "--json", **ALONE).json["resumed"]
    assert decided(demo) == decided(twin), moments
    assert demo.index_agrees()

    assert demo.done("matches", "rebuild", "--json").json["merged"] == done["split"]
    assert demo.partition() == partition(before)
    assert demo.done("matches", "rebuild", "--json").json["moved"] == 0
    assert demo.index_agrees()


def test_a_dry_run_foretells_the_list_and_leaves_everything_alone(demo: Installation, tmp_path: Path) -> None:
    foreseen, listed = tmp_path / "foreseen.csv", tmp_path / "listed.csv"
    assert demo.load("JD", write_cnmarc(tmp_path / "jd.iso", jiading(5)), **ALONE).refused(5, "--dry-run")
    before = list(_dump(demo))
    told = demo.done("matches", "rebuild", "--dry-run", "--json", "--output", foreseen, **ALONE).json
    assert list(_dump(demo)) == before
    assert "dry run" in demo.done("matches", "rebuild", "--dry-run", **ALONE).out
    clusters = demo.clusters()
    done = demo.done("matches", "rebuild", "--json", "--output", listed, **ALONE).json
    differing = {"seconds", "dry_run"}
    assert {name: told[name] for name in told.keys() - differing} == {name: done[name] for name in done.keys() - differing}
    after = demo.clusters()
    moved = {f"{row['library']}:{row['record_id']}": (row["before"], row["after"]) for row in _table(listed)}
    assert moved == {key: (clusters[key], after[key]) for key in clusters if clusters[key] != after[key]}
    assert [(row["library"], row["record_id"], row["before"]) for row in _table(foreseen)] == [
        (row["library"], row["record_id"], row["before"]) for row in _table(listed)
    ]


def _dump(installation: Installation) -> list[str]:
    with closing(sqlite3.connect(installation.home / "catalogue.sqlite3")) as connection:
        return list(connection.iterdump())


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _has_open(process: subprocess.Popen[str], name: str) -> bool:
    folder = Path(f"/proc/{process.pid}/fd")
    return process.poll() is not None or any(name in os.readlink(entry) for entry in folder.iterdir() if entry.is_symlink())


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_a_dry_run_that_is_stopped_leaves_nothing_behind(demo: Installation, tmp_path: Path, end: signal.Signals) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    before = _dump(demo)
    process = _started_with(folder, lambda: demo.start("matches", "rebuild", "--dry-run", load_batch="1"))
    assert eventually(partial(_has_open, process, "catalogue.sqlite3"))
    process.send_signal(end)
    outcome = ended(process)
    assert outcome.code == (130 if end is signal.SIGINT else -end), outcome
    assert list(folder.iterdir()) == []
    assert _dump(demo) == before


def _started_with(folder: Path, start: Callable[[], subprocess.Popen[str]]) -> subprocess.Popen[str]:
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(folder)
    try:
        return start()
    finally:
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before
