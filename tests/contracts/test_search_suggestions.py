"""Suggestions while a reader types: the same from every engine."""

import random

import pytest

from tests.contracts.search_engines import CATALOGUE, EngineHome, edition, filled, found, ids, page
from union_catalog.errors import SearchUnavailable
from union_catalog.search.engine import SearchEngine
from union_catalog.search.spellings import Kind, of_author, of_title, typed
from union_catalog.search.suggesting import MOST_COUNTED, Suggestion, SuggestRequest


def suggested(engine: SearchEngine, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
    return engine.suggest(SuggestRequest(text, limit))


def told(engine: SearchEngine, text: str, limit: int = 8) -> list[tuple[Kind, str]]:
    return [(one.kind, one.text) for one in suggested(engine, text, limit)]


@pytest.mark.parametrize(
    ("begun", "kind", "text"),
    [
        ("红", "title", "红楼梦"),
        ("红楼", "title", "红楼梦"),
        ("紅樓夢", "title", "红楼梦"),
        ("hlm", "title", "红楼梦"),
        ("hl", "title", "红楼梦"),
        ("h", "title", "红楼梦"),
        ("hongl", "title", "红楼梦"),
        ("hong lou m", "title", "红楼梦"),
        ("HONGLOUMENG", "title", "红楼梦"),
        ("红楼梦研", "title", "红楼梦研究"),
        ("红楼梦", "subject", "红楼梦"),
        ("曹", "author", "曹雪芹"),
        ("caoxueq", "author", "曹雪芹"),
        ("cxq", "author", "曹雪芹"),
        ("shanjix", "author", "单霁翔"),
        ("zeng", "author", "曾国藩"),
        ("霍金", "author", "史蒂芬·霍金"),
        ("史蒂芬霍", "author", "史蒂芬·霍金"),
        ("shidifen", "author", "史蒂芬·霍金"),
        ("huojin", "author", "史蒂芬·霍金"),
        ("matth", "author", "Eric Matthes"),
        ("eric m", "author", "Eric Matthes"),
        ("新经典", "series", "新经典文库"),
        ("xjdwk", "series", "新经典文库"),
        ("history of har", "title", "A History of Harvard"),
        ("a history", "title", "A History of Harvard"),
        ("ｐｙｔｈ", "title", "Python编程"),
        ("pythonb", "title", "Python编程"),
        ("C+", "title", "C++ Primer"),
        ("活", "title", "活"),
        ("三体2", "title", "三体Ⅱ"),
        ("歴史", "title", "歷史研究"),
        ("教育", "title", "敎育史"),
    ],
)
def test_what_is_begun_is_completed(catalogue: SearchEngine, begun: str, kind: Kind, text: str) -> None:
    assert (kind, text) in told(catalogue, begun)


@pytest.mark.parametrize(
    "begun", ["", " ", "　", "-", "《》", "\x00", "\ud800", "🙂", "没有这样的书", "qqq", "x" * 5000, "红" * 5000, '"', "*", "$"]
)
def test_what_nobody_can_complete_suggests_nothing(catalogue: SearchEngine, begun: str) -> None:
    assert suggested(catalogue, begun) == ()


@pytest.mark.parametrize("begun", ["t", "tw", "a'", "红.*", ".*", "红$", "[红", "(", "红 OR 活", "title:红", "\\"])
def test_signs_are_only_signs(catalogue: SearchEngine, begun: str) -> None:
    for one in suggested(catalogue, begun):
        assert "".join(c for c in begun if c.isalnum())[:1] in one.text.casefold() or one.text[0] > "一"


def test_the_whole_comes_before_the_beginning_and_the_beginning_before_the_abbreviation(home: EngineHome) -> None:
    many = dict.fromkeys(["JD", "JX", "WZ", "KS"], True)
    abbreviated = [edition(f"a{n}", title, held=many) for n, title in enumerate(["诗意", "诗意人生", "少爷"])]
    begun = [edition("b1", "Sya", held=dict.fromkeys(["JD", "JX"], True)), edition("b2", "Sy的故事")]
    engine = filled(home, [*abbreviated, *begun, edition("w", "SY")])
    texts = [text for _, text in told(engine, "sy")]
    assert texts[:3] == ["SY", "Sya", "Sy的故事"]
    assert (set(texts[3:5]), texts[5:]) == ({"诗意", "少爷"}, ["诗意人生"])


def test_of_equals_what_more_libraries_hold_comes_first(home: EngineHome) -> None:
    libraries = ["JD", "JX", "WZ", "KS"]
    engine = filled(home, [edition(f"e{n}", f"春天第{n}", held=dict.fromkeys(libraries[:n], True)) for n in (2, 4, 1, 3)])
    assert told(engine, "春") == [("title", f"春天第{n}") for n in (4, 3, 2, 1)]
    assert told(engine, "chunt") == told(engine, "春天") == told(engine, "ctd") == told(engine, "春")


MANY = dict.fromkeys(["JD", "JX", "WZ", "KS"], True)


def test_the_work_of_most_editions_comes_first_however_few_libraries_hold_each(home: EngineHome) -> None:
    single = [
        edition(f"s{n}", f"红{title}", held=MANY) for n, title in enumerate(["火星", "与黑", "字", "高粱", "岩石", "旗谱", "茶", "酒"])
    ]
    twice = [edition(f"t{n}", "红日", work_id="two") for n in range(2)]
    often = [edition(f"e{n}", "红楼梦", work_id="many") for n in range(5)]
    engine = filled(home, [*single, *twice, *often])
    assert [text for _, text in told(engine, "红")][:2] == ["红楼梦", "红日"]
    assert told(engine, "红楼") == [("title", "红楼梦")]
    assert {one.union_id for one in suggested(engine, "红") if one.work_id == "many"} <= {f"e{n}" for n in range(5)}
    engine.apply([edition("e0", "紫日", work_id="two", revision=2)], [(f"e{n}", 3) for n in (1, 2, 3)])
    assert told(engine, "红")[0] == ("title", "红日")


def test_the_name_of_most_records_comes_first_and_names_beside_it_do_not_come(home: EngineHome) -> None:
    rare = [edition(f"r{n}", f"书{n}", name, held=MANY) for n, name in enumerate(["鲁伊", "鲁宓", "鲁西奇", "鲁枢元"])]
    often = [edition(f"o{n}", f"文{n}", "鲁迅", "许广平", subject="鲁迅研究" if n else "") for n in range(4)]
    engine = filled(home, [*rare, *often])
    assert told(engine, "鲁")[:2] == [("author", "鲁迅"), ("subject", "鲁迅研究")]
    assert "许广平" not in [text for _, text in told(engine, "鲁")]


def test_what_begins_too_many_to_be_counted_goes_by_libraries(home: EngineHome) -> None:
    crowd = (edition(f"x{n}", "红", work_id="crowd") for n in range(MOST_COUNTED - 1))
    engine = filled(home, [*crowd, edition("held", "红楼梦", held=MANY)])
    assert told(engine, "hong")[0] == ("title", "红")
    engine.apply([edition("more", "红岩")], ())
    assert told(engine, "hong")[0] == ("title", "红楼梦")


def test_of_works_and_libraries_alike_the_short_title_comes_first(home: EngineHome) -> None:
    titles = ["活着活着就老了", "活着", "活着就好", "活着真好啊"]
    engine = filled(home, [edition(f"e{n}", title) for n, title in enumerate(titles)])
    assert [text for _, text in told(engine, "活")] == ["活着", "活着就好", "活着真好啊", "活着活着就老了"]


def test_a_whole_title_that_only_sounds_so_does_not_come_before_a_work_of_many_editions(home: EngineHome) -> None:
    engine = filled(home, [edition("h", "虹", held=MANY), *(edition(f"e{n}", "红楼梦", work_id="many") for n in range(3))])
    assert told(engine, "hong") == [("title", "红楼梦"), ("title", "虹")]
    assert told(engine, "虹") == [("title", "虹")]


def test_no_work_and_no_name_comes_twice(home: EngineHome) -> None:
    editions = [
        edition(f"h{n}", title, "曹雪芹", work_id="w1") for n, title in enumerate(["红楼梦", "紅樓夢", "红楼梦（程乙本）", "红楼梦"])
    ]
    others = [edition(f"o{n}", "红楼梦", "曹雪芹", work_id="") for n in range(3)]
    engine = filled(home, [*editions, *others])
    texts = [text for kind, text in told(engine, "红楼") if kind == "title"]
    assert len(texts) <= 2
    assert len({found.work_id or found.union_id for found in suggested(engine, "红楼")}) == len(texts)
    assert told(engine, "cao") == [("author", "曹雪芹")]


def test_a_work_of_very_many_editions_leaves_place_for_names(home: EngineHome) -> None:
    titles = [edition(f"t{n:03d}", f"中国第{n}书", held=dict.fromkeys(["JD", "JX"], True)) for n in range(90)]
    engine = filled(home, [*titles, edition("a", "无关", "中国社会科学院"), edition("s", "无关二", subject="中国文学")])
    kinds = [kind for kind, _ in told(engine, "中国")]
    assert len(kinds) == 8
    assert {"author", "subject"} <= set(kinds)
    assert len(told(engine, "中国", 3)) == 3
    assert len(told(engine, "z", 1)) == 1


def test_what_is_taken_finds_what_was_meant(catalogue: SearchEngine) -> None:
    """The query of every suggestion that there can be finds its record, or all records of the name."""
    seen = 0
    for document in CATALOGUE:
        names: list[tuple[Kind, str]] = [("title", document.title), *(("author", one) for one in document.authors)]
        names += [("subject", one) for one in document.subjects] + [("series", one) for one in document.series_titles]
        for kind, name in names:
            for one in suggested(catalogue, name[:12]):
                if (one.kind, one.text) == (kind, name) and one.union_id in ("", document.union_id):
                    assert document.union_id in found(catalogue, one.query), one
                    assert page(catalogue, one.query).warnings == ()
                    seen += 1
    assert seen > 40


@pytest.mark.parametrize("title", ["作者：余华", "title:x", "活着 OR 死去", "-1的平方根", '他说："好"', "红楼梦 (上)", "year:1984", "A&B"])
def test_a_title_that_reads_as_a_query_is_taken_as_a_title(home: EngineHome, title: str) -> None:
    engine = filled(home, [edition("odd", title), edition("other", "别的书", "余华")])
    (one,) = suggested(engine, title)
    assert one.text == title
    answer = page(engine, one.query)
    assert (ids(answer), answer.warnings) == (["odd"], ())


def test_suggestions_follow_the_records(home: EngineHome) -> None:
    engine = filled(home, [edition("a", "红楼梦", "曹雪芹")])
    engine.apply([edition("a", "石头记", "曹雪芹", revision=2)], ())
    assert told(engine, "红楼") == []
    assert told(engine, "shitou") == [("title", "石头记")]
    engine.apply((), [("a", 3)])
    assert told(engine, "石头") == told(engine, "cao") == []


def test_every_beginning_of_every_spelling_leads_to_its_name(home: EngineHome) -> None:
    """As a reader types letter by letter, what is meant does not fall out on the way. Few records, so that nothing is crowded out."""
    documents = random.Random(5).sample(CATALOGUE, 7)
    engine = filled(home, documents)
    for document in documents:
        kinds: list[tuple[Kind, str]] = [("title", document.title), *(("author", one) for one in document.authors)]
        for kind, name in kinds:
            for spelling in of_title(name) if kind == "title" else of_author(name):
                for length in range(1, len(spelling.text) + 1):
                    beginning = spelling.text[:length]
                    if any(one.way == spelling.way and one.text == beginning for one in typed(beginning)):  # C++ is no beginning of c++p
                        assert (kind, name) in told(engine, beginning), beginning


def test_an_index_that_is_not_there_is_told(home: EngineHome) -> None:
    with pytest.raises(SearchUnavailable):
        suggested(home.open(), "红")
