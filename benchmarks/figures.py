"""A figure, and the report that all of them make: one JSON file that is the truth, and the table made from it."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "docs" / "benchmarks.json"
PAGE = ROOT / "docs" / "benchmarks.md"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. ``must`` and ``goal`` are what it is held against, as text; ``detail`` says how it came about."""

    what: str
    value: float | str
    unit: str = ""
    must: str = ""
    goal: str = ""
    detail: str = ""


def write(figures: Sequence[Figure], benchmark: str) -> None:
    """Puts the figures of one benchmark in the place of its earlier ones, each with the command that makes it, and writes the page anew."""
    known: dict[str, dict[str, object]] = json.loads(DATA.read_text("utf-8")) if DATA.is_file() else {}
    machine = f"{platform.machine()}, {platform.python_implementation()} {platform.python_version()}, 2 cores"
    made = {"benchmark": benchmark, "command": f"make bench ARGS={benchmark}", "machine": machine}
    sections = {str(row["benchmark"]): [r for r in known.values() if r["benchmark"] == row["benchmark"]] for row in known.values()}
    sections[benchmark] = [asdict(figure) | made for figure in figures]
    rows = [row for section in sections.values() for row in section]
    DATA.write_text(json.dumps({str(row["what"]): row for row in rows}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    PAGE.write_text(_page(rows), "utf-8")


def _page(rows: Sequence[dict[str, object]]) -> str:
    lines = [
        "# Figures",
        "",
        "Made by `make bench` from the real exports beside the checkout; the tables are written by the program, `benchmarks.json`",
        "holds the same. Times were taken on a shared machine of two cores: read them as a floor, and compare within one run.",
    ]
    for benchmark in dict.fromkeys(str(row["benchmark"]) for row in rows):
        lines += _section(benchmark, [row for row in rows if row["benchmark"] == benchmark])
    machines = sorted({str(row["machine"]) for row in rows})
    return "\n".join([*lines, "", "Machine: " + "; ".join(machines) + ".", *_HELD_BY_TESTS, ""])


def _section(benchmark: str, rows: Sequence[dict[str, object]]) -> list[str]:
    """The figures of one benchmark, under the command that makes them."""
    lines = ["", f"## {benchmark}", "", f"`{rows[0]['command']}`", "", "| what | measured | must | goal | how |", "|---|---|---|---|---|"]
    for row in rows:
        cells = (row["what"], f"{row['value']} {row['unit']}".strip(), row["must"], row["goal"], str(row["detail"]).removesuffix(";"))
        lines.append("| " + " | ".join(str(cell).strip() or "–" for cell in cells) + " |")
    return lines


_HELD_BY_TESTS = (
    "",
    "Not measured but held by tests: the Chinese cases on which the matchers of other catalogues fail are all right",
    "(`tests/unit/matching/test_chinese_cases.py`; `tests/unit/benchmarks/test_peers.py` holds that the others fail). And, by tests that",
    "read the same data: the same hits in simplified and traditional script and for variant",
    "characters (`tests/contracts/test_search_engine_real_data.py`, and `test_variants_real_data.py`, which names the pairs left out);",
    "NIST MARC-8 equal to NIST UTF-8, CNMARC GB18030 equal to UTF-8, no crash on any file, and what of each broken file is readable",
    "(`tests/contracts/test_zoo.py`).",
)
