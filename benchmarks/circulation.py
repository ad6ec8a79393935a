"""Check-outs over HTTP on PostgreSQL: how soon a desk has its answer, how many there are a second against a bare script of the same
statements, and both again with a million readers; and how fast a member library's readers are enrolled.

UNION_CATALOG_BENCH_COUNT sets the number of readers of the large database, for a try; the small one has 10,000.
UNION_CATALOG_BENCH_FILLED names what the databases' names begin with where they are to be kept, so that another run need not fill them.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from stdnum.cn import ric

from benchmarks.bare_desks import Recording, rate, record
from benchmarks.clients import p95, served
from benchmarks.desks import closed_loop, open_loop, scans
from benchmarks.exports import Installation
from benchmarks.figures import ROOT, Figure
from benchmarks.lending_fill import Size, fill
from benchmarks.postgres import own_database
from union_catalog.storage.database import Database

SMALL, LARGE = 10_000, 1_000_000
DESKS, PAUSE, ROUNDS = 50, 2.0, 30
CLIENTS, SECONDS, PROCESSES, MOST_A_SECOND = 8, 10.0, 2, 70
ENROLLED = 20_000


@dataclass(frozen=True, slots=True)
class Measured:
    """``times``: milliseconds of scans at their moments; ``http`` and ``bare``: check-outs a second."""

    size: Size
    times: Sequence[float]
    http: float
    bare: float
    recording: Recording

    def told(self) -> str:
        """How soon, how often."""
        return f"median {statistics.median(self.times):.1f} ms, p95 {p95(self.times):.1f} ms, {self.http:.0f} a second"


def measure() -> Iterator[Figure]:
    """The small database first, then enrolment, then the large one."""
    small = _measured("small", Size(SMALL))
    desks = f"{DESKS} desks, a scan every {PAUSE:.0f} s each, from the moment it was due; relay and scheduler beside; {small.size.told()};"
    middle = f"median {statistics.median(small.times):.1f} ms, longest {max(small.times):.0f} ms, {len(small.times):,} check-outs; "
    yield Figure("check-out over HTTP, p95", round(p95(small.times), 1), "ms", "100", "40", middle + desks)
    share = f"{small.http:.0f} against {small.bare:.0f} a second, {CLIENTS} clients each, {PROCESSES} processes each;"
    yield Figure("check-outs over HTTP against a bare script", round(100 * small.http / small.bare), "%", "30", "50", share)
    asked = small.recording
    before = f"and {len(asked.before)} before it, which tells whose token it is;"
    yield Figure("statements in a check-out's transaction", len(asked.transaction), "", "14", "9", before)
    yield _enrolment()
    large = _measured("large", Size(int(os.environ.get("UNION_CATALOG_BENCH_COUNT", LARGE))))
    both = f"{large.told()}, against {small.told()}; {large.size.told()};"
    yield Figure("check-out in a large database, p95 against a small one", _ratio(large, small), "", "1.5", "1.1", both)


def _ratio(large: Measured, small: Measured) -> float:
    return round(p95(large.times) / p95(small.times), 2)


@contextmanager
def _filled(name: str, size: Size) -> Iterator[tuple[Installation, str]]:
    kept = os.environ.get("UNION_CATALOG_BENCH_FILLED", "")
    with tempfile.TemporaryDirectory() as folder, own_database(kept and f"{kept}_{name}_{size.readers}") as (url, there):
        installation = Installation(Path(folder), database_url=url, search_limit="off")
        if there:
            installation.run("init")  # what an earlier version has kept, in a folder that is new
        else:
            fill(installation, url, size)
        yield installation, url


def _measured(name: str, size: Size) -> Measured:
    chance = random.Random(time.time_ns())
    with _filled(name, size) as (installation, url):
        database = Database(url)
        many = int(SECONDS * MOST_A_SECOND * 2 / CLIENTS)
        with served(installation) as port:
            closed_loop(port, scans(database, CLIENTS, many, chance), 2)  # warms both up
            times = open_loop(port, scans(database, DESKS, ROUNDS, chance), PAUSE)
            http = closed_loop(port, scans(database, CLIENTS, many, chance), SECONDS)
            recording = record(installation, scans(database, 1, 3, chance)[0])
            bare = rate(url, recording, scans(database, CLIENTS, 3 * many, chance), SECONDS, PROCESSES)
        database.close()
    return Measured(size, times, http, bare, recording)


def _enrolment() -> Figure:
    """By the command, from its start to its end."""
    with tempfile.TemporaryDirectory() as folder, own_database() as (url, _):
        installation = Installation(Path(folder), database_url=url)
        installation.run("init")
        installation.run("network", "apply", str(ROOT / "demo" / "network.toml"))
        path = Path(folder) / "readers.csv"
        path.write_text("\n".join(_lines(ENROLLED)), "utf-8")
        begun = time.perf_counter()
        said = installation.run("patrons", "enrol-batch", "--library", "JD", str(path))
        seconds = time.perf_counter() - begun
        if f": {ENROLLED:,}" not in said:
            raise ValueError(said)
    how = f"{ENROLLED:,} lines with document, birth date, telephone and card in {seconds:.1f} s, from the command's start to its end;"
    return Figure("batch enrolment", round(ENROLLED / seconds), "readers/s", "500", "2,000", how)


def _lines(count: int) -> Iterator[str]:
    yield "name,birth_date,document_type,document_number,phone,card"
    for number in range(count):
        born = date(1950, 1, 1) + timedelta(days=number % 20_000)
        beginning = f"310101{born:%Y%m%d}{number // 20_000:03d}"
        document = beginning + ric.calc_check_digit(beginning + "0")
        yield f"读者{number},{born},resident_id,{document},1380{number:07d},M{number:08d}"
