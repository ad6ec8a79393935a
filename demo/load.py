"""Loads what ``demo.describe`` wrote, as any library's export is loaded: ``python -m demo.load FOLDER``."""

import argparse
import subprocess
import sys
from pathlib import Path

from demo.describe import EXPORTS, Export


def command(export: Export, folder: Path) -> list[str]:
    """What a librarian would type."""
    encoding = ["--encoding", export.encoding] if export.encoding else []
    options = ["--library", export.library, "--format", export.format, *encoding]
    return [str(Path(sys.executable).with_name("union-catalog")), "load", *options, str(folder / export.file)]


def main() -> int:
    """The command line; the exit code of the first load that fails, else 0."""
    parser = argparse.ArgumentParser(prog="python -m demo.load", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    folder = parser.parse_args().folder
    return next((code for export in EXPORTS if (code := _run(command(export, folder)))), 0)


def _run(arguments: list[str]) -> int:
    return subprocess.run(arguments, check=False).returncode  # noqa: S603  # our own console script, no shell


if __name__ == "__main__":
    raise SystemExit(main())
