"""Publishers as matching compares them: one code for all the ways of writing a house, imprints beside it.

The table ``data/publishers.tsv`` holds, one house a line, the form that stands for it and the other ways of writing it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from union_catalog.bibliographic.folding import fold

_SPLIT = re.compile(r"\s*[/／|｜,，;；+＋]\s*|(?<=[社司团])\s*[·•・&]\s*|\s{2,}|(?<=社)\s+")
_TAIL = re.compile(
    "(?:(?:有限责任公司|股份有限公司|有限公司|出版集团公司|出版传媒|传媒|集团|出版公司|出版总社|出版社|出版部|出版|图书公司|事业|企业|公司)"
    "|(?:publishinggroup|publishinghouse|publishing|publishers|publisher|publications|press|books|company|co|ltd|inc|plc|limited|corporation"
    "|group|usa|uk|ptr))+$"
)
_BODY = re.compile(
    "社|出版|书店|书局|书馆|书屋|公司|集团|文化|图书|印书|中心|大学|学院|press|publish|books|verlag|editions|inc|ltd|company|house|university|media"
)
_PLACE_NOTE = re.compile(r"[(（\[]\s*(?:香港|台湾|台灣|北京|上海|中国|集团|有限公司|集團|usa|uk|us)\s*[)）\]]", re.IGNORECASE)
_PREFIXES = ("中国", "北京", "上海", "台湾", "香港", "中华")


def _bare(folded: str) -> str:
    return _TAIL.sub("", folded) or folded


def _aliases() -> dict[str, str]:
    """The standing form of every listed way of writing, with and without its 出版社; a way that two houses share stands for the first."""
    lines = files("union_catalog.matching").joinpath("data/publishers.tsv").read_text("utf-8").splitlines()
    rows = [[fold(cell) for cell in line.split("\t") if cell] for line in lines if line and not line.startswith("#")]
    aliases = {row[0]: row[0] for row in rows}
    for row in rows:
        for cell in row:
            aliases.setdefault(cell, row[0])
            aliases.setdefault(_bare(cell), row[0])
    return aliases


_ALIASES = _aliases()


@lru_cache(maxsize=1 << 14)
def _house(text: str) -> str:
    whole = fold(text)
    if whole in _ALIASES:
        return _ALIASES[whole]
    bare = _bare(fold(_PLACE_NOTE.sub("", text)))
    return _ALIASES.get(bare, bare)


# What a comma in the wrong place leaves where the publisher should stand: half a bracket, initials, a degree.
_SLIPPED = re.compile(r"^[^(（\[【]*[)）\]】]|[(（][^)）]*$|^(?:[A-Z]\.\s*){1,3}$|^(?:Ph\.?\s?D|Jr|Sr|M\.?D)\.?$")
_DATE = re.compile(r"(?:19|20)\d\d(?:\D|$)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d", re.IGNORECASE)


@lru_cache(maxsize=1 << 14)
def houses_in(statement: str) -> tuple[str, ...]:
    """The canonical names in one statement: 北京联合出版公司·后浪出版公司 gives both."""
    whole = fold(statement)
    if whole in _ALIASES:
        return (_ALIASES[whole],)
    if (_DATE.search(statement) or _SLIPPED.search(statement)) and not is_publisher(statement):
        return ()
    return tuple(dict.fromkeys(house for piece in _SPLIT.split(statement) if piece and (house := _house(piece))))


def publishers_in(statements: Iterable[str]) -> tuple[str, ...]:
    """The canonical names of all publishers told, in order, each once."""
    return tuple(dict.fromkeys(house for statement in statements for house in houses_in(statement)))


@lru_cache(maxsize=1 << 14)
def is_publisher(text: str) -> bool:
    """Whether a text names a publishing body rather than, by a slip of the columns, a person or a date."""
    folded = fold(text)
    return folded in _ALIASES or bool(_BODY.search(folded))


@lru_cache(maxsize=1 << 15)
def related(a: str, b: str) -> bool:
    """Whether one name is the other with a place before it or a word behind it (建筑工业, 中国建筑工业)."""
    short, long = sorted((a, b), key=len)
    if len(short) < 2:
        return False
    return long.startswith(short) or any(long == prefix + short for prefix in _PREFIXES) or (len(short) > 3 and short in long)
