"""A union catalogue of any size, written straight into database and index, for what is measured of searching alone.

The records are variations of the real ones of the four libraries. The first of each is the record itself. Every further one joins the first
half of its title to the second half of another's (cut between words), takes subjects, classes and series with that second half, the people
of a third, a year up to six years off and an ISBN of its own if it had one. So titles are as long as real ones, words and names are as
frequent among a million as among sixty thousand, and next to no two records are alike. They lie in the branches of the demo's network: 72 %
in one library, 18 % in two, the rest in three or four; one to three items in each, of which 70 % can be lent. One in eight shares its work
with the one before.
"""

import multiprocessing
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import rjieba
from sqlalchemy import Connection, select

from benchmarks.exports import Installation, catalogue
from benchmarks.figures import ROOT
from union_catalog.bibliographic.record import BibliographicRecord, Identifier, Publication, Title
from union_catalog.clock import SystemClock, instant_text
from union_catalog.identifiers import isbn13
from union_catalog.ids import new_id
from union_catalog.matching.merging import MergedRecord
from union_catalog.search.text import ANALYSIS_VERSION, analyse
from union_catalog.services.rebuilding.readiness import make_ready
from union_catalog.settings import Settings
from union_catalog.storage import reads, unions
from union_catalog.storage.bulk import insert_rows
from union_catalog.storage.database import Database
from union_catalog.storage.tables import branch, feed, item, source_record
from union_catalog.storage.unions import UnionWrite
from union_catalog.storage.values import allocate, pack, unpack

CHUNK = 2500
WORKERS = 2
_HOLDERS, _SHARES = (1, 2, 3, 4), (72, 18, 7, 3)
_LENT, _SHARES_A_WORK, _MOST_YEARS_OFF = 0.3, 0.125, 6
_LAST_YEAR = 2026
_base: list[BibliographicRecord] = []


def fill(installation: Installation, count: int) -> None:
    """Writes ``count`` records into an empty installation and builds its index."""
    installation.run("init")
    installation.run("network", "apply", str(ROOT / "demo" / "network.toml"))
    write(installation, count)
    installation.run("index", "rebuild")


def write(installation: Installation, count: int) -> None:
    """The records alone; two processes analyse while this one stores."""
    _base[:] = _real_records()
    database = Database(f"sqlite:///{installation.home / 'catalogue.sqlite3'}", busy_timeout=60)
    with database.write() as connection:
        make_ready(connection, SystemClock().now(), Settings.from_environment().match_key_limit)  # so that it can be loaded into
    starts = range(0, count, CHUNK)
    with multiprocessing.get_context("fork").Pool(WORKERS) as pool:
        for start, made in zip(starts, pool.imap(_made, ((start, min(start + CHUNK, count)) for start in starts)), strict=True):
            with database.write() as connection:
                _store(connection, start, made)
    database.close()
    _base.clear()


def _real_records() -> Iterator[BibliographicRecord]:
    with catalogue() as installation:
        database = Database(f"sqlite:///{installation.home / 'catalogue.sqlite3'}")
        after = ""
        with database.read() as connection:
            while rows := reads.live_unions(connection, after, 5000):
                yield from (unpack(row.merged_z, MergedRecord).record for row in rows)
                after = rows[-1].id
        database.close()


def _made(numbers: tuple[int, int]) -> list[tuple[bytes, bytes]]:
    """(merged, analysed) of the variations with these numbers, packed."""
    return [_packed(variation(_base, number)) for number in range(*numbers)]


def _packed(record: BibliographicRecord) -> tuple[bytes, bytes]:
    return pack(MergedRecord(record, ())), pack(analyse(record))


def variation(base: Sequence[BibliographicRecord], number: int) -> BibliographicRecord:
    """The record itself for the first ``len(base)`` numbers; the same number gives the same record."""
    turn, place = divmod(number, len(base))
    record = base[place]
    if turn == 0:
        return record
    chance = random.Random(number)
    other, people = base[(place * 7 + turn * 1013 + 1) % len(base)], base[(place + turn * 31) % len(base)]
    years = chance.randint(-_MOST_YEARS_OFF, _MOST_YEARS_OFF)
    return msgspec.structs.replace(
        record,
        titles=(_joined(record, other),),
        agents=people.agents,
        responsibility=people.responsibility,
        publications=tuple(_moved(imprint, years) for imprint in record.publications),
        subjects=other.subjects,
        classifications=other.classifications,
        series=other.series,
        identifiers=(_isbn(number),) if record.identifiers else (),
    )


