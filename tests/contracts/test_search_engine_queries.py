"""The query language and the order of results, on every engine. The rows of what readers type stand in test_search_promises.py."""

from collections.abc import Iterator

import pytest

from tests.contracts.search_engines import ENGINES, edition, engine_home, filled, found, page
from union_catalog.search.engine import SearchEngine

DREAM = {"hlm1", "hlm2", "hlm3", "hlm4", "hlm5", "map"}
SECOND_BODY = {"santi2", "santi2b", "santi2c"}


def test_the_dream_is_found_in_titles_subjects_and_notes(catalogue: SearchEngine) -> None:
    assert set(found(catalogue, "红楼梦")) == DREAM


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
    assert {warning.code for warning in answer.warnings} == {"unclosed_quote", "unpaired_bracket", "unreadable_characters"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("红楼梦研究 OR 百年孤独", {"hlm3", "marquez"}),
        ("红楼梦研究 | 百年孤独", {"hlm3", "marquez"}),
        ("红楼梦研究｜百年孤独", {"hlm3", "marquez"}),
        ("红楼梦研究 或 百年孤独", {"hlm3", "marquez"}),
        ("三体 OR 活着 余华", {"huo1"}),
        ("(三体 刘慈欣) OR (活着 余华)", {"santi1", "santi3", "huo1"} | SECOND_BODY),
        ("（红楼梦 或 活着） －研究 －曹雪芹", {"hlm4", "map", "huo1"}),
        ("红楼梦 -(曹雪芹 OR 研究)", {"hlm4", "map"}),
        ("红楼梦 -(曹雪芹 人民文学)", DREAM - {"hlm1"}),
        ("红楼梦 NOT 曹雪芹 NOT 研究", {"hlm4", "map"}),
        ("红楼梦 AND 俞平伯", {"hlm3"}),
        ("(红楼梦 -曹雪芹) OR 活着", {"hlm3", "hlm4", "map", "huo1"}),
        ("三体 -三体2", {"santi1", "santi3"}),
        ("三体 -I247", set()),
        ("余华 -9787020002207", {"huo1", "yu1"}),
    ],
)
def test_alternatives_groups_and_exclusions(catalogue: SearchEngine, query: str, expected: set[str]) -> None:
    assert set(found(catalogue, query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("title:红楼梦", {"hlm1", "hlm2", "hlm3", "hlm4"}),
        ("题名：紅樓夢", {"hlm1", "hlm2", "hlm3", "hlm4"}),
        ("书名: 红楼梦", {"hlm1", "hlm2", "hlm3", "hlm4"}),
        ('title:"梦红楼"', set()),
        ('title:"红楼梦研究"', {"hlm3"}),
        ("title:(红楼梦 OR 活着) -author:曹雪芹", {"hlm3", "hlm4", "huo1"}),
        ("title:honglou", {"hlm1", "hlm2", "hlm3", "hlm4"}),
        ("title:hlm", {"hlm1", "hlm2", "hlm3"}),
        ("title:caoxueqin", {"hlm5"}),
        ("title:三体Ⅱ", SECOND_BODY),
        ("author:曹雪芹", {"hlm1", "hlm2"}),
        ("作者：曹雪芹", {"hlm1", "hlm2"}),
        ("责任者：caoxueqin", {"hlm1", "hlm2"}),
        ("author:cxq", {"hlm1", "hlm2"}),
        ("author:shanjixiang", {"gugong"}),
        ("author:honglou", set()),
        ("author:陈青之", {"jiaoyu"}),
        ("author:陳青之", {"jiaoyu"}),
        ("author:加西亚马尔克斯", {"marquez"}),
        ("subject:红楼梦", {"hlm5"}),
        ("主題：紅樓夢", {"hlm5"}),
        ("publisher:人民文学", {"hlm1", "hlm4"}),
        ("出版社：中华书局", {"hlm2"}),
        ("出版社：中華書局", {"hlm2"}),
        ("series:新经典", {"marquez"}),
        ("丛书：新經典文庫", {"marquez"}),
        ("isbn:978-7-02-000220-7", {"hlm1"}),
        ("ISBN：7-02-000220-7", {"hlm1"}),
        ("isbn: 978 7 02 000220 7", {"hlm1"}),
        ("书号:7020002207 红楼梦", {"hlm1"}),
        ("callnumber:I242.4/55", {"hlm1"}),
        ("索书号：I242.4/55", {"hlm1"}),
        ("clc:I247.7", {"huo2"}),
        ("分类：i242", {"hlm1", "hlm2"}),
        ("clc:I242.4/5534", set()),
        ("红楼梦 year:1978", {"hlm4"}),
        ("红楼梦 year:1978..1998", {"hlm1", "hlm4", "hlm5"}),
        ("红楼梦 年份：2000至", {"hlm2", "map"}),
        ("红楼梦 出版年:..1978", {"hlm3", "hlm4"}),
        ("红楼梦 year:1998..1978", {"hlm1", "hlm4", "hlm5"}),
        ("红楼梦 -year:1978..1998", {"hlm2", "hlm3", "map"}),
        ("无年之书 year:..2030", set()),
        ("红楼梦 library:JX", {"hlm1", "hlm2"}),
        ("红楼梦 馆：jx", {"hlm1", "hlm2"}),
        ("红楼梦 -馆：JD", {"hlm2", "hlm3", "hlm5"}),
        ("红楼梦 branch:KS-MAIN", {"hlm3"}),
        ("作者：史蒂芬 OR 书名：百年孤独 year:2000..", {"shijian2", "marquez"}),
        ('"时间简史" author:霍金', {"shijian1", "shijian2"}),
    ],
)
def test_fields(catalogue: SearchEngine, query: str, expected: set[str]) -> None:
    assert set(found(catalogue, query)) == expected


