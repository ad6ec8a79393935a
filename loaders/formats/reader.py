"""Reading one raw record: the dear half of a format, made of plain text so that a worker process can be given it."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from loaders.formats.cnmarc import CNMARC
from loaders.formats.dialect import Dialect, describe
from loaders.formats.marc import MarcRecord, id_in_bytes, parse_iso2709
from loaders.formats.marc21 import MARC21
from loaders.formats.marcxml import parse_marcxml
from loaders.formats.model import ParsedRecord, RawRecord
from loaders.formats.rows import read_rows
from loaders.formats.unimarc import UNIMARC
from union_catalog.errors import MalformedRecord

Format = Literal["cnmarc", "unimarc", "marc21", "marcxml", "cnmarcxml", "csv", "xlsx"]
FORMATS: tuple[Format, ...] = ("cnmarc", "unimarc", "marc21", "marcxml", "cnmarcxml", "csv", "xlsx")
DIALECTS: dict[str, Dialect] = {
    "cnmarc": CNMARC, "unimarc": UNIMARC, "marc21": MARC21, "marcxml": MARC21, "cnmarcxml": CNMARC,
}  # fmt: skip
_LONGEST_ID = 120


@dataclass(frozen=True, slots=True)
class Reader:
    """How to read the records of one source. ``encoding`` is one of ENCODINGS, never "auto"; ``mapping`` the text of a mapping file."""

    format: Format
    encoding: str
    mapping: str = ""

    def read(self, raw: RawRecord) -> ParsedRecord:
        """The record with its items. Raises MalformedRecord; its data holds ``record_id`` as far as that could be read."""
        try:
            if raw.fault:
                raise MalformedRecord(raw.fault, **_about(raw))
            return self._rows(raw) if self.format in ("csv", "xlsx") else self._marc(raw)
        except MalformedRecord as error:
            raise MalformedRecord(error.code, **{"record_id": self._id_in(raw.data), **error.data}) from error

    def _marc(self, raw: RawRecord) -> ParsedRecord:
        xml = self.format in ("marcxml", "cnmarcxml")
        record = parse_marcxml(raw.data, self.encoding) if xml else parse_iso2709(raw.data, self.encoding)
        described, items = describe(DIALECTS[self.format], record)
        digest = raw.sha256
        return ParsedRecord(
            record_id=_record_id(record.control("001"), digest),
            position=raw.position,
            offset=raw.offset,
            raw=raw.data,
            digest=digest,
            record=described,
            items=items,
            version=_version(record),
            deleted=record.leader[5:6] == "d",
        )

    def _rows(self, raw: RawRecord) -> ParsedRecord:
        told, described, items = read_rows(raw.data, self.mapping)
        digest = raw.sha256
        return ParsedRecord(
            record_id=_record_id(told, digest), position=raw.position, offset=raw.offset, raw=raw.data, digest=self._digest(raw),
            record=described, items=items,
        )  # fmt: skip

    def _digest(self, raw: RawRecord) -> str:
        """Under another mapping the same bytes say something else, and are not unchanged."""
        return hashlib.sha256(self.mapping.encode() + raw.data).hexdigest() if self.mapping else raw.sha256

    def _id_in(self, data: bytes) -> str:
        return id_in_bytes(data) if self.format in ("cnmarc", "unimarc", "marc21") else ""


def _about(raw: RawRecord) -> dict[str, int]:
    return {"size": raw.size} if raw.fault == "oversized" else {}


def _record_id(told: str, digest: str) -> str:
    """Field 001 or the control number, trimmed; without one the first 16 hex digits of the record's SHA-256."""
    record_id = told.strip()
    return record_id if record_id and len(record_id) <= _LONGEST_ID else f"sha256-{digest[:16]}"


def _version(record: MarcRecord) -> str:
    """Field 005 if it is a time, so that text order is time order; a time has 16 characters."""
    told = record.control("005").strip()[:16]
    return told if len(told) >= 8 and told[:8].isdecimal() else ""
