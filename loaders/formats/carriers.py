"""The format of an edition out of everything that hints at it: leader, coded fields, designations, words.

Hints are (hint, source): "CODE:value" for coded data, else words. The table says which hint means what; the first match
in its order wins, so that what is special (braille, large print, online) stands before what is general (text).
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import cast

from union_catalog.bibliographic.record import Format

_CODED: dict[str, str] = {
    # UNIMARC 106$a, physical medium of text; 135$a, type of electronic resource
    "106:d": "large-print", "106:f": "braille", "106:s": "e-book",
    "135:": "e-book", "115:": "video", "125:": "score", "126:": "audio", "120:": "map", "116:": "picture",
    # MARC 21 008/23 or 008/29, form of item; 007/00-01
    "form:d": "large-print", "form:f": "braille", "form:o": "e-book", "form:q": "e-book", "form:s": "e-book",
    "007:tb": "large-print", "007:tc": "braille", "007:f": "braille", "007:cr": "e-book", "007:s": "audio", "007:v": "video",
    "007:m": "video", "007:a": "map", "007:k": "picture", "007:q": "score",
    # RDA carrier (338) and content (336) codes
    "338:cr": "e-book", "338:vd": "video", "338:vf": "video", "338:sd": "audio", "338:ss": "audio",
    "336:tct": "braille", "336:tcm": "braille", "336:spw": "audio", "336:prm": "music", "336:tdi": "video", "336:ntm": "score",
    "336:cri": "map", "336:sti": "picture", "336:cop": "software",
}  # fmt: skip
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(words, re.IGNORECASE), found)
    for words, found in (
        (r"盲文|braille", "braille"),
        (r"大字|large print", "large-print"),
        (r"有声|录音|唱片|音频|朗读|audiobook|sound (?:recording|disc|cassette)|spoken word", "audio"),
        (r"音乐|music", "music"),
        (r"录像|影碟|视频|电影|videorecording|video(?:disc|cassette)|dvd|motion picture", "video"),
        (r"电子资源|电子书|电子图书|网络资源|在线资源|electronic resource|online resource|e-?book|computer file", "e-book"),
        (r"乐谱|曲谱|notated music|\bscores?\b", "score"),
        (r"地图|cartographic|\bmaps?\b", "map"),
        (r"期刊|连续出版物|periodical", "periodical"),
        (r"图片|挂图|graphic|photograph", "picture"),
    )
)
_DISC_BESIDE = re.compile(r"[0-9一二三四五六七八九十]+\s*(?:页|頁|面|册|冊|p\b|pages|v\.|volumes?)|1\s*v", re.IGNORECASE)
_UNIMARC_TYPES = {
    "a": "book", "b": "book", "c": "score", "d": "score", "e": "map", "f": "map", "g": "video", "i": "audio", "j": "music",
    "k": "picture", "l": "software", "m": "kit", "r": "other",
}  # fmt: skip
_MARC21_TYPES = {
    "a": "book", "t": "book", "p": "other", "c": "score", "d": "score", "e": "map", "f": "map", "g": "video", "i": "audio",
    "j": "music", "k": "picture", "m": "software", "o": "kit", "r": "other",
}  # fmt: skip
_SPECIAL = ("braille", "large-print")


@lru_cache(maxsize=16384)
def _meaning(hint: str) -> str:
    if hint in _CODED:
        return _CODED[hint]
    code, colon, _ = hint.partition(":")
    if colon and f"{code}:" in _CODED:
        return _CODED[f"{code}:"]
    if colon and len(code) <= 4 and code.isascii():
        return ""
    return next((found for words, found in _WORDS if words.search(hint)), "")


def decide_format(leader: str, hints: Sequence[tuple[str, str]], *, unimarc: bool) -> tuple[Format, str]:
    """The format and where it was read. Text on a special carrier is what the carrier says; other types stay unless online text."""
    kind, level = leader[6:7], leader[7:8]
    base = (_UNIMARC_TYPES if unimarc else _MARC21_TYPES).get(kind, "book")
    if not hints:
        return _of_leader(base, level)
    meanings = _meanings(hints)
    for wanted in _SPECIAL:
        if wanted in meanings:
            return cast(Format, wanted), meanings[wanted]
    if base in ("book", "software") and level != "s":
        for found, source in meanings.items():
            if found not in ("periodical", "picture"):
                return cast(Format, found), source
    return _of_leader(base, level)


def _meanings(hints: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What the hints mean, each with the first place that says so; a disc that comes with a book of pages says nothing."""
    found: dict[str, str] = {}
    for hint, source in hints:
        meaning = _meaning(hint)
        if meaning and not (meaning in ("audio", "video", "map", "picture", "score") and _DISC_BESIDE.search(hint)):
            found.setdefault(meaning, source)
    return found


def _of_leader(base: str, level: str) -> tuple[Format, str]:
    if base == "book" and level == "s":
        return "periodical", "LDR/07"
    return cast(Format, base), "LDR/06"
