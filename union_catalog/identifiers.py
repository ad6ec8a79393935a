"""Identifiers of books, serials, libraries and copies: parsed, checked and brought to one form.

ISBN and ISSN arithmetic stands here because it is on the hot path of a load; python-stdnum prints ISBNs with their hyphens, which needs its
table of ranges. Its ISIL check knows no agency for China and rejects every CN- code, so that one is here too (ISO 15511).
"""

import hashlib
import re
from functools import lru_cache
from typing import NamedTuple

from stdnum import isbn as stdnum_isbn

from union_catalog.text import half_width

LONGEST_CODE = 80
_DASHES = dict.fromkeys(map(ord, "-‐‑‒–—―−－ \u3000.·"), None)
_ISBN = re.compile(r"(?<![0-9])(?:97[89][-‐‑‒–—−－ ]?)?[0-9](?:[-‐‑‒–—−－ ]?[0-9]){8}[-‐‑‒–—−－ ]?[0-9Xx](?![0-9])")
_PREFIX = re.compile(r"^\s*(?:e?ISBN(?:-1[03])?|ＩＳＢＮ|国际标准书号)\s*[:：]?\s*", re.IGNORECASE)
_PRICE = re.compile(
    r"(?:CNY|RMB|USD|HKD|NTD?|TWD|JPY|KRW|GBP|EUR|US|HK|NT)\s?[$＄]?\s*[0-9]|[$＄￥¥£€]\s*[0-9]|[0-9]\s*(?:元|圆|圓|円|日元|美元|港[币幣元]|台[币幣])"
)
_SET = re.compile(r"全|套|总|總|\bset\b|\bv\.? ?1 ?- ?[0-9]", re.IGNORECASE)
_CUBN = re.compile(r"([0-9]{1,2}[0-9]{3})\s*[·.．•‧・]\s*([0-9]{1,5})")
_ISIL = re.compile(r"^(?:[A-Z]{2}|[A-Za-z0-9]{1}|[A-Za-z0-9]{3,4}|OCLC|ZDB)-[A-Za-z0-9:/-]{1,11}$")


class Isbn(NamedTuple):
    """``value``: 13 digits where ``valid``, else as written. ``qualifier`` and ``price`` are what stood beside the number."""

    value: str
    valid: bool
    qualifier: str
    price: str
    of_set: bool


@lru_cache(maxsize=16384)
def isbn13(number: str) -> str:
    """The 13 digits of an ISBN-10 or ISBN-13 written in any way, "" if its check digit, length or prefix is wrong."""
    digits = half_width(number).translate(_DASHES).upper()
    if len(digits) == 10 and digits[:9].isdigit() and (digits[9].isdigit() or digits[9] == "X"):
        total = sum((10 - i) * int(d) for i, d in enumerate(digits[:9])) + (10 if digits[9] == "X" else int(digits[9]))
        return _with_check("978" + digits[:9]) if total % 11 == 0 else ""
    if len(digits) == 13 and digits.isdecimal() and digits.isascii() and digits[:3] in ("978", "979"):
        return digits if _with_check(digits[:12]) == digits else ""
    return ""


def _with_check(twelve: str) -> str:
    total = sum(int(d) * (3 if i & 1 else 1) for i, d in enumerate(twelve))
    return twelve + str(-total % 10)


@lru_cache(maxsize=16384)
def parse_isbn(text: str) -> Isbn:
    """An ISBN subfield taken apart: "978-7-02-000220-7 (全套) : CNY59.70" → number, qualifier "全套", price "CNY59.70".

    Text without anything like a number gives ``value`` "" (only a qualifier or a price).
    """
    text = _PREFIX.sub("", text.strip())
    found = _ISBN.search(half_width(text)) if not text.isascii() else _ISBN.search(text)
    number = text[found.start() : found.end()] if found else _leading_number(text)
    qualifier, price = _beside(text.replace(number, " ", 1) if number else text)
    value = isbn13(number) if number else ""
    return Isbn(value or number.strip(), bool(value), qualifier, price, bool(_SET.search(qualifier)))


def _leading_number(text: str) -> str:
    """What stands where the number should, if it has enough digits to be meant as one."""
    head = re.split(r"[（(：:;；\s]", text, maxsplit=1)[0]
    return head if sum(c.isdigit() for c in head) >= 7 and not _PRICE.search(head) else ""


def _beside(rest: str) -> tuple[str, str]:
    """Qualifier and price out of what is left of the subfield."""
    qualifiers, price = [], ""
    for piece in re.split(r"[()（）:：;；\[\]]", rest):
        part = piece.strip(" .,，")
        if not part:
            continue
        if not price and _PRICE.search(part):
            price = part
        else:
            qualifiers.append(part)
    return "; ".join(qualifiers), price


@lru_cache(maxsize=4096)
def format_isbn(value: str) -> str:
    """An ISBN with its hyphens: "9787020002207" → "978-7-02-000220-7"; one of an unassigned range comes back as it was."""
    return str(stdnum_isbn.format(value)) if isbn13(value) else value


@lru_cache(maxsize=4096)
def issn8(text: str) -> str:
    """The 8 characters of an ISSN, "" if it is not one or its check digit is wrong."""
    digits = half_width(text).translate(_DASHES).upper().removeprefix("ISSN").strip(":")
    if len(digits) != 8 or not digits[:7].isdecimal() or not digits.isascii() or not (digits[7].isdecimal() or digits[7] == "X"):
        return ""
    total = sum((8 - i) * int(d) for i, d in enumerate(digits[:7])) + (10 if digits[7] == "X" else int(digits[7]))
    return digits if total % 11 == 0 else ""


def cubn(text: str) -> str:
    """统一书号, the Chinese book number of 1956 to 1987, as class and publisher · serial: "10019·3145"; "" if it is not one."""
    found = _CUBN.search(half_width(text))
    return f"{found.group(1)}·{found.group(2)}" if found else ""


def is_isil(text: str) -> bool:
    """Whether it has the form of an ISIL (ISO 15511): country or agency prefix, hyphen, up to 11 characters; 16 at most in all."""
    return len(text) <= 16 and _ISIL.match(text) is not None


def barcode(text: str) -> str:
    """A barcode as scanners send it: ASCII forms, no blanks; an asterisk at both ends (Code 39 as printed) is not part of it."""
    plain = text if text.isascii() else half_width(text)
    plain = "".join(plain.split())
    return local_code(plain[1:-1] if len(plain) > 2 and plain[0] == plain[-1] == "*" else plain)


def local_code(text: str) -> str:
    """A library's own code for a thing, in at most 80 characters: notes end up in these fields. Different ones stay different."""
    if len(text) <= LONGEST_CODE:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{text[: LONGEST_CODE - 17]}~{digest[:16]}"
