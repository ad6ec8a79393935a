"""What readers type and what must come back: docs/search.md row by row, on every engine."""

import pytest

from tests.contracts.search_engines import found, page
from union_catalog.search.engine import SearchEngine

DREAM = {"hlm1", "hlm2", "hlm3", "hlm4", "hlm5", "map"}
EXACT_DREAM = {"hlm1", "hlm2"}
SECOND_BODY = {"santi2", "santi2b", "santi2c"}


@pytest.mark.parametrize(
    "queries",
    [
        ("红楼梦", "紅樓夢", "红樓梦"),
        ("教育", "敎育"),
        ("历史", "歷史", "厯史"),
        ("中华书局", "中華書局"),
        ("商务印书馆", "商務印書館"),
    ],
    ids=lambda queries: queries[0],
)
def test_scripts_and_variants_find_the_same_in_the_same_order(catalogue: SearchEngine, queries: tuple[str, ...]) -> None:
    answers = [found(catalogue, query) for query in queries]
    assert answers[0]
    assert all(answer == answers[0] for answer in answers)


def test_the_dream_is_found_in_titles_subjects_and_notes(catalogue: SearchEngine) -> None:
    assert set(found(catalogue, "红楼梦")) == DREAM


def test_variants_of_one_character(catalogue: SearchEngine) -> None:
    assert set(found(catalogue, "教育")) == {"jiaoyu"}
    assert set(found(catalogue, "历史")) == {"lishi1", "lishi2"}


@pytest.mark.parametrize("query", ["honglou meng", "hongloumeng", "hong lou meng", "HongLouMeng", "hlm", "Hóng lóu mèng"])
def test_pinyin_and_initials_bring_the_title_up(catalogue: SearchEngine, query: str) -> None:
    answer = found(catalogue, query)
    assert set(answer[:2]) == EXACT_DREAM
    assert "huo1" not in answer


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("shan", "gugong"),
        ("chan", "gugong"),
        ("dan", "gugong"),
        ("shanjixiang", "gugong"),
        ("sjx", "gugong"),
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
    answer = found(catalogue, query)
    assert sorted(answer) == sorted(expected)
    assert answer[0] == expected[0]


def test_one_character(catalogue: SearchEngine) -> None:
    answer = found(catalogue, "活")
    assert answer[:2] == ["huo2", "huo1"]
    assert set(answer) == {"huo1", "huo2", "huo3"}


@pytest.mark.parametrize("query", ["三体Ⅱ", "三体2", "三体 第二部", "三体第二部", "三体II", "三體 2", "三体（二）", "三体 卷二"])
def test_a_volume_in_every_form_of_its_number(catalogue: SearchEngine, query: str) -> None:
    assert set(found(catalogue, query)) == SECOND_BODY


@pytest.mark.parametrize(
    "query",
    [
        "9787020002207",
        "978-7-02-000220-7",
        "7-02-000220-7",
        "7020002207",
        "978 7 02 000220 7",
        "ISBN 7-02-000220-7",
        "９７８７０２０００２２０７",
    ],
)
def test_isbn_in_every_form(catalogue: SearchEngine, query: str) -> None:
    assert found(catalogue, query) == ["hlm1"]


@pytest.mark.parametrize("query", ["9787535710550", "7-5357-1055-7"])
def test_isbn_of_a_record_that_has_the_older_form(catalogue: SearchEngine, query: str) -> None:
    assert found(catalogue, query) == ["shijian1"]


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
    assert set(found(catalogue, query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"时间简史"', {"shijian1", "shijian2"}),
        ("“时间简史”", {"shijian1", "shijian2"}),
        ('"时间简史" -插图', {"shijian1"}),
        ('时间简史 －"插图"', {"shijian1"}),
        ('"简史时间"', set()),
        ("简史时间", {"shijian1", "shijian2"}),
        ('"红楼梦 曹雪芹"', set()),
        ('"从入门到实践"', {"python"}),
        ('"python编程"', {"python"}),
        ("红楼梦 -曹雪芹 -研究", {"hlm4", "map"}),
        ("C++", {"cpp"}),
        ("加西亚马尔克斯", {"marquez"}),
        ("加西亚·马尔克斯", {"marquez"}),
        ("PYTHON 编程", {"python"}),
        ("harvard history", {"havard"}),
        ("新经典文库", {"marquez"}),
    ],
)
def test_phrases_exclusions_and_words(catalogue: SearchEngine, query: str, expected: set[str]) -> None:
    assert set(found(catalogue, query)) == expected


def test_only_exclusions_are_everything_else(catalogue: SearchEngine) -> None:
    everything = page(catalogue, per_page=100)
    without = page(catalogue, "-红楼梦", per_page=100)
    assert without.total == everything.total - len(DREAM)
    assert [warning.code for warning in without.warnings] == ["only_exclusions"]


@pytest.mark.parametrize(
    "query",
    [
        '"" OR AND (',
        "红楼梦" * 4000,
        "\x00\x07红楼梦\x1b",
        "红楼梦 \ud800",
        "((((",
        '"',
        "-",
        "\\",
        "title:",
        "a* ~ [x TO y] {",
        "𠮷" * 300,
        "\u202e红",
        "'; drop",
    ],
    ids=range(13),
)
def test_no_query_fails(catalogue: SearchEngine, query: str) -> None:
    page(catalogue, query, facets=True)


def test_what_cannot_be_read_is_passed_over_and_told(catalogue: SearchEngine) -> None:
    answer = page(catalogue, '红楼梦" ( \x00')
    assert answer.total == len(DREAM)
    assert {warning.code for warning in answer.warnings} == {"unclosed_quote", "passed_over", "unreadable_characters"}


def test_ranking_goes_from_the_exact_title_down_to_a_note(catalogue: SearchEngine) -> None:
    answer = page(catalogue, "红楼梦")
    assert [hit.union_id for hit in answer.hits] == ["hlm1", "hlm2", "hlm3", "hlm4", "hlm5", "map"]
    scores = [hit.score for hit in answer.hits]
    assert scores[0] == scores[1]
    assert scores[1] > scores[2] > scores[3] > scores[4] > scores[5]


def test_works_by_an_author_come_after_works_named_after_him(catalogue: SearchEngine) -> None:
    assert found(catalogue, "曹雪芹")[0] == "hlm5"


def test_a_hit_carries_its_work(catalogue: SearchEngine) -> None:
    assert page(catalogue, "活着").hits[0].work_id == "work-huo1"
