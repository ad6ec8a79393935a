"""``--full``: the file is everything, and what it does not hold is withdrawn; guards against files that only say so."""

import json
from pathlib import Path

import pytest

from tests.scenarios.installations import Installation, jiading, write_cnmarc

SOME = 30


@pytest.fixture
def loaded(installation: Installation, tmp_path: Path) -> Installation:
    """Thirty records of Jiading, and Jiaxing's, which no load of Jiading may touch."""
    assert installation.load("JD", write_cnmarc(tmp_path / "all.iso", jiading(SOME)), "--no-wait").code == 0
    assert installation.load("JX", write_cnmarc(tmp_path / "jx.iso", jiading(SOME)), "--no-wait").code == 0
    return installation


def held(installation: Installation, library: str = "JD") -> int:
    return sum(key.startswith(f"{library}:") for key in installation.clusters())


def test_what_is_gone_is_withdrawn(loaded: Installation, tmp_path: Path) -> None:
    file, report = write_cnmarc(tmp_path / "full.iso", jiading(SOME)[:-6]), tmp_path / "report.json"
    assert loaded.load("JD", file, "--full", "--report", report).code == 0
    assert json.loads(report.read_text("utf-8"))["withdrawn"] == 6
    assert (held(loaded), held(loaded, "JX")) == (SOME - 6, SOME)
    assert loaded.index_agrees()
    items = {line.split("\t")[0]: int(line.split("\t")[4]) for line in loaded.done("libraries", "list").out.splitlines()}
    assert items["JD"] == sum(len(record.copies) for record in jiading(SOME)[:-6])

    assert loaded.load("JD", tmp_path / "all.iso", "--full").code == 0
    assert held(loaded) == SOME


def test_without_full_nothing_is_withdrawn(loaded: Installation, tmp_path: Path) -> None:
    assert loaded.load("JD", write_cnmarc(tmp_path / "few.iso", jiading(3))).code == 0
    assert held(loaded) == SOME


def test_over_a_fifth_is_refused_and_what_was_stored_stays(loaded: Installation, tmp_path: Path) -> None:
    kept, new = jiading(SOME)[:-7], jiading(SOME + 5)[-5:]
    file = write_cnmarc(tmp_path / "cut.iso", [*kept, *new])
    before = loaded.clusters()
    report = tmp_path / "report.json"
    assert loaded.load("JD", file, "--full", "--report", report).refused(5, "--allow-withdrawals", "7")
    told = json.loads(report.read_text("utf-8"))
    assert (told["stored"], told["withdrawn"], told["guard"]) == (5, 0, "too_many_withdrawals")
    assert held(loaded) == SOME + 5
    assert loaded.index_agrees()  # what was stored is searchable, too
    assert before.items() <= loaded.clusters().items()
    assert loaded.load("JD", file, "--full").refused(5, "7")
    assert loaded.load("JD", file, "--full", "--allow-withdrawals").code == 0
    assert held(loaded) == SOME - 7 + 5
    assert loaded.index_agrees()
    assert loaded.run("load", "--library", "JD", "--format", "cnmarc", "--allow-withdrawals", file).code == 2


def test_a_quarantined_record_is_not_gone(loaded: Installation, tmp_path: Path) -> None:
    parts = (tmp_path / "all.iso").read_bytes().split(b"\x1d")[:-1]
    broken = [part[: len(part) * 2 // 3] for part in parts[:10]]
    file = tmp_path / "broken.iso"
    file.write_bytes(b"".join(part + b"\x1d" for part in [*broken, *parts[10:]]))
    assert loaded.load("JD", file, "--full").code == 0
    assert held(loaded) == SOME
    cases = loaded.done("quarantine", "list", "--json").json
    assert len(cases) == 10
    assert {case["record_id"] for case in cases} == {record.record_id for record in jiading(10)}


def test_an_empty_full_export_withdraws_nothing(loaded: Installation, tmp_path: Path) -> None:
    file = tmp_path / "empty.iso"
    file.write_bytes(b"")
    assert loaded.load("JD", file, "--full", "--allow-withdrawals").code == 3
    assert held(loaded) == SOME
