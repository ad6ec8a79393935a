"""A CSV file of readers as lines. A file that cannot be used is told whole; a line that cannot, by its number and column."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from loaders.formats.csv_files import DELIMITERS, csv_rows, heading_line, unended_row
from loaders.formats.registry import check_file, csv_encoding
from union_catalog.errors import SourceUnusable
from union_catalog.services.patrons.batch import Line
from union_catalog.text import half_width

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_NOISE = re.compile(r"[（(].*?[)）]|[\W_]+")
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_DAYS = ("birth_date", "expires_on", "consent_date")
_CATEGORIES = {
    word: category
    for category, words in (
        ("adult", "成人 普通 普通读者"),
        ("child", "少儿 儿童 少年 少儿读者"),
        ("senior", "老年 老人 老年读者"),
        ("student", "学生"),
        ("teacher", "教师"),
        ("staff", "馆员 职工"),
        ("institution", "单位 集体"),
    )
    for word in words.split()
}
_DOCUMENTS = {"身份证": "resident_id", "居民身份证": "resident_id", "二代身份证": "resident_id", "护照": "passport"}


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A file that can be read. ``places``: field → its column; ``headings`` as they stand there; ``left_out`` columns are not read."""

    path: Path
    encoding: str
    delimiter: str
    places: Mapping[str, int]
    headings: tuple[str, ...]
    left_out: frozenset[int] = frozenset()

    @property
    def fewest(self) -> int:
        """So many cells a line has at least: those with a heading."""
        return max(place for place, heading in enumerate(self.headings, 1) if heading)

    def heading(self, field: str) -> str:
        """How the file calls a field; the field itself where it has no column for it, or where it is a heading already."""
        return self.headings[self.places[field]] if field in self.places else field


def open_batch(path: Path, encoding: str = "auto", left_out: Sequence[str] = ()) -> BatchFile:
    """Judges encoding, delimiter and columns. ``left_out`` are headings of columns that are knowingly not read.

    Raises SourceUnusable: file_not_found, file_unreadable, empty_file, file_cut_off, encoding_not_of_tables, wrong_encoding, not_a_table,
    no_records, reader_columns_missing (a name, and one of card and document are needed), reader_column_unknown, reader_columns_twice.
    """
    size = check_file(path)
    chosen = csv_encoding(path, encoding)
    if chosen == "utf-16" and size % 2:
        raise SourceUnusable("file_cut_off", path=str(path))
    heading = heading_line(path, chosen)
    if not heading or "\x00" in heading or not _is_text(heading):
        raise SourceUnusable("not_a_table", path=str(path))
    delimiter = max(DELIMITERS, key=heading.count)
    headings = tuple(cell.strip() for cell in next(csv.reader(io.StringIO(heading), delimiter=delimiter)))
    passed = frozenset(place for place, heading in enumerate(headings) if heading in left_out)
    if next(csv_rows(path, chosen, delimiter), None) is None:
        raise SourceUnusable("no_records", path=str(path))
    batch = BatchFile(path, chosen, delimiter, _places(headings, passed), headings, passed)
    if _is_torn(unended_row(path, chosen, delimiter), batch.fewest):
        raise SourceUnusable("file_cut_off", path=str(path))
    return batch


def read_lines(batch: BatchFile) -> Iterator[Line]:
    """Every line that is not blank, with its number in the file; what is wrong with one stands in its ``fault``."""
    for number, cells in csv_rows(batch.path, batch.encoding, batch.delimiter):
        if any(cells):
            yield _line(batch, number, cells)


def _places(headings: Sequence[str], left_out: frozenset[int]) -> dict[str, int]:
    """Field → its column. A column that would be dropped is refused before anything is written: by it somebody may have to be known."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if not heading or place in left_out:
            continue
        field = _field(heading)
        if field in places:
            raise SourceUnusable("reader_columns_twice", field=field, columns=(headings[places[field]], heading))
        places[field] = place
    missing = [] if "name" in places else ["name"]
    missing += [] if {"card", "document_number"} & places.keys() else ["card"]
    if missing:
        raise SourceUnusable("reader_columns_missing", missing=tuple(missing), found=tuple(headings))
    return places


def _field(heading: str) -> str:
    """What stands under the heading. Raises SourceUnusable("reader_column_unknown"), with the nearest heading that is known."""
    known = _known()
    if (found := known.get(_key(heading))) is not None:
        return found[0]
    near = [known[key][1] for key in get_close_matches(_key(heading), known, n=3, cutoff=0.5)]
    raise SourceUnusable("reader_column_unknown", heading=heading, near=tuple(near) or _fields())


def _line(batch: BatchFile, number: int, cells: Sequence[str]) -> Line:
    nameless = (cell for cell, heading in zip(cells, batch.headings, strict=False) if not heading)
    if len(cells) > len(batch.headings) or any(nameless):
        return Line(number=number, fault="too_many_cells", column=batch.headings[batch.fewest - 1])
    if len(cells) < batch.fewest:
        return Line(number=number, fault="too_few_cells", column=next(filter(None, batch.headings[len(cells) :])))
    told = {field: cells[place] for field, place in batch.places.items()}
    for field, text in told.items():
        if not _is_text(text) or _CONTROL.search(text):
            return Line(number=number, fault="undecodable_cell", column=batch.heading(field))
        if text.startswith('"') and text.count('"') % 2:
            return Line(number=number, fault="quotation_unended", column=batch.heading(field))
    days = {field: _day(told.pop(field, "")) for field in _DAYS}
    wrong = next((field for field, day in days.items() if day == date.max), "")
    if wrong:
        return Line(number=number, fault="parameter.not_a_day", column=batch.headings[batch.places[wrong]])
    told["category"] = _CATEGORIES.get(told.get("category", ""), told.get("category", "").lower())
    told["document_type"] = _DOCUMENTS.get(told.get("document_type", ""), told.get("document_type", "").lower()[:20])
    return Line(number=number, **told, **days)  # type: ignore[arg-type]  # texts and days


def _is_torn(cells: Sequence[str], fewest: int) -> bool:
    """Whether a row that nothing ends breaks off: before its last cell, within quotation marks, or within a character."""
    return bool(cells) and (len(cells) < fewest or cells[-1].startswith('"') or not _is_text(cells[-1]))


def _is_text(text: str) -> bool:
    """Bytes that did not decode come as lone surrogates."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\ufffd" not in text


def _day(text: str) -> date | None:
    """The day that a cell tells; the last there is for one that tells none."""
    if not text:
        return None
    found = _DAY.fullmatch(half_width(text))
    try:
        return date(*map(int, found.groups())) if found else date.max
    except ValueError:
        return date.max


def _key(heading: str) -> str:
    return _NOISE.sub("", half_width(heading).lower())


@cache
def _known() -> dict[str, tuple[str, str]]:
    """Heading in its plain form → the field, and the heading as it is written."""
    text = files("loaders.patrons").joinpath("data/columns.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {_key(heading): (field, heading) for field, headings in rows for heading in headings.split("|")}


def _fields() -> tuple[str, ...]:
    return tuple(dict.fromkeys(field for field, _ in _known().values()))
