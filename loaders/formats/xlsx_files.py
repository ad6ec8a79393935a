"""Excel workbooks (.xlsx): the first sheet with the columns that are needed, row by row."""

import datetime
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from loaders.formats.columns import Columns, find_columns
from loaders.formats.tables import Rows
from union_catalog.errors import SourceUnusable

LARGEST_UNPACKED = 1_000_000_000
LARGEST_STRINGS = 200_000_000  # shared strings are held in memory
_STRINGS = "xl/sharedStrings.xml"


def xlsx_columns(path: Path, mapping: str) -> tuple[Columns, str]:
    """The columns of the first row that is not blank, and the name of their sheet.

    Raises SourceUnusable: not_a_workbook, workbook_too_large, missing_columns; and what ``find_columns`` raises.
    """
    check_workbook(path)
    failure: SourceUnusable | None = None
    with closing(_open(path)) as workbook:
        for name in workbook.sheetnames:
            heading = next((cells for _, cells in _sheet_rows(workbook, name)), None)
            if heading is None:
                continue
            try:
                return find_columns(heading, mapping), name
            except SourceUnusable as error:
                failure = failure or error
    raise failure or SourceUnusable("not_a_table", path=str(path))


def xlsx_rows(path: Path, sheet: str) -> Rows:
    """The rows under the heading with their numbers in the sheet."""
    with closing(_open(path)) as workbook:
        rows = _sheet_rows(workbook, sheet)
        next(iter(rows), None)
        yield from rows


def check_workbook(path: Path) -> None:
    """Refuses what is no zip file, what unpacks to more than the limit, and parts that declare entities."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            strings = sum(part.file_size for part in parts if part.filename == _STRINGS)
            if size > LARGEST_UNPACKED or strings > LARGEST_STRINGS:
                raise SourceUnusable("workbook_too_large", size=size, limit=LARGEST_UNPACKED)
            for part in parts:
                with archive.open(part) as stream:
                    if part.filename.endswith(".xml") and b"<!DOCTYPE" in stream.read(4096):
                        raise SourceUnusable("xml_doctype", path=str(path))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise SourceUnusable("not_a_workbook", path=str(path)) from error


def _open(path: Path) -> Workbook:
    try:
        return load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise SourceUnusable("not_a_workbook", path=str(path)) from error


def _sheet_rows(workbook: Workbook, name: str) -> Iterable[tuple[int, Sequence[str]]]:
    for number, cells in enumerate(workbook[name].iter_rows(values_only=True), 1):
        row = [_text(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        if row:
            yield number, row


def _text(cell: object) -> str:
    """A cell as text: whole numbers without a decimal point, dates in ISO form."""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\x1f", " ").strip()
