"""Writes the exports of the four demo libraries: ``python -m demo.describe OUTPUT_FOLDER``.

The same tables give the same bytes.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

from demo import cnmarc, marc21, rows
from demo.tables import records


@dataclass(frozen=True, slots=True)
class Export:
    """One library's file and how ``union-catalog load`` is told to read it; a table needs no encoding."""

    library: str
    file: str
    format: str
    encoding: str = ""


EXPORTS = (
    Export("JD", "jiading.cnmarc.gb18030.iso", "cnmarc", "gb18030"),
    Export("JX", "jiaxing.marc21.utf8.mrc", "marc21", "utf-8"),
    Export("WZ", "wenzhou.cnmarc.utf8.iso", "cnmarc", "utf-8"),
    Export("KS", "kunshan.holdings.csv", "csv"),
)


def write_exports(folder: Path) -> list[Path]:
    """Writes the four files into the folder, made if need be; their paths in the order of EXPORTS."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = (
        cnmarc.export(records("JD"), cnmarc.JIADING, "gb18030"),
        marc21.export(records("JX")),
        cnmarc.export(records("WZ"), cnmarc.WENZHOU, "utf-8"),
        rows.export(records("KS")),
    )
    paths = [folder / export.file for export in EXPORTS]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m demo.describe", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="OUTPUT_FOLDER")
    for path in write_exports(parser.parse_args().folder):
        print(path)


if __name__ == "__main__":
    main()
