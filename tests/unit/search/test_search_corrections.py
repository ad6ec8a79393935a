"""What is mistaken for what, what it costs, and which query was meant."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.search_engines import CATALOGUE, edition
from union_catalog.search import pinyin
from union_catalog.search.characters import prepare
from union_catalog.search.corrections.alignment import ANY_OTHER, HOMOPHONE, LOOK_ALIKE, TWIN, align, price
from union_catalog.search.corrections.choosing import Candidate, alternatives, fits_as_typed, is_whole, may_be_mistaken, unnumbered
from union_catalog.search.corrections.choosing import chosen as found_meant
from union_catalog.search.corrections.lookalikes import akin, alike, lookalikes
from union_catalog.search.corrections.numbering import is_number, numbering, renumbered
from union_catalog.search.corrections.rewriting import mended
from union_catalog.search.corrections.slips import edits, may_be_pinyin, readings, slips
from union_catalog.search.corrections.sounds import nearly_sound_alike, sound_alike
from union_catalog.search.document import IndexDocument
from union_catalog.search.holding import held
from union_catalog.search.nodes import ParsedQuery
from union_catalog.search.query import parse

BOOKS = (
    *CATALOGUE,
    edition("sgyy", "三国演义", "罗贯中", held={"JD": True, "JX": True}),
    edition("weicheng", "围城", "钱锺书"),
    edition("fan", "平凡的世界", "路遥"),
    edition("css", "HTML 5与CSS 3权威指南", "陆凌牛"),
)


def candidates(*documents: IndexDocument) -> list[Candidate]:
    return [Candidate(held(document), document.holdings_count) for document in documents]


def chosen(query: ParsedQuery, books: Sequence[Candidate]) -> str | None:
    meant = found_meant(query, books)
    return meant.query if meant else None


@pytest.mark.parametrize("pair", ["己已", "末未", "戊戌", "土士", "刺剌", "茶荼", "崇祟", "喽楼", "人入", "天夫", "田由", "拔拨"])
def test_characters_that_look_alike(pair: str) -> None:
    assert alike(pair[0], pair[1])
    assert alike(pair[1], pair[0])
    assert pair[1] in lookalikes(pair[0])


@pytest.mark.parametrize("pair", ["楼红", "书读", "中国", "红红", "a红"])
def test_characters_that_do_not(pair: str) -> None:
    assert not alike(pair[0], pair[1])


def test_characters_of_one_component_are_akin() -> None:
    assert akin("清", "晴")
    assert not akin("清", "书")


def test_sounds() -> None:
    assert sound_alike("减", "简")
    assert sound_alike("行", "航"), "in one of its readings"
    assert not sound_alike("山", "三")
    assert nearly_sound_alike("山", "三")
    assert nearly_sound_alike("兰", "南")
    assert nearly_sound_alike("金", "京")
    assert not nearly_sound_alike("红", "白")


def test_slips_of_the_finger() -> None:
    assert {"harvard", "havrad", "avard", "havardd"} <= set(edits("havard"))
    assert slips("histroy", "history") == 1
    assert slips("encyclopadia", "encyclopaedic") == 2
    assert slips("histry", "misery") is None, "two slips in so short a word"
    assert edits("cat") == ()
    assert slips("cat", "car") is None


@pytest.mark.parametrize(
    ("typed", "meant"), [("mneg", "meng"), ("hongluomeng", "hongloumeng"), ("hongnoumeng", "hongloumeng"), ("zixinche", "zixingche")]
)
def test_pinyin_with_a_slip(typed: str, meant: str) -> None:
    assert meant in {reading.text for reading in readings(typed)}


def test_what_sounds_alike_comes_before_what_is_a_slip() -> None:
    heard = [reading.heard for reading in readings("hongnoumeng")]
    assert heard == sorted(heard, reverse=True)
    assert any(heard)


@pytest.mark.parametrize(
    ("typed", "value", "cost"),
    [
        ("时间简史", "时间简史", 0),
        ("时间减史", "时间简史", HOMOPHONE),
        ("自已", "自己", TWIN),
        ("末来简史", "未来简史", TWIN),
        ("今日简史", "令日简史", TWIN),
        ("时侍简史", "时待简史", LOOK_ALIKE),
        ("时间书史", "时间简史", ANY_OTHER),
        ("红喽梦", "漫说红楼梦", HOMOPHONE),
        ("红红楼梦", "红楼梦", 30),
        ("红梦", "红楼梦", 60),
        ("红梦楼", "红楼梦", 55),
    ],
)
def test_prices(typed: str, value: str, cost: int) -> None:
    found = align(list(typed), list(value), 200)
    assert found is not None
    assert found.cost == cost
    assert found.whole == (len(value) < 5)
    assert mended(typed, found.edits) in value


def test_nothing_is_left_out_at_the_ends_and_no_latin_word_at_all() -> None:
    assert align(list("中国古代文学史"), list("中国古代文学"), 100) is None
    assert align(["html", "and", "css"], ["html", "css"], 200) is None
    assert price("红", "red") > 200


def test_the_text_stays_as_it_was_typed_around_the_mistake() -> None:
    found = align(["html", "5", "箱", "css", "3", "权", "威", "指", "南"], ["html", "5", "与", "css", "3", "权", "威", "指", "南"], 100)
    assert found is not None
    assert mended("HTML5", ()) == "HTML5"
    assert mended("ＨＴＭＬ", ()) == "html"
    folded = align(list("时间减史"), list("时间简史"), 100)
    assert folded is not None
    assert mended("時間減史", folded.edits) == "时间简史"
    assert mended("《时间减史》", folded.edits) == "《时间简史》"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("红喽梦", "红楼梦"),
        ("时间减史", "时间简史"),
        ("紅嘍夢", "红楼梦"),
        ("红楼梦 曹雪琴", "红楼梦 曹雪芹"),
        ("Havard", "harvard"),
        ("Histroy Harvrad", "history harvard"),
        ("historyof Harvard", "history of Harvard"),
        ("honglou mneg", "honglou meng"),
        ("hongnoumeng", "hongloumeng"),
        ("题名：红喽梦 作者：曹雪琴", "题名：红楼梦 作者：曹雪芹"),
        ("红喽梦 -研究", "红楼梦 -研究"),
        ("(红喽梦) year:1990..2010", "(红楼梦) year:1990..2010"),
        ("三国演意 罗灌中", "三国演义 罗贯中"),
        ("平凡地世界", "平凡的世界"),
        ("平凡的的世界", "平凡的世界"),
        ("围层", "围城"),
        ("HTML 5箱CSS 3权威指南", "HTML 5与CSS 3权威指南"),
    ],
)
def test_what_was_meant(typed: str, meant: str) -> None:
    assert chosen(parse(typed), candidates(*BOOKS)) == meant
    assert parse(meant).nodes == parse(chosen(parse(typed), candidates(*BOOKS)) or "").nodes


@pytest.mark.parametrize(
    "typed",
    [
        "红楼梦",
        "曹雪芹",
        "红楼",
        '"红喽梦"',
        "-红喽梦",
        "isbn:9787020002208",
        "I247.6",
        "喽",
        "ab",
        "xyzzyx",
        "三国演义 鲁迅",
        "中国古代文学史",
        "year:1990",
    ],
)
def test_what_is_left_alone(typed: str) -> None:
    assert chosen(parse(typed), candidates(*BOOKS)) is None


def test_of_what_is_as_likely_the_one_that_most_libraries_hold() -> None:
    often = edition("a", "现代汉语语法", held={"JD": True, "JX": True})
    seldom = edition("b", "现代汉语语义", held={"JD": True})
    books = candidates(often, seldom)
    assert chosen(parse("现代汉语语书"), books) == "现代汉语语法"
    random.Random(1).shuffle(books)
    assert chosen(parse("现代汉语语书"), books[::-1]) == "现代汉语语法"


def test_a_dear_mistake_in_a_short_title_must_leave_no_doubt() -> None:
    one, other = edition("a", "红楼梦"), edition("b", "红岩梦")
    assert chosen(parse("红书梦"), candidates(one)) == "红楼梦"
    assert chosen(parse("红书梦"), candidates(one, other)) is None


def test_two_characters_are_no_word_where_two_words_meet() -> None:
    assert not fits_as_typed(parse("广学"), [held(edition("a", "推广学术研究"))])
    assert fits_as_typed(parse("推广"), [held(edition("a", "推广学术研究"))])
    assert fits_as_typed(parse("author:余华"), [held(edition("a", "活着", "余华"))])


@pytest.mark.parametrize(
    ("typed", "may"),
    [("红楼", True), ("harvard", True), ("红", False), ("ab", False), ('"红喽梦"', False), ("-红喽", False), ("7-02-000220-7", False)],
)
def test_where_a_mistake_is_looked_for(typed: str, may: bool) -> None:
    assert may_be_mistaken(parse(typed)) is may


NUMBERED = (
    edition("all", "三体（全）"),
    edition("first", "明朝那些事儿（伍）", "当年明月"),
    edition("and", "西游记（与）"),
    edition("subject", "主体 上"),
    edition("roman", "Ultima XIII"),
    edition("hawking", "时间简史", "史蒂芬·霍金"),
)


@pytest.mark.parametrize(
    "typed",
    [
        "三体（二）",
        "三体（三）",
        "三体 上",
        "明朝那些事儿（二）",
        "明朝那些事儿 贰",
        "明朝那些事儿贰",
        "西游记（上）",
        "西游记(下)",
        "Ultima VIII",
    ],
)
def test_the_number_of_a_volume_is_never_changed(typed: str) -> None:
    """Neither for another volume nor for a word that looks like it."""
    assert chosen(parse(typed), candidates(*NUMBERED)) is None


def test_a_numeral_within_a_title_may_be_a_mistake() -> None:
    books = candidates(edition("a", "百年孤独"), edition("b", "世界是平的"))
    assert chosen(parse("白年孤独"), books) == "百年孤独"
    assert chosen(parse("世界十平的"), books) == "世界是平的"


@pytest.mark.parametrize("number", ["二", "贰", "上", "第二部", "第10卷", "（二）", "12", "III"])
def test_a_number_by_itself_is_not_mistaken(number: str) -> None:
    assert is_number(prepare(number))
    assert not may_be_mistaken(parse(number))


@pytest.mark.parametrize(
    ("text", "places"), [("三体（二）", {2}), ("西游记上", {3}), ("三体 第二部", {2, 3, 4}), ("百年孤独", set()), ("一千零一夜", set())]
)
def test_which_units_number_a_volume(text: str, places: set[int]) -> None:
    assert numbering(prepare(text)) == places


def test_the_way_back_through_a_comparison_changes_no_number_either() -> None:
    for value in ("三体全二", "三休二", "三体第二", "二体三"):
        found = align(list("三体二"), list(value), 300, frozenset({2}))
        assert found is None or all(edit.end <= 2 for edit in found.edits)


@pytest.mark.parametrize(("typed", "meant"), [("时间减史 霍金", "时间简史 霍金"), ("霍金 时间减史", "霍金 时间简史")])
def test_a_part_that_ends_a_name_is_left_alone_and_does_not_hinder_the_others(typed: str, meant: str) -> None:
    assert chosen(parse(typed), candidates(*NUMBERED)) == meant


def test_alternatives_are_put_right_one_by_one() -> None:
    ways = alternatives(parse("(红喽梦 OR 西遊计) 研究 -插图"))
    assert [way.nodes for way in ways] == [parse("红喽梦 研究 -插图").nodes, parse("西遊计 研究 -插图").nodes]
    assert alternatives(parse("红喽梦 研究")) == (parse("红喽梦 研究"),)


def test_what_is_a_whole_title_or_name_of_its_own() -> None:
    books = [held(document) for document in BOOKS]
    assert is_whole(parse("围城 钱锺书"), books)
    assert is_whole(parse("HTML 5与CSS 3权威指南"), books)
    assert is_whole(parse("title:围城 author:钱锺书"), books)
    assert is_whole(parse("pingfandeshijie"), books)
    assert not is_whole(parse("pingfandeshi"), books)
    assert is_whole(parse("gtszylcd"), [held(edition("gt", "钢铁是怎样炼成的"))])
    assert not is_whole(parse("pfdsj"), books)
    assert not is_whole(parse("HTML 5与CSS"), books)
    assert is_whole(parse("平凡 路遥"), books)
    assert not is_whole(parse("的世界 路遥"), books)
    assert not is_whole(parse("平凡 路"), books)
    assert not is_whole(parse("平凡"), books)
    assert not is_whole(parse("围城 路遥"), books)


@pytest.mark.parametrize(
    ("typed", "title"),
    [("三体 上", "三体"), ("周恩来传（二）", "周恩来传"), ("当代数学 2", "当代数学"), ("红楼梦 曹雪芹", "红楼梦 曹雪芹"), ("二", "")],
)
def test_a_title_without_the_number_of_its_volume(typed: str, title: str) -> None:
    assert unnumbered(parse(typed)).nodes == parse(title).nodes


@pytest.mark.parametrize(
    ("typed", "figures", "formal"),
    [
        ("明朝那些事儿贰", "明朝那些事儿2", ""),
        ("明朝那些事儿第贰部", "明朝那些事儿第2部", ""),
        ("明朝那些事儿第二部", "", "明朝那些事儿 贰"),
        ("明朝那些事儿(拾壹)", "明朝那些事儿(11)", ""),
        ("资治通鉴 12", "", ""),
        ("三国演义上册", "三国演义上", ""),
        ("三国演义 上", "", ""),
        ("百年孤独", "", ""),
        ("叁", "3", ""),
        ("iii", "", "叁"),
    ],
)
def test_other_ways_to_write_the_number_of_a_volume(typed: str, figures: str, formal: str) -> None:
    told = [mended(typed, edits).strip() if edits else "" for edits in renumbered(typed)]
    assert told == [figures, formal]


@given(
    st.lists(st.sampled_from(sorted(pinyin.SYLLABLES)), min_size=1, max_size=6).map("".join), st.integers(0, 30), st.sampled_from("vxaiog")
)
def test_no_place_is_passed_over_at_which_a_slip_may_be_undone(word: str, place: int, letter: str) -> None:
    """Trying only some places finds what trying all of them finds, in the same order."""
    place %= len(word) + 1
    for typed in (word[:place] + letter + word[place:], word[:place] + word[place + 1 :], word[:place] + letter + word[place + 1 :]):
        if may_be_pinyin(typed) and not pinyin.segmentations(typed):
            undone = [ways[0] for one in edits(typed) if (ways := pinyin.segmentations(one))]
            assert [list(one.syllables) for one in readings(typed)] == sorted(undone, key=len)[:40]
