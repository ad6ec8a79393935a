"""How characters and foreign names sound, so that other transliterations meet: 帕拉尼克 and 帕拉纽克 are P-L-N-K to the ear.

Chinese names have one spelling only, and so no sound here: 余华 is not 于华.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_HAN = re.compile("[㐀-鿿]")
_LISTENED = re.compile(r"^(?:(?:[㐀-鿿]{1,8}|[a-z]{1,2}) )+[㐀-鿿]{2,8}$|^[㐀-鿿]{4,8}$")
_BODY = re.compile(
    "大学|学院|学校|学会|协会|委员会|公司|集团|出版|编辑|编写|研究|中心|教研|办公|图书|书店|博物|机构|法师|课题|工作|联合|电视|中国|全国|[社组局部系室厅所馆团院会]$"
)
_CLASSES = {
    **dict.fromkeys(("b", "p"), "b"),
    **dict.fromkeys(("d", "t"), "d"),
    **dict.fromkeys(("g", "k"), "g"),
    **dict.fromkeys(("l", "r"), "l"),
    **dict.fromkeys(("z", "c", "s", "zh", "ch", "sh", "j", "q", "x"), "s"),
    **dict.fromkeys(("f", "w"), "f"),
}
_TOO_LITTLE = 2  # consonants that tell a name; with the title equal too


@lru_cache(maxsize=1 << 13)
def sound_alike(a: str, b: str) -> bool:
    """Whether two Han characters are read alike, tones aside: 利 and 力, not 究 and 宄."""
    return bool(_HAN.fullmatch(a) and _HAN.fullmatch(b)) and lazy_pinyin(a) == lazy_pinyin(b)


@lru_cache(maxsize=1 << 13)
def _consonant(character: str) -> str:
    initial = lazy_pinyin(character, style=Style.INITIALS, strict=False)[0]
    return _CLASSES.get(initial, initial if initial in ("m", "n", "h") else "")


@lru_cache(maxsize=1 << 14)
def sound_of(form: str) -> str:
    """The consonants of the family name of a foreign person in Han characters; "" for other names and where there are too few."""
    if not _LISTENED.match(form) or _BODY.search(form):
        return ""
    heard = "".join(map(_consonant, form.rpartition(" ")[2]))
    return heard if len(heard) >= _TOO_LITTLE else ""


# Han characters write no consonant for a liquid or a nasal that ends a syllable (威尔逊, Wilson), and these pairs as one.
_PAIRS = (("tch", "s"), ("sch", "s"), ("sh", "s"), ("ch", "s"), ("ts", "s"), ("tz", "s"), ("ph", "f"), ("th", "s"), ("ck", "k"))
_SOFT = re.compile("[cg](?=[eiy])")
_UNWRITTEN = re.compile("[lrmn](?=[^aeiouy]|$)|(?<=[a-z])h|[aeiouy]")
_LETTERS = str.maketrans("bpdtgkcqxlrzsjfwvmn", "bbddggggglls" + "ssfffmn")


@lru_cache(maxsize=1 << 13)
def _latin_sound(family: str) -> str:
    for letters, sound in _PAIRS:
        family = family.replace(letters, sound)
    heard = _UNWRITTEN.sub("", _SOFT.sub("s", family)).translate(_LETTERS)
    return re.sub(r"(.)\1+", r"\1", heard)


def onset_of(forms: Sequence[str]) -> str:
    """The first two consonants of a foreign family name, alike in both scripts: "sd" of Stavrianos and of 斯塔夫里阿诺斯."""
    for form in forms:
        heard = _latin_sound(form.rpartition(" ")[2]) if form.isascii() else re.sub(r"(.)\1+", r"\1", sound_of(form))
        if len(heard) >= _TOO_LITTLE:
            return heard[:_TOO_LITTLE]
    return ""
