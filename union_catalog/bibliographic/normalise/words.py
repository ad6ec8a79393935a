"""The word lists beside this package (data/*.tsv) as lookups: roles, countries and dynasties, family names, kinds of bodies."""

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

_FOLDER = files("union_catalog.bibliographic").joinpath("data")
_BODY_WORDS = (
    "委员会|編輯部|编辑部|编委会|编写组|编辑组|教研室|教研组|课题组|项目组|工作室|研究室|研究所|研究院|研究会|研究中心|研究组|實驗室|实验室|"
    "出版社|出版公司|有限公司|公司|集团|大学|大學|学院|學院|学校|中学|小学|中心|协会|協會|学会|學會|基金会|联合会|总会|委會|博物馆|博物館|"
    "图书馆|圖書館|档案馆|美术馆|纪念馆|文化馆|杂志社|报社|新闻社|通讯社|书局|書局|书店|编译局|统计局|总局|管理局|教育部|文化部|办公室|"
    "组委会|栏目组|剧组|译组|翻译小组|小组|书院|剧院|乐团|合唱团|政府|法院|检察院|书源|科技|文化|视觉|传媒|数码|互动|名师团|工程院|科学院|国际"
)
BODY_ENDINGS = tuple(_BODY_WORDS.split("|"))
BODY_LATIN = re.compile(
    r"\b(?:university|institute|association|society|committee|press|inc|corp|corporation|company|council|bureau|department|dept|"
    r"center|centre|library|museum|foundation|commission|ministry|office|agency|laboratory|academy|college|group)\b",
    re.IGNORECASE,
)


def _lines(name: str) -> list[list[str]]:
    text = _FOLDER.joinpath(name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def roles() -> dict[str, tuple[str, ...]]:
    """Role codes by word or code: "编著" → ("author", "editor"), "trl" and "730" → ("translator",)."""
    return {word: tuple(codes.split()) for word, codes, *_ in _lines("roles.tsv")}


@cache
def attached_roles() -> frozenset[str]:
    """The role words that may be glued to the end of a name; four characters at most."""
    return frozenset(word for word, _, *how in _lines("roles.tsv") if how == ["attached"])


@cache
def origins() -> dict[str, Literal["country", "dynasty"]]:
    """What a word in brackets before a name tells: "美" → country, "清" → dynasty."""
    return {word: "dynasty" if kind == "dynasty" else "country" for word, kind, *_ in _lines("origins.tsv")}


@cache
def surnames() -> frozenset[str]:
    """Chinese family names of one character."""
    return frozenset("".join("".join(line) for line in _lines("surnames.txt")))


@lru_cache(maxsize=4096)
def role_codes(word: str) -> tuple[str, ...]:
    """The codes for a role as somebody wrote it: "著", "编著者", "Editor.", "(trl)", "070"; empty if it is not known."""
    plain = word.strip(" .,:;：()（）[]·").removesuffix("等").lower()
    known = roles()
    return known.get(plain) or known.get(plain.removesuffix("者")) or ()
