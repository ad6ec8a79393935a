"""A pymarc record as bytes: ISO 2709 and the elements of MARCXML."""

import re
from xml.etree import ElementTree

from pymarc import Field, Indicators, Leader, Record, Subfield
from pymarc.marcxml import MARC_XML_NS, record_to_xml_node

# The standard's own delimiters and all that XML forbids.
_UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
LONGEST_FIELD = 9_999
LONGEST_RECORD = 99_999
# A subfield is cut here, so that a field stays under the directory's four digits.
LONGEST_VALUE = 8_000


def control(tag: str, data: str) -> Field:
    """A control field."""
    return Field(tag, data=_UNWRITABLE.sub(" ", data))


def field(tag: str, indicators: str, *subfields: tuple[str, str]) -> Field | None:
    """A data field of the subfields that hold something, None where none does. ``indicators`` are two
    characters."""
    filled = [Subfield(code, _writable(value)) for code, value in subfields if value.strip()]
    return Field(tag, Indicators(indicators[0], indicators[1]), filled) if filled else None


def _writable(value: str) -> str:
    value = _UNWRITABLE.sub(" ", value)
    encoded = value.encode()
    return value if len(encoded) <= LONGEST_VALUE else encoded[:LONGEST_VALUE].decode(errors="ignore") + "…"


def assembled(leader: str, fields: list[Field | None]) -> Record:
    """A record of those fields that there are, in the order of their tags."""
    present = sorted((item for item in fields if item is not None), key=lambda item: item.tag)
    return _record(present, leader)


def _record(fields: list[Field], leader: str) -> Record:
    """The leader is set last: the constructor makes every leader end as MARC 21's does."""
    record = Record(fields=fields, force_utf8=True)
    record.leader = Leader(leader)
    return record


def iso2709(record: Record, coding: str) -> bytes:
    """UTF-8 in ISO 2709; ``coding`` is leader/09 ("a" in MARC 21, blank in CNMARC).

    What the format cannot hold is left out from the end: fields of more than 9,999 bytes, and fields
    past 99,999 in all.
    """
    fitting, room = [], LONGEST_RECORD - 25
    for item in record.fields:
        size = len(item.as_marc("utf-8"))
        if size <= LONGEST_FIELD and size + 12 <= room:
            fitting.append(item)
            room -= size + 12
    written = bytearray(_record(fitting, str(record.leader)).as_marc())
    written[9:10] = coding.encode()
    return bytes(written)


def marcxml(record: Record, kind: str) -> bytes:
    """A collection of one record; ``kind`` is the type attribute, "" for none."""
    collection = ElementTree.Element("collection", {"xmlns": MARC_XML_NS})
    node = record_to_xml_node(record)  # type: ignore[no-untyped-call]  # pymarc types a part of itself
    if kind:
        node.set("type", kind)
    collection.append(node)
    ElementTree.indent(collection)
    written: bytes = ElementTree.tostring(collection, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
