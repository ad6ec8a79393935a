"""Nothing that can be typed breaks reading, planning or searching; nothing that can be catalogued breaks the analysis."""

from collections.abc import Iterator

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.search_engines import CATALOGUE, ENGINES, engine_home, filled, found, page
from union_catalog.bibliographic.record import Agent, BibliographicRecord, Identifier, Text, Title
from union_catalog.search.engine import SearchEngine
from union_catalog.search.plan import plan
from union_catalog.search.query import MAX_LENGTH, Not, parse
from union_catalog.search.text import analyse

HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12)
TYPED = st.text(max_size=60) | st.text(
    alphabet="红楼梦曹雪芹三体第二部Ⅱ2 \"-()ANDORhongluemgI247.5/:“”－\x00\ud800'+#*~^[]{}\\", max_size=40
)
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


@given(typed=TYPED)
def test_every_query_is_answered(engine: SearchEngine, typed: str) -> None:
    answer = page(engine, typed, facets=True)
    assert answer.total == len(answer.hits) <= len(CATALOGUE)


@given(typed=TYPED)
def test_an_exclusion_parts_the_catalogue(engine: SearchEngine, typed: str) -> None:
    """What -x leaves and what x alone finds literally never overlap."""
    wanted = [node for node in parse(typed).nodes if not isinstance(node, Not)]
    if len(wanted) == 1:
        phrase = wanted[0].text
        with_it = set(found(engine, f'"{phrase}"'))
        without = set(found(engine, f'-"{phrase}"'))
        assert not with_it & without
        assert len(with_it) + len(without) == len(CATALOGUE)


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
