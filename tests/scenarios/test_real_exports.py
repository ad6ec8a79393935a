"""A slice of each real export, through the command line."""

from itertools import islice
from pathlib import Path

import pytest

from tests.scenarios.installations import Installation, load_arguments

EXPORTS = (
    ("JD", "jiading.cnmarc.gb18030.iso", "cnmarc", "gb18030"),
    ("JX", "jiaxing.marc21.utf8.mrc", "marc21", "utf-8"),
    ("WZ", "wenzhou.cnmarc.utf8.iso", "cnmarc", "utf-8"),
    ("KS", "kunshan.holdings.csv", "csv", "auto"),
)
RECORDS = 250


def cut(source: Path, target: Path) -> Path:
    """The first records of an export; of a table, its heading and first rows."""
    end = b"\n" if source.suffix == ".csv" else b"\x1d"
    with source.open("rb") as file:
        head = file.read(4_000_000)
    target.write_bytes(b"".join(part + end for part in islice(head.split(end), RECORDS + (end == b"\n"))))
    return target


@pytest.mark.shared_data
def test_slices_of_the_real_exports(installation: Installation, shared_data: Path, tmp_path: Path) -> None:
    for code, name, format_, encoding in EXPORTS:
        file = cut(shared_data / "libraries" / name, tmp_path / name)
        arguments = load_arguments(code, file, "--report", tmp_path / f"{code}.json", format=format_, encoding=encoding)
        assert "quarantined" in installation.done("load", "--no-wait", *arguments).out
        assert "unchanged" in installation.done("load", "--no-wait", *arguments).out
    assert installation.index_agrees()
    assert installation.done("quarantine", "list", "--json").json == []
    live = {line.split("\t")[0]: int(line.split("\t")[3]) for line in installation.done("libraries", "list").out.splitlines()}
    assert [live[code] for code in ("JD", "JX", "WZ")] == [RECORDS] * 3
    assert 0 < live["KS"] <= RECORDS
    assert installation.done("search", "", "--json").json["total"] == len(set(installation.clusters().values()))
