"""What is misspelt, or named by a volume that is not there: found all the same, and always said to be so, on every engine."""

from collections.abc import Iterator, Sequence

import pytest

from tests.contracts.search_engines import ENGINES, engine_home
from tests.contracts.searchable import searchable
from tests.services.records import book
from union_catalog.search.engine import Filters, SearchRequest
from union_catalog.search.query import parse
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.prepared import Arrival
from union_catalog.services.searching.asked import Asked
from union_catalog.services.views import SearchResult

FORGIVING = (
    book("1", "红楼梦", author="曹雪芹"),
    book("2", "红楼梦研究", author="俞平伯", year=1952),
    book("3", "时间简史", author="霍金", publisher="湖南科学技术出版社", year=1992),
    book("4", "A History of Harvard", author="Smith", publisher="Harvard University Press", year=1936),
    book("5", "活着", author="余华", publisher="作家出版社", year=2012),
    book("6", "减肥的时间", author="李四", publisher="体育出版社", year=2003),
    book("7", "Colege Days", author="Brown", publisher="Macmillan", year=1901),
    book("8", "Pride and Prejudice", author="Austen", publisher="Macmillan", year=1813),
    book("9", "Pride", author="Green", publisher="Macmillan", year=1990),
    *(book(str(year), f"College Life in {year}", author="Jones", publisher="Macmillan", year=year) for year in range(1910, 1920)),
)  # fmt: skip


NUMBERED = (
    ("明朝那些事儿（二）", "当年明月"),
    ("明朝那些事儿（三）", "当年明月"),
    ("明朝那些事儿（肆）", "当年明月"),
    ("三国演义（上）", "罗贯中"),
    ("三国演义（下）", "罗贯中"),
)
_THINGS = ("厨房", "阳台", "花园", "书房", "窗帘", "木工", "陶艺", "编织", "面包", "果酱", "风筝", "小船")
SELVES = (
    book("1", "中国人自已的故事", author="陈剑峰"),
    *(book(f"s{thing}", f"我们已经为自己做好{thing}", author="王五") for thing in _THINGS),
    *(book(f"v{at}", title, author=author) for at, (title, author) in enumerate(NUMBERED)),
    book("g", "甘地", author="弗雷德里克"),
    book("j", "茶的滋味", author="吉晶"),
    book("t", "农民与土地", author="张三"),
)

PUBLISHED = (
    *(book(f"h{year}", "红楼梦", author="曹雪芹", publisher="上海古籍出版社", year=year) for year in range(1980, 1985)),
    *(book(f"r{year}", "红楼梦", author="曹雪芹", publisher="人民文学出版社", year=year) for year in range(1990, 1995)),
    book("s", "三国演义（上）", author="罗贯中", publisher="人民文学出版社"),
    book("t", "三国演义", author="罗贯中", publisher="上海古籍出版社"),
    book("j", "史记菁华录", author="姚苎田", publisher="上海古籍出版社"),
    book("k", "史记", author="司马迁", publisher="中华书局"),
)


