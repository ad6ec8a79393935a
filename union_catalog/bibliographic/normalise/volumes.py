"""Volumes inside titles: 史记·第三册, 三体Ⅱ, 红楼梦（上）, 藏地密码 8, Vol. 2; and whole sets: 作文三书（全三册）, 红楼梦（上下）.

A volume number comes out in one form, so that 上, 上册 and （上） are one volume, and 第三册, 卷三, Ⅲ, 3 and vol. 3
another. Whether a reading is sure is told apart: an explicit unit or a bracket is, a bare number at the end is not
(中国2185, Windows 7, 天龙八部).
"""

import re
from functools import lru_cache
from typing import NamedTuple

from union_catalog.bibliographic.normalise.numerals import CHINESE, ROMAN_SIGNS, to_int

_NUMBER = rf"(?:[0-9０-９]{{1,3}}|[{CHINESE}]{{1,4}}|[{ROMAN_SIGNS}]{{1,2}}|[IVX]{{1,5}}(?![A-Za-z]))"
_UNIT = "册冊卷辑輯部编編集季篇回期分册函輯"
_POSITION = "上中下"
_POSITIONED = rf"[{_POSITION}](?:[册冊卷部集编編篇辑]|分册)?"
_ORDINAL = rf"(?:第\s*{_NUMBER}\s*(?:分册|[{_UNIT}])|[卷册部]\s*{_NUMBER})"  # 三卷 without 第 is three of them: a set
_LATIN = r"(?i:vol(?:ume)?|no|book|part|bk|pt|v)\s*\.?\s*(?:[0-9]{1,3}|[IVX]{1,5}\b)"
_SET = re.compile(
    rf"^(?:(?:套装|套裝)?\s*(?:全|共|套|合)?\s*{_NUMBER}\s*[册冊卷本部辑](?:本|装|套装|合售)?|套装|套裝|全|全套"
    rf"|上\s*[、.．,，·/&和]?\s*中?\s*[、.．,，·/&和]?\s*下\s*(?:[册冊卷部集]|全[册冊])?|[0-9]{{1,3}}\s*[-–—~～－至]\s*[0-9]{{1,3}}\s*[册冊卷]?(?:全|完)?"
    rf"|[0-9]{{1,3}}(?:\s*[、,，]\s*[0-9]{{1,3}})+"
    rf"|(?:全|共|套装共|套装全|套装)\s*{_NUMBER}\s*[册冊卷本部辑].*)$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"^(?P<core>.+?)\s*[（(〔\[【](?P<inside>[^（()）〔〕\[\]【】]{1,20})[）)〕\]】]$")
_EXPLICIT = re.compile(
    rf"^(?P<core>.*[^\s.·．・—–:：,，、\-]).?\s*(?:[.·．・—–:：,，、\-\s]+)(?P<volume>{_ORDINAL}|{_POSITIONED})(?:\s*[:：·\s.．]\s*(?P<title>\S.*))?$"
)
_TRAILING_LATIN = re.compile(rf"^(?P<core>.*\S)\s*[.,:;·\-\s]\s*(?P<volume>{_LATIN})$")
_ATTACHED_ORDINAL = re.compile(rf"^(?P<core>.*\S)(?P<volume>第\s*{_NUMBER}\s*(?:分册|[{_UNIT}])|[{_POSITION}][册冊卷])$")
_BARE = re.compile(
    rf"^(?P<core>.*[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3!！?？」”》])\s*[·.．-]?\s*(?P<volume>[0-9０-９]{{1,2}}|[{ROMAN_SIGNS}]{{1,2}}|(?<=\s)[IVX]{{1,4}})$"
)
_TRAILING_SET = re.compile(rf"^(?P<core>.*?)\s*[-—－ ]\s*(?:套装|套裝)?[全共]\s*{_NUMBER}\s*[册冊卷本]$")
_WHOLE = re.compile(rf"^(?:{_ORDINAL}|{_POSITIONED}|{_NUMBER}|{_LATIN})$")
_CANONICAL = re.compile(rf"(?P<position>^[{_POSITION}])|(?P<number>{_NUMBER}|[IVX]+)")
_MAYBE = re.compile(
    rf"[0-9０-９{CHINESE}{ROMAN_SIGNS}{_POSITION}{_UNIT}全套]|[IVX]|\b(?:vol|no|book|part|bk|pt|v)\b",
    re.IGNORECASE,
)


class VolumeReading(NamedTuple):
    """``core``: the title without it. ``number``: as written, without brackets ("第三册", "上", "Ⅱ"), "" if none.
    ``title``: what the volume is called ("春雪" in 丰饶之海·第1卷：春雪). ``is_set``: the title says that all volumes are
    meant. ``sure``: it cannot be anything else.
    """

    core: str
    number: str = ""
    title: str = ""
    is_set: bool = False
    sure: bool = False


@lru_cache(maxsize=8192)
def read_volume(text: str) -> VolumeReading:
    """What a title says of its volume. Never raises; a title without one comes back whole."""
    text = text.strip()
    if not _MAYBE.search(text[-24:]):
        return VolumeReading(text)
    if (found := _BRACKET.match(text)) and (reading := _bracketed(found["core"].strip(), found["inside"].strip())):
        return reading
    if (found := _TRAILING_SET.match(text)) and found["core"]:
        return VolumeReading(found["core"], is_set=True, sure=True)
    for pattern, sure in (
        (_EXPLICIT, True),
        (_TRAILING_LATIN, True),
        (_ATTACHED_ORDINAL, True),
        (_BARE, False),
    ):
        if found := pattern.match(text):
            groups = found.groupdict()
            core = text[: found.end("core")].rstrip(" .·．・—–:：,，、-")
            if core:  # a title that is nothing but a volume is no volume of anything
                return VolumeReading(core, groups["volume"].strip(), (groups.get("title") or "").strip(), False, sure)
    return VolumeReading(text)


def _bracketed(core: str, inside: str) -> VolumeReading | None:
    if _SET.match(inside):
        return VolumeReading(core, is_set=True, sure=True)
    if _WHOLE.match(inside):
        year = inside.isdecimal() and len(inside) > 3
        return None if year else VolumeReading(core, inside, sure=True)
    head, _, title = inside.partition(" ")
    if title and _WHOLE.match(head) and not head.isascii():
        return VolumeReading(core, head, title.strip(), sure=True)
    return None


@lru_cache(maxsize=16384)
def canonical_volume(number: str) -> str:
    """One form for one volume: "上册" → "上", "第三卷", "卷三", "Ⅲ", "vol. 3" → "3"; "" for "", what is not understood comes back
    as it is.
    """
    text = number.strip().removeprefix("第")
    stripped = re.sub(r"^(?:vol(?:ume)?|no|book|part|bk|pt|v)\s*\.?\s*", "", text, flags=re.IGNORECASE)
    found = _CANONICAL.search(stripped)
    if not found:
        return number.strip()
    if found["position"]:
        return found["position"]
    value = to_int(found["number"])
    return str(value) if value is not None else number.strip()


def is_volume(text: str) -> bool:
    """Whether the text is a volume number and nothing else: "下", "第1季", "Ⅱ", "贰", "vol. 3", "2"."""
    return bool(text) and _WHOLE.match(text.strip()) is not None and not (text.isdecimal() and len(text) > 3)
