"""The encodings of exports: strict decoding of a record, and judging the encoding of a file by its first records.

A record "decodes" when its bytes are legal in the encoding *and* the text is plausible: nearly every byte string is legal
GB18030, UTF-8 read as GB18030 included. What is legal UTF-8 with several characters beyond ASCII is UTF-8, for no text in
another encoding is so by chance; GB18030 and Big5 are told apart by the share of characters that are common in their own
script.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from loaders.formats.marc8 import Marc8Error, decode_marc8, resolve_escapes
from union_catalog.errors import MalformedRecord, SourceUnusable

ENCODINGS = ("utf-8", "gb18030", "big5", "marc-8")
JUDGED = 1000
_COMMON_ENOUGH = 0.5
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_IMPLAUSIBLE = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff\u0080-\u0087\u008a-\u0097\u0099-\u009b\u009d-\u009f]")


def decode(data: bytes, encoding: str) -> str:
    """The text of a record, delimiters kept. Raises MalformedRecord("undecodable", encoding, offset)."""
    try:
        text = decode_marc8(data) if encoding == "marc-8" else data.decode(encoding)
    except UnicodeDecodeError as error:
        raise MalformedRecord("undecodable", encoding=encoding, offset=error.start) from error
    except Marc8Error as error:
        raise MalformedRecord("undecodable", encoding=encoding, offset=error.offset) from error
    return resolve_escapes(text) if "\x1b" in text else text


def choose_encoding(samples: Sequence[bytes], declared: str, candidates: Sequence[str] = ENCODINGS) -> str:
    """The encoding to read a file with: the declared one, or for "auto" the one that most of the samples decode in, in a tie the
    earlier of ``candidates``.

    Raises SourceUnusable("wrong_encoding") if under half decode in the declared one and 95 % or more in another, which it
    names in ``better``.
    """
    shares = {encoding: _share(samples, encoding) for encoding in candidates}
    best = max(shares, key=lambda encoding: shares[encoding])
    if declared == "auto":
        return best
    told = shares[declared] if declared in shares else _share(samples, declared)
    if told < 0.5 and shares[best] >= 0.95:
        raise SourceUnusable(
            "wrong_encoding",
            declared=declared,
            better=best,
            decodes=_percent(told),
            better_decodes=_percent(shares[best]),
        )
    return declared


def _percent(share: float) -> int:
    return round(share * 100)


def _share(samples: Sequence[bytes], encoding: str) -> float:
    if not samples:
        return 1.0
    return sum(decodes(sample, encoding) for sample in samples) / len(samples)


def decodes(data: bytes, encoding: str) -> bool:
    """Whether the record is legal and plausible in the encoding."""
    if data.isascii():
        return b"\x1b" not in data or encoding in ("marc-8", "utf-8")
    try:
        text = decode(data, encoding)
    except MalformedRecord:
        return False
    return _PLAUSIBLE[encoding](data, text)


def _legal_utf8(data: bytes) -> bool:
    """Legal UTF-8 with at least two characters beyond ASCII."""
    try:
        return len(data) - len(data.decode("utf-8")) >= 3
    except UnicodeDecodeError:
        return False


def _plausible_utf8(_data: bytes, _text: str) -> bool:
    return True


def _plausible_marc8(data: bytes, _text: str) -> bool:
    return not _legal_utf8(data)


def _plausible_gb18030(data: bytes, text: str) -> bool:
    return not _legal_utf8(data) and _mostly_common(text, _gb_common())


def _plausible_big5(data: bytes, text: str) -> bool:
    return not _legal_utf8(data) and _mostly_common(text, _big5_common())


def _mostly_common(text: str, common: frozenset[str]) -> bool:
    han = _HAN.findall(text)
    if _IMPLAUSIBLE.search(text):
        return False
    return not han or sum(char in common for char in han) / len(han) >= _COMMON_ENOUGH


@cache
def _gb_common() -> frozenset[str]:
    """The 3,755 characters of level 1 of GB 2312 and their neighbours in level 1 of Big5: GB18030 also carries traditional text."""
    level_1 = _table("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
    return level_1 | _big5_common()


@cache
def _big5_common() -> frozenset[str]:
    """The 5,401 frequently used characters of level 1 of Big5."""
    return _table("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))


def _table(encoding: str, leads: Iterable[int], trails: Iterable[int]) -> frozenset[str]:
    trails = tuple(trails)
    return frozenset(char for lead in leads for trail in trails if (char := bytes((lead, trail)).decode(encoding, "ignore")))


_PLAUSIBLE: dict[str, Callable[[bytes, str], bool]] = {
    "utf-8": _plausible_utf8,
    "gb18030": _plausible_gb18030,
    "big5": _plausible_big5,
    "marc-8": _plausible_marc8,
}
