"""Characters and syllables that are mistaken for each other by ear: homophones, and sounds that many speakers do not tell apart."""

import itertools
import re
from collections import defaultdict
from functools import cache, lru_cache

from union_catalog.search import pinyin

# Retroflex and flat, n and l, r and l, -ng and -n, ü and u: the pairs that input methods call fuzzy.
_BLURS = ((re.compile(r"^([zcs])h"), r"\1"), (re.compile(r"^[nr](?=.)"), "l"), (re.compile(r"(?<=[aei])ng$"), "n"), (re.compile("v"), "u"))
_MOST_PAIRS = 48


@lru_cache(maxsize=1 << 11)
def blurred(syllable: str) -> str:
    """The syllable as someone hears it who tells none of the fuzzy sounds apart."""
    for pattern, heard in _BLURS:
        syllable = pattern.sub(heard, syllable)
    return syllable


@cache
def _alike() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for syllable in sorted(pinyin.SYLLABLES):
        found[blurred(syllable)].append(syllable)
    return {heard: tuple(syllables) for heard, syllables in found.items()}


def syllables_like(syllable: str) -> tuple[str, ...]:
    """Every syllable that is heard as this one, itself first."""
    return tuple(dict.fromkeys((syllable, *_alike().get(blurred(syllable), ()))))


@lru_cache(maxsize=1 << 14)
def sound_alike(one: str, other: str) -> bool:
    """Whether two characters have a reading in common."""
    return not set(pinyin.readings(one)).isdisjoint(pinyin.readings(other))


@lru_cache(maxsize=1 << 14)
def nearly_sound_alike(one: str, other: str) -> bool:
    """Whether they have one that is hardly told apart."""
    return not set(map(blurred, pinyin.readings(one))).isdisjoint(map(blurred, pinyin.readings(other)))


@lru_cache(maxsize=1 << 10)
def pairs_like(piece: str) -> tuple[str, ...]:
    """What two characters side by side may sound like, as the tokens of ``pinyin.pair_tokens``: their own readings first."""
    own = list(itertools.product(pinyin.readings(piece[0]), pinyin.readings(piece[1])))
    near = itertools.chain.from_iterable(itertools.product(syllables_like(a), syllables_like(b)) for a, b in own)
    return tuple(dict.fromkeys(f"{a}'{b}" for a, b in (*own, *near)))[:_MOST_PAIRS]
