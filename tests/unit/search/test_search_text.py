"""The analysis: from a description to tokens, and their order."""

import pytest

from union_catalog.bibliographic.record import (
    Agent,
    BibliographicRecord,
    Classification,
    Identifier,
    Publication,
    Series,
    Subject,
    Text,
    Title,
)
from union_catalog.search import numerals, pinyin
from union_catalog.search.characters import pieces, prepare, units
from union_catalog.search.isbns import searched
from union_catalog.search.text import BREAK, analyse, class_prefixes


def titled(text: str, **rest: str) -> BibliographicRecord:
    return BibliographicRecord(titles=(Title(kind="proper", text=text, **rest),))


FULL = BibliographicRecord(
    titles=(
        Title(kind="proper", text="三體", volume_number="第二部", volume_title="黑暗森林", pinyin="san ti"),
        Title(kind="parallel", text="The Dark Forest"),
    ),
    agents=(Agent(name="劉慈欣", other_forms=("Liu Cixin",)),),
    responsibility=(Text(text="刘慈欣著"),),
    editions=(Text(text="第2版"),),
    publications=(Publication(publishers=("重庆出版社",), places=("重庆",), year=2008),),
    series=(Series(title="中国科幻基石丛书", issn="1000-0001"),),
    subjects=(Subject(heading="长篇小说", subdivisions=("中国", "当代")),),
    identifiers=(
        Identifier(scheme="isbn", value="9787536693968"),
        Identifier(scheme="isbn", value="7-02-000220-7", valid=False),
    ),
    classifications=(Classification(scheme="clc", number="I247.55"),),
    notes=(Text(text="雨果奖作品"),),
)


def test_every_field_has_its_tokens() -> None:
    found = analyse(FULL, ["I247.55/47"])
    assert found.title.split()[:4] == [BREAK, "三", "体", BREAK]
    assert {"三体", "黑暗", "森林", "dark", "forest", "#2"} <= set(found.title.split())
    assert {"三体", "黑暗", "森林"} <= set(found.title_words.split())
    assert {"三体", "三体2", "三体2黑暗森林", "黑暗森林", "thedarkforest"} <= set(found.title_exact.split())
    assert {"刘", "慈欣", "liu", "cixin", "著"} <= set(found.author.split())
    assert {"刘慈欣", "liucixin"} == set(found.author_exact.split())
    assert "基石" in found.series.split()
    assert {"长篇", "当代"} <= set(found.subject.split())
    assert "重庆" in found.publisher.split()
    assert {"2008", "雨果", "版"} <= set(found.other.split())
    assert {"san'ti", "hei'an", "san"} <= set(found.pinyin.split())
    assert {"liu'ci", "ci'xin", "xin"} == set(found.author_pinyin.split()) - {"liu", "ci"}
    assert {"santi", "liucixin"} <= set(found.pinyin_exact.split())
    assert {"=st", "st", "=hasl", "has"} <= set(found.initials.split())
    assert {"=lcx", "lc", "lcx"} == set(found.author_initials.split())
    assert set(found.identifiers.split()) == {"9787536693968", "7020002207", "9787020002207", "10000001"}
    assert {"I", "I247", "I247.55", "I247.55/47"} <= set(found.call_numbers.split())


def test_an_empty_record_has_no_tokens() -> None:
    assert analyse(BibliographicRecord()) == analyse(titled(""))
    assert analyse(BibliographicRecord()).title == ""


def test_scripts_come_out_alike() -> None:
    assert analyse(titled("紅樓夢研究", volume_number="第二冊")) == analyse(titled("红楼梦研究", volume_number="第二册"))


def test_separators_inside_a_value_do_not_shift_the_fields() -> None:
    dirty = BibliographicRecord(titles=(Title(kind="proper", text="红\x1e楼"),), agents=(Agent(name="曹\x1e雪芹"),))
    found = analyse(dirty)
    assert "楼" in found.title.split()
    assert {"曹", "雪芹"} <= set(found.author.split())
    assert "曹" not in found.title.split()


