"""Titles and names by the first letters of their syllables, as input methods taught readers to type them: hlm for 红楼梦."""

import itertools
from collections.abc import Iterator, Sequence
from functools import lru_cache

from union_catalog.search import pinyin
from union_catalog.search.characters import LONGEST_WORD, is_cjk

LONGEST_EDGE = 6
_MOST_FORMS = 8


def tokens(parts: Sequence[str], reading: Sequence[str]) -> list[str]:
    """Of the units of a text and their readings: ``=hlm`` for the whole, and its beginnings of two to LONGEST_EDGE letters.

    Words and numbers among Chinese characters may be abbreviated too or written out (Python编程: pbc, pythonbc). A character that is read
    in several ways may be meant in each of them (传: c and z), one such character at a time.
    """
    found: list[str] = []
    forms = _forms(parts[:LONGEST_WORD], reading[:LONGEST_WORD])  # what lies behind would be cut off below
    for form, shortest in itertools.islice(forms, _MOST_FORMS):
        letters = "".join(form)
        if len(letters) > 1:
            found.append("=" + letters[:LONGEST_WORD])
            found += [letters[:length] for length in range(shortest, min(len(letters), LONGEST_EDGE) + 1)]
    return found


def _forms(parts: Sequence[str], reading: Sequence[str]) -> Iterator[tuple[list[str], int]]:
    """Each with the length of its shortest beginning that says more than a word of the text does."""
    short = [syllable[0] if syllable[0].isascii() else "" for syllable in reading]
    chinese = [is_cjk(part) for part in parts]
    long = short
    yield short, 2
    if any(chinese) and not all(chinese):
        long = [letter if is_chinese else part for part, letter, is_chinese in zip(parts, short, chinese, strict=True)]
        shortest = max(2, len("".join(long[: chinese.index(True) + 1])))
        if long != short and all(map(str.isascii, long)):
            yield long, shortest
    for place, part in enumerate(parts):
        if chinese[place]:
            for letter in first_letters(part):
                if letter != short[place]:
                    yield [*long[:place], letter, *long[place + 1 :]], max(2, len("".join(long[:place])) + 1)


@lru_cache(maxsize=1 << 14)
def first_letters(character: str) -> tuple[str, ...]:
    """Those of all its readings."""
    return tuple(dict.fromkeys(syllable[0] for syllable in pinyin.readings(character)))