@pytest.mark.parametrize(
    ("query", "expected", "told"),
    [
        ('"时间简史 -插图', {"shijian1"}, "unclosed_quote"),
        ("(时间简史 -插图", {"shijian1"}, "unpaired_bracket"),
        ("红楼梦研究 year:俞平伯", {"hlm3"}, "bad_year"),
        ("红楼梦研究 clc:俞平伯", {"hlm3"}, "bad_number"),
        ("红楼梦研究 OR", set(), "read_as_words"),
        ("红楼梦研究 author:", set(), "empty_field"),
        ("autor:余华", set(), "unknown_field"),
        ("红楼梦研究 ()", {"hlm3"}, None),
    ],
)
def test_what_cannot_be_understood_is_read_as_words_and_told(
    catalogue: SearchEngine, query: str, expected: set[str], told: str | None
) -> None:
    answer = page(catalogue, query)
    assert {hit.union_id for hit in answer.hits} == expected
    assert [warning.code for warning in answer.warnings] == ([told] if told else [])


@pytest.mark.parametrize("field", ["title", "author", "subject", "publisher", "series"])
@pytest.mark.parametrize("form", ["{}:{}", '{}:"{}"', "-{}:{}"])
def test_scripts_find_the_same_in_every_field(odd: SearchEngine, field: str, form: str) -> None:
    simplified = found(odd, form.format(field, "红楼梦丛书"))
    traditional = found(odd, form.format(field, "紅樓夢叢書"))
    assert simplified == traditional
    everything = page(odd, per_page=100).total
    assert len(simplified) == (everything - 2 if form.startswith("-") else 2)


def test_an_exact_title_in_its_field_comes_first(catalogue: SearchEngine) -> None:
    assert found(catalogue, "title:红楼梦")[:2] == ["hlm1", "hlm2"]
    assert found(catalogue, "title:活")[0] == "huo2"
    assert found(catalogue, "title:hongloumeng")[:2] == ["hlm1", "hlm2"]


def test_the_longest_query_is_answered(catalogue: SearchEngine) -> None:
    different = "".join(chr(0x4E00 + 61 * i) for i in range(256))
    apart = " ".join(f"{chr(0x4E00 + 61 * i)}{chr(0x4E61 + 53 * i)}" for i in range(64))
    latin = " OR ".join(["honglou", "xianxian", "santi", "jiang"] * 8)
    for query in (different, apart, latin, "(" * 8 + apart, "-" + different):
        page(catalogue, query, facets=True)


ODD = (
    ("C++", "C++ 程序设计"),
    ("c", "C程序设计"),
    ("1984", "1984:一部小说"),
    ("acdc", "AC/DC"),
    ("rezero", "Re:从零开始的异世界生活"),
    ("forest", "三体：黑暗森林"),
    ("dash", "-"),
    ("dots", "……"),
    ("bracket", "活着（插图本）"),
    ("pipe", "A|B"),
    ("topic", "主题：变奏"),
    ("maybe", "或许"),
    ("english", "TO BE OR NOT TO BE"),
    ("quotes", "“人”字的结构"),
)
SCRIPTS = (
    edition("simplified", "红楼梦丛书", "红楼梦丛书", subject="红楼梦丛书", publisher="红楼梦丛书", series="红楼梦丛书"),
    edition("traditional", "紅樓夢叢書", "紅樓夢叢書", subject="紅樓夢叢書", publisher="紅樓夢叢書", series="紅樓夢叢書"),
)


@pytest.fixture(scope="module", params=ENGINES)
def odd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """Titles that hold the characters of the query language by nature."""
    with engine_home(request.param, tmp_path_factory.mktemp("odd")) as made:
        yield filled(made, [*(edition(union_id, title) for union_id, title in ODD), *SCRIPTS])


@pytest.mark.parametrize(
    ("union_id", "title"), [pair for pair in ODD if pair[0] != "topic"], ids=[pair[0] for pair in ODD if pair[0] != "topic"]
)
def test_a_title_typed_as_it_stands_finds_itself_first(odd: SearchEngine, union_id: str, title: str) -> None:
    assert found(odd, title)[0] == union_id


def test_a_title_that_begins_like_a_field_is_found_in_quotation_marks(odd: SearchEngine) -> None:
    assert found(odd, '"主题：变奏"') == ["topic"]


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
