"""What titles, volumes and edition statements say of a pair: pure, symmetric comparisons.

An outcome is a small whole number as ``comparisons`` says; the table of codes beside each function tells what it means.
"""

from rapidfuzz.distance import Levenshtein

from union_catalog.matching.features import Features
from union_catalog.matching.sounds import sound_alike

TITLE = {
    5: "equal", 4: "equal_without_subtitle", 3: "equal_to_a_part", 2: "nearly_equal", 1: "one_in_the_other",
    0: "silent", -1: "one_character_differs", -2: "alike", -3: "different",
}  # fmt: skip
OTHER_TITLE = -3
_TELLING_APART = frozenset(
    "0123456789一二三四五六七八九十百上中下正续前后初终东西南北男女古今新旧大小内外春夏秋冬现近当素荤文理公私左右甲乙丙丁阴阳明清唐宋"
)
_SHORT = 5  # a title so short is another title if a character differs: 大河, 山河


def _near(a: str, b: str) -> bool:
    """A slip of the pen: one character in six or more, two in twenty; never a number or a word that tells books apart (上, 续, 近).

    Homophones are words of their own (权利, 权力).
    """
    shorter = min(len(a), len(b))
    allowed = 0 if shorter <= _SHORT else 1 if shorter < 20 else 2
    if not allowed or Levenshtein.distance(a, b, score_cutoff=allowed) > allowed:
        return False
    changed = [(a[e.src_pos : e.src_pos + 1], b[e.dest_pos : e.dest_pos + 1]) for e in Levenshtein.editops(a, b)]
    return not any(_TELLING_APART.intersection(old + new) or sound_alike(old, new) for old, new in changed)


def _is_part(a: Features, b: Features) -> bool:
    """One title is a piece or another title of the other's (春雪 of 丰饶之海·春雪)."""
    return a.title in b.others or a.core in b.others or b.title in a.others or b.core in a.others


def compare_titles(a: Features, b: Features) -> int:
    """Folded titles with and without other title information."""
    if a.title == b.title:
        return 5 if a.title else 0
    if not (a.title and b.title):
        return 0
    if a.core == b.core:
        return 4 if a.title == a.core or b.title == b.core or _near(a.title, b.title) else 1
    return 3 if _is_part(a, b) else _compare_other_cores(a, b)


def _compare_other_cores(a: Features, b: Features) -> int:
    if _near(a.title, b.title):
        return 2
    short, long = sorted((a.title, b.title), key=len)
    if len(short) >= 3 and short in long:
        return 1
    if _one_character_differs(a.title, b.title):
        return -1
    return -2 if a.core.startswith(b.core) or b.core.startswith(a.core) else OTHER_TITLE


def _one_character_differs(a: str, b: str) -> bool:
    """What a slip of the pen may have made of the other title, and what may as well be another one.

    So it is where titles of two to five characters differ in one (大河, 山河), and longer ones in a homophone (公民权利研究, 公民权力研究).
    """
    if len(a) != len(b) or len(a) < 2 or a.isascii():
        return False
    changed = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return len(changed) == 1 and _TELLING_APART.isdisjoint(changed[0]) and (len(a) <= _SHORT or sound_alike(*changed[0]))


VOLUME = {1: "equal", 0: "silent", -1: "one_side_only", -2: "different"}
_SIDES = frozenset("上中下")


def compare_volumes(a: Features, b: Features) -> int:
    """Volume designations; 上 and 1 are the same volume, and so may 中 and 2, 下 and the last be. A whole set is not one of its volumes."""
    if a.volume == b.volume:
        return 1 if a.volume else 0
    if not (a.volume and b.volume):
        return -2 if (a.whole and b.volume) or (b.whole and a.volume) else -1
    if (a.volume in _SIDES) is not (b.volume in _SIDES):
        side, other = (a.volume, b.volume) if a.volume in _SIDES else (b.volume, a.volume)
        return 0 if (side, other) in {("上", "1"), ("中", "2"), ("下", "2"), ("下", "3")} else -2
    return -2


EDITION = {3: "number_equal", 2: "kind_equal", 1: "number_and_revision", 0: "silent", -1: "one_side_only", -2: "different"}
_LOOK = frozenset({"soft", "hard", "full", "collector", "illustrated"})  # may be said or left out of one and the same edition
_BINDINGS = frozenset({"soft", "hard"})


def compare_editions(a: Features, b: Features) -> int:
    """Number and words of the edition statement (第2版, 修订本, 影印). A second edition may be what another calls revised."""
    if a.edition and b.edition:
        return 3 if a.edition == b.edition else -2
    if a.kinds == b.kinds:
        return 2 if a.kinds else -1 if max(a.edition, b.edition) > 1 else 0
    if a.kinds and b.kinds:
        return -2 if _kinds_differ(frozenset(a.kinds), frozenset(b.kinds)) else -1
    if max(a.edition, b.edition) > 1 and a.kinds + b.kinds == ("revised",) and (a.edition > 1) is not bool(a.kinds):
        return 1
    return -1


def _kinds_differ(a: frozenset[str], b: frozenset[str]) -> bool:
    """Nothing in common, and both say more than how the book looks, or they are bound in two ways."""
    return a.isdisjoint(b) and (bool(a - _LOOK and b - _LOOK) or a | b >= _BINDINGS)
