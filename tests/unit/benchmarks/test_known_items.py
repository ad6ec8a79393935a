"""What the benchmark of known items types is what it says it types."""

import random

import pytest

from benchmarks.filling import variation
from benchmarks.known_queries import Known, Reader, initials, known, syllables, units
from benchmarks.slips import Slips
from union_catalog.bibliographic.record import Agent, BibliographicRecord, Identifier, Publication, Title
from union_catalog.identifiers import isbn13

TITLES = ("红楼梦", "红喽梦", "时间简史", "减法", "已经", "自己", "楼上")


@pytest.fixture
def slips() -> Slips:
    return Slips(TITLES, random.Random(1))


@pytest.fixture
def reader(slips: Slips) -> Reader:
    return Reader(slips, random.Random(1))


def test_a_title_is_typed_with_its_volume() -> None:
    title = Title(kind="proper", text="三体", volume_number="第二部", volume_title="黑暗森林", pinyin="san ti")
    assert known(BibliographicRecord(titles=(title,), agents=(Agent(name="刘慈欣"),))) == Known("三体 第二部 黑暗森林", "刘慈欣")
    assert known(BibliographicRecord()) is None


@pytest.mark.parametrize(
    ("title", "pinyin", "typed"),
    [
        ("C++ Primer 4.5中文版", "", ["c++", "primer", "4.5", "zhong", "wen", "ban"]),
        ("银行、行走", "", ["yin", "hang", "xing", "zou"]),
        ("活着", "huo zhuo", ["huo", "zhuo"]),
        ("活着", "huo zhuo zhu", ["huo", "zhe"]),
    ],
)
def test_pinyin_is_the_cataloguers_where_it_fits(title: str, pinyin: str, typed: list[str]) -> None:
    book = Known(title, "", pinyin)
    assert syllables(book) == typed
    assert len(units(title)) == len(typed)


def test_initials_leave_words_and_numbers_as_they_are() -> None:
    assert initials(Known("Python编程2", "")) == "pythonbc2"


def test_a_slip_changes_one_character_into_another(slips: Slips) -> None:
    for _ in range(20):
        assert slips.homophone("红楼梦") == "红喽梦"
        assert (slips.look_alike("已经") or "")[0] in "自己巳巳"
        assert len(slips.missing("时间简史") or "") == 3
    assert slips.homophone("活") is None
    assert slips.missing("活着") is None


def test_what_makes_no_sense_is_not_typed(reader: Reader) -> None:
    kinds = reader.kinds()
    assert kinds["full pinyin"](Known("History", "Smith")) is None
    assert kinds["initials"](Known("ノルウェイの森", "")) is None
    assert kinds["title part + author"](Known("红楼梦", "")) is None


def test_a_part_is_a_piece_of_the_title(reader: Reader) -> None:
    for _ in range(30):
        part = reader.part("红楼梦研究资料索引")
        assert part in "红楼梦研究资料索引"
        assert 4 <= len(part) <= 6
    assert reader.part("活着") == "活着"


def test_variations_are_made_of_real_halves_and_are_the_same_every_time() -> None:
    base = [
        BibliographicRecord(
            titles=(Title(kind="proper", text=text),),
            agents=(Agent(name=name),),
            publications=(Publication(year=2000, date="2000"),),
            identifiers=(Identifier(scheme="isbn", value="9787020002207"),),
        )
        for text, name in (("红楼梦研究", "俞平伯"), ("中国通史", "吕思勉"), ("时间简史", "霍金"))
    ]
    assert [variation(base, number) for number in range(3)] == base
    made = variation(base, 4)
    assert made == variation(base, 4)
    assert made.titles[0].text.startswith("中国")
    assert isbn13(made.identifiers[0].value) == made.identifiers[0].value != "9787020002207"
    assert 1994 <= (made.year or 0) <= 2006
