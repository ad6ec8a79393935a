"""Publishers as matching compares them: one code for all the ways of writing a house, imprints beside it.

The table ``data/publishers.tsv`` holds, one house a line, the form that stands for it and the other ways of writing it;
``data/imprints.tsv`` the brands that appear beside several houses, with these.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from union_catalog.bibliographic.folding import fold

_SPLIT = re.compile(r"\s*[/／|｜丨▏,，;；+＋、]\s*|(?<=[社司团])\s*[·•・&]\s*|\s{2,}|(?<=[社司])\s+")
_WEAK_SPLIT = re.compile(r"\s*[·•・‧\s()（）\[\]【】]\s*")
_TAIL = re.compile(
    "(?:(?:有限责任公司|股份有限公司|有限公司|出版集团公司|出版传媒|传媒|集团|出版公司|出版总社|出版社|出版部|出版|图书公司|事业|企业|公司)"
    "|(?:publishinggroup|publishinghouse|publishing|publishers|publisher|publications|press|books|company|co|ltd|inc|plc|limited|corporation"
    "|group|usa|uk|ptr))+$"
)
_BODY = re.compile(
    "社|出版|书店|书局|书馆|书屋|公司|集团|文化|图书|印书|中心|大学|学院|press|publish|books|verlag|editions|inc|ltd|company|house|university|media"
)
_PLACE_NOTE = re.compile(r"[(（\[]\s*(?:香港|台湾|台灣|北京|上海|中国|集团|有限公司|集團|usa|uk|us)\s*[)）\]]", re.IGNORECASE)
_PLACE_BEFORE = re.compile(r"^\s*[\u3400-\u9fff]{2,4}\s*[:：]\s*(?=\S)")  # 上海：上海文化出版社
_AND = re.compile(r"\band\b", re.IGNORECASE)
_PREFIXES = ("中国", "北京", "上海", "台湾", "香港", "中华")


# 重庆出版集团重庆出版社 is the house behind the group; a group alone stays.
_GROUP = re.compile("^.{2,}?集团(?:有限责任公司|股份有限公司|有限公司|公司)?(?=.{2,}(?:出版社|出版公司|书局|书社|书店)$)")
_SHORT_WORDS = (
    (re.compile("科技$"), "科学技术"),
    (re.compile("少儿$"), "少年儿童"),
    (re.compile("社科$"), "社会科学"),
    (re.compile("师大$"), "师范大学"),
    (re.compile("^江苏凤凰(?=.)"), "江苏"),
    (re.compile("^(?:湖北)?长江(?=少年儿童)"), "长江"),
)
# What stands behind the name of one house and makes another: 上海人民 is no part of 上海人民美术.
_OTHER_HOUSE = re.compile(
    "^(?:文学|文艺|美术|教育|大学|少年|儿童|科学|科技|技术|音乐|古籍|体育|卫生|邮电|交通|法院|公安|日报|画报|摄影|戏剧|电影|电子|音像|工业|农业|经济|财经"
    "|辞书|译文|书店|三联|文化|艺术|民族|社会|理工|师范|外语|外国|交大|医|工商|政法|青年|妇女|旅游|地图|测绘|武警|军事|解放军|十月|联合|燕山|时代|图书馆)"
)


def _bare(folded: str) -> str:
    return _TAIL.sub("", folded) or folded


def _spelt_out(bare: str) -> str:
    """北师大 gives 北师范大学, which the table knows: words that every reader knows in short."""
    for short, long in _SHORT_WORDS:
        bare = short.sub(long, bare)
    return bare


def _rows(name: str) -> list[list[str]]:
    lines = files("union_catalog.matching").joinpath("data", name).read_text("utf-8").splitlines()
    return [[cell for cell in line.split("\t") if cell] for line in lines if line and not line.startswith("#")]


def _aliases(rows: Iterable[list[str]]) -> dict[str, str]:
    """The standing form of every listed way of writing, with and without its 出版社; a way that two houses share stands for the first."""
    folded = [[fold(_AND.sub("&", cell)) for cell in row] for row in rows]
    aliases = {row[0]: row[0] for row in folded}
    for row in folded:
        for cell in row:
            for way in (cell, _bare(cell), _spelt_out(_bare(cell))):
                aliases.setdefault(way, row[0])
    return aliases


_IMPRINT_ROWS = _rows("imprints.tsv")
_ALIASES = _aliases([*_rows("publishers.tsv"), *([row[0], *row[1].split("、")] for row in _IMPRINT_ROWS)])
_HOUSES = frozenset(_ALIASES.values())
_OF_IMPRINT = {fold(row[0]): frozenset(_ALIASES.get(fold(house), fold(house)) for house in row[2].split("、")) for row in _IMPRINT_ROWS}
_NO_HOUSE = frozenset({"", "inc", "usa", "uk", "the", "a", "ltd", "co", "llc", "and", "hk", "1", "平装", "精装", "中国", "本社", "等"})


@lru_cache(maxsize=1 << 14)
def _house(text: str) -> str:
    whole = fold(_AND.sub("&", text))
    if whole in _ALIASES:
        return _ALIASES[whole]
    bare = _bare(_GROUP.sub("", fold(_PLACE_NOTE.sub("", _AND.sub("&", text)))))
    known = _ALIASES.get(bare)
    if known:
        return known
    spelt_out = _spelt_out(bare)
    return _ALIASES.get(spelt_out, spelt_out)


# What a comma in the wrong place leaves where the publisher should stand: half a bracket, initials, a degree.
_SLIPPED = re.compile(
    r"^[^(（\[【]*[)）\]】]|[(（][^)）]*$|^(?:[A-Z]\.\s*){1,3}$|^(?:Ph\.?\s?D|Jr|Sr|M\.?D)\.?$"
    r"|^[\d\W]+元?$|^(?:NT|HK|US|CNY|RMB|JPY|GBP|EUR|£|¥|￥|\$)\W*\d"
)
_DATE = re.compile(
    r"(?:19|20)\d\d(?:\D|$)|[１２][０-９]{3}|^民国?\s*\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d", re.IGNORECASE
)


@lru_cache(maxsize=1 << 14)
def houses_in(statement: str) -> tuple[str, ...]:
    """The canonical names in one statement: 北京联合出版公司·后浪出版公司 gives both."""
    whole = fold(_AND.sub("&", statement))
    if whole in _ALIASES:
        return (_ALIASES[whole],)
    if (_DATE.search(statement) or _SLIPPED.search(statement)) and not is_publisher(statement):
        return ()
    found = (house for piece in _SPLIT.split(_PLACE_BEFORE.sub("", statement)) if piece for house in _houses_of(piece))
    return tuple(dict.fromkeys(house for house in found if house not in _NO_HOUSE))


def _houses_of(piece: str) -> list[str]:
    """One house, or those that stand beside each other in a Chinese name (浦睿文化·湖南文艺出版社, 上海人民出版社（世纪文景）)."""
    house = _house(piece)
    parts = [] if piece.isascii() or house in _HOUSES else [part for part in _WEAK_SPLIT.split(piece) if part]
    return [_house(part) for part in parts] if len(parts) > 1 and any(_house(part) in _HOUSES for part in parts) else [house]


def publishers_in(statements: Iterable[str]) -> tuple[str, ...]:
    """The canonical names of all publishers told, in order, each once."""
    return tuple(dict.fromkeys(house for statement in statements for house in houses_in(statement)))


@lru_cache(maxsize=1 << 14)
def is_publisher(text: str) -> bool:
    """Whether a text names a publishing body rather than, by a slip of the columns, a person or a date."""
    folded = fold(text)
    return folded in _ALIASES or bool(_BODY.search(folded))


def is_known_house(house: str) -> bool:
    """Whether a canonical name stands in the table, or says by its words that it is a house's (东亚大学, 某某书局)."""
    return house in _HOUSES or bool(_HOUSE_WORD.search(house))


