"""The engines that the contract tests are run against, and the small catalogue that they search."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from elasticsearch import Elasticsearch

from indexers.elasticsearch.engine import ElasticsearchEngine
from indexers.elasticsearch.indices import Shape
from indexers.elasticsearch.server import Address
from indexers.embedded.engine import EmbeddedEngine
from tests.conftest import missing
from union_catalog.bibliographic.classes import tree_codes
from union_catalog.bibliographic.record import (
    Agent,
    Audience,
    BibliographicRecord,
    Classification,
    Format,
    Identifier,
    Publication,
    Series,
    Subject,
    Text,
    Title,
)
from union_catalog.clock import SystemClock
from union_catalog.identifiers import isbn13
from union_catalog.ids import new_id
from union_catalog.search.document import Availability, IndexDocument
from union_catalog.search.engine import FACETS, Filters, SearchEngine, SearchPage, SearchRequest, Sort
from union_catalog.search.names import distinct, people
from union_catalog.search.nearby import Nearby
from union_catalog.search.query import parse
from union_catalog.search.text import analyse, class_prefixes


@dataclass(frozen=True, slots=True)
class EngineHome:
    """One index. ``open`` gives an engine on it, every time another one, as another process would have."""

    name: str
    open: Callable[[], SearchEngine]


ENGINES = ("embedded", "elasticsearch")


@contextmanager
def engine_home(name: str, folder: Path) -> Iterator[EngineHome]:
    """An index of its own that does not exist yet, removed at the end."""
    if name == "embedded":
        yield EngineHome(name, lambda: EmbeddedEngine(folder / "index"))
        return
    address, shape = Address(elasticsearch_urls()), Shape(f"test-{new_id().lower()}", 1, 0)
    opened: list[SearchEngine] = []

    def open_another() -> SearchEngine:
        opened.append(ElasticsearchEngine(address, shape, SystemClock()))
        return opened[-1]

    try:
        yield EngineHome(name, open_another)
    finally:
        for engine in opened:
            engine.close()
        remove_indices(shape.prefix)


def elasticsearch_urls() -> tuple[str, ...]:
    """The nodes of the server that tests may fill; skips where there is none, fails where REQUIRE_ELASTICSEARCH=1 demands it."""
    urls = tuple(filter(None, os.environ.get("UNION_CATALOG_TEST_ELASTICSEARCH_URL", "").split(",")))
    if not urls:
        missing("UNION_CATALOG_TEST_ELASTICSEARCH_URL names no Elasticsearch server", "REQUIRE_ELASTICSEARCH")
    return urls


def remove_indices(prefix: str) -> None:
    with Elasticsearch(elasticsearch_urls()) as client:
        names = list(client.indices.get(index=f"{prefix}-*", features=["settings"], expand_wildcards="all"))
        if names:
            client.indices.delete(index=names)


def edition(
    union_id: str,
    title: str,
    *authors: str,
    volume: str = "",
    volume_title: str = "",
    remainder: str = "",
    statement: str = "",
    isbn: str = "",
    clc: str = "",
    call_number: str = "",
    publisher: str = "",
    year: int | None = None,
    series: str = "",
    subject: str = "",
    note: str = "",
    format: Format = "book",
    language: str = "chi",
    audience: Audience = "",
    held: dict[str, bool] | None = None,
    at: dict[str, bool] | None = None,
    work_id: str | None = None,
    revision: int = 1,
) -> IndexDocument:
    """An index document made by the real analysis.

    ``held`` says of each library whether its main branch has an item to lend, ``at`` of each branch ("JD-EAST") instead.
    """
    record = BibliographicRecord(
        titles=(Title(kind="proper", text=title, remainder=remainder, volume_number=volume, volume_title=volume_title),),
        agents=tuple(Agent(name=name) for name in authors),
        responsibility=(Text(text=statement),) if statement else (),
        publications=(Publication(publishers=(publisher,) if publisher else (), year=year),),
        series=(Series(title=series),) if series else (),
        subjects=(Subject(heading=subject),) if subject else (),
        notes=(Text(text=note),) if note else (),
        identifiers=(Identifier(scheme="isbn", value=isbn13(isbn) or isbn, valid=bool(isbn13(isbn))),) if isbn else (),
        classifications=(Classification(scheme="clc", number=clc),) if clc else (),
        languages=(language,),
        format=format,
    )
    if at is None:
        at = {f"{code}-MAIN": free for code, free in ({"JD": True} if held is None else held).items()}
    libraries = dict.fromkeys(code.partition("-")[0] for code in at)
    return IndexDocument(
        union_id=union_id,
        revision=revision,
        analysed=analyse(record, [call_number] if call_number else []),
        work_id=f"work-{union_id}" if work_id is None else work_id,
        title=title,
        format=record.format,
        languages=record.languages,
        year=year,
        clc_tree=tree_codes(clc),
        clc=tuple(class_prefixes(clc)),
        audience=audience,
        authors=people(authors),
        subjects=distinct([subject]),
        series_titles=distinct([series]),
        libraries=tuple(libraries),
        availability=tuple(Availability(code, code.partition("-")[0], 1, free) for code, free in at.items()),
        available_libraries=tuple(dict.fromkeys(code.partition("-")[0] for code, free in at.items() if free)),
        holdings_count=len(libraries),
    )


CATALOGUE = (
    edition("hlm1", "红楼梦", "曹雪芹", "高鹗", isbn="9787020002207", clc="I242.4", call_number="I242.4/5534",
            publisher="人民文学出版社", year=1996, held={"JD": True, "JX": False, "WZ": True}),
    edition("hlm2", "紅樓夢", "曹雪芹", publisher="中華書局", year=2005, clc="I242.4", held={"JX": False}),
    edition("hlm3", "红楼梦研究", "俞平伯", publisher="棠棣出版社", year=1952, clc="I207.411", held={"KS": True}),
    edition("hlm4", "漫说红楼梦", "张毕来", publisher="人民文学出版社", year=1978, clc="I207.411"),
    edition("hlm5", "曹雪芹评传", "李广柏", subject="红楼梦", year=1998, clc="K825.6", held={"WZ": False}),
    edition("huo1", "活着", "余华", publisher="作家出版社", year=2012, clc="I247.57", held={"JD": True, "KS": True}),
    edition("huo2", "活", "陈染", year=1999, clc="I247.7", call_number="I247.7/7433"),
    edition("huo3", "生活与博物学", "杨平", year=2001, clc="N49"),
    edition("yu1", "许三观卖血记", "余华", year=1998, clc="I247.5", held={"JX": True}),
    edition("santi1", "三体", "刘慈欣", year=2008, clc="I247.55"),
    edition("santi2", "三体Ⅱ", "刘慈欣", volume_title="黑暗森林", year=2008, clc="I247.55", held={"JD": False, "JX": True}),
    edition("santi2b", "三体", "刘慈欣", volume="第二部", volume_title="黑暗森林", year=2016, clc="I247.55"),
    edition("santi2c", "三体2", "刘慈欣", year=2015, clc="I247.55"),
    edition("santi3", "三体Ⅲ", "刘慈欣", volume_title="死神永生", year=2010, clc="I247.55"),
    edition("jiaoyu", "敎育史", "陳青之", publisher="商務印書館", year=1936, clc="G529"),
    edition("lishi1", "歷史研究", "湯因比", year=1966, clc="K03"),
    edition("lishi2", "中国厯史概要", "翦伯赞", year=1956, clc="K20"),
    edition("gugong", "故宫藏影", "单霁翔", year=2014, clc="K928.74"),
    edition("jiashu", "家书", "曾国藩", year=1985, clc="B823.1"),
    edition("yinhang", "银行业务", "王强", year=2003, clc="F830.4"),
    edition("shijian1", "时间简史", "史蒂芬·霍金", isbn="7535710557", year=1992, clc="P159", language="chi"),
    edition("shijian2", "时间简史", "史蒂芬·霍金", remainder="插图本", year=2002, clc="P159"),
    edition("python", "Python编程", "Eric Matthes", remainder="从入门到实践", year=2016, clc="TP311", language="chi", format="e-book"),
    edition("cpp", "C++ Primer", "Stanley Lippman", year=2013, clc="TP312", language="eng", held={"WZ": True}),
    edition("havard", "A History of Harvard", "Smith", year=1936, clc="G649", language="eng", held={"KS": False}),
    edition("marquez", "百年孤独", "加西亚·马尔克斯", year=2011, clc="I775.45", series="新经典文库"),
    edition("noyear", "无年之书", "佚名", clc="Z1", held={"WZ": True}),
    edition("map", "嘉兴市地图", year=2010, format="map", note="附红楼梦人物图"),
)  # fmt: skip


MANY = tuple(
    edition(
        f"many{i:04d}",
        "同名的书",
        year=None if i % 7 == 0 else 1990 + i % 5,
        held=dict.fromkeys(["JD", "JX", "WZ"][: 1 + i % 3], True),
    )
    for i in range(331)
)


def page(
    engine: SearchEngine,
    query: str = "",
    filters: Filters | None = None,
    *,
    sort: Sort = "relevance",
    per_page: int = 50,
    cursor: str | None = None,
    facets: bool = False,
    nearby: Nearby | None = None,
    classes: tuple[str, ...] = (),
) -> SearchPage:
    request = SearchRequest(parse(query), filters or Filters(), sort, per_page, cursor, FACETS if facets else (), nearby, classes)
    return engine.search(request)


def found(engine: SearchEngine, query: str, filters: Filters | None = None) -> list[str]:
    """The ids found, in the order by relevance."""
    return ids(page(engine, query, filters))


def ids(answer: SearchPage) -> list[str]:
    return [hit.union_id for hit in answer.hits]


def all_pages(engine: SearchEngine, query: str, *, sort: Sort, per_page: int, nearby: Nearby | None = None) -> list[str]:
    """Every id, page after page, to the end."""
    seen: list[str] = []
    cursor: str | None = None
    while True:
        answer = page(engine, query, sort=sort, per_page=per_page, cursor=cursor, nearby=nearby)
        seen += ids(answer)
        cursor = answer.next_cursor
        if cursor is None:
            return seen
        assert len(answer.hits) == per_page


def filled(home: EngineHome, documents: Iterable[IndexDocument] = CATALOGUE) -> SearchEngine:
    engine = home.open()
    engine.create()
    engine.apply(tuple(documents), ())
    return engine
