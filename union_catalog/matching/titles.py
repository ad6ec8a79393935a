"""Titles taken apart: what names the book, what numbers a volume, what belongs to the edition statement."""

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from union_catalog.bibliographic.folding import bare, fold, fold_script
from union_catalog.bibliographic.normalise.numerals import to_int
from union_catalog.bibliographic.normalise.statements import parse_statement
from union_catalog.bibliographic.normalise.volumes import canonical_volume, is_volume, read_volume
from union_catalog.bibliographic.record import Text, Title

_BRACKET = re.compile(r"[(\[【［〔〈<]([^()\[\]【】［］〔〕〈〉<>]{1,40})(?:[)\]】］〕〉>]\.?|$)")
_RANGE = re.compile(r"^(.*?)\s*[(\s.·]*第?(\d{1,3})\s*[-—~～至]\s*第?(\d{1,3})\s*[卷册辑部集]?(?:全|完|装|套装)?\)?$")
_SUBTITLE = re.compile(r"\s*(?:[:：︰∶@]|—+|--+|\s-\s|\s/\s|(?<=[\u3400-\u9fff])[-/](?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])\.\s+)\s*")
_SEGMENT = re.compile(r"[·・\s]+(?=[\u3400-\u9fff]{2})")
_ROMAN_END = re.compile(r"^(.*[\u3400-\u9fff])\s*([IVX]{1,4})$")
_VOLUME_INSIDE = re.compile(r"^(.*[\u3400-\u9fff])\s*(\d{1,2}|[IVX]{1,4})\s*[·•・]\s*([\u3400-\u9fff].*)$")  # 三体2·黑暗森林
_HAN_NUMBER = "[0-9一二三四五六七八九十百]{1,4}"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINAL_WORD = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})"
_EDITION_NUMBER = re.compile(
    rf"({_HAN_NUMBER})\s*(?:次修订|次|修订)?版|\b({_ORDINAL_WORD})\s+(?:\w+\s+)?ed|\b(\d{{1,2}})/e\b",
    re.IGNORECASE,
)
_EDITION_AT_END = re.compile(
    rf"[\s,:·\-—]*(第?\s*{_HAN_NUMBER}\s*版|(?:修订|增订|增补|插图|影印|典藏|珍藏|纪念|最新|升级)[版本]"
    rf"|(?:[,\s]|\b)(?:{_ORDINAL_WORD}|international|revised)\s+(?:\w+\s+)?edition|[,\s]\s*\d{{1,2}}/e)\s*$",
    re.IGNORECASE,
)
_EDITION_LETTERS = tuple("版本nNeE")  # with one of which whatever _EDITION_AT_END finds ends
_OPENING = frozenset("([【［〔〈<")
_NUMERALS = frozenset("〇零一二三四五六七八九十百千")
_IS_EDITION = re.compile(
    "版$|本$|装$|edition|修订|增订|影印|典藏|珍藏|纪念|精装|平装|插图|双语|对照|全译|注音|繁体|原版|ed\\.$",
    re.IGNORECASE,
)
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
# Numbers in words: 一九八四 = 1984, 二十一世纪 = 21世纪, 一千零一夜 = 1001夜; a single one only where it counts (第三帝国).
_NUMBER_IN_WORDS = re.compile("[〇零一二三四五六七八九十百千]{2,}|(?<=第)[一二三四五六七八九十]|[一二三四五六七八九十](?=世纪|年代)")
_ONE = "[一二三四五六七八九]"
_WELL_FORMED = re.compile(f"(?:{_ONE}千)?零?(?:{_ONE}百)?零?(?:{_ONE}?十)?零?{_ONE}?")
_DIGITS_ONLY = re.compile("[〇零一二三四五六七八九]{2,}")


def _in_figures(found: re.Match[str]) -> str:
    text = found[0]
    if _DIGITS_ONLY.fullmatch(text) or _WELL_FORMED.fullmatch(text):
        return str(to_int(text) or 0)
    return text


def _folded(text: str) -> str:
    """A text that was made normal, folded, with numbers in figures."""
    folded = bare(text)
    return folded if _NUMERALS.isdisjoint(folded) else _NUMBER_IN_WORDS.sub(_in_figures, folded)


_SHORT_STATEMENT = 6
_OWN_EDITION = re.compile("[^读绘剧课话文][本]$|[^原正新]版$")  # 阴本 and 阳本, 人教版 and 苏教版, but not 读本


class TitleParts(NamedTuple):
    """See ``Features``; all text folded."""

    title: str
    core: str
    others: tuple[str, ...]
    volume: str
    whole: bool
    edition: int
    kinds: tuple[str, ...]


def _edition_number(text: str) -> int:
    found = _EDITION_NUMBER.search(text)
    if not found:
        return 0
    word = (found[found.lastindex or 0]).lower()
    if word in _ORDINALS:
        return _ORDINALS.index(word) + 1
    return to_int(word.rstrip("stndrh")) or 0