def is_imprint(house: str) -> bool:
    """Whether a canonical name is that of a brand which appears beside several houses."""
    return house in _OF_IMPRINT


_HOUSE_WORD = re.compile("(?:书局|书店|书社|书馆|书院|文艺|人民|教育|大学|科学技术|美术|古籍|少年儿童|文化|图书|university|books)$")
_IS_HOUSE = re.compile("(?:出版社|出版公司|出版集团|出版社有限公司|书局|书店|书社|印书馆|出版有限公司|press|publishers|publishing|books)$")


@lru_cache(maxsize=1 << 12)
def is_house(text: str) -> bool:
    """Whether a text can be nothing but a publishing house: it stands in the table, or says so at its end."""
    folded = fold(text)
    return folded in _ALIASES or bool(_IS_HOUSE.search(folded))


@lru_cache(maxsize=1 << 15)
def related(a: str, b: str) -> bool:
    """Whether one is an imprint of the other, or has a place before it or a word behind it (建筑工业, 中国建筑工业)."""
    if b in _OF_IMPRINT.get(a, ()) or a in _OF_IMPRINT.get(b, ()):
        return True
    short, long = sorted((a, b), key=len)
    if len(short) < 2 or (a in _HOUSES and b in _HOUSES):
        return False  # two houses of the table are two, however alike they are (人民, 人民文学, 上海人民)
    if long.startswith(short):
        return not _OTHER_HOUSE.match(long[len(short) :])
    return any(long == prefix + short for prefix in _PREFIXES) or (len(short) > 3 and short in long)
