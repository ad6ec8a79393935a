"""Titles taken apart: what names the book, what numbers a volume, what belongs to the edition statement."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from union_catalog.bibliographic.folding import fold
from union_catalog.bibliographic.record import Text, Title

_HAN_DIGITS = "〇零一二三四五六七八九十百廿卅两壹贰叁肆伍陆柒捌玖拾"
_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
_NUMBER = rf"(?:\d{{1,4}}|[{_HAN_DIGITS}]{{1,5}}|[{_ROMAN}]+|[IVXivx]{{1,5}}(?![A-Za-z]))"
_UNIT = "(?:卷|册|冊|部分|部|辑|輯|集|篇|编|編|回|季|本|函)"
_SIDE_UNIT = "(?:卷|册|冊|部|集|编|編|篇|辑|輯)"
_GAP = r"[\s·・.,，、:：\-—]*"
_BRACKET = re.compile(r"[(（\[【［〔〈＜]([^()（）\[\]【】［］〔〕〈〉＜＞]{1,40})(?:[)）\]】］〕〉＞]\.?|$)")

# What a bracket or a volume field may hold and nothing else.
_WHOLE_SET = re.compile(
    rf"^(?:(?:套装|全套|盒装|全|共)+(?:上中下|上下)?{_UNIT}?{_NUMBER}?\s*(?:{_UNIT}|种)?(?:装|套)?"
    rf"|[全共]*上[、,，]?(?:中[、,，]?)?下(?:两|二|三)?{_SIDE_UNIT}?(?:装|全)?|{_NUMBER}\s*{_UNIT}(?:装|套装|全))$"
)
_RANGE = re.compile(rf"^第?({_NUMBER}){_UNIT}?\s*[-—~～至到－]\s*第?({_NUMBER})\s*{_UNIT}?(?:全|装|套装)?$")
_SIDE = re.compile(rf"^([上中下]){_SIDE_UNIT}?$")
_DESIGNATION = re.compile(
    rf"^(?:第\s*({_NUMBER})\s*{_UNIT}?|{_UNIT}(?:之)?\s*({_NUMBER})|({_NUMBER})\s*{_UNIT}?|(?:vol(?:ume)?|v|part|pt|bk|book|no)\.?\s*({_NUMBER}))$",
    re.IGNORECASE,
)

# A volume at the end of a title; tried in order, the last group is the designation.
_TAILS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(.*?\w.*?){_GAP}第\s*({_NUMBER})\s*{_UNIT}$",
        rf"^(.*?\w.*?){_GAP}[卷册第]\s*({_NUMBER})$",
        rf"^(.*?\w.*?)[\s·・.,，、:：\-—]+(?:vol(?:ume)?|part|book)\.?\s*({_NUMBER})$",
        rf"^(.*?\w.*?){_GAP}([上中下]){_SIDE_UNIT}$",
        r"^(.*?\w.*?)[\s·・]+([上中下])$",
        rf"^(.*?\w.*?)\s*([{_ROMAN}]+)$",
        rf"^(.*?\w.*?)[\s·・]+([{_HAN_DIGITS}]{{1,3}})$",
        r"^(.*[^\d\s.,\-—~/:：])\s*(\d{1,3})$",
    )
)
_TAIL_ENDS = frozenset(
    "0123456789０１２３４５６７８９ivxIVX上中下" + _ROMAN + _HAN_DIGITS + "卷册冊部辑輯集篇编編回季本函分"
)
_EDITION_NUMBER = re.compile(
    rf"第?\s*({_NUMBER})\s*(?:次修订|次)?版|(\d{{1,2}})\s*(?:st|nd|rd|th)\s+(?:\w+\s+)?ed|\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\s+(?:\w+\s+)?ed|(\d{{1,2}})/e\b",
    re.IGNORECASE,
)
_TAIL_EDITION = re.compile(
    r"[\s,，:：·\-—]*(第\s*[\d一二三四五六七八九十]{1,3}\s*版|(?:修订|增订|增补|插图|影印|典藏|珍藏|纪念)[版本]"
    r"|[,，\s]\s*(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|international|revised)\s+(?:\w+\s+)?edition|[,，\s]\s*\d{1,2}/e)\s*$",
    re.IGNORECASE,
)
_ORDINALS = {
    word: i + 1
    for i, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    )
}
_KINDS = tuple(
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        ("revised", "修订|增订|增补|增修|订补|重订|校订|修正|revised|enlarged|升级|新版|新编|最新|更新|全新"),
        ("facsimile", "影印|原版|复刻|facsimile|reprint"),
        ("illustrated", "插图|图文|彩图|彩绘|绘图|手绘|illustrated|插画|图解|全彩"),
        ("collector", "典藏|珍藏|纪念|收藏|限量|豪华|礼品|礼盒|特别|collector|anniversary|定制|白金"),
        ("hard", "精装|hardcover|hardback"),
        ("soft", "平装|paperback"),
        ("abridged", "缩写|节选|节本|删节|简写|abridged|简明|袖珍|口袋|pocket|缩微|缩印"),
        ("full", "全译|全本|足本|完整|无删节|未删节|unabridged"),
        ("english", "英文|english"),
        ("bilingual", "双语|中英|英汉|汉英|对照|bilingual|日汉|法汉"),
        ("young", "少儿|儿童|青少|少年|学生|注音|拼音|美绘|幼儿"),
        ("annotated", "校注|评注|批评|点评|评点|导读|笺注|译注|注释|脂评"),
        ("traditional", "繁体"),
        ("international", "国际版|international"),
    )
)
_EDITION_BRACKET = re.compile(
    r"版$|本$|装$|edition|修订|增订|影印|典藏|珍藏|纪念|精装|平装|插图|双语|对照|全译|注音|繁体|原版|ed\.$",
    re.IGNORECASE,
)
_SUBTITLE = re.compile(r"\s*(?:[:：︰∶]|—+|--+|\s-\s|\s/\s|／)\s*")
_CN_VALUES = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50}


class TitleParts(NamedTuple):
    """See ``Features``; all text folded."""

    title: str
    core: str
    others: tuple[str, ...]
    volume: str
    whole: bool
    edition: int
    kinds: tuple[str, ...]


def _chinese_number(text: str) -> int:
    if not any(c in "十拾百廿卅" for c in text):
        return int("".join(str(_CN_VALUES[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in "十拾":
            total, digit = total + (digit or 1) * 10, 0
        elif c == "百":
            total, digit = total + (digit or 1) * 100, 0  # 一百零八: nothing but hundreds stands before
        elif c in "廿卅":
            total, digit = total + {"廿": 20, "卅": 30}[c], 0
        else:
            digit = _CN_VALUES[c]
    return total + digit


def _roman_number(text: str) -> int:
    values = [_ROMAN_VALUES.get(c, 0) for c in text.lower()]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


@lru_cache(maxsize=4096)
def number_of(text: str) -> int:
    """The value of a number written in digits of any width, Chinese or Roman numerals; 0 where there is none."""
    text = text.strip()
    if text.isdecimal():
        return int(text)
    if text and all(c in _HAN_DIGITS for c in text):
        return _chinese_number(text)
    folded = fold(text)
    return _roman_number(folded) if folded and all(c in "ivxl" for c in folded) else 0


def _edition(text: str) -> tuple[int, set[str]]:
    found = _EDITION_NUMBER.search(text)
    number = 0
    if found:
        word = found[found.lastindex or 0]
        number = _ORDINALS.get(word.lower()) or number_of(word)
    return number, {code for code, pattern in _KINDS if pattern.search(text)}


def _designation(text: str) -> tuple[str, bool] | None:
    """(volume, whole set) if the text is nothing but that: ("2", False) for 第二卷, ("", True) for 全三册, ("1-18", False) for 1-18."""
    text = (
        unicodedata.normalize("NFKC", text).strip()
        if not text.isascii() and text[-1] not in _ROMAN
        else text.strip()
    )
    if _WHOLE_SET.match(text):
        return "", True
    span = _RANGE.match(text)
    if span:
        return f"{number_of(span[1])}-{number_of(span[2])}", False
    side = _SIDE.match(text)
    if side:
        return side[1], False
    volume = _DESIGNATION.match(text)
    number = number_of(volume[volume.lastindex or 0]) if volume else 0
    return (str(number), False) if 0 < number < 1000 else None


def _without_volume(text: str) -> tuple[str, str]:
    """The title without a volume at its end, and the volume: 长相思2 gives 长相思 and "2"."""
    if text and text[-1] in _TAIL_ENDS:
        for pattern in _TAILS:
            found = pattern.match(text)
            if found:
                told = found[2]
                return found[1], told if told in "上中下" else str(number_of(told) or told)
    return text, ""


class _Builder:
    """Collects what the pieces of one title say."""

    def __init__(self) -> None:
        self.volume, self.whole, self.edition = "", False, 0
        self.kinds: set[str] = set()
        self.extra: list[str] = []

    def take_edition(self, text: str) -> None:
        number, kinds = _edition(text)
        self.edition = self.edition or number
        self.kinds |= kinds

    def take_bracket(self, text: str) -> None:
        told = _designation(text)
        if told:
            self.volume, self.whole = self.volume or told[0], self.whole or told[1]
        elif _EDITION_BRACKET.search(text):
            self.take_edition(text)
        else:
            self.extra.append(text)

    def strip(self, text: str) -> str:
        for inside in _BRACKET.findall(text):
            self.take_bracket(inside)
        bare = _BRACKET.sub(" ", text).strip() or text
        tail = _TAIL_EDITION.search(bare)
        if tail and tail.start() > 1:
            self.take_edition(tail[1])
            bare = bare[: tail.start()]
        rest, volume = _without_volume(bare)
        if volume:
            self.volume = self.volume or volume
        return rest


@lru_cache(maxsize=1 << 13)
def _proper(
    text: str, remainder: str, number: str, part: str, statement: str
) -> tuple[str, str, str, bool, int, tuple[str, ...]]:
    builder = _Builder()
    if statement:
        builder.take_edition(statement)
    if number:
        told = _designation(number)
        builder.volume, builder.whole = told or (fold(number), False)
    main, *subtitles = _SUBTITLE.split(builder.strip(text.strip().strip("《》")))
    if not fold(main) and subtitles:
        main = subtitles.pop(0)
    if subtitles:
        main = builder.strip(main)
    rest = "".join(subtitles) + (builder.strip(remainder) if remainder else "") + part
    core = fold(main) or fold(text)
    return (
        core + fold(rest),
        core,
        builder.volume,
        builder.whole,
        builder.edition,
        tuple(sorted(builder.kinds)),
    )


def title_parts(titles: Sequence[Title], editions: Sequence[Text]) -> TitleParts:
    """The parts of the title proper and of the edition statements; ``others`` are parallel, variant, uniform and part titles."""
    proper = next(
        (title for title in titles if title.kind == "proper"),
        titles[0] if titles else Title(kind="proper", text=""),
    )
    statement = " ".join(text.text for text in editions)
    title, core, volume, whole, edition, kinds = _proper(
        proper.text, proper.remainder, proper.volume_number, proper.volume_title, statement
    )
    others = tuple(
        dict.fromkeys(
            folded for t in titles if t is not proper and (folded := fold(t.text)) and folded != core
        )
    )
    return TitleParts(title, core, others[:4], volume, whole, edition, kinds)
