"""Numbers of volumes and parts in all their forms: 三体Ⅱ, 三体2, 三体 第二部 and 三体. 卷二 are one book to a reader.

Each becomes the token ``#2``. Works on prepared text (see characters.py), where Ⅱ is already 2.
"""

import re
from functools import lru_cache

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_ROMAN = {
    "ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16,
}  # fmt: skip
_CHINESE = "〇零一二两三四五六七八九十百"
NUMERAL = re.compile(
    rf"第\s*(?P<ordinal>[{_CHINESE}]+|\d{{1,3}})\s*(?:分册|分卷|部|卷|册|辑|集|编|季|篇)"
    rf"|(?:卷|册|部|辑|集|编|之)\s?(?P<after>[{_CHINESE}]{{1,4}}|\d{{1,3}})(?![{_CHINESE}\w])"
    rf"|\(\s*(?P<bracketed>[{_CHINESE}]{{1,3}})\s*\)"
    r"|(?<![a-z0-9])(?P<roman>[ivx]{2,5})(?![a-z0-9])"
    r"|(?<![a-z0-9.])(?P<number>\d{1,3})(?![a-z0-9.])"
)
_WHOLE = re.compile(rf"[{_CHINESE}]{{1,4}}|\d{{1,3}}|[ivx]{{2,5}}")


def value(written: str) -> int | None:
    """The number that Chinese, Arabic or roman figures below 1000 write; None for anything else."""
    if written.isdecimal():
        return int(written)
    if written in _ROMAN:
        return _ROMAN[written]
    if not written or any(c not in _CHINESE for c in written):
        return None
    return _chinese(written)


def _chinese(written: str) -> int:
    total, digit = 0, 0
    for character in written:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = digit * 10 + _DIGITS[character]
    return total + digit


def number_of(match: re.Match[str]) -> int | None:
    """The number of a match of ``NUMERAL``."""
    return value(next(group for group in match.groups() if group))


def tokens(prepared: str) -> list[str]:
    """``#n`` for every number in a title; a text that is nothing but a number ("二") counts too."""
    if not prepared:
        return []
    whole = _WHOLE.fullmatch(prepared.strip()) if len(prepared) < 8 else None
    numbers = [value(whole[0])] if whole else [number_of(match) for match in NUMERAL.finditer(prepared)]
    return [f"#{number}" for number in numbers if number is not None]


@lru_cache(maxsize=1 << 10)
def canonical(prepared: str) -> str:
    """The text with every such number written in Arabic figures, so that 三体第二部 and 三体2 are the same title."""
    return NUMERAL.sub(_arabic, prepared)


def _arabic(match: re.Match[str]) -> str:
    number = number_of(match)
    return match[0] if number is None else str(number)