def test_the_names_in_a_statement_count_where_there_are_no_headings() -> None:
    record = BibliographicRecord(titles=(Title(kind="proper", text="围城"),), responsibility=(Text(text="(清)曹雪芹, 高鹗著"),))
    assert {"曹雪芹", "高鹗"} == set(analyse(record).author_exact.split())


def test_very_long_values_are_bounded() -> None:
    found = analyse(BibliographicRecord(titles=(Title(kind="proper", text="长" * 50_000),), notes=(Text(text="x" * 99_999),)))
    assert len(found.title_exact) <= 256
    assert all(len(token) <= 64 for token in found.other.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("紅樓夢", "红楼梦"),
        ("敎育", "教育"),
        ("ＡＢＣ", "abc"),
        ("Émile", "emile"),
        ("加西亚·马尔克斯", "加西亚马尔克斯"),
        ("乾隆", "乾隆"),
        ("三体Ⅱ", "三体 2 "),
    ],
)
def test_prepared_text(text: str, expected: str) -> None:
    assert prepare(text) == expected


def test_units_and_pieces() -> None:
    assert units(prepare("C++ 与 Python3编程（第2版）")) == ["c++", "与", "python3", "编", "程", "第", "2", "版"]
    assert units(prepare("ノルウェイの森")) == list("ノルウェイの森")
    assert pieces("红楼梦") == ["红楼", "楼梦"]
    assert pieces("梦") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三体Ⅱ", 2), ("三体2", 2), ("三体 第二部", 2), ("三体. 卷二", 2), ("三体 iii", 3), ("三体（十二）", 12), ("世界名著之一", 1),
        ("第二十一册", 21), ("第一百零三卷", 103), ("第12集", 12), ("vol. 7", 7), ("Ⅻ", 12), ("二", 2), ("十", 10), ("第1辑", 1),
    ],
)  # fmt: skip
def test_numbers_of_volumes(text: str, number: int) -> None:
    assert numerals.tokens(prepare(text)) == [f"#{number}"]


@pytest.mark.parametrize("text", ["1984", "第二次世界大战", "msp430", "3d打印", "全部一样", "2.5", "mix", "civil", "红楼梦", ""])
def test_what_is_no_number_of_a_volume(text: str) -> None:
    assert numerals.tokens(prepare(text)) == []


@pytest.mark.parametrize(
    ("character", "expected"),
    [
        ("单", {"dan", "chan", "shan"}),
        ("曾", {"ceng", "zeng"}),
        ("行", {"xing", "hang"}),
        ("女", {"nv", "nu"}),
        ("红", {"hong"}),
        ("a", set()),
    ],
)
def test_readings(character: str, expected: set[str]) -> None:
    assert expected <= set(pinyin.readings(character))


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("单霁翔", "shan ji xiang"), ("曾国藩", "zeng guo fan"), ("仇英", "qiu ying"), ("解缙", "xie jin"), ("任继愈", "ren ji yu"),
        ("尉迟恭", "yu chi gong"), ("查良镛", "zha liang yong"), ("朴树", "piao shu"), ("余华", "yu hua"),
    ],
)  # fmt: skip
def test_surnames_are_read_as_surnames(name: str, first: str) -> None:
    assert " ".join(pinyin.name_readings(name)[0]) == first


def test_words_are_read_as_words() -> None:
    assert pinyin.word_reading("银行") == ("yin", "hang")
    assert pinyin.word_reading("音乐") == ("yin", "yue")
    assert pinyin.word_reading("长江") == ("chang", "jiang")


