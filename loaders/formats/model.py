"""What passes between the layers: a raw record cut out of a file, and the record and items read from it."""

import hashlib

import msgspec

from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.holdings.model import ReportedItem


class RawRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One record as it stands in its file.

    ``position`` is its ordinal in the file from 0, faulty ones included. ``offset`` is its first byte (ISO 2709, XML) or
    its first row, the heading being row 1 (CSV, Excel). ``data`` is verbatim; of rows it is a small UTF-8 CSV with the
    heading line, so that it can be read again alone. ``fault`` is a code of loaders.formats.codes found while cutting,
    and the record then goes to quarantine; of an "oversized" record ``data`` holds only the beginning, while ``size`` and
    ``digest`` speak of all of it.
    """

    position: int
    offset: int
    data: bytes
    fault: str = ""
    size: int = 0
    digest: str = ""

    @property
    def sha256(self) -> str:
        """SHA-256 of the whole record in hex, also where ``data`` is cut short."""
        return self.digest or hashlib.sha256(self.data).hexdigest()


class ParsedRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One record read. ``version`` orders the states of one record within a feed: field 005, "" where there is none.

    ``deleted``: the source says that the record is gone (leader/05 = d). ``raw`` is what the record was read from, ``digest`` its SHA-256.
    """

    record_id: str
    position: int
    offset: int
    raw: bytes
    digest: str
    record: BibliographicRecord
    items: tuple[ReportedItem, ...] = ()
    version: str = ""
    deleted: bool = False
