"""From prepared text to matches in one field: the pieces of a word, a phrase, a reading, a class number."""

import itertools
import re

from union_catalog.search import pinyin
from union_catalog.search.characters import LONGEST_WORD, is_cjk, pieces, units
from union_catalog.search.initials import LONGEST_EDGE
from union_catalog.search.matches import Match, Sequence, Token, all_of
from union_catalog.search.text import words

TITLES, NAMES = "", "author_"  # before "pinyin" and "initials": the readings of titles and those of names
CALL_NUMBER = re.compile(r"[a-z]{1,2}\d[\w.\-=/:+()\"]*", re.ASCII)


def phrase(field: str, text: str) -> Match:
    """The units of a text side by side."""
    found = units(text)
    return Token(field, found[0]) if len(found) == 1 else Sequence(field, tuple(found))


def in_field(field: str, word: str) -> Match:
    """A word as its pieces."""
    if is_cjk(word) and len(word) > 1:
        return all_of(Token(field, piece) for piece in pieces(word))
    return Token(field, word)


def word_by_word(field: str, text: str) -> list[Match]:
    """Every word of a text in one field."""
    return [in_field(field, word) for word in words(text)]


def class_number(text: str) -> str:
    """A class or call number as the tokens of text.class_prefixes write it."""
    return "".join(text.upper().split()).rstrip('-=/:+()."')[:LONGEST_WORD]


def is_latin(word: str) -> bool:
    """Whether a word may be pinyin; a, e and o are syllables by themselves."""
    return word.isascii() and word.isalpha()


def is_abbreviation(word: str) -> bool:
    """Whether a word may be initials, perhaps with numbers among them: ``hlm``, ``st2``."""
    return word.isascii() and word.isalnum() and not word.isdecimal() and len(word) > 1


def abbreviated(word: str, of: str) -> list[Match]:
    """The word as initials of TITLES or NAMES."""
    return [Token(of + "initials", word if len(word) <= LONGEST_EDGE else "=" + word)] if is_abbreviation(word) else []


def readings(word: str, of: str) -> list[Match]:
    """The word as pinyin of TITLES or NAMES: its syllables side by side, in each way it can be cut."""
    return [_syllables(of + "pinyin", way) for way in pinyin.segmentations(word)] if is_latin(word) else []


def _syllables(field: str, way: list[str]) -> Match:
    if len(way) == 1:
        return Token(field, way[0])
    return all_of(Token(field, f"{a}'{b}") for a, b in itertools.pairwise(way))
