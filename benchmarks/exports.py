"""The real exports, and the commands that load them: benchmarks go through the command line, as a library would."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import ROOT

SHARED = Path(os.environ.get("UNION_CATALOG_SHARED_DATA", ROOT.parent / "shared" / "data"))
LIBRARIES = SHARED / "libraries"


@dataclass(frozen=True, slots=True)
class Export:
    library: str
    name: str
    file: str
    format: str
    encoding: str

    @property
    def path(self) -> Path:
        return LIBRARIES / self.file


EXPORTS = (
    Export("JD", "嘉定区图书馆", "jiading.cnmarc.gb18030.iso", "cnmarc", "gb18030"),
    Export("JX", "嘉兴市图书馆", "jiaxing.marc21.utf8.mrc", "marc21", "utf-8"),
    Export("WZ", "温州市图书馆", "wenzhou.cnmarc.utf8.iso", "cnmarc", "utf-8"),
    Export("KS", "昆山市图书馆", "kunshan.holdings.csv", "csv", "utf-8"),
)


class Installation:
    """An installation of its own in a folder, worked by the command line."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.environment = os.environ | {"UNION_CATALOG_HOME": str(home), "PYTHONPATH": str(ROOT), "LANG": "en"}
        self.environment |= {f"UNION_CATALOG_{name.upper()}": value for name, value in settings.items()}

    def run(self, *arguments: str) -> str:
        """Standard output of ``union-catalog …``. Raises CalledProcessError."""
        command = [sys.executable, "-m", "api.cli", *arguments]
        return subprocess.run(command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout

    def set_up(self) -> None:
        self.run("init")
        for export in EXPORTS:
            self.run("libraries", "add", export.library, export.name)

    def load(self, export: Export, path: Path | None = None, *more: str) -> dict[str, float]:
        """Loads one export, with ``more`` options; answers its report."""
        report = self.home / f"{export.library}.json"
        options = ("--library", export.library, "--format", export.format, "--encoding", export.encoding)
        self.run("load", *options, "--report", str(report), *more, str(path or export.path))
        found: dict[str, float] = json.loads(report.read_text("utf-8"))
        return found


@dataclass(frozen=True, slots=True)
class Loaded:
    """``peak_mib`` is the largest single process of the loads."""

    records: int
    seconds: float
    peak_mib: float

    @property
    def rate(self) -> float:
        return self.records / self.seconds


def load_all(installation: Installation, exports: tuple[Export, ...] = EXPORTS) -> Loaded:
    """Wall time from the first command to the last record searchable."""
    begun = time.monotonic()
    records = sum(int(installation.load(export)["read"]) for export in exports)
    seconds = time.monotonic() - begun
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Loaded(records, seconds, peak)


@contextmanager
def catalogue() -> Iterator[Installation]:
    """An installation that holds the four libraries: a new one, or that of UNION_CATALOG_BENCH_HOME, which is filled once and kept."""
    kept = os.environ.get("UNION_CATALOG_BENCH_HOME")
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(kept or folder))
        if not (installation.home / "catalogue.sqlite3").is_file():
            installation.set_up()
            load_all(installation)
        installation.run("init")  # what an earlier version has kept
        yield installation
