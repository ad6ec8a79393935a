"""The report: figures of one benchmark take the place of its earlier ones and of no others."""

from pathlib import Path

import pytest

from benchmarks import figures
from benchmarks.figures import Figure, write


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(figures, "DATA", tmp_path / "benchmarks.json")
    monkeypatch.setattr(figures, "PAGE", tmp_path / "benchmarks.md")
    return tmp_path / "benchmarks.md"


def test_a_benchmark_replaces_its_own_figures(page: Path) -> None:
    write([Figure("old name", 1), Figure("kept name", 1)], "matching")
    write([Figure("speed", 3, "records/s", "1,500", "3,000")], "deciding")
    write([Figure("kept name", 2, detail="how;")], "matching")
    text = page.read_text("utf-8")
    assert "old name" not in text
    assert "| kept name | 2 | – | – | how |" in text
    assert "| speed | 3 records/s | 1,500 | 3,000 | – |" in text


def test_a_section_keeps_its_place_and_tells_its_command(page: Path) -> None:
    for benchmark in ("matching", "loading", "matching"):
        write([Figure(f"what of {benchmark}", 1)], benchmark)
    commands = [line for line in page.read_text("utf-8").splitlines() if line.startswith("`make")]
    assert commands == ["`make bench ARGS=matching`", "`make bench ARGS=loading`"]