@pytest.fixture(scope="module", params=ENGINES)
def forgiving(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """A catalogue with its database, for what the service does beside the engine."""
    yield from _opened(request.param, tmp_path_factory, FORGIVING)


@pytest.fixture(scope="module", params=ENGINES)
def numbered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """Another, of volumes and of words of two characters."""
    yield from _opened(request.param, tmp_path_factory, SELVES)


@pytest.fixture(scope="module", params=ENGINES)
def published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """A third, of volumes beside publishers whose names hold the same characters."""
    yield from _opened(request.param, tmp_path_factory, PUBLISHED)


def _opened(engine: str, folders: pytest.TempPathFactory, books: Sequence[Arrival]) -> Iterator[Catalogue]:
    with engine_home(engine, folders.mktemp("engine")) as home:
        made = searchable(home, folders.mktemp("database"), books)
        yield made
        made.engine.close()
        made.database.close()


def answered(catalogue: Catalogue, query: str, *, exact: bool = False) -> tuple[SearchResult, list[str]]:
    """What a reader gets, and its titles in order."""
    result = catalogue.search(Asked(SearchRequest(parse(query), facets=()), exact=exact))
    return result, [record.title for record in result.records]


@pytest.mark.parametrize(
    ("query", "meant", "first"),
    [
        ("红喽梦", "红楼梦", "红楼梦"),
        ("紅嘍夢", "红楼梦", "红楼梦"),
        ("时间减史", "时间简史", "时间简史"),
        ("Havard", "harvard", "A History of Harvard"),
    ],
)
def test_what_was_misspelt_is_found_and_said(forgiving: Catalogue, query: str, meant: str, first: str) -> None:
    """红喽梦, 时间减史, Havard: answered as what was meant, told so, with the way back."""
    result, titles = answered(forgiving, query)
    assert titles[0] == first
    assert result.corrected is not None
    assert (result.corrected.query.casefold(), result.corrected.exact_total) == (meant, 0)
    way_back, typed = answered(forgiving, query, exact=True)
    assert (typed, way_back.corrected) == ([], None)


@pytest.mark.parametrize(
    ("query", "meant"),
    [("时间减史 霍金", "时间简史 霍金"), ("霍金 时间减史", "霍金 时间简史"), ("红喽梦 OR 时间减史", "红楼梦 OR 时间简史")],
)
def test_every_part_is_put_right_by_itself(forgiving: Catalogue, query: str, meant: str) -> None:
    """时间减史 霍金, 红喽梦 OR 时间减史."""
    result, titles = answered(forgiving, query)
    assert "时间简史" in titles
    assert result.corrected is not None
    assert result.corrected.query == meant


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("红楼梦（上）", "红楼梦"),
        ("红楼梦 贰", "红楼梦"),
        ("活着第贰部", "活着"),
        ("时间简史 第二部 霍金", "时间简史 霍金"),
        ("活着 上册", "活着"),
    ],
)
def test_another_volume_is_never_answered_but_the_title_offered(forgiving: Catalogue, query: str, title: str) -> None:
    """红楼梦（上）, 红楼梦 贰."""
    result, titles = answered(forgiving, query)
    assert (result.corrected, titles) == (None, [])
    assert result.offered is not None
    assert result.offered.query == title
    assert result.offered.total == answered(forgiving, title)[0].page.total


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("明朝那些事儿 贰", "明朝那些事儿 2"),
        ("明朝那些事儿第贰部", "明朝那些事儿第2部"),
        ("明朝那些事儿（贰）", "明朝那些事儿(2)"),
        ("明朝那些事儿 叁 当年明月", "明朝那些事儿 3 当年明月"),
        ("明朝那些事儿 第四部", "明朝那些事儿 肆"),
        ("明朝那些事儿（4）", "明朝那些事儿(肆)"),
        ("三国演义 上册", "三国演义 上"),
        ("三国演义下卷", "三国演义下"),
    ],
)
def test_the_number_of_a_volume_is_read_however_it_is_written(numbered: Catalogue, query: str, read: str) -> None:
    """明朝那些事儿 贰, 三国演义 上册: found under the number as the title page has it, and said to be so."""
    result, titles = answered(numbered, query)
    assert len(titles) == 1
    assert result.corrected is not None
    assert (result.corrected.query, result.corrected.exact_total) == (read, 0)
    assert answered(numbered, query, exact=True)[1] == []


@pytest.mark.parametrize(("query", "title", "typed"), [("红楼梦 上", "红楼梦", 5), ("史记 上", "史记", 1), ("史记 上册", "史记", 0)])
def test_a_publisher_is_no_volume_and_the_title_is_offered(published: Catalogue, query: str, title: str, typed: int) -> None:
    """红楼梦 上 finds the 红楼梦 of 上海古籍出版社: answered as typed, and the title offered."""
    result, titles = answered(published, query)
    assert (result.corrected, len(titles)) == (None, typed)
    assert result.offered is not None
    assert (result.offered.query, result.offered.total) == (title, answered(published, title)[0].page.total)


def test_a_volume_read_otherwise_is_found_in_titles_only(published: Catalogue) -> None:
    """三国演义 上册 is the first volume, and not what 上海古籍出版社 made."""
    result, titles = answered(published, "三国演义 上册")
    assert titles == ["三国演义（上）"]
    assert result.corrected is not None
    assert result.corrected.query == "三国演义 title:上"
    assert answered(published, "三国演义 上")[0].corrected is None
    assert answered(published, "三国演义 上")[1][0] == "三国演义（上）"