def _joined(first: BibliographicRecord, second: BibliographicRecord) -> Title:
    beginning, end = (rjieba.cut(record.title_proper.text, True) if record.title_proper else [""] for record in (first, second))
    text = "".join([*beginning[: (len(beginning) + 1) // 2], *end[len(end) // 2 :]])
    number = first.title_proper.volume_number if first.title_proper else ""
    return Title(kind="proper", text=text, volume_number=number)


def _moved(imprint: Publication, years: int) -> Publication:
    moved = min(imprint.year + years, _LAST_YEAR) if imprint.year else None
    return msgspec.structs.replace(imprint, year=moved, date=str(moved or ""))


def _isbn(number: int) -> Identifier:
    nine = f"7{number:08d}"
    return Identifier(scheme="isbn", value=isbn13(nine + _check(nine)), valid=True)


def _check(nine: str) -> str:
    """The check digit of an ISBN of ten."""
    rest = -sum((10 - place) * int(digit) for place, digit in enumerate(nine)) % 11
    return "X" if rest == 10 else str(rest)


@dataclass(frozen=True, slots=True)
class _Network:
    """The branches of each library, and the feed that its records come by."""

    branches: dict[str, list[str]]
    feeds: dict[str, int]


def _network(connection: Connection) -> _Network:
    branches: dict[str, list[str]] = {}
    for code, library in connection.execute(select(branch.c.code, branch.c.library).order_by(branch.c.code)):
        branches.setdefault(library, []).append(code)
    known = {row.library: row.id for row in connection.execute(select(feed.c.id, feed.c.library))}
    missing = [{"id": 1 + i, "library": code, "name": "made"} for i, code in enumerate(branches) if code not in known]
    insert_rows(connection, feed, missing)
    return _Network(branches, known | {str(row["library"]): int(str(row["id"])) for row in missing})


def _store(connection: Connection, start: int, made: Sequence[tuple[bytes, bytes]]) -> None:
    chance, network, now = random.Random(start), _network(connection), instant_text(SystemClock().now())
    revisions = allocate(connection, "revision", len(made))
    sources: list[dict[str, object]] = []
    items: list[dict[str, object]] = []
    writes: list[UnionWrite] = []
    source_ids = iter(allocate(connection, "source_record", len(made) * len(_HOLDERS)))
    for (merged, analysed), revision in zip(made, revisions, strict=True):
        work = writes[-1].work_id if writes and chance.random() < _SHARES_A_WORK else new_id()
        writes.append(UnionWrite(new_id(), revision, work, merged, analysed, ANALYSIS_VERSION, True))
        for library in chance.sample(list(network.branches), chance.choices(_HOLDERS, _SHARES)[0]):
            source_id = next(source_ids)
            sources.append(_source(source_id, library, network.feeds[library], writes[-1].id, now))
            shelves = [chance.choice(network.branches[library]) for _ in range(chance.randint(1, 3))]
            items += [_item(source_id, copy, library, shelf, chance, now) for copy, shelf in enumerate(shelves)]
    unions.write(connection, writes, now)
    insert_rows(connection, source_record, sources)
    insert_rows(connection, item, items)


def _source(source_id: int, library: str, feed_id: int, union_id: str, now: str) -> dict[str, object]:
    return {
        "id": source_id,
        "library": library,
        "record_id": f"{library}{source_id:010d}",
        "feed_id": feed_id,
        "digest": "",
        "version": "",
        "received_at": now,
        "deleted_at": None,
        "seen_load": "made",
        "union_id": union_id,
    }


def _item(source_id: int, copy: int, library: str, branch_code: str, chance: random.Random, now: str) -> dict[str, object]:
    return {
        "id": new_id(),
        "library": library,
        "source_id": source_id,
        "branch": branch_code,
        "barcode": f"{source_id}-{copy}",
        "call_number": "",
        "item_type": "book",
        "lending": "loan",
        "reported_status": "on_loan" if chance.random() < _LENT else "available",
        "status_word": "",
        "reported_at": now,
        "price": "",
        "volume": "",
        "url": "",
        "withdrawn_at": None,
    }
