"""What an engine finds, and scores, is what the plan means of each record by itself."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.search_engines import CATALOGUE, ENGINES, engine_home, filled
from union_catalog.search.corrections.choosing import Candidate, chosen
from union_catalog.search.engine import SearchEngine, SearchRequest
from union_catalog.search.holding import held, holds
from union_catalog.search.plan import Plan, plan
from union_catalog.search.query import parse
from union_catalog.search.reasons import reasons

RECORDS = {document.union_id: held(document) for document in CATALOGUE}
_WORDS = [
    "红楼梦", "紅樓夢", "研究", "红", "曹雪芹", "雪芹", "余华", "活着", "活", "三体", "三体Ⅱ", "三体2", "第二部", "黑暗森林", "hlm", "hong",
    "honglou", "meng", "hongloumeng", "yuhua", "huozhe", "liucixin", "lcx", "python", "C++", "harvard", "history", "I247.5", "I247", "I24",
    "9787020002207", "人民文学出版社", "中华书局", "新经典文库", "1996", "2008", "马尔克斯", "百年孤独", "时间简史", "插图本", "附", "地图",
    "史", "的", "xyz",
]  # fmt: skip
_FIELDS = ["", "", "", "title:", "author:", "subject:", "publisher:", "series:", "clc:", "callnumber:", "isbn:", "library:"]
_PARTS = st.builds(lambda field, word, quoted: f'{field}"{word}"' if quoted else field + word, st.sampled_from(_FIELDS),
                   st.sampled_from([*_WORDS, "JD", "WZ"]), st.sampled_from([False, False, True]))  # fmt: skip
_CLAUSES = (
    _PARTS | st.builds("({} OR {})".format, _PARTS, _PARTS) | _PARTS.map("-{}".format) | st.sampled_from(["year:1990..2008", "-year:2008"])
)
QUERIES = st.lists(_CLAUSES, min_size=1, max_size=4).map(" ".join) | st.text("红楼梦曹雪芹活三体研究史", min_size=1, max_size=6)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SearchEngine, ...]]:
    with ExitStack() as stack:
        homes = [stack.enter_context(engine_home(name, tmp_path_factory.mktemp("meaning"))) for name in ENGINES]
        yield tuple(filled(home) for home in homes)


def _selected(asked: Plan) -> set[str]:
    return {
        union_id
        for union_id, record in RECORDS.items()
        if all(holds(one, record) for one in asked.required) and not any(holds(one, record) for one in asked.excluded)
    }


@given(QUERIES | st.text('红喽楼梦曹雪琴芹时间减简史honglmenHawkig "-()', min_size=1, max_size=12), st.booleans())
def test_what_is_found_and_scored_is_what_the_plan_means(engines: tuple[SearchEngine, ...], typed: str, forgiving: bool) -> None:
    query = replace(parse(typed), forgiving=forgiving)
    asked = plan(query)
    expected = _selected(asked)
    for engine in engines:
        hits = engine.search(SearchRequest(query, per_page=50, facets=())).hits
        assert {hit.union_id for hit in hits} == expected
        if asked.ranking:
            told = {hit.union_id: sum(reason.weight for reason in reasons(asked, RECORDS[hit.union_id])) for hit in hits}
            assert told == {hit.union_id: hit.score for hit in hits}


@given(QUERIES)
def test_what_is_like_a_query_is_never_less_than_what_it_finds(typed: str) -> None:
    asked = parse(typed)
    assert _selected(plan(asked)) <= _selected(plan(replace(asked, forgiving=True)))


@given(st.text(max_size=40) | QUERIES)
def test_nothing_that_can_be_typed_breaks_looking_for_what_was_meant(typed: str) -> None:
    asked = parse(typed)
    plan(replace(asked, forgiving=True))
    meant = chosen(asked, [Candidate(record, 1) for record in RECORDS.values()])
    assert meant is None or parse(meant.query).nodes != asked.nodes
