"""Strict decoding of MARC-8 (ANSEL, Greek, Cyrillic, Hebrew, Arabic, East Asian). The code tables are pymarc's.

Strict means: a byte without a meaning in the character set in force is an error with its offset, where pymarc's own converter writes to
standard error and goes on with a blank. Rules: https://www.loc.gov/marc/specifications/speccharmarc8.html
"""

import re
from collections.abc import Mapping

from pymarc.marc8_mapping import CODESETS, ODD_MAP

_LATIN, _ANSEL, _EAST_ASIAN = 0x42, 0x45, 0x31
_ONE_BYTE_SETS = {0x67: 0x67, 0x62: 0x62, 0x70: 0x70, 0x73: _LATIN}
_IGNORED = frozenset((*range(0x20), 0x88, 0x89, 0x8D, 0x8E))  # controls; non-sorting marks and joiners, which have no text
_SEGMENT = re.compile(rb"[^\x1d-\x1f]+")
_SEGMENT_OF_TEXT = re.compile("[^\x1d-\x1f]*\x1b[^\x1d-\x1f]*")
_SETS: Mapping[int, Mapping[int, tuple[int, int]]] = CODESETS


class Marc8Error(ValueError):
    """A byte that means nothing; ``offset`` from the beginning of what was to be decoded."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__(offset)


def decode_marc8(data: bytes) -> str:
    """A record or a piece of one as text; each subfield begins anew in Latin and ANSEL, as the specification says.

    Raises Marc8Error at the first byte that has no meaning.
    """
    if data.isascii() and b"\x1b" not in data:
        return data.decode("ascii")
    parts: list[str] = []
    at = 0
    for found in _SEGMENT.finditer(data):
        parts += (data[at : found.start()].decode("ascii"), _segment(found.group(), found.start()))
        at = found.end()
    parts.append(data[at:].decode("ascii"))
    return "".join(parts)


def _segment(data: bytes, offset: int) -> str:
    if data.isascii() and b"\x1b" not in data:
        return data.decode("ascii")
    out: list[str] = []
    marks: list[str] = []
    g0, g1, at = _LATIN, _ANSEL, 0
    while at < len(data):
        byte = data[at]
        if byte == 0x1B:
            which, chosen, at = _designation(data, at, offset)
            g0, g1 = (chosen, g1) if which == 0 else (g0, chosen)
            continue
        if byte in _IGNORED:
            at += 1
            continue
        char, combining, at = _character(data, at, g0 if byte < 0x80 else g1, offset)
        if combining:
            marks.append(char)
        else:
            out += (char, *marks)
            marks.clear()
    return "".join((*out, *marks))


def _character(data: bytes, at: int, charset: int, offset: int) -> tuple[str, bool, int]:
    """One character, whether it combines with the next, and where to go on. A blank is a blank in every set."""
    if data[at] == 0x20:
        return " ", False, at + 1
    width = 3 if charset == _EAST_ASIAN else 1
    code = int.from_bytes(data[at : at + width], "big")
    found = _SETS[charset].get(code)
    if found is None or at + width > len(data):
        if code in ODD_MAP and at + width <= len(data):
            return chr(ODD_MAP[code]), False, at + width
        raise Marc8Error(offset + at)
    return chr(found[0]), bool(found[1]), at + width


def _designation(data: bytes, at: int, offset: int) -> tuple[int, int, int]:
    """An escape sequence: which half it sets (0 or 1), to what set, and where to go on. Intermediate bytes of ISO 2022 are passed over."""
    kind, end = data[at + 1 : at + 2], at + 2
    if kind and kind[0] in _ONE_BYTE_SETS:
        return 0, _ONE_BYTE_SETS[kind[0]], end
    if kind == b"$" and data[end : end + 1] in (b",", b")", b"-"):
        kind, end = data[end : end + 1], end + 1
    elif kind not in (b"$", b"(", b",", b")", b"-"):
        raise Marc8Error(offset + at)
    while data[end : end + 1] in (b"!", b'"', b"#"):
        end += 1
    final = data[end : end + 1]
    if not final or final[0] not in _SETS:
        raise Marc8Error(offset + at)
    return (1 if kind in (b")", b"-") else 0), final[0], end + 1


def resolve_escapes(text: str) -> str:
    """Unicode text in which a converter left MARC-8 escapes ("300 ESC b 2 ESC s K" for 300₂K) with those resolved.

    An escape that means nothing is dropped, for the text around it is sound.
    """
    return _SEGMENT_OF_TEXT.sub(lambda found: _text_segment(found.group()), text)


def _text_segment(text: str) -> str:
    out, g0, at = [], _LATIN, 0
    while at < len(text):
        if text[at] != "\x1b":
            found = _SETS[g0].get(ord(text[at])) if g0 not in (_LATIN, _EAST_ASIAN) else None
            out.append(chr(found[0]) if found else text[at])
            at += 1
            continue
        try:
            half, chosen, end = _designation(text[at : at + 8].encode("ascii", "replace"), 0, 0)
        except Marc8Error:
            at += 1
            continue
        at, g0 = at + end, g0 if half else chosen
    return "".join(out)
