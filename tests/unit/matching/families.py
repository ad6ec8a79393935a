"""The families of works in ``families.tsv``: records written from knowledge, and which of them are one work."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import msgspec

from tests.unit.matching.examples import described
from union_catalog.bibliographic.record import BibliographicRecord, Title
from union_catalog.matching.features import features_of
from union_catalog.matching.work_groups import work_groups
from union_catalog.matching.works import work_keys

FILE = Path(__file__).with_name("families.tsv")


@dataclass(frozen=True, slots=True)
class Member:
    """A row of the file: the work it belongs to ("family/work"), and the record."""

    work: str
    told: str
    record: BibliographicRecord

    @property
    def family(self) -> str:
        return self.work.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Measured:
    """Over all pairs of members: how many were rightly, wrongly and not brought together, and which."""

    right: int
    wrong: tuple[tuple[Member, Member], ...]
    missed: tuple[tuple[Member, Member], ...]

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))


def read_families() -> list[Member]:
    """Every row. Its original title becomes a uniform title, as cataloguers give it."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [_member(row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _member(row: dict[str, str]) -> Member:
    record = described(
        row["title"],
        row["responsibility"],
        row["publisher"],
        row["date"],
        volume=row["volume"],
        edition=row["edition"],
        isbn=row["isbn"],
        language="eng" if row["title"].isascii() else "chi",
    )
    if row["original"]:
        record = msgspec.structs.replace(record, titles=(*record.titles, Title(kind="uniform", text=row["original"])))
    told = "/".join(row[name] for name in ("title", "responsibility", "publisher", "date") if row[name])
    return Member(f"{row['family']}/{row['work']}", told, record)


def measured(members: Sequence[Member]) -> Measured:
    """Pairwise, of the works that are found among these members alone."""
    keys = {str(place): work_keys(features_of(member.record), member.record) for place, member in enumerate(members)}
    found = {place: number for number, group in enumerate(work_groups(keys)) for place in group}
    right = 0
    wrong: list[tuple[Member, Member]] = []
    missed: list[tuple[Member, Member]] = []
    for (a, left), (b, right_one) in combinations(enumerate(members), 2):
        together, expected = found[str(a)] == found[str(b)], left.work == right_one.work
        if together and expected:
            right += 1
        elif together or expected:
            (wrong if together else missed).append((left, right_one))
    return Measured(right, tuple(wrong), tuple(missed))


def told_of(pairs: Sequence[tuple[Member, Member]], limit: int = 3) -> str:
    """The families concerned, the worst first, each with examples."""
    counts = Counter(a.family for a, _ in pairs)
    lines = []
    for family, count in counts.most_common():
        lines.append(f"{family}: {count}")
        lines += [f"    {a.told}  |  {b.told}" for a, b in [pair for pair in pairs if pair[0].family == family][:limit]]
    return "\n".join(lines)
