"""ISBNs as they are typed and printed: every form leads to the 13 digits, wrong check digits included.

A reader copies the 13-digit check digit onto the older form, a book carries a misprint: both still mean one book. So a number of the right
length whose check digit is wrong is searched, and indexed, under the number that it would be with the right one.
"""

import re

from union_catalog.identifiers import isbn13

_LABEL = re.compile(r"^\s*isbn(?:-?1[03](?!\d))?\s*[:：]?", re.IGNORECASE)
_DIGITS = re.compile(r"(?:97[89])?\d{9}[\dX]", re.ASCII)
_CHECK_DIGITS = "0123456789X"


def searched(written: str) -> str:
    """The 13 digits that a text means if it is an ISBN and nothing else, "" if it is not. Prepared or not, with its label or without."""
    number = _LABEL.sub("", written)
    return isbn13(number) or _corrected(bare(number))


def bare(number: str) -> str:
    """An identifier without hyphens, blanks and points, in capitals."""
    return "".join([c for c in number.upper() if c.isalnum()])[:64]


def _corrected(digits: str) -> str:
    if not _DIGITS.fullmatch(digits):
        return ""
    return next(filter(None, (isbn13(digits[:-1] + check) for check in _CHECK_DIGITS)), "")
