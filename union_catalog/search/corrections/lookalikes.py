"""Characters that are mistaken for each other by their looks: 己 and 已, 末 and 未, 喽 and 楼.

From data/shapes.txt (see tools/shapes.py): codes that spell a character by its components, corners, phonetic components; and by hand.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_SHARED_END = 3  # so many last letters of two codes alike: the same right half or lower part
_MOST = 96
# One stroke more, less or longer: the same to whoever reads fast, and side by side in the lists of an input method by shape.
_TWINS = (
    "己已巳 士土 末未 日曰 人入 千干于 午牛 大太犬 天夭 木本术 王玉 田由甲申 今令 贝见 免兔 乌鸟 鸣呜 师帅 戊戌戍 侯候 治冶 冷泠 洒酒 拔拨 "
    "刀刃 折拆 折析 白自 母毋 历厉 延廷 幻幼 爪瓜 兵乒乓 毫亳 茶荼 栗粟 晴睛 辨辩辫 祟崇 竞竟 哀衷衰 汩汨 徒徙 暑署 胄胃 灸炙 遣遗"
)
# What neither codes nor corners tell, and readers confuse all the same.
_BY_HAND = "人大入 天夫无元 王玉主 处外 倒到 设没 隐稳 燥躁澡操 斤斥 市巾币 厂广 毛手 心必 日目 戒戎"


@dataclass(frozen=True, slots=True)
class _Shapes:
    """``codes`` and ``corners`` of a character; ``kin``: whom it shares a phonetic component with; ``alike``, ``twins``: told by hand.

    ``spelt`` and ``cornered``: the characters of a code less one letter, and of corners less one.
    """

    codes: dict[str, str]
    corners: dict[str, str]
    kin: dict[str, str]
    alike: dict[str, str]
    twins: dict[str, str]
    spelt: dict[str, list[str]]
    cornered: dict[str, list[str]]


@cache
def _shapes() -> _Shapes:
    """Read at the first misspelt query, not when the process starts."""
    sections: dict[str, list[str]] = defaultdict(list)
    for line in files("union_catalog.search").joinpath("data/shapes.txt").read_text("utf-8").splitlines():
        section, *tokens = line.split()
        sections[section] += tokens
    codes = {token[0]: token[1:] for token in sections["cangjie"]}
    corners = {token[0]: token[1:] for token in sections["corners"]}
    return _Shapes(
        codes,
        corners,
        _grouped(sections["phonetic"]),
        _grouped(_BY_HAND.split()),
        _grouped(_TWINS.split()),
        _listed(codes, _shortened),
        _listed(corners, _three_corners),
    )


def _grouped(groups: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for group in groups:
        for character in group:
            found[character] = found.get(character, "") + group
    return found


def _listed(codes: Mapping[str, str], forms: Callable[[str], Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for character, code in codes.items():
        for form in forms(code):
            found[form].append(character)
    return found


def _shortened(code: str) -> Iterator[str]:
    """The code, and what is left of it without one of its letters."""
    yield from dict.fromkeys((code, *(code[:i] + code[i + 1 :] for i in range(len(code)))))


def _three_corners(code: str) -> Iterator[str]:
    yield from (f"{code[:i]}?{code[i + 1 :]}" for i in range(len(code)))


def twins(character: str) -> str:
    """Characters that differ from this one by a stroke or its length."""
    return _shapes().twins.get(character, "").replace(character, "")


def are_twins(one: str, other: str) -> bool:
    return other in twins(one)


@lru_cache(maxsize=1 << 14)
def alike(one: str, other: str) -> bool:
    """Whether two characters are easily taken for each other."""
    shapes = _shapes()
    a, b = shapes.codes.get(one), shapes.codes.get(other)
    if a is None or b is None or one == other:
        return False
    same_corners = shapes.corners.get(one, one) == shapes.corners.get(other, other)
    return same_corners or _near(a, b) or other in shapes.alike.get(one, "") or are_twins(one, other)


@lru_cache(maxsize=1 << 14)
def akin(one: str, other: str) -> bool:
    """Whether two characters share a good part of their shape: 清 and 晴, 简 and 间, 国 and 围."""
    shapes = _shapes()
    a, b = shapes.codes.get(one, ""), shapes.codes.get(other, "")
    if len(a) >= _SHARED_END and a[-_SHARED_END:] == b[-_SHARED_END:]:
        return True
    corners = zip(shapes.corners.get(one, ""), shapes.corners.get(other, ""), strict=False)
    return other in shapes.kin.get(one, "") or sum(x == y for x, y in corners) >= 3


@lru_cache(maxsize=1 << 10)
def lookalikes(character: str) -> tuple[str, ...]:
    """Characters that are taken for this one, those that are so most easily first, at most _MOST."""
    shapes = _shapes()
    code = shapes.codes.get(character)
    if code is None:
        return ()
    spelt = itertools.chain.from_iterable(shapes.spelt.get(one, ()) for one in _shortened(code))
    cornered = itertools.chain.from_iterable(shapes.cornered.get(one, ()) for one in _three_corners(shapes.corners.get(character, "")))
    found = dict.fromkeys((*twins(character), *shapes.alike.get(character, ""), *spelt, *cornered, *shapes.kin.get(character, "")))
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
