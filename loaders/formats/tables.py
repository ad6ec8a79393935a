"""Tables (CSV, Excel) as records: the rows of one control number brought together, wherever in the file they stand.

The rows are spooled into a temporary SQLite file and read back in the order in which their control numbers first appear,
so that memory does not grow with the file and a file sorted by barcode gives the same records as one sorted by title. A
row without a control number is a record of its own. A raw record is a small CSV file with the heading: it can be read
again, or corrected and loaded, on its own.
"""

import csv
import io
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing

from loaders.formats.columns import Columns
from loaders.formats.iso2709 import KEPT_OF_OVERSIZED
from loaders.formats.model import RawRecord
from union_catalog.errors import StorageUnavailable

Rows = Iterator[tuple[int, Sequence[str]]]
_UNIT = "\x1f"
_PREPARE = (
    "PRAGMA journal_mode=OFF",
    "PRAGMA synchronous=OFF",
    "CREATE TABLE firsts (id TEXT PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE spooled (first INTEGER, row INTEGER, cells BLOB NOT NULL, PRIMARY KEY (first, row)) WITHOUT ROWID",
    "BEGIN",
)


def grouped(rows: Rows, columns: Columns, limit: int) -> Iterator[RawRecord]:
    """A raw record for each control number. ``rows`` come with their numbers in the file, the heading being row 1.

    Raises StorageUnavailable if the temporary folder is full.
    """
    handle, path = tempfile.mkstemp(prefix="union-catalog-rows-")
    os.close(handle)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as spool:
            _spool(spool, rows, columns.places["record_id"])
            yield from _records(spool, columns, limit)
    except sqlite3.OperationalError as error:
        raise StorageUnavailable("temporary_folder", path=tempfile.gettempdir()) from error
    finally:
        os.unlink(path)


def _spool(spool: sqlite3.Connection, rows: Rows, place: int) -> None:
    """Every row with the number of the first row that has its control number, in the order of those."""
    for statement in _PREPARE:
        spool.execute(statement)
    keyed = _keyed(spool, rows, place)
    spool.executemany("INSERT INTO spooled (first, row, cells) VALUES (?, ?, ?)", keyed)
    spool.execute("COMMIT")


def _keyed(spool: sqlite3.Connection, rows: Rows, place: int) -> Iterator[tuple[int, int, bytes]]:
    last, first = "", 0
    for number, row in rows:
        if not any(row):
            continue
        record_id = _plain(row[place].strip() if place < len(row) else "")
        if not record_id:
            first = number
        elif record_id != last:
            first = _first_row(spool, record_id, number)
        last = record_id
        yield first, number, _bytes(_UNIT.join(row))


def _first_row(spool: sqlite3.Connection, record_id: str, number: int) -> int:
    known = spool.execute("SELECT row FROM firsts WHERE id = ?", (record_id,)).fetchone()
    if known:
        return int(known[0])
    spool.execute("INSERT INTO firsts (id, row) VALUES (?, ?)", (record_id, number))
    return number


def _bytes(text: str) -> bytes:
    """Bytes that did not decode travel as lone surrogates and become bytes again here, so that reading the record finds them."""
    return text.encode("utf-8", "surrogateescape")


def _plain(record_id: str) -> str:
    return record_id.encode("utf-8", "replace").decode("utf-8")


def _records(spool: sqlite3.Connection, columns: Columns, limit: int) -> Iterator[RawRecord]:
    heading = as_csv([columns.headings])
    cells: list[list[str]] = []
    position, first = 0, -1
    for begins, text in spool.execute("SELECT first, cells FROM spooled ORDER BY first, row"):
        if begins != first and cells:
            yield _raw(position, first, heading, cells, limit)
            position, cells = position + 1, []
        first = begins
        cells.append(text.decode("utf-8", "surrogateescape").split(_UNIT))
    if cells:
        yield _raw(position, first, heading, cells, limit)


def _raw(position: int, row: int, heading: str, cells: list[list[str]], limit: int) -> RawRecord:
    data = _bytes(heading + as_csv(cells))
    if len(data) <= limit:
        return RawRecord(position, row, data, size=len(data))
    whole = RawRecord(position, row, data)
    return RawRecord(position, row, data[:KEPT_OF_OVERSIZED], "oversized", len(data), whole.sha256)


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    """Rows as CSV with commas and line feeds."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
