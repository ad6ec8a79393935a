"""Pinyin for searching: every reading of a character to be found by, one best reading to sort and abbreviate by.

All readings are indexed because no dictionary knows them all: 银行 is yin hang, 单 is shan as a name and dan elsewhere, and a reader who
types the other one must still find the book. Toneless, ü as v. Readings come from pypinyin's tables, surnames from data/surnames.tsv.
"""

import itertools
import unicodedata
from functools import lru_cache
from importlib.resources import files
from operator import itemgetter

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

_TONED_V = str.maketrans("ǖǘǚǜü", "vvvvv")
_VOWELS = frozenset("aeiouv")


@lru_cache(maxsize=1 << 11)
def _toneless(syllable: str) -> str:
    decomposed = unicodedata.normalize("NFD", syllable.translate(_TONED_V))
    return "".join(c for c in decomposed if c.isascii())


def _surnames() -> dict[str, tuple[str, ...]]:
    lines = files("union_catalog.search").joinpath("data/surnames.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {name: tuple(reading.split()) for name, reading in pairs}


def _attested() -> dict[str, set[str]]:
    """The readings that each character has in words of the language; the tables of single characters hold many that died out."""
    words = [(phrase, syllables) for phrase, syllables in PHRASES_DICT.items() if len(phrase) == len(syllables)]
    characters = itertools.chain.from_iterable(phrase for phrase, _ in words)
    toned = map(itemgetter(0), itertools.chain.from_iterable(syllables for _, syllables in words))
    found: dict[str, set[str]] = {}
    for character, syllable in set(zip(characters, toned, strict=True)):
        found.setdefault(character, set()).add(_toneless(syllable))
    return found


_SURNAMES = _surnames()
_ATTESTED = _attested()


@lru_cache(maxsize=1 << 15)
def readings(character: str) -> tuple[str, ...]:
    """The toneless readings of one simplified character, the commonest first; none for what is no Han character.

    nü and lü are given as "nv" and also as "nu", the way in which many people type them.
    """
    toned = PINYIN_DICT.get(ord(character), "")
    found = [_toneless(syllable) for syllable in toned.split(",")] if toned else []
    attested = _ATTESTED.get(character, set(found))
    known = [syllable for syllable in dict.fromkeys(found) if syllable == found[0] or syllable in attested]
    known = [syllable for syllable in known if not _VOWELS.isdisjoint(syllable)]
    known += [reading for reading in _SURNAMES.get(character, ()) if reading not in known]
    return tuple(known + [syllable.replace("v", "u") for syllable in known if "v" in syllable])


def _syllables() -> frozenset[str]:
    """All readings of all characters in use."""
    toned = [(code, told) for code, told in PINYIN_DICT.items() if 0x4E00 <= code <= 0x9FFF]
    by_itself = {told: code for code, told in toned if "," not in told and chr(code) not in _SURNAMES}  # one character for each
    among_others = [code for code, told in toned if "," in told or chr(code) in _SURNAMES]
    return frozenset(reading for code in (*by_itself.values(), *among_others) for reading in readings(chr(code)))


SYLLABLES = _syllables()
_LONGEST_SYLLABLE = max(map(len, SYLLABLES))
_SLIP = 2  # letters that one slip concerns at most: two in the wrong order


@lru_cache(maxsize=1 << 15)
def syllable_tokens(character: str) -> str:
    """All readings of a character, separated by blanks."""
    return " ".join(readings(character))


@lru_cache(maxsize=1 << 17)
def pair_tokens(piece: str) -> str:
    """Every reading of two characters side by side: 银行 gives ``yin'hang yin'xing …``; empty where one has no reading."""
    return " ".join(f"{a}'{b}" for a, b in itertools.product(readings(piece[0]), readings(piece[1])))


@lru_cache(maxsize=1 << 17)
def word_reading(word: str) -> tuple[str, ...]:
    """The best reading of a word of the language, one syllable a character; a character without one stands for itself."""
    phrase = PHRASES_DICT.get(word)
    if phrase is not None and len(phrase) == len(word):
        return tuple(_toneless(syllables[0]) for syllables in phrase)
    return tuple((readings(character) or (character,))[0] for character in word)


@lru_cache(maxsize=1 << 15)
def name_readings(name: str) -> tuple[tuple[str, ...], ...]:
    """The readings of a Chinese personal name: the surname's own first, where it has one, then the plain one."""
    plain = word_reading(name)
    for length in (2, 1):
        surname = _SURNAMES.get(name[:length])
        if surname is not None and len(name) > length:
            own = surname + plain[length:]
            return (own,) if own == plain else (own, plain)
    return (plain,)


def segmentations(typed: str) -> list[list[str]]:
    """How a word of Latin letters can be read as syllables, fewest first, at most three; none where it cannot."""
    typed = typed.replace("ü", "v")
    found: list[list[list[str]]] = [[[]]]
    for end in range(1, len(typed) + 1):
        ways = [
            [*before, typed[start:end]]
            for start in range(max(0, end - _LONGEST_SYLLABLE), end)
            if typed[start:end] in SYLLABLES
            for before in found[start]
        ]
        found.append(sorted(ways, key=len)[:3])
    best = found[-1]
    return [way for way in best if len(way) <= len(best[0]) + 1] if typed else []


def gaps(typed: str) -> list[int]:
    """The places of a word at which one slip may be all that keeps it from being read as syllables: no others need to be tried.

    Syllables end not far before such a place, and begin not far behind it, that can be read from the word's beginning and to its end.
    """
    begun, ended = {0}, {len(typed)}
    for end in range(1, len(typed) + 1):
        if any(start in begun and typed[start:end] in SYLLABLES for start in range(max(0, end - _LONGEST_SYLLABLE), end)):
            begun.add(end)
    for start in range(len(typed) - 1, -1, -1):
        if any(end in ended and typed[start:end] in SYLLABLES for end in range(start + 1, start + _LONGEST_SYLLABLE + 1)):
            ended.add(start)
    return [
        place
        for place in range(len(typed) + 1)
        if not begun.isdisjoint(range(place - _LONGEST_SYLLABLE, place + 1))
        and not ended.isdisjoint(range(place, place + _SLIP + _LONGEST_SYLLABLE + 1))
    ]
