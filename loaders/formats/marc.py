"""A MARC record between its bytes and its meaning: leader, fields in order, subfields. The same for ISO 2709 and for XML, for
every dialect.
"""

from collections.abc import Sequence

from loaders.formats.encodings import decode
from union_catalog.errors import MalformedRecord
from union_catalog.text import squeeze, tidy

Subfields = list[tuple[str, str]]


class Field:
    """One field. Values come squeezed from ``first`` and ``every``; ``raw`` keeps blanks, which fixed positions need.

    ``pair`` is the field in the other script that 880 ties to this one (loaders.formats.pairs); None for nearly all.
    """

    __slots__ = ("ind1", "ind2", "pair", "subfields", "tag")

    def __init__(self, tag: str, text: str) -> None:
        self.tag = tag
        self.pair: Field | None = None
        head, *parts = text.split("\x1f")
        self.ind1 = head[0] if head else " "
        self.ind2 = head[1] if len(head) > 1 else " "
        self.subfields: Subfields = [(part[0], part[1:]) for part in parts if part]

    def first(self, codes: str) -> str:
        """The first subfield with one of the codes that is not blank, "" if there is none."""
        for code, value in self.subfields:
            if code in codes and (value := squeeze(value)):
                return value
        return ""

    def every(self, codes: str) -> list[str]:
        """All subfields with one of the codes, in order, the blank ones left out."""
        return [text for code, value in self.subfields if code in codes and (text := squeeze(value))]

    def raw(self, code: str) -> str:
        """The first subfield with the code, untouched."""
        return next((value for found, value in self.subfields if found == code), "")

    def source(self, codes: str) -> str:
        """Where a value stood, in the notation of the record model: "200$a"."""
        return f"{self.tag}${codes}"


class MarcRecord:
    """``leader`` of 24 characters; ``fields`` as (tag, text) in order, subfields not yet split, for most fields nobody asks for."""

    __slots__ = ("fields", "leader")

    def __init__(self, leader: str, fields: Sequence[tuple[str, str]]) -> None:
        self.leader = leader
        self.fields = fields

    def control(self, tag: str) -> str:
        """The text of the first field with the tag, as it stands; "" if there is none."""
        for found, text in self.fields:
            if found == tag:
                return text
        return ""


def parse_iso2709(data: bytes, encoding: str) -> MarcRecord:
    """One record's bytes taken apart. Where directory and fields disagree, the field terminators are believed.

    Raises MalformedRecord: no_leader, no_fields, truncated, bad_directory, undecodable.
    """
    end = data.find(b"\x1e", 24)
    if len(data) < 25 or end < 0:
        raise MalformedRecord("no_leader")
    directory, body = data[24:end], data[end + 1 :]
    if len(directory) % 12:
        directory, body = _without_terminator(data, directory, body)
    if not body.strip(b"\x1d\x1e \r\n"):
        raise MalformedRecord("no_fields")
    text = tidy(_decoded(body, encoding, len(data) - len(body)))
    return MarcRecord(data[:24].decode("latin-1"), _fields(directory, body, text))


def _decoded(body: bytes, encoding: str, offset: int) -> str:
    try:
        return decode(body, encoding)
    except MalformedRecord as error:
        if not body.endswith(b"\x1d"):
            raise MalformedRecord("truncated", missing=1) from error
        where = error.data.get("offset")
        raise MalformedRecord("undecodable", encoding=encoding, offset=offset + (where if isinstance(where, int) else 0)) from error


def _without_terminator(data: bytes, directory: bytes, body: bytes) -> tuple[bytes, bytes]:
    """Directory and fields where the terminator between them seems to be missing: the base address tells, if it can be true."""
    told = data[12:17]
    base = int(told) if told.isdigit() else 0
    if not 24 < base <= 24 + len(directory) or base % 12 or not data[24:base].isalnum():
        return directory, body
    return data[24:base], data[base:]


def _fields(directory: bytes, body: bytes, text: str) -> list[tuple[str, str]]:
    closed = text.endswith("\x1d")
    texts = text.removesuffix("\x1d").split("\x1e")
    cut_short = bool(texts[-1].strip()) and not closed
    if not texts[-1].strip():
        texts.pop()
    tags = directory.decode("latin-1")
    entries = [tags[at : at + 12] for at in range(0, len(tags) - len(tags) % 12, 12)]
    order = _by_offset(entries, body, len(texts)) or _by_order(entries, texts)
    if cut_short and len(texts) - 1 in order:
        raise MalformedRecord("truncated", missing=1)
    return [(entry[:3], texts[index]) for entry, index in zip(entries, order, strict=True)]


def _by_offset(entries: list[str], body: bytes, count: int) -> list[int]:
    """Which field each entry means, by its starting position; empty if one of them begins where no field does."""
    starts, at = {}, 0
    for index, field in enumerate(body.split(b"\x1e")):
        starts[at] = index
        at += len(field) + 1
    try:
        order = [starts[int(entry[7:12])] for entry in entries]
    except (KeyError, ValueError):
        return []
    return order if len(set(order)) == len(order) and max(order, default=count) < count else []


def _by_order(entries: list[str], texts: list[str]) -> list[int]:
    """Positions are wrong, but there are as many fields as entries: they stand in the same order."""
    if len(entries) == len(texts):
        return list(range(len(texts)))
    if len(entries) > len(texts):
        raise MalformedRecord("truncated", missing=len(entries) - len(texts))
    raise MalformedRecord("bad_directory", entries=len(entries), fields=len(texts))


def id_in_bytes(data: bytes) -> str:
    """Field 001 of a record that cannot be read, as far as the bytes show it; "" if they do not."""
    end = data.find(b"\x1e", 24)
    directory = data[24:end] if end > 0 else b""
    tags = [directory[at : at + 3] for at in range(0, len(directory), 12)]
    fields = data[end + 1 :].split(b"\x1e")
    if b"001" not in tags or tags.index(b"001") >= len(fields):
        return ""
    found = fields[tags.index(b"001")].strip()
    return found.decode("ascii") if found.isascii() and len(found) <= 64 and b"\x1f" not in found else ""
