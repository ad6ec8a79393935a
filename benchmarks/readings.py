"""What people found who read samples of merged clusters (``benchmarks/readings.tsv``), counted against the clusters of today."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from benchmarks.figures import Figure
from benchmarks.sampling import clusters_of_all

READINGS = Path(__file__).with_name("readings.tsv")
Kind = Literal["read", "false", "doubtful"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One row: of a "read" row the reason is the number of clusters that were read, and the cluster is "*"."""

    library: str
    seed: int
    cluster: str
    verdict: Kind
    reason: str


@dataclass(frozen=True, slots=True)
class Count:
    """Of one library: clusters read, found false or doubtful and still there, and found so but no longer there as they were."""

    library: str
    read: int
    false: int
    doubtful: int
    gone: int


def parse(lines: Iterable[str]) -> list[Reading]:
    """The rows of the table. Raises ValueError for one that cannot be read."""
    return [_reading(line) for line in lines if line.strip() and not line.startswith("#")]


def _reading(line: str) -> Reading:
    cells = line.rstrip("\n").split("\t")
    kind = next((kind for kind in get_args(Kind) if len(cells) == 5 and kind == cells[3]), None)
    if kind is None or not cells[1].isdigit() or (kind == "read") != (cells[2] == "*" and cells[4].isdigit()):
        raise ValueError(f"not a reading: {line!r}")
    return Reading(cells[0], int(cells[1]), cells[2], kind, cells[4])


def count(readings: Iterable[Reading], clusters: Collection[str]) -> list[Count]:
    """One count a library, in their order; a cluster read in two samples counts once. ``clusters`` are the names of those of today."""
    read: Counter[str] = Counter()
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for reading in readings:
        if reading.verdict == "read":
            read[reading.library] += int(reading.reason)
        else:
            found[reading.library][reading.cluster] = reading.verdict if reading.cluster in clusters else "gone"
    counted = {library: Counter(found[library].values()) for library in sorted(read | Counter(found.keys()))}
    return [Count(library, read[library], told["false"], told["doubtful"], told["gone"]) for library, told in counted.items()]


def measure() -> Iterator[Figure]:
    """One figure a library that has been read."""
    readings = parse(READINGS.read_text("utf-8").splitlines())
    if not readings:
        return
    names = {cluster.name for cluster in clusters_of_all()[0]}
    for told in count(readings, names):
        share = f"{told.false} false ({100 * told.false / max(told.read, 1):.1f} %)"
        how = f"{told.doubtful} doubtful; {told.gone} of those found wrong no longer exist as they were read;"
        yield Figure(f"clusters of {told.library} read by hand", f"{told.read}, {share}", "", "≤ 1 %", "", how)