def test_a_volume_that_is_there_is_left_alone(numbered: Catalogue) -> None:
    """Every volume by the title it has, and 三国演义（上）, 明朝那些事儿第二部, 明朝那些事儿 肆."""
    typed = (*(title for title, _ in NUMBERED), "三国演义（上）", "三国演义 上", "明朝那些事儿第二部", "明朝那些事儿 肆", "明朝那些事儿 三")
    for query in typed:
        result, titles = answered(numbered, query)
        assert (len(titles), result.corrected, result.offered) == (1, None, None), query


def test_two_characters_that_stand_in_next_to_nothing_are_offered_as_the_word_they_look_like(numbered: Catalogue) -> None:
    """自已 stands in one record, as a slip. It is answered all the same."""
    result, titles = answered(numbered, "自已")
    assert titles == ["中国人自已的故事"]
    assert result.corrected is None
    assert result.offered is not None
    assert (result.offered.query, result.offered.total) == ("自己", 12)


@pytest.mark.parametrize(("query", "meant", "total"), [("士地", "土地", 1), ("己经", "已经", 12)])
def test_a_word_but_for_a_stroke_is_meant_before_a_name_that_looks_or_sounds_so(
    numbered: Catalogue, query: str, meant: str, total: int
) -> None:
    """Not 甘地, which is a whole title, nor 吉晶, which is a whole name."""
    result, titles = answered(numbered, query)
    assert result.corrected is not None
    assert (result.corrected.query, result.corrected.exact_total, len(titles)) == (meant, 0, total)
    assert answered(numbered, "千地")[0].corrected is None, "one stroke from 干地, which is no word of a title"


def test_what_finds_next_to_nothing_is_answered_and_another_spelling_offered(forgiving: Catalogue) -> None:
    """Havard stands in one record, harvard in ten times as many."""
    result, titles = answered(forgiving, "Colege")
    assert titles == ["Colege Days"]
    assert result.corrected is None
    assert result.offered is not None
    assert (result.offered.query, result.offered.total) == ("college", 10)
    assert answered(forgiving, "Colege Days")[0].offered is None, "a whole title"
    assert answered(forgiving, "Colege", exact=True)[0].offered is None
    assert answered(forgiving, "college")[0].offered is None


@pytest.mark.parametrize("query", ["红楼梦", "紅樓夢", "hlm", "时间简史 霍金", "Harvard"])
def test_what_was_spelt_right_is_left_alone(forgiving: Catalogue, query: str) -> None:
    result, titles = answered(forgiving, query)
    assert titles
    assert result.corrected is None


PLAIN = (
    ("(红楼 AND", "红楼"), ("红楼 OR", "红楼"), ("红楼 NOT", "红楼"), ("红楼梦 作者：", "红楼梦"), ("tilte:红楼梦", "title:红楼梦"),
    ("tilte：红楼梦", "title:红楼梦"), ("tilte:曹雪芹", "曹雪芹"), ("language:红楼梦", "红楼梦"), ("红喽梦 AND", "红楼梦"),
    ("红楼梦 or 时间简史", "红楼梦 OR 时间简史"),
)  # fmt: skip


@pytest.mark.parametrize(("query", "plain"), PLAIN)
def test_what_could_not_be_read_and_finds_nothing_is_offered_in_plainer_words(forgiving: Catalogue, query: str, plain: str) -> None:
    result, titles = answered(forgiving, query)
    assert (result.corrected, titles) == (None, [])
    assert result.offered is not None
    assert result.offered.query == plain
    assert result.offered.total == answered(forgiving, plain)[0].page.total > 0
    assert answered(forgiving, query, exact=True)[0].offered is None


@pytest.mark.parametrize("query", ["or", "OR -红楼", "这本书没有 OR", "tilte:这本书没有"])
def test_where_plainer_words_find_nothing_either_nothing_is_offered(forgiving: Catalogue, query: str) -> None:
    result, titles = answered(forgiving, query)
    assert (result.corrected, result.offered, titles) == (None, None, [])


def test_what_only_filters_empty_is_offered_in_no_other_words(forgiving: Catalogue) -> None:
    """ "Pride and" stands in a title of 1813, pride alone in one of 1990, too."""
    request = SearchRequest(parse("Pride and"), filters=Filters(year_from=1990), facets=())
    result = forgiving.search(Asked(request))
    assert (result.page.total, result.offered) == (0, None)
    assert answered(forgiving, "Pride and")[1] == ["Pride and Prejudice"]
    assert len(answered(forgiving, "Pride")[1]) == 2