@dataclass(slots=True)
class _Reading:
    """What the pieces of one title say; the first to tell a thing is believed."""

    volume: str = ""
    whole: bool = False
    edition: int = 0
    kinds: set[str] = field(default_factory=set)
    parts: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)

    def take_edition(self, text: str) -> None:
        number = _edition_number(text)
        self.edition = self.edition or number
        kinds = [code for code, pattern in _KINDS if pattern.search(text)]
        if not number and not kinds and len(text) <= _SHORT_STATEMENT and _OWN_EDITION.search(text):
            kinds = [fold(text)]
        self.kinds.update(kinds)

    def take_volume(self, number: str, title: str = "") -> None:
        self.volume = self.volume or (number if "." in number else canonical_volume(number))
        if title:
            self.parts.append(title)

    def take_range(self, span: re.Match[str]) -> None:
        self.volume = self.volume or f"{int(span[2])}-{int(span[3])}"

    def take_bracket(self, inside: str) -> None:
        """What stands in brackets is a volume, a whole set, an edition statement or more of the title."""
        span = _RANGE.match(inside)
        told = read_volume(f"题({inside})")  # any title will do: what is asked is how the bracket is understood
        if span and not span[1]:
            self.take_range(span)
        elif told.is_set:
            self.whole = True
        elif told.number:
            self.take_volume(told.number, told.title)
        elif _IS_EDITION.search(inside):
            self.take_edition(inside)
        else:
            self.extra.append(inside)

    def strip(self, text: str) -> str:
        """The text without volume, brackets and edition statement, which are taken note of."""
        if not _OPENING.isdisjoint(text):
            for inside in _BRACKET.findall(text):
                self.take_bracket(inside.strip())
            text = _BRACKET.sub(" ", text).strip() or text
        else:
            text = text.strip() or text
        edition = _EDITION_AT_END.search(text) if text.rstrip().endswith(_EDITION_LETTERS) else None
        if edition and edition.start() > 1:
            self.take_edition(edition[1])
            text = text[: edition.start()]
        return self._without_volume(text)

    def _without_volume(self, text: str) -> str:
        span = _RANGE.match(text) if text[-1:].isdigit() else None
        if span and span[1]:
            self.take_range(span)
            return span[1]
        roman = _ROMAN_END.match(text) if text[-1:] in "IVX" else None
        if roman:
            self.take_volume(roman[2])
            return roman[1]
        inside = _VOLUME_INSIDE.match(text) if "·" in text or "•" in text or "・" in text else None
        if inside:
            self.take_volume(inside[2], inside[3])
            return inside[1]
        told = read_volume(text)
        self.whole = self.whole or told.is_set
        if told.number:
            self.take_volume(told.number, told.title)
        return told.core


def _normal(text: str) -> str:
    """Compatibility forms (Ⅱ, ２, ②), script and quotation marks as matching reads them."""
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return fold_script(text).replace("《", " ").replace("》", " ")


@lru_cache(maxsize=1 << 13)
def _proper(text: str, remainder: str, number: str, part: str, statement: str) -> TitleParts:
    reading = _Reading()
    if statement:
        reading.take_edition(_normal(statement))
    if number:
        reading.take_volume(number)
    text = _normal(text).strip()
    main, *rest = [piece for piece in _SUBTITLE.split(reading.strip(text)) if bare(piece)] or [text]
    if rest:
        main = reading.strip(main)
    if remainder:
        rest.append(reading.strip(_normal(remainder)))
    rest += [_normal(part)] if part else []
    rest = [*reading.parts, *rest, *reading.extra]
    core = _folded(main) or bare(text)
    segments = rest + _SEGMENT.split(main) if _SEGMENT.search(main) else rest
    return TitleParts(
        title=core + _folded("".join(rest)),
        core=core,
        others=tuple(dict.fromkeys(segment for piece in segments if len(segment := _folded(piece)) > 1)),
        volume=reading.volume,
        whole=reading.whole,
        edition=reading.edition,
        kinds=tuple(sorted(reading.kinds)),
    )


# What a statement of responsibility may begin with although it belongs to the title: a volume, or words of the edition.
_STRAY_BEFORE = re.compile(rf"第|[上中下](?:[册卷部集编篇])?\s|[卷册部]|{_HAN_NUMBER}\s|[IVX]+\s|\S*\s*[Ee]dition")
_STRAY_INSIDE = re.compile(r"[\u3400-\u9fff][版本](?=\s)|双语|对照|注音")


def stray_parts(statement: str) -> tuple[str, str]:
    """The volume ("2", "2.2" for a part of a volume) and the words of the edition that stand before the names of a statement.

    "下 The Mediterranean (德)路德维希著", "第六版 (美)加里·德斯勒著", "Fourth Edition".
    """
    if " " not in statement or not (_STRAY_BEFORE.match(statement) or _STRAY_INSIDE.search(statement)):
        return "", ""
    if statement.endswith("dition"):
        return "", statement
    words = list(dict.fromkeys(parse_statement(statement, "isbd").residue.split()))
    volumes = [word for word in words if is_volume(word)]
    parts = [word for word in volumes if word.startswith("第")] or volumes[:1]
    edition = " ".join(word for word in words if len(word) > 2 and _IS_EDITION.search(word))
    return ".".join(map(canonical_volume, parts)), edition


def title_parts(titles: Sequence[Title], editions: Sequence[Text], responsibility: str = "") -> TitleParts:
    """The parts of the title proper and of the edition statements, and what of them stands in the statement of ``responsibility``.

    ``others`` are the pieces of the title proper that could be a title of their own (春雪 in 丰饶之海·春雪) and the parallel, variant and
    uniform titles, eight at most.
    """
    proper = next((t for t in titles if t.kind == "proper"), titles[0] if titles else Title(kind="proper", text=""))
    volume, edition = stray_parts(responsibility)
    statement = " ".join([*(text.text for text in editions), edition] if edition else [text.text for text in editions])
    number = volume if "." in volume else proper.volume_number or volume
    parts = _proper(proper.text, proper.remainder, number, proper.volume_title, statement)
    if len(titles) < 2:
        return parts
    others = [_folded(_normal(title.text)) for title in titles if title is not proper]
    return parts._replace(others=tuple(dict.fromkeys(text for text in (*parts.others, *others) if text))[:8])
