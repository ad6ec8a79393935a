"""The list of variant characters: whoever types one of two that the list ties finds what is found with the other.

Two forms are analysed into the same tokens in a record and into the same plan in a query, so no engine can tell them apart.
"""

import re
from pathlib import Path

import opencc
import pytest

from union_catalog.bibliographic.record import Agent, BibliographicRecord, Title
from union_catalog.search.document import AnalysedText
from union_catalog.search.plan import Plan, plan
from union_catalog.search.query import parse
from union_catalog.search.text import analyse

pytestmark = pytest.mark.shared_data

# A character can be written for one other only. Where the list ties it to two that are different words (or to the wrong one), it goes where
# readers of Chinese look for it, and the other tie is left out.
LEFT_OUT = {
    # 研究 and 研经室集 are written 硏究 and 揅經室集; 圳 is the ditch in 深圳. A query of script_pairs.csv wants 硏 = 研.
    "硏圳", "揅圳",
    # 甪 is a character of its own, in 甪直 beside Kunshan.
    "甪角", "甪脚", "甪腳",
    # Older forms of one word, which the list ties to a second one as well.
    "甁萍", "䍀褓", "亖肆", "厵沅", "畨蹯", "苽菇", "韮艽", "兿芸", "兿蕓", "扺羝", "抔抱", "樐舻", "樐艫", "楜糊", "楜葫", "楜蝴",
    # 徬徨 is 彷徨, 燿 is 耀 (光耀), 鷰 is 燕, 櫂 is 棹 (棹歌), 蓡 is 参 (人参), 儞 is 你, 髗 is 颅, 橰 is 槔, 辧 is 办 (办理).
    "徬仿", "燿曜", "鷰宴", "櫂桌", "蓡叁", "儞奶", "儞嬭", "髗胪", "橰桕", "辧弁",
    # Japanese: 鴎 is 鸥 (森鸥外), 働 is 动 (劳动), 獏 is 貘.
    "鴎鷥", "鴎鸶", "働仂", "獏貊",
    # Different words altogether: the names of two rivers, and of a plant and being muddled.
    "潢洸", "薴懞",
}  # fmt: skip


def variants(shared_data: Path) -> list[tuple[str, str]]:
    """The pairs of han_variants.txt, but for those whose sides, brought to simplified forms, are two different common characters."""
    simplified = opencc.OpenCC("t2s").convert
    text = (shared_data / "search" / "han_variants.txt").read_text("utf-8")
    found = re.findall(r"^\\u([0-9A-F]+) > \\u([0-9A-F]+);", text, re.MULTILINE)
    pairs = [(chr(int(one, 16)), chr(int(other, 16))) for one, other in found]
    return [pair for pair in pairs if not different_common(simplified(pair[0]), simplified(pair[1]))]


def different_common(one: str, other: str) -> bool:
    return one != other and all(common(character) for character in (one, other))


def common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def seen(character: str) -> tuple[AnalysedText, Plan]:
    """All that an engine is given of a character, in a record and in a query."""
    record = BibliographicRecord(titles=(Title(kind="proper", text=character),), agents=(Agent(name=character),))
    return analyse(record), plan(parse(character))


def test_variants_find_the_same(shared_data: Path) -> None:
    pairs = variants(shared_data)
    differing = {frozenset(pair) for pair in pairs if seen(pair[0]) != seen(pair[1])}
    assert len(pairs) > 1600
    assert differing == {frozenset(pair) for pair in LEFT_OUT}
