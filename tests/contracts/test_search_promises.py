"""What readers of Chinese type and what must come back, row by row: one test a row or several, named after it, on every engine."""

import pytest

from tests.contracts.search_engines import found, page
from union_catalog.search.engine import SearchEngine

DREAM = {"hlm1", "hlm2"}
SECOND_BODY = {"santi2", "santi2b", "santi2c"}


@pytest.mark.parametrize(
    "queries",
    [
        ("红楼梦", "紅樓夢", "紅楼梦", "红樓梦"),
        ("中华书局", "中華書局"),
        ("商务印书馆", "商務印書館"),
    ],
    ids=lambda queries: queries[0],
)
def test_scripts_find_the_same_in_the_same_order(catalogue: SearchEngine, queries: tuple[str, ...]) -> None:
    """紅樓夢, 红楼梦, 紅楼梦. The real pairs of script_pairs.csv stand in test_search_engine_real_data.py."""
    answers = [found(catalogue, query) for query in queries]
    assert answers[0]
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize(
    ("queries", "expected"),
    [(("教育", "敎育"), {"jiaoyu"}), (("历史", "歷史", "厯史"), {"lishi1", "lishi2"})],
    ids=["教育", "历史"],
)
def test_variant_characters_find_the_same(catalogue: SearchEngine, queries: tuple[str, ...], expected: set[str]) -> None:
    """敎育, 教育; 歷史, 厯史, 历史. All of han_variants.txt stands in test_variants_real_data.py."""
    answers = [found(catalogue, query) for query in queries]
    assert set(answers[0]) == expected
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("query", ["honglou meng", "hongloumeng", "hong lou meng", "HongLouMeng", "hlm", "Hóng lóu mèng"])
def test_pinyin_and_initials_bring_the_title_up(catalogue: SearchEngine, query: str) -> None:
    """honglou meng, hongloumeng, hlm."""
    answer = found(catalogue, query)
    assert set(answer[:2]) == DREAM
    assert "huo1" not in answer


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("shan", "gugong"),
        ("chan", "gugong"),
        ("dan", "gugong"),
        ("shanjixiang", "gugong"),
        ("sjx", "gugong"),
        ("zeng", "jiashu"),
        ("ceng", "jiashu"),
        ("zengguofan", "jiashu"),
        ("cengguofan", "jiashu"),
        ("zeng guofan", "jiashu"),
        ("zgf", "jiashu"),
        ("yinhang", "yinhang"),
        ("yin hang", "yinhang"),
        ("yinxing", "yinhang"),
    ],
)
def test_every_reading_of_surnames_and_words(catalogue: SearchEngine, query: str, expected: str) -> None:
    """shan / chan / dan for 单, zeng / ceng for 曾, yinhang for 银行."""
    assert expected in found(catalogue, query)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("红楼梦 曹雪芹", ["hlm1", "hlm2", "hlm5"]),
        ("余华 活着", ["huo1"]),
        ("活着 余华", ["huo1"]),
        ("紅樓夢 人民文学", ["hlm1", "hlm4"]),
        ("三体 liucixin 2016", ["santi2b"]),
    ],
)
def test_title_and_author_together(catalogue: SearchEngine, query: str, expected: list[str]) -> None:
    """红楼梦 曹雪芹; 余华 活着."""
    answer = found(catalogue, query)
    assert sorted(answer) == sorted(expected)
    assert answer[0] == expected[0]


def test_one_character(catalogue: SearchEngine) -> None:
    """活: the title that is nothing else first."""
    answer = found(catalogue, "活")
    assert answer[:2] == ["huo2", "huo1"]
    assert set(answer) == {"huo1", "huo2", "huo3"}


@pytest.mark.parametrize("query", ["三体Ⅱ", "三体2", "三体 第二部", "三体第二部", "三体II", "三體 2", "三体（二）", "三体 卷二"])
def test_a_volume_in_every_form_of_its_number(catalogue: SearchEngine, query: str) -> None:
    """三体Ⅱ, 三体2, 三体 第二部."""
    assert set(found(catalogue, query)) == SECOND_BODY


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("9787020002207", "hlm1"),
        ("978-7-02-000220-7", "hlm1"),
        ("7-02-000220-7", "hlm1"),
        ("7020002207", "hlm1"),
        ("978 7 02 000220 7", "hlm1"),
        ("ISBN 7-02-000220-7", "hlm1"),
        ("９７８７０２０００２２０７", "hlm1"),
        ("9787535710550", "shijian1"),
        ("7-5357-1055-7", "shijian1"),
    ],
)
def test_an_isbn_in_every_form(catalogue: SearchEngine, query: str, expected: str) -> None:
    """9787020002207, 7-02-000220-7, 978-7-02-000220-7; the second record has the older form itself."""
    assert found(catalogue, query) == [expected]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("I247.5", {"huo1", "yu1", "santi1", "santi2", "santi2b", "santi2c", "santi3"}),
        ("I247", {"huo1", "huo2", "yu1", "santi1", "santi2", "santi2b", "santi2c", "santi3"}),
        ("i247.7", {"huo2"}),
        ("I247.7/7433", {"huo2"}),
        ("I242.4/55", {"hlm1"}),
        ("TP31", {"python", "cpp"}),
    ],
)
def test_class_and_call_number_with_all_below(catalogue: SearchEngine, query: str, expected: set[str]) -> None:
    """I247.5 or I247."""
    assert set(found(catalogue, query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"时间简史" -插图 author:霍金 year:2000..2010', []),
        ('"时间简史" author:霍金 year:2000..2010', ["shijian2"]),
        ('"时间简史" -插图 author:霍金 year:1990..2010', ["shijian1"]),
        ("“時間簡史” －插圖 作者：霍金 年份：1990至2010", ["shijian1"]),
        ("title:时间简史 -(插图 OR 插画) author:huojin year:..2010", ["shijian1"]),
    ],
)
def test_phrase_exclusion_field_and_range_together(catalogue: SearchEngine, query: str, expected: list[str]) -> None:
    """ "时间简史" -插图 author:霍金 year:2000..2010."""
    answer = page(catalogue, query)
    assert [hit.union_id for hit in answer.hits] == expected
    assert answer.warnings == ()


def test_a_syntax_error_in_it_is_explained(catalogue: SearchEngine) -> None:
    """The same row with its closing marks forgotten and no year: answered, and told what could not be read."""
    answer = page(catalogue, '("时间简史" year:千禧 -插图 "霍金')
    assert [hit.union_id for hit in answer.hits] == []
    assert {warning.code for warning in answer.warnings} == {"unpaired_bracket", "bad_year", "unclosed_quote"}
    assert found(catalogue, '("时间简史" -插图 "霍金') == ["shijian1"]
