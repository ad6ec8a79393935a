"""What people found who read samples of merged clusters (``benchmarks/readings.tsv``), counted against the clusters of today."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from benchmarks.figures import Figure
from benchmarks.sampling import clusters_of_all

READINGS = Path(__file__).with_name("readings.tsv")
Kind = Literal["read", "false", "doubtful"]
_DRAWN = re.compile(r"(\d+) of (\d+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """One row. Of a "read" row ``cluster`` is the rule of a stratum, of which ``drawn`` clusters of ``held`` were read."""

    library: str
    seed: int
    cluster: str
    verdict: Kind
    reason: str
    drawn: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """Of one library: clusters read, found false or doubtful and still there, and found so but no longer there as they were.

    ``share`` is the share of false ones among all clusters of the library, each rule weighing as much as it holds.
    """

    library: str
    read: int
    false: int
    doubtful: int
    gone: int
    share: float


def parse(lines: Iterable[str]) -> list[Reading]:
    """The rows of the table. Raises ValueError for one that cannot be read."""
    return [_reading(line) for line in lines if line.strip() and not line.startswith("#")]


def _reading(line: str) -> Reading:
    cells = line.rstrip("\n").split("\t")
    kind = next((kind for kind in get_args(Kind) if len(cells) == 5 and kind == cells[3]), None)
    drawn = _DRAWN.fullmatch(cells[4]) if kind == "read" else None
    if kind is None or not cells[1].isdigit() or (kind == "read") is not bool(drawn):
        raise ValueError(f"not a reading: {line!r}")
    counted = (int(drawn[1]), int(drawn[2])) if drawn else (0, 0)
    return Reading(cells[0], int(cells[1]), cells[2], kind, cells[4], *counted)


def count(readings: Sequence[Reading], rule_of: Mapping[str, str]) -> list[Count]:
    """One count a library, in their order; a cluster found wrong in two samples counts once. ``rule_of``: the clusters of today."""
    return [_count(library, [r for r in readings if r.library == library], rule_of) for library in sorted({r.library for r in readings})]


def _count(library: str, readings: Sequence[Reading], rule_of: Mapping[str, str]) -> Count:
    found = {r.cluster: r.verdict if r.cluster in rule_of else "gone" for r in readings if r.verdict != "read"}
    strata: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        if reading.verdict == "read":
            strata[reading.cluster].append(reading)
    drawn = {rule: sum(r.drawn for r in rows) for rule, rows in strata.items()}
    held = {rule: max(r.held for r in rows) for rule, rows in strata.items()}
    read, told = sum(drawn.values()), Counter(found.values())
    false = Counter(rule_of[cluster] for cluster, verdict in found.items() if verdict == "false")
    weighed = sum(times * (held[rule] / drawn[rule] if rule in drawn else 1) for rule, times in false.items())
    return Count(library, read, told["false"], told["doubtful"], told["gone"], weighed / max(sum(held.values()), 1))


def measure() -> Iterator[Figure]:
    """One figure a library that has been read."""
    readings = parse(READINGS.read_text("utf-8").splitlines())
    if not readings:
        return
    for told in count(readings, {cluster.name: cluster.rule for cluster in clusters_of_all()[0]}):
        weighed = f"{100 * told.share:.2f} % of all clusters of the library, each rule by what it holds"
        how = f"{weighed}; {told.doubtful} doubtful; {told.gone} of those found wrong no longer exist as they were read;"
        value = f"{told.read}, {told.false} false ({100 * told.false / max(told.read, 1):.1f} %)"
        yield Figure(f"clusters of {told.library} read by hand", value, "", "≤ 1 % false", "", how)
