"""How fast exports become searchable, and in how much memory: into an empty catalogue and into one of a million records."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.deciding import measure_deciding
from benchmarks.exports import Installation, load_all
from benchmarks.figures import Figure
from benchmarks.variations import load_variations

MILLION = 1_000_000


def measure() -> Iterator[Figure]:
    """The four real files into an empty installation on SQLite and the embedded engine."""
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder))
        installation.set_up()
        loaded = load_all(installation)
        yield Figure(
            "four files to searchable, empty catalogue",
            round(loaded.rate),
            "records/s",
            "1,200",
            "3,000",
            f"{loaded.records:,} records in {loaded.seconds:.1f} s, four commands one after the other, start-up included;",
        )
        yield Figure("peak memory of a load", round(loaded.peak_mib), "MiB", "1,024", "500", "largest process of the four loads;")
        again = load_all(installation)
        yield Figure("the same files again", round(again.rate), "records/s", detail=f"nothing changes; {again.seconds:.1f} s for all four;")


def measure_million() -> Iterator[Figure]:
    """The four real files into an installation that holds a million variations of them."""
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder))
        installation.set_up()
        report = load_variations(installation, MILLION)
        yield from _deciding_beside(installation)
        yield Figure(
            "a million variations into an empty catalogue",
            round(report["read"] / report["seconds"]),
            "records/s",
            detail="stored, before indexing; titles, creators and years of real records crossed with one another;",
        )
        loaded = load_all(installation)
        yield Figure(
            "four files to searchable, 1 million already there",
            round(loaded.rate),
            "records/s",
            "600",
            "2,000",
            f"{loaded.records:,} records in {loaded.seconds:.1f} s;",
        )
        how = "largest process, the million's own load too;"
        yield Figure("peak memory of a load, 1 million", round(loaded.peak_mib), "MiB", "1,024", "500", how)


def _deciding_beside(installation: Installation) -> Iterator[Figure]:
    """Deciding alone, on a copy of the database, so that the load that is measured after it finds what it would have found."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Installation(Path(folder))
        shutil.copy(installation.home / "catalogue.sqlite3", copy.home)
        yield from measure_deciding(copy, MILLION)
