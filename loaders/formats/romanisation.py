"""Whether Latin letters in a source are how its Chinese text sounds: all readings of a character count, since exports err in them."""

import re
import unicodedata
from functools import lru_cache

from pypinyin.pinyin_dict import pinyin_dict

_LETTERS = re.compile(r"[^a-z0-9]+")


def sounds_begin(text: str, letters: str) -> bool:
    """Whether ``text`` begins as ``letters`` sound: "散文2012精选集" as "san wen2012"; the text may go on, the letters may not."""
    return _begins(text, bare(letters))


def sounds_inside(text: str, letters: str) -> bool:
    """Whether ``letters`` are how some stretch of ``text`` sounds."""
    told = bare(letters)
    return any(_begins(text[at:], told) for at in range(len(text)))


def bare(letters: str) -> str:
    """Letters and digits alone, without accents."""
    return _LETTERS.sub("", _plain(letters))


def _begins(text: str, told: str) -> bool:
    """Depth first over the readings; two that are both prefixes of what is told (xi, xian) are both tried."""
    if not told:
        return False
    waiting = [(0, 0)]
    while waiting:
        at, heard = waiting.pop()
        if heard == len(told):
            return True
        if at < len(text):
            waiting += [(at + 1, heard + len(r)) for r in _readings(text[at]) if told.startswith(r, heard)]
    return False


@lru_cache(maxsize=16384)
def _readings(char: str) -> tuple[str, ...]:
    """The toneless readings of a Han character, the letter itself of a Latin one, nothing to hear of any other."""
    told = pinyin_dict.get(ord(char))
    if told is None:
        return (bare(char),)
    return tuple(dict.fromkeys(bare(reading) for reading in told.split(",")))


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
