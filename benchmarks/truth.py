"""The real exports as records, what is known to be one edition among them, and how a matcher is held against it."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from benchmarks.exports import EXPORTS, LIBRARIES
from benchmarks.partitions import Pair
from loaders.formats.registry import open_source
from union_catalog.bibliographic.record import BibliographicRecord


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs that were put together, against those that belong together."""

    what: str
    precision: float
    recall: float
    false: int
    missed: int

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)


@dataclass(frozen=True, slots=True)
class Truth:
    """``same`` are the true pairs (Jiading, Jiaxing); ``unclear`` those that nobody can tell."""

    same: frozenset[Pair]
    unclear: frozenset[Pair]

    def score(self, what: str, pairs: Iterable[Pair]) -> Score:
        """Precision and recall of the pairs put together, whichever way round they are written; unclear pairs count in neither."""
        found = {(min(pair), max(pair)) for pair in pairs} - self.unclear
        right = len(found & self.same)
        return Score(what, right / max(len(found), 1), right / len(self.same), len(found) - right, len(self.same) - right)


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader((LIBRARIES / name).read_text("utf-8").splitlines())


def read_editions() -> dict[str, str]:
    """The known edition of each record of Jiading and Jiaxing, under keys such as "JD:JD000000001"."""
    return {f"{row['library']}:{row['record_id']}": row["edition_key"] for row in _rows("truth.csv")}


def read_truth() -> Truth:
    """What is known of the two exports."""
    editions: dict[str, dict[str, str]] = defaultdict(dict)
    for key, edition in read_editions().items():
        editions[edition][key.partition(":")[0]] = key
    unclear = frozenset((f"JD:{row['jd_record_id']}", f"JX:{row['jx_record_id']}") for row in _rows("ambiguous.csv"))
    same = frozenset((held["JD"], held["JX"]) for held in editions.values() if len(held) == 2)
    return Truth(same - unclear, unclear)


def read_exports(libraries: Iterable[str]) -> dict[str, BibliographicRecord]:
    """The records of the named exports, read by the real loaders."""
    wanted = set(libraries)
    records = {}
    for export in (export for export in EXPORTS if export.library in wanted):
        source = open_source(export.path, export.format, export.encoding)
        for raw in source.frames():
            parsed = source.reader.read(raw)
            records[f"{export.library}:{parsed.record_id}"] = parsed.record
    return records


def across(parts: Iterable[Iterable[str]]) -> Iterator[Pair]:
    """The pairs of a Jiading and a Jiaxing record that stand in one part."""
    for part in parts:
        held = list(part)
        yield from product((key for key in held if key.startswith("JD:")), (key for key in held if key.startswith("JX:")))
