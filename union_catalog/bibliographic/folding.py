"""One form for all the ways in which the same words are written: script, variant characters, width, case, accents, punctuation.

Traditional and simplified characters are brought together by OpenCC's "t2s", which knows words (乾隆 stays, 餅乾 becomes 饼干).
Variant characters that it leaves (厯, 両, 锺) are brought to their usual form by a table made of three parts, the later before the earlier:
``data/unihan_variants.txt``, made by ``tools/unihan_variants.py``; what OpenCC's Japanese, Taiwan and Hong Kong tables say; and
``data/variants.txt``, kept by hand. A group "历厯" means that 厯 is written 历. Only the list kept by hand ever changes a character of
GB 2312, since there 芸 and 艺, 予 and 豫 are different words. Folded text is for comparing and looking up, never for showing.
"""

import html
import re
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import opencc

_TO_SIMPLIFIED = opencc.OpenCC("t2s")
_NOT_WORD = re.compile(r"(?:[^\w+#]|_)+")
_HAN_RANGES = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
_HAN = [chr(code) for start, end in _HAN_RANGES for code in range(start, end)]
_LATIN_RANGES = ((0x00C0, 0x0250), (0x1E00, 0x1F00))


def _encodes(character: str, charset: Literal["gb2312", "big5"]) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _regional_variants() -> dict[int, str]:
    """What OpenCC's regional tables make of each Han character that GB 2312 does not have."""
    text = "\n".join(_HAN)
    for table in ("hk2t", "tw2t", "jp2t", "t2s"):
        text = opencc.OpenCC(table).convert(text)
    simplified = _TO_SIMPLIFIED.convert("\n".join(_HAN)).split("\n")
    after = text.split("\n")
    return {ord(old): new for old, new in zip(simplified, after, strict=True) if old != new and not _encodes(old, "gb2312")}


def _listed_variants(name: str) -> dict[int, str]:
    """The groups of a file in ``data``, also for a character that OpenCC spares in some words (陞 in 楊聯陞)."""
    lines = files("union_catalog.bibliographic").joinpath("data", name).read_text("utf-8").splitlines()
    groups = [group for line in lines if not line.startswith("#") for group in line.split()]
    return {ord(variant): group[0] for group in groups for variant in group[1:]}


def _without_accents() -> dict[int, str]:
    pairs = ((code, unicodedata.normalize("NFKD", chr(code))[0]) for start, end in _LATIN_RANGES for code in range(start, end))
    return {code: base for code, base in pairs if base.isascii()}


def _closed(table: dict[int, str]) -> dict[int, str]:
    """The table followed to its end, so that one pass over a text is enough."""
    closed: dict[int, str] = {}
    for code, target in table.items():
        seen = {chr(code)}
        while ord(target) in table and target not in seen:
            seen.add(target)
            target = table[ord(target)]  # noqa: PLW2901 (following the chain is the point)
        if ord(target) != code:
            closed[code] = target
    return closed


def _changing() -> frozenset[str]:
    """The characters that OpenCC changes, alone or in words (沈 in 沈默)."""
    before = [chr(code) for start, end in (*_HAN_RANGES, (0x20000, 0x2A6E0)) for code in range(start, end)]
    after = _TO_SIMPLIFIED.convert("\n".join(before)).split("\n")
    return frozenset("瞭著藉覆沈").union(old for old, new in zip(before, after, strict=True) if old != new)


def _simplified_only() -> frozenset[str]:
    """The characters that OpenCC makes traditional and that are not written in traditional text as well (后 is)."""
    after = opencc.OpenCC("s2t").convert("\n".join(_HAN)).split("\n")
    return frozenset(old for old, new in zip(_HAN, after, strict=True) if old != new and not _encodes(old, "big5"))


_CHANGED = _changing()
_LISTED = _listed_variants("variants.txt")
# A variant of what OpenCC reads by the word (乹 of 乾, in 乾隆 and in 乾燥) is brought to that form before, all others after.
_EARLY = {code: usual for code, usual in _LISTED.items() if usual in _CHANGED}
_VARIANTS = _listed_variants("unihan_variants.txt") | _regional_variants() | _LISTED
_TABLE = _closed({code: usual for code, usual in _VARIANTS.items() if len(usual) == 1 and code not in _EARLY}) | _without_accents()
_CHANGING = _CHANGED.union(map(chr, _EARLY))  # text without any of these, which is most, spares the call
# Most text has nothing to be folded, which a pattern sees in a fraction of the time that it takes to look up every character.
_FOLDED = _CHANGING.union(map(chr, _TABLE))
_PERHAPS_FOLDED = re.compile("[" + "".join(sorted(c for c in _FOLDED if ord(c) < 0x10000)) + "\U00010000-\U0010ffff]")


# 著 is 着 behind a verb (活著, 沿著), which OpenCC knows in few words only; elsewhere it is the writing of a book (名著, 余华著).
_PARTICLE = re.compile(
    "(?<=[活接沿顺跟随朝向对拿看听站坐走笑哭爱想等带味写画唱跳飞跑躺睡醒穿戴拉推抱背握开挂放住藏守望盯瞧陪伴牵追迎冒踩踏骑凭靠趁隔绕围照映闪亮"
    "燃烧吹响流淌飘漂留怀恋念忆盼寻唤喊叫说谈聊忙有急贴连捧举提扛咬含吃喝摸压夹披裹盖遮指试遇睁闭倚立蹲跪趴卧游转滚爬攀垂悬藉借])著"
    "(?![作名称者录述书])"
)


_TRADITIONAL_ONLY = frozenset(character for character in _CHANGED if not _encodes(character, "gb2312"))
_SIMPLIFIED_ONLY = _simplified_only()


def script_of(text: str) -> Literal["", "traditional", "simplified"]:
    """The script in which Chinese is written; "" where no character tells (妞妞). Where both are used the traditional one tells more."""
    if text.isascii():
        return ""
    if not _TRADITIONAL_ONLY.isdisjoint(text):
        return "traditional"
    return "" if _SIMPLIFIED_ONLY.isdisjoint(text) else "simplified"


def fold_script(text: str) -> str:
    """The text in simplified characters and usual forms, without accents on Latin letters; nothing else is changed.

    Length is kept, character by character, but for the few that OpenCC writes with two.
    """
    if text.isascii() or not _PERHAPS_FOLDED.search(text):
        return text
    simplified: str = text if _CHANGING.isdisjoint(text) else _TO_SIMPLIFIED.convert(text.translate(_EARLY))
    folded = simplified.translate(_TABLE)
    return _PARTICLE.sub("着", folded) if "著" in folded else folded


def _prepared(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return text.lower()
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return fold_script(text).lower()


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """What remains when writing habits are taken away: no blanks, no punctuation; "+" and "#" stay (C, C++ and C# are three)."""
    return _joined(_prepared(text))


def bare(text: str) -> str:
    """What ``fold`` makes of a text whose script and width are folded already."""
    return _joined(text.lower())


def _joined(text: str) -> str:
    return text if text.isalnum() else _NOT_WORD.sub("", text)


@lru_cache(maxsize=1 << 14)
def fold_words(text: str) -> str:
    """As ``fold``, but every run of blanks and punctuation inside the text is one blank: "帕·林·特拉弗斯" gives "帕 林 特拉弗斯"."""
    prepared = _prepared(text)
    return prepared if prepared.isalnum() else _NOT_WORD.sub(" ", prepared).strip()
