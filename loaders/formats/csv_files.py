"""CSV files: delimiter and line by line reading in which a stray quotation mark costs one row and not the rest of the file."""

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, TextIO

from loaders.formats.columns import Columns, find_columns
from loaders.formats.iso2709 import DEFAULT_LIMIT
from loaders.formats.tables import Rows
from union_catalog.errors import SourceUnusable

DELIMITERS = ",\t;|"
_LONGEST_ROW = 100  # physical lines
_LONGEST_CELL = 100_000
_UNIT = "\x1f"
_SPOILT = "union_catalog.spoilt"
_NO_BYTE = "\udcff"  # the lone surrogate of a byte that UTF-8 never has, whatever stands beside it


def _spoilt(error: UnicodeError) -> tuple[str, int]:
    """For UTF-16, of whose bytes "surrogateescape" takes only some: what did not decode is a lone surrogate, too."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _NO_BYTE, error.end


codecs.register_error(_SPOILT, _spoilt)


def csv_columns(path: Path, encoding: str, mapping: str) -> tuple[Columns, str]:
    """The columns of the heading line, which is the first that is not blank, and the delimiter.

    Raises SourceUnusable: not_a_table, missing_columns; and what ``find_columns`` raises.
    """
    heading = heading_line(path, encoding)
    if not heading.strip() or "\x00" in heading:
        raise SourceUnusable("not_a_table", path=str(path))
    candidates = sorted(DELIMITERS, key=heading.count, reverse=True)
    failure: SourceUnusable | None = None
    for delimiter in candidates:
        try:
            return find_columns(_cells(heading, delimiter), mapping), delimiter
        except SourceUnusable as error:
            failure = failure or error
    raise failure or SourceUnusable("not_a_table", path=str(path))


def heading_line(path: Path, encoding: str) -> str:
    """The first line that is not blank, "" where there is none; bytes that do not decode come as lone surrogates."""
    with _opened(path, encoding) as stream:
        return next((line for line in _lines(stream) if line.strip()), "")


def csv_rows(path: Path, encoding: str, delimiter: str) -> Rows:
    """The rows under the heading with their numbers, the heading being row 1. Bytes that do not decode come as lone surrogates."""
    with _opened(path, encoding) as stream:
        rows = _rows(_lines(stream), delimiter)
        next(rows, None)
        yield from enumerate(rows, 2)


def unended_row(path: Path, encoding: str, delimiter: str) -> Sequence[str]:
    """The last row of a file after which no line ends: of one that was cut off, perhaps half a row. () where the last line is whole."""
    with _opened(path, encoding) as stream:
        final = "".join(deque(_lines(stream), maxlen=1))
    if not final.strip() or final.endswith(("\n", "\r")):
        return ()
    ((_, cells),) = deque(csv_rows(path, encoding, delimiter), maxlen=1) or ((0, ()),)
    return cells


def sample_lines(path: Path, count: int) -> list[bytes]:
    """The first lines as bytes, for judging the encoding."""
    with path.open("rb") as stream:
        return [line for line in (stream.readline(DEFAULT_LIMIT) for _ in range(count)) if line.strip()]


def _opened(path: Path, encoding: str) -> TextIO:
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    return path.open(encoding=codec, errors=_SPOILT if encoding == "utf-16" else "surrogateescape", newline="")


def _lines(stream: TextIO) -> Iterator[str]:
    """Line by line, one that is longer than any record may be in pieces."""
    return iter(lambda: stream.readline(DEFAULT_LIMIT), "")


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[Sequence[str]]:
    waiting: list[str] = []
    while True:
        line = waiting.pop(0) if waiting else next(lines, "")
        if not line:
            return
        if not line.strip():
            continue
        if line.count('"') % 2 == 0:
            yield _cells(line, delimiter)
            continue
        whole, rest = _quoted(line, waiting, lines)
        waiting = rest
        yield _cells(whole, delimiter) if whole != line else _cells(line, delimiter, csv.QUOTE_NONE)


def _quoted(line: str, waiting: list[str], lines: Iterator[str]) -> tuple[str, list[str]]:
    """A row whose quoted cell goes on in the next lines, and the lines read ahead; the line alone if it never ends."""
    taken, ahead = [line], list(waiting)
    for _ in range(_LONGEST_ROW):
        following = ahead.pop(0) if ahead else next(lines, "")
        if not following:
            break
        taken.append(following)
        if following.count('"') % 2:
            return "".join(taken), ahead
    return line, [*taken[1:], *ahead]


def _cells(line: str, delimiter: str, quoting: Literal[0, 3] = csv.QUOTE_MINIMAL) -> Sequence[str]:
    """The cells of one row; a row with a cell longer than csv takes (128 KB) is one cell, and so too short to be a record."""
    try:
        rows = list(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter, quoting=quoting))
    except csv.Error:
        return [line.replace(_UNIT, " ").replace('"', "'")[:_LONGEST_CELL]]
    return [cell.replace(_UNIT, " ").strip() for cell in rows[0]] if rows else []