@pytest.mark.parametrize(
    ("typed", "first"),
    [("hongloumeng", "hong lou meng"), ("xian", "xian"), ("lvse", "lv se"), ("python", ""), ("zhongguo", "zhong guo")],
)
def test_typed_pinyin_is_cut_into_syllables(typed: str, first: str) -> None:
    ways = pinyin.segmentations(typed)
    assert " ".join(ways[0] if ways else []) == first
    assert all("".join(way) == typed for way in ways)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("7-02-000220-X", "9787020002207"),
        ("7-02-000220-7", "9787020002207"),
        ("978-7-02-000220-8", "9787020002207"),
        ("isbn：7-02-000220-X", "9787020002207"),
        ("isbn-10: 702000220X", "9787020002207"),
        ("979-10-90636-07-1", "9791090636071"),
        ("12345678", ""),
        ("红楼梦", ""),
        ("1234567890123", ""),
    ],
)
def test_isbns_as_typed(typed: str, expected: str) -> None:
    assert searched(typed) == expected


def test_class_prefixes() -> None:
    assert class_prefixes("I247.5") == ["I", "I2", "I24", "I247", "I247.5"]
    assert class_prefixes("tp311.1=2") == ["T", "TP", "TP3", "TP31", "TP311", "TP311.1", "TP311.1=2"]


def sorted_titles(*titles: str) -> list[str]:
    return sorted(titles, key=lambda title: analyse(titled(title)).sort_title)


def test_titles_sort_by_pinyin_and_by_number() -> None:
    assert sorted_titles("银行", "百年孤独", "红楼梦", "红", "长江") == ["百年孤独", "长江", "红", "红楼梦", "银行"]
    assert sorted_titles("三体10", "三体2", "三体1") == ["三体1", "三体2", "三体10"]
    assert sorted_titles("The Zoo", "A Banana", "Apple") == ["Apple", "A Banana", "The Zoo"]


def test_the_key_of_a_title_is_plain_ascii() -> None:
    for text in ("红楼梦：程甲本", "Война и мир", "ノルウェイの森", "“?” [x TO y]", "𠮷野家"):
        key = analyse(titled(text)).sort_title
        assert key.isascii()
        assert all(c.isalnum() or c in ".-" for c in key)


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Python编程", {"pbc", "=pbc", "=pythonbc"}),
        ("三体2", {"st2", "=st2"}),
        ("周恩来传", {"=zelz", "=zelc"}),
        ("Excel 2010高效办公", {"=excel2010gxbg", "=e2gxbg"}),
    ],
)
def test_titles_are_abbreviated_in_every_way_that_people_type(title: str, typed: set[str]) -> None:
    found = set(analyse(BibliographicRecord(titles=(Title(kind="proper", text=title),))).initials.split())
    assert typed <= found
    assert not {"ex", "exc", "py", "pyt"} & found


def test_the_reading_that_the_source_gives_counts_beside_our_own() -> None:
    given = BibliographicRecord(titles=(Title(kind="proper", text="藏红花", pinyin="zang hong hua"),))
    assert {"=zhh", "=chh"} <= set(analyse(given).initials.split())
    assert "zanghonghua" in analyse(given).pinyin_exact.split()
    partial = BibliographicRecord(titles=(Title(kind="proper", text="藏红花", pinyin="zang hong"),))
    assert "zanghong" not in analyse(partial).pinyin_exact.split()


@pytest.mark.parametrize(
    ("title", "pairs", "parted"),
    [
        (Title(kind="proper", text="小心，时间的陷阱"), {"xin'shi"}, set()),
        (Title(kind="proper", text="白夜行", volume_number="上"), {"xing'shang"}, set()),
        (Title(kind="proper", text="学用Visual编程"), {"xue'yong", "bian'cheng"}, {"yong'bian"}),
    ],
)
def test_marks_part_no_syllables_but_words_do(title: Title, pairs: set[str], parted: set[str]) -> None:
    found = set(analyse(BibliographicRecord(titles=(title,))).pinyin.split())
    assert pairs <= found
    assert not parted & found
