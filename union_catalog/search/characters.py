"""The first step of analysis, the same for records and for queries: one form of the text, cut into runs and units.

A *run* is a stretch of Chinese, Japanese or Korean characters without anything between them, or one Latin word or number. A *unit* is
what can be typed and found by itself: a single character of the former, the whole of the latter.
"""

import re
import unicodedata
from operator import add

from union_catalog.bibliographic.folding import fold_script

_CJK = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af"
RUN = re.compile(rf"(?<![a-z0-9])(?:c\+\+|[cf]#)(?![a-z0-9])|[{_CJK}]+|[^\W_{_CJK}]+")
# A dot between the parts of a foreign name is written or left out; roman numerals that are one character are numbers.
_DOTS = {ord(dot): None for dot in "·・‧•∙･"}
_ROMAN = {first + i: f" {i + 1} " for first in (0x2160, 0x2170) for i in range(12)}
_BEFORE = _DOTS | _ROMAN
_HAS_BEFORE = re.compile(f"[{''.join(map(chr, _BEFORE))}]")
LONGEST_WORD = 64


def prepare(text: str) -> str:
    """Folded for searching: one width, one script, usual character forms, lower case, no accents. Line breaks and U+001E stay."""
    if text.isascii():
        return text.lower()
    if _HAS_BEFORE.search(text):
        text = text.translate(_BEFORE)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return fold_script(text).lower()


def is_cjk(run: str) -> bool:
    """Whether a run (see ``RUN``) is of characters that are units by themselves: all scripts above U+3005 are taken so."""
    return run >= "\u3005"


def units(prepared: str) -> list[str]:
    """The units of a prepared text in order."""
    found: list[str] = []
    for run in RUN.findall(prepared):
        if is_cjk(run):
            found.extend(run)
        else:
            found.append(run[:LONGEST_WORD])
    return found


def spans(text: str) -> list[tuple[int, int]]:
    """Where each of the units of a text begins and ends."""
    found: list[tuple[int, int]] = []
    for run in RUN.finditer(text):
        if is_cjk(run[0]):
            found += [(at, at + 1) for at in range(run.start(), run.end())]
        else:
            found.append(run.span())
    return found


def pieces(run: str) -> list[str]:
    """The two-character pieces of a run of CJK characters; none for a single character."""
    return list(map(add, run, run[1:]))
