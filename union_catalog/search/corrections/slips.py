"""Slips of the finger in words of Latin letters, pinyin among them."""

import itertools
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from union_catalog.search import pinyin
from union_catalog.search.corrections.sounds import syllables_like

SHORTEST = 4  # a word of fewer letters is as near to others as to what was meant
LONG = 8  # a word of so many may have two slips
_LONGEST = 32
_MOST_UNDONE = 40


@lru_cache(maxsize=1 << 8)
def edits(word: str) -> tuple[str, ...]:
    """Every word that one slip makes of this one: a letter too many or too few, another one, two in the wrong order."""
    if not SHORTEST <= len(word) <= _LONGEST or not (word.isascii() and word.isalpha()):
        return ()
    return tuple(dict.fromkeys(one for one in _edits(word, range(len(word) + 1)) if one != word))


def _edits(word: str, places: Iterable[int]) -> Iterator[str]:
    """Those with the slip at one of these places."""
    cuts = [(word[:i], word[i:]) for i in places]
    yield from (a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1)
    yield from (a + b[1:] for a, b in cuts if b)
    for (a, b), letter in itertools.product(cuts, string.ascii_lowercase):
        yield a + letter + b
        if b:
            yield a + letter + b[1:]


def splits(word: str) -> list[tuple[str, str]]:
    """How two words may have been run together in one; none for what is short, or no Latin word."""
    if not 2 * SHORTEST - 2 <= len(word) <= _LONGEST or not (word.isascii() and word.isalpha()):
        return []
    return [(word[:i], word[i:]) for i in range(2, len(word) - 1)]


@lru_cache(maxsize=1 << 12)
def slips(typed: str, meant: str) -> int | None:
    """How many slips lie between two words of Latin letters; None where there are more than a word of that length may have."""
    if min(len(typed), len(meant)) < SHORTEST - 1 or max(len(typed), len(meant)) < SHORTEST:
        return None
    most = 2 if len(typed) >= LONG else 1
    distance = OSA.distance(typed, meant, score_cutoff=most)
    return distance if 0 < distance <= most else None


@dataclass(frozen=True, slots=True)
class Reading:
    """Pinyin that may have been meant. ``heard``: what was typed is hardly told apart from it by ear."""

    syllables: tuple[str, ...]
    heard: bool

    @property
    def text(self) -> str:
        """As it is typed."""
        return "".join(self.syllables)


@lru_cache(maxsize=1 << 10)
def syllables_near(syllable: str) -> tuple[str, ...]:
    """Every other syllable that sounds like this one, then those that are one slip away."""
    slipped = (one for one in sorted(pinyin.SYLLABLES) if OSA.distance(syllable, one, score_cutoff=1) <= 1)
    return tuple(one for one in dict.fromkeys((*syllables_like(syllable), *slipped)) if one != syllable)


def may_be_pinyin(typed: str) -> bool:
    """Whether a word is worth being read as pinyin with a slip in it: one or two letters are too near to anything."""
    return typed.isascii() and typed.isalpha() and 2 < len(typed) <= _LONGEST


@lru_cache(maxsize=1 << 8)
def readings(typed: str) -> tuple[Reading, ...]:
    """What a word of Latin letters may be the pinyin of: where it can be cut into syllables, with another one for one of them;

    where it cannot, with one slip undone. Those that sound alike come first.
    """
    if not may_be_pinyin(typed):
        return ()
    ways = pinyin.segmentations(typed)
    if not ways:
        edited = dict.fromkeys(_edits(typed, pinyin.gaps(typed))) if len(typed) >= SHORTEST else ()
        undone = (way for one in edited for way in pinyin.segmentations(one)[:1])
        return tuple(Reading(tuple(way), heard=False) for way in sorted(undone, key=len)[:_MOST_UNDONE])
    found = [
        Reading((*way[:i], near, *way[i + 1 :]), heard=near in syllables_like(syllable))
        for way in ways
        for i, syllable in enumerate(way)
        for near in syllables_near(syllable)
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: not one.heard))
