"""How a foreign name sounds, so that other transliterations of it meet: 帕拉尼克 and 帕拉纽克 are P-L-N-K to the ear.

Chinese names have one spelling only, and so no sound here: 余华 is not 于华.
"""

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

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
