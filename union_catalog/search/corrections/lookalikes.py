"""Characters that are mistaken for each other by their looks: 己 and 已, 末 and 未, 喽 and 楼.

From data/shapes.txt (see tools/shapes.py): codes that spell a character by its components, corners, phonetic components.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_SHARED_END = 3  # so many last letters of two codes alike: the same right half or lower part
_MOST = 24


@dataclass(frozen=True, slots=True)
class _Shapes:
    """``codes``: of a character; ``groups``: with whom it shares corners or a phonetic component; ``spelt``: by a code less one letter."""

    codes: dict[str, str]
    corners: dict[str, str]
    phonetic: dict[str, str]
    spelt: dict[str, list[str]]


@cache
def _shapes() -> _Shapes:
    """Read at the first misspelt query, not when the process starts."""
    codes: dict[str, str] = {}
    groups: dict[str, dict[str, str]] = {"corners": {}, "phonetic": {}}
    for line in files("union_catalog.search").joinpath("data/shapes.txt").read_text("utf-8").splitlines():
        section, *tokens = line.split()
        if section == "cangjie":
            codes |= {token[0]: token[1:] for token in tokens}
        elif section in groups:
            for group in tokens:
                groups[section] |= {character: groups[section].get(character, "") + group for character in group}
    spelt: dict[str, list[str]] = defaultdict(list)
    for character, code in codes.items():
        for shorter in _shortened(code):
            spelt[shorter].append(character)
    return _Shapes(codes, groups["corners"], groups["phonetic"], spelt)


def _shortened(code: str) -> Iterator[str]:
    """The code, and what is left of it without one of its letters."""
    yield from dict.fromkeys((code, *(code[:i] + code[i + 1 :] for i in range(len(code)))))


@lru_cache(maxsize=1 << 14)
def alike(one: str, other: str) -> bool:
    """Whether two characters are easily taken for each other."""
    shapes = _shapes()
    a, b = shapes.codes.get(one), shapes.codes.get(other)
    if a is None or b is None or one == other:
        return False
    return _near(a, b) or other in shapes.corners.get(one, "")


@lru_cache(maxsize=1 << 14)
def akin(one: str, other: str) -> bool:
    """Whether two characters share the greater part of their shape: 清 and 晴, 简 and 间."""
    shapes = _shapes()
    a, b = shapes.codes.get(one, ""), shapes.codes.get(other, "")
    return (len(a) >= _SHARED_END and a[-_SHARED_END:] == b[-_SHARED_END:]) or other in shapes.phonetic.get(one, "")


@lru_cache(maxsize=1 << 10)
def lookalikes(character: str) -> tuple[str, ...]:
    """Characters that are easily taken for this one, those that differ least first, at most _MOST."""
    shapes = _shapes()
    code = shapes.codes.get(character)
    if code is None:
        return ()
    spelt = itertools.chain.from_iterable(shapes.spelt.get(one, ()) for one in _shortened(code))
    found = dict.fromkeys((*shapes.corners.get(character, ""), *spelt, *shapes.phonetic.get(character, "")))
    near = sorted((one for one in found if one != character), key=lambda one: not alike(character, one))
    return tuple(near[:_MOST])


def _near(a: str, b: str) -> bool:
    """Whether codes differ by one letter, or by the order of two. A single letter is no shape to compare."""
    if a == b:
        return True
    if min(len(a), len(b)) < 2:
        return False
    if len(a) == len(b):
        differing = [i for i in range(len(a)) if a[i] != b[i]]
        swapped = len(differing) == 2 and a[differing[0]] == b[differing[1]] and a[differing[1]] == b[differing[0]]
        return len(differing) == 1 or swapped
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return len(longer) == len(shorter) + 1 and shorter in set(_shortened(longer))
