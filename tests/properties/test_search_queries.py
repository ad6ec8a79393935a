"""Nothing that can be typed breaks reading, planning or searching; nothing that can be catalogued breaks the analysis."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.search_engines import CATALOGUE, ENGINES, engine_home, filled, found, page
from union_catalog.bibliographic.record import Agent, BibliographicRecord, Identifier, Text, Title
from union_catalog.search.characters import prepare
from union_catalog.search.engine import SearchEngine
from union_catalog.search.lexing import has_content
from union_catalog.search.nodes import describe
from union_catalog.search.plan import plan
from union_catalog.search.query import MAX_LENGTH, parse
from union_catalog.search.text import analyse

HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12)
_PARTS = st.sampled_from(
    ["红楼梦", "曹雪芹", "活", "三体", "第二部", "Ⅱ", "hlm", "hong", "I247.5", '"', "(", ")", "（", "-", "－", "|", "OR", "或", "AND",
     "NOT", "title:", "作者：", "year:", "1990..2008", "..", "clc:", "isbn:", "馆:", "JD", "tilte:", "!", "\x00", "C++", " ", " ", " "]
)  # fmt: skip
TYPED = (
    st.text(max_size=60)
    | st.text(alphabet="红楼梦曹雪芹三体第二部Ⅱ2 \"-()|ANDORhongluemgI247.5/:“”－\x00\ud800'+#*~^[]{}\\", max_size=40)
    | st.lists(_PARTS, max_size=24).map("".join)
)
CLAUSES = st.sampled_from(
    ["红楼梦", '"红楼梦"', "曹雪芹", "author:余华", "作者：刘慈欣", "title:三体", "-研究", "year:1998..2010", "(活着 OR 三体)", "huo",
     "-(author:余华)", "clc:I247", "馆:JX", "-year:2008", "I24", "subject:红楼梦", "三体 | 红楼梦"]
)  # fmt: skip
_LATIN = re.compile("[A-Za-z]")
ALL = {document.union_id for document in CATALOGUE}
TO_TRADITIONAL = opencc.OpenCC("s2t")


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    with engine_home(request.param, tmp_path_factory.mktemp("typed")) as made:
        yield filled(made)


@given(TYPED)
def test_every_text_is_a_query(text: str) -> None:
    parsed = parse(text)
    assert len(parsed.text) <= MAX_LENGTH
    assert parsed.text.encode("utf-8").decode("utf-8") == parsed.text
    plan(parsed)


@given(TYPED)
def test_reading_what_was_understood_changes_nothing(text: str) -> None:
    once = parse(text)
    assert parse(once.text).nodes == once.nodes


@given(TYPED)
def test_a_query_shown_as_it_was_understood_is_understood_so(text: str) -> None:
    once = parse(text)
    again = parse(describe(once.nodes))
    if "too_long" not in {warning.code for warning in again.warnings}:  # ".." and " OR " may be longer than what was typed
        assert again.nodes == once.nodes
        assert {warning.code for warning in again.warnings} <= {"only_exclusions", "only_symbols", "unknown_field"}


@given(typed=TYPED)
def test_every_query_is_answered(engine: SearchEngine, typed: str) -> None:
    answer = page(engine, typed, facets=True)
    assert answer.total == len(answer.hits) <= len(CATALOGUE)


@given(typed=TYPED)
def test_an_exclusion_parts_the_catalogue(engine: SearchEngine, typed: str) -> None:
    """What -x leaves and what x finds are together everything; they overlap only where x is also read as pinyin."""
    nodes = parse(typed).nodes
    if nodes and has_content(describe(nodes)):  # of symbols alone there are no exclusions
        with_it = set(found(engine, f"({describe(nodes)})"))
        without = set(found(engine, f"-({describe(nodes)})"))
        assert with_it | without == ALL
        if not _LATIN.search(prepare(describe(nodes))):
            assert not with_it & without


@given(clauses=st.lists(CLAUSES, min_size=2, max_size=5, unique=True), data=st.data())
def test_the_order_of_parts_does_not_matter(engine: SearchEngine, clauses: list[str], data: st.DataObject) -> None:
    others = data.draw(st.permutations(clauses))
    assert set(found(engine, " ".join(clauses))) == set(found(engine, " ".join(others)))


@given(first=CLAUSES, second=CLAUSES)
def test_parts_are_sets(engine: SearchEngine, first: str, second: str) -> None:
    one, other = set(found(engine, first)), set(found(engine, second))
    assert set(found(engine, f"({first}) ({second})")) == one & other
    assert set(found(engine, f"({first}) OR ({second})")) == one | other


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SearchEngine, ...]]:
    with ExitStack() as stack:
        yield tuple(filled(stack.enter_context(engine_home(name, tmp_path_factory.mktemp(name)))) for name in ENGINES)


@given(typed=TYPED | st.lists(CLAUSES, min_size=1, max_size=4).map(" OR ".join) | st.lists(CLAUSES, min_size=1, max_size=4).map(" ".join))
def test_engines_find_the_same_in_the_same_order(engines: tuple[SearchEngine, ...], typed: str) -> None:
    answers = [page(engine, typed, facets=True) for engine in engines]
    assert all(answer == answers[0] for answer in answers)


@given(title=HAN, name=HAN)
def test_scripts_are_analysed_alike(title: str, name: str) -> None:
    simplified = BibliographicRecord(titles=(Title(kind="proper", text=title),), agents=(Agent(name=name),))
    traditional = BibliographicRecord(
        titles=(Title(kind="proper", text=TO_TRADITIONAL.convert(title)),), agents=(Agent(name=TO_TRADITIONAL.convert(name)),)
    )
    back = opencc.OpenCC("t2s").convert
    if back(TO_TRADITIONAL.convert(title)) == back(title) and back(TO_TRADITIONAL.convert(name)) == back(name):
        assert analyse(simplified) == analyse(traditional)


@given(st.lists(st.text(max_size=30), max_size=4), st.text(max_size=30), st.text(max_size=30))
def test_every_record_can_be_analysed(titles: list[str], name: str, number: str) -> None:
    record = BibliographicRecord(
        titles=tuple(Title(kind="proper", text=text, volume_number=number) for text in titles),
        agents=(Agent(name=name),),
        responsibility=(Text(text=name),),
        identifiers=(Identifier(scheme="isbn", value=number, valid=False),),
    )
    found_tokens = analyse(record, [number])
    assert found_tokens == analyse(record, [number])
    assert found_tokens.sort_title.isascii()
