"""The tables of the demo's people as values. ``demo/README.md`` explains the columns."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from union_catalog.services.circulation.finding import ItemReference

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """One of the staff: ``library`` "" is the whole network, ``branch`` "" all of the library; ``start`` the page to begin with."""

    username: str
    zh: str
    en: str
    library: str
    branch: str
    role: str
    start: str
    for_zh: str
    for_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One reader: ``guardian`` is the name of an earlier one; without ``at_desk`` enrolled online."""

    name: str
    name_en: str
    email: str
    born: date
    category: str
    branch: str
    since_days: int
    language: str
    guardian: str
    at_desk: bool
    start: str
    for_zh: str
    for_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What was done for or by a reader, so many days ago; ``amount`` in fen or points."""

    reader: str
    days_ago: int
    deed: str
    branch: str
    item: ItemReference
    amount: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Something to scan: ``kind`` "item", or of the reader ``value`` the "card", a "lost" one, or a "misread" one."""

    kind: str
    value: str
    zh: str
    en: str


@lru_cache(maxsize=1)
def staff() -> tuple[Clerk, ...]:
    """In the order in which they are shown."""
    return tuple(Clerk(**row) for row in _rows("staff"))


@lru_cache(maxsize=1)
def readers() -> tuple[Reader, ...]:
    """A guardian stands before the child."""
    return tuple(
        Reader(
            **row | {"born": date.fromisoformat(row["born"]), "since_days": int(row["since_days"]), "at_desk": row["at_desk"] == "yes"},  # type: ignore[arg-type]  # mypy cannot know which columns are texts
        )
        for row in _rows("readers")
    )


def deeds(reader: str) -> tuple[Deed, ...]:
    """All of one reader, the earliest first."""
    return tuple(deed for deed in _deeds() if deed.reader == reader)


@lru_cache(maxsize=1)
def samples() -> tuple[Sample, ...]:
    """In the order in which they are shown."""
    return tuple(Sample(**row) for row in _rows("samples"))


def item(told: str) -> ItemReference:
    """LIBRARY:BARCODE."""
    library, _, barcode = told.partition(":")
    return ItemReference(barcode, library)


@lru_cache(maxsize=1)
def _deeds() -> tuple[Deed, ...]:
    return tuple(
        Deed(
            reader=row["reader"],
            days_ago=int(row["days_ago"]),
            deed=row["deed"],
            branch=row["branch"],
            item=item(row["item"]),
            amount=int(row["amount"] or 0),
            words=row["words"],
        )
        for row in _rows("deeds")
    )


def _rows(table: str) -> Iterator[dict[str, str]]:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)
