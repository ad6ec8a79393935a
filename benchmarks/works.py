"""Whether works group the editions, translations and volumes of one text, on families written from knowledge.

A family is a text with what is easily mistaken for it: adaptations, studies, other texts of the same title. Its records are a table of the
tests; they are judged as the tests make them, and as the reader of CNMARC understands them when a library sends them.

``python -m benchmarks.works`` prints the pairs that are false or missed, too.
"""

import csv
from collections.abc import Iterator, Mapping

from benchmarks import iso2709
from benchmarks.figures import Figure
from loaders.formats.model import RawRecord
from loaders.formats.reader import Reader
from tests.unit.matching.families import FILE, Measured, Member, measured, read_families, told_of
from union_catalog.bibliographic.record import BibliographicRecord

_LEADER = "00000nam0 2200000   450 "
_READER = Reader("cnmarc", "utf-8")


def _field(tag: str, **subfields: str) -> tuple[str, str]:
    return tag, "1 " + "".join(f"{iso2709.SUBFIELD}{code}{text.strip()}" for code, text in subfields.items() if text.strip())


def record_of(row: Mapping[str, str]) -> BibliographicRecord:
    """A row as the reader of CNMARC understands it; " : " in a title begins other title information, ``original`` is field 454."""
    title, _, rest = row["title"].partition(" : ")
    fields = [
        ("001", "1"),
        _field("010", a=row["isbn"]),
        _field("200", a=title, e=rest, h=row["volume"], f=row["responsibility"]),
        _field("205", a=row["edition"]),
        _field("210", c=row["publisher"], d=row["date"]),
        _field("454", t=row["original"]),
    ]
    told = [(tag, body) for tag, body in fields if tag == "001" or iso2709.SUBFIELD in body]
    return _READER.read(RawRecord(0, 0, iso2709.record(_LEADER, told))).record


def read_as_cnmarc() -> list[Member]:
    """Every row of the table, sent and read."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Member(f"{row['family']}/{row['work']}", f"{row['title']}/{row['responsibility']}", record_of(row)) for row in rows]


def judge() -> dict[str, tuple[list[Member], Measured]]:
    """The members and what came of them, by how they are read."""
    ways = {"as told": read_families(), "read from CNMARC": read_as_cnmarc()}
    return {way: (members, measured(members)) for way, members in ways.items()}


def measure() -> Iterator[Figure]:
    """Pairwise precision and recall over all families."""
    for way, (members, found) in judge().items():
        families = len({member.family for member in members})
        wrong = f"{len(found.wrong)} false and {len(found.missed)} missed of {found.right + len(found.missed):,} pairs;"
        how = f"{len(members)} records of {families} families, {wrong}"
        value = f"{found.precision:.4f} / {found.recall:.4f}"
        yield Figure(f"works, families {way}: precision / recall", value, "", "0.98 / 0.90", "0.99 / 0.97", how)


def main() -> None:
    """Prints the figures, and the pairs that are false or missed by their families."""
    for figure in measure():
        print(f"{figure.what}: {figure.value}  {figure.detail}")
    for way, (_, found) in judge().items():
        print(f"\n{way}, false:\n{told_of(found.wrong)}\n{way}, missed:\n{told_of(found.missed)}")


if __name__ == "__main__":
    main()
