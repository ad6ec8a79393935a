"""Opening a source: its format, its encoding judged before anything is read, its raw records and the reader for them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path

from loaders.formats import iso2709, xml_frames
from loaders.formats.csv_files import csv_columns, csv_rows, sample_lines
from loaders.formats.encodings import ENCODINGS, JUDGED, choose_encoding
from loaders.formats.marcxml import read_prolog
from loaders.formats.model import RawRecord
from loaders.formats.reader import FORMATS, Format, Reader
from loaders.formats.tables import grouped
from union_catalog.errors import ConfigurationError, SourceUnusable

DEFAULT_LIMIT = iso2709.DEFAULT_LIMIT
_WESTERN = ("utf-8", "gb18030", "big5", "marc-8")
_CHINESE = ("utf-8", "gb18030", "big5")


@dataclass(frozen=True, slots=True)
class Source:
    """One file ready to be read. ``encoding`` is the one in force, ``size`` the file's length in bytes.

    ``frames`` may be called again and again; each call reads the file anew.
    """

    path: Path
    format: Format
    encoding: str
    mapping: str
    size: int
    cut: Callable[[], Iterator[RawRecord]]

    @property
    def reader(self) -> Reader:
        """Reads the raw records; picklable."""
        return Reader(self.format, self.encoding, self.mapping)

    def frames(self, after: int = 0) -> Iterator[RawRecord]:
        """The raw records in order, the first ``after`` of them left out: with that of a checkpoint a load goes on."""
        return islice(self.cut(), after, None)


def open_source(path: Path, format: str, encoding: str = "auto", *, mapping: Path | None = None, limit: int = DEFAULT_LIMIT) -> Source:
    """The source behind a file. Nothing is stored before this returns, and nothing needs to be undone if it raises.

    ``limit`` is the longest record in bytes that is read. Raises SourceUnusable with a code of codes.FILE_CODES, and
    ConfigurationError with one of codes.MAPPING_CODES for the mapping file.
    """
    if format not in FORMATS:
        raise SourceUnusable("unknown_format", format=format)
    if encoding not in (*ENCODINGS, "auto"):
        raise SourceUnusable("unknown_encoding", encoding=encoding)
    size = check_file(path)
    told = read_mapping(mapping)
    opener = {"csv": _csv, "xlsx": _xlsx, "marcxml": _xml, "cnmarcxml": _xml}.get(format, _iso2709)
    in_force, cut = opener(path, format, encoding, told, limit)
    return Source(path, format, in_force, told, size, cut)


_Opened = tuple[str, Callable[[], Iterator[RawRecord]]]


def check_file(path: Path) -> int:
    """The size of a file that can be read. Raises SourceUnusable: file_not_found, file_unreadable, empty_file."""
    try:
        with path.open("rb") as stream:
            head = stream.read(1 << 16)
    except FileNotFoundError as error:
        raise SourceUnusable("file_not_found", path=str(path)) from error
    except OSError as error:
        raise SourceUnusable("file_unreadable", path=str(path)) from error
    size = path.stat().st_size
    if not head.strip(b"\r\n\t \x00\xef\xbb\xbf\xfe\xff") and size <= len(head):
        raise SourceUnusable("empty_file", path=str(path))
    return size


def read_mapping(mapping: Path | None) -> str:
    """The text of a mapping file, "" for none. Raises ConfigurationError("mapping_unreadable")."""
    if mapping is None:
        return ""
    try:
        return mapping.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError("mapping_unreadable", path=str(mapping)) from error


def _iso2709(path: Path, format: Format, encoding: str, _mapping: str, limit: int) -> _Opened:
    def cut() -> Iterator[RawRecord]:
        with path.open("rb") as stream:
            yield from iso2709.frames(stream, limit)

    sample = [raw for raw in islice(cut(), JUDGED) if raw.fault != "no_leader"]
    if not sample:
        raise SourceUnusable("not_marc", path=str(path))
    candidates = _CHINESE if format != "marc21" else _WESTERN
    if format == "marc21" and sum(raw.data[9:10] == b"a" for raw in sample) * 2 < len(sample):
        candidates = ("marc-8", *_CHINESE)
    return choose_encoding([raw.data for raw in sample if not raw.fault], encoding, candidates), cut


def _xml(path: Path, _format: Format, encoding: str, _mapping: str, limit: int) -> _Opened:
    def cut() -> Iterator[RawRecord]:
        with path.open("rb") as stream:
            yield from xml_frames.frames(stream, limit)

    with path.open("rb") as stream:
        declared = read_prolog(stream.read(1 << 16), str(path))
    sample = list(islice(cut(), JUDGED))
    if not sample:
        raise SourceUnusable("no_records", path=str(path))
    in_force = declared if encoding == "auto" else encoding
    return choose_encoding([raw.data for raw in sample if not raw.fault], in_force, _CHINESE), cut


def _csv(path: Path, _format: Format, encoding: str, mapping: str, limit: int) -> _Opened:
    in_force = csv_encoding(path, encoding)
    columns, delimiter = csv_columns(path, in_force, mapping)

    def cut() -> Iterator[RawRecord]:
        yield from grouped(csv_rows(path, in_force, delimiter), columns, limit)

    if next(csv_rows(path, in_force, delimiter), None) is None:
        raise SourceUnusable("no_records", path=str(path))
    return "utf-8", cut


def csv_encoding(path: Path, encoding: str) -> str:
    """The encoding of the file; its raw records are always UTF-8. A UTF-16 byte order mark (Excel's "Unicode text") tells all.

    Raises SourceUnusable("encoding_not_of_tables") for MARC-8, and as :func:`choose_encoding`.
    """
    if encoding == "marc-8":
        raise SourceUnusable("encoding_not_of_tables", encoding=encoding)
    with path.open("rb") as stream:
        if stream.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
    return choose_encoding(sample_lines(path, JUDGED), encoding, _CHINESE)


def _xlsx(path: Path, _format: Format, _encoding: str, mapping: str, limit: int) -> _Opened:
    workbooks = import_module("loaders.formats.xlsx_files")  # what reads them takes long to load, and few files are workbooks
    columns, sheet = workbooks.xlsx_columns(path, mapping)

    def cut() -> Iterator[RawRecord]:
        yield from grouped(workbooks.xlsx_rows(path, sheet), columns, limit)

    if next(iter(workbooks.xlsx_rows(path, sheet)), None) is None:
        raise SourceUnusable("no_records", path=str(path))
    return "utf-8", cut
