"""Places, people, subjects, audiences and classes: what every engine lets a reader choose, and how it counts them."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest

from indexers.elasticsearch.engine import ElasticsearchEngine
from indexers.elasticsearch.server import Address
from tests.contracts.elasticsearch_site import Site
from tests.contracts.search_engines import ENGINES, EngineHome, all_pages, edition, engine_home, filled, found, ids, page
from union_catalog.bibliographic.record import Audience
from union_catalog.clock import SystemClock
from union_catalog.search.document import IndexDocument
from union_catalog.search.engine import FacetCount, FacetName, Filters, SearchEngine, SearchPage, SearchRequest
from union_catalog.search.frequent import MOST_NAMES
from union_catalog.search.nearby import RINGS, Nearby
from union_catalog.search.order import rank
from union_catalog.search.query import parse

# Around the reader: JD's main branch within 1 km, its eastern one within 5, JX-1 within 10; WZ's is in none.
HERE = Nearby((("JD-MAIN",), (), ("JD-EAST",), ("JX-1", "JX-2"), (), ()))
BOOKS = (
    edition("a", "城市", "余华", clc="I247.5", audience="general", subject="城市", at={"JD-MAIN": False, "JX-1": True}),
    edition("b", "城市", "余華", clc="I247.7", audience="general", subject="文学", at={"JD-EAST": True}),
    edition("c", "城市", "（清）曹雪芹", "余华", clc="I242.4", audience="adult", at={"JX-1": False, "JX-2": True, "WZ-MAIN": True}),
    edition("d", "城市", "J. K. 罗琳", clc="I561.4", audience="juvenile", at={"WZ-MAIN": True}),
    edition("e", "城市", "J·K·罗琳", clc="B848", audience="juvenile", subject="心理学", at={"JD-MAIN": True, "JD-EAST": False}),
    edition("f", "城市", clc="B81", at={"JX-1": False}),
    edition("g", "城市", clc="D351.2", at={}),
)  # fmt: skip


@pytest.fixture(scope="module", params=ENGINES)
def books(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    with engine_home(request.param, tmp_path_factory.mktemp("books")) as made:
        engine = filled(made, BOOKS)
        yield engine
        engine.close()


def counts(answer: SearchPage, name: FacetName) -> dict[str, int]:
    return {one.value: one.count for one in answer.facets[name]}


def selected(answer: SearchPage, name: FacetName) -> set[str]:
    return {one.value for one in answer.facets[name] if one.selected}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(library=("JD",), branch=("JX-1",)), "abcef"),
        (Filters(library=("JD",), branch=("JX-1",), available=True), "abe"),
        (Filters(branch=("JD-MAIN", "JX-2")), "ace"),
        (Filters(branch=("JD-MAIN",), available=True), "e"),
        (Filters(library=("JD",), available=True), "be"),
        (Filters(within=1), "ae"),
        (Filters(within=2), "ae"),
        (Filters(within=5), "abe"),
        (Filters(within=10), "abcef"),
        (Filters(within=50), "abcef"),
        (Filters(within=1, available=True), "e"),
        (Filters(within=5, available=True), "be"),
        (Filters(within=10, available=True), "abce"),
        (Filters(within=5, library=("JX",)), "a"),
        (Filters(within=10, library=("WZ",), available=True), "c"),
        (Filters(audience=("juvenile",)), "de"),
        (Filters(audience=("juvenile", "adult")), "cde"),
        (Filters(author=("余华",)), "abc"),
        (Filters(author=("曹雪芹", "J.K.罗琳")), "cde"),
        (Filters(author=("余",)), ""),
        (Filters(subject=("城市", "心理学")), "ae"),
        (Filters(subject=("城市",), author=("J.K.罗琳",)), ""),
        (Filters(clc=("B81",)), "f"),
        (Filters(clc=("B84",)), "e"),
        (Filters(clc=("D33/37",)), "g"),
        (Filters(clc=("i24", "B")), "abcef"),
    ],
)
def test_what_is_chosen(books: SearchEngine, filters: Filters, expected: str) -> None:
    assert sorted(ids(page(books, "城市", filters, nearby=HERE))) == sorted(expected)


def test_without_a_place_nothing_is_near(books: SearchEngine) -> None:
    answer = page(books, "城市", Filters(within=1), facets=True)
    assert answer.total == len(BOOKS)
    assert "near" not in answer.facets


def test_where_no_branch_is_near_nothing_is_found_near(books: SearchEngine) -> None:
    nowhere = Nearby(((),) * len(RINGS))
    answer = page(books, "城市", Filters(within=50), facets=True, nearby=nowhere)
    assert answer.total == 0
    assert counts(answer, "near") == {str(kilometres): 0 for kilometres in RINGS}


def test_all_facets_of_a_search(books: SearchEngine) -> None:
    answer = page(books, "城市", facets=True, nearby=HERE)
    assert counts(answer, "library") == {"JD": 3, "JX": 3, "WZ": 2}
    assert counts(answer, "branch") == {"JX-1": 3, "JD-EAST": 2, "JD-MAIN": 2, "WZ-MAIN": 2, "JX-2": 1}
    assert counts(answer, "near") == {"1": 2, "2": 2, "5": 3, "10": 5, "20": 5, "50": 5}
    assert counts(answer, "available") == {"true": 5}
    assert counts(answer, "audience") == {"general": 2, "juvenile": 2, "adult": 1}
    assert counts(answer, "author") == {"余华": 3, "J.K.罗琳": 2, "曹雪芹": 1}
    assert counts(answer, "subject") == {"城市": 1, "心理学": 1, "文学": 1}
    assert counts(answer, "clc") == {"I": 4, "I2": 3, "B": 2, "B81": 1, "B84": 1, "I3/7": 1, "D": 1, "D33/37": 1}


def test_the_order_of_the_values(books: SearchEngine) -> None:
    answer = page(books, "城市", facets=True, nearby=HERE)
    assert [one.value for one in answer.facets["near"]] == [str(kilometres) for kilometres in RINGS]
    for name in ("branch", "audience", "author", "subject", "clc"):
        values = answer.facets[name]
        assert list(values) == sorted(values, key=lambda one: (-one.count, one.value))


def test_only_the_facets_that_are_asked_for(books: SearchEngine) -> None:
    request = SearchRequest(parse("城市"), facets=("author", "near"), nearby=HERE)
    assert set(books.search(request).facets) == {"author", "near"}


def test_libraries_and_branches_leave_out_both_selections(books: SearchEngine) -> None:
    answer = page(books, "城市", Filters(library=("WZ",), branch=("JD-MAIN",)), facets=True, nearby=HERE)
    assert sorted(ids(answer)) == ["a", "c", "d", "e"]
    assert counts(answer, "library") == {"JD": 3, "JX": 3, "WZ": 2}
    assert counts(answer, "branch") == {"JX-1": 3, "JD-EAST": 2, "JD-MAIN": 2, "WZ-MAIN": 2, "JX-2": 1}
    assert selected(answer, "library") == {"WZ"}
    assert selected(answer, "branch") == {"JD-MAIN"}
    assert counts(answer, "author") == {"余华": 2, "J.K.罗琳": 2, "曹雪芹": 1}


def test_with_available_places_are_counted_where_it_is(books: SearchEngine) -> None:
    answer = page(books, "城市", Filters(available=True), facets=True, nearby=HERE)
    assert counts(answer, "library") == {"JD": 2, "JX": 2, "WZ": 2}
    assert counts(answer, "branch") == {"WZ-MAIN": 2, "JD-EAST": 1, "JD-MAIN": 1, "JX-1": 1, "JX-2": 1}
    assert counts(answer, "near") == {"1": 1, "2": 1, "5": 2, "10": 4, "20": 4, "50": 4}


def test_nearness_leaves_out_its_own_selection_and_is_heeded_by_the_others(books: SearchEngine) -> None:
    answer = page(books, "城市", Filters(within=1), facets=True, nearby=HERE)
    assert counts(answer, "near") == {"1": 2, "2": 2, "5": 3, "10": 5, "20": 5, "50": 5}
    assert selected(answer, "near") == {"1"}
    assert counts(answer, "library") == {"JD": 2, "JX": 1}
    assert counts(answer, "available") == {"true": 1}
    assert counts(answer, "audience") == {"general": 1, "juvenile": 1}


def test_people_leave_out_their_own_selection(books: SearchEngine) -> None:
    answer = page(books, "城市", Filters(author=("曹雪芹",), audience=("adult",)), facets=True)
    assert counts(answer, "author") == {"余华": 1, "曹雪芹": 1}
    assert selected(answer, "author") == {"曹雪芹"}
    assert counts(answer, "audience") == {"adult": 1}


def test_chosen_values_never_vanish(books: SearchEngine) -> None:
    chosen = Filters(branch=("NO-1",), audience=("adolescent",), author=("无名",), subject=("无题",), clc=("Z9",), within=1)
    answer = page(books, "城市", chosen, facets=True, nearby=HERE)
    assert answer.total == 0
    assert FacetCount("1", 0, True) in answer.facets["near"]
    told = {"branch": "NO-1", "audience": "adolescent", "author": "无名", "subject": "无题", "clc": "Z9"}
    for name, value in told.items():
        assert FacetCount(value, 0, True) in answer.facets[name]  # type: ignore[index]  # names of facets, as plain text


def test_deeper_classes_are_counted_where_they_are_asked_for(books: SearchEngine) -> None:
    answer = page(books, "城市", Filters(clc=("I24",)), facets=True, classes=("I24", "I242", "I247", "I249", "I247.5"))
    assert sorted(ids(answer)) == ["a", "b", "c"]
    told = counts(answer, "clc")
    assert told == {
        "I": 4,
        "I2": 3,
        "I24": 3,
        "I247": 2,
        "B": 2,
        "B81": 1,
        "B84": 1,
        "I3/7": 1,
        "D": 1,
        "D33/37": 1,
        "I242": 1,
        "I247.5": 1,
    }
    assert selected(answer, "clc") == {"I24"}


def crowd(size: int, names: int) -> list[IndexDocument]:
    """Many records by many people, whose frequencies fall off slowly and tie at the end."""
    draw = random.Random(11)
    authors = [f"作者{i:05d}" for i in range(names)]
    weights = [1 / (1 + i) ** 0.6 for i in range(names)]
    audiences: tuple[Audience, ...] = ("", "adult", "juvenile")
    return [
        edition(f"n{i:05d}", "人海", *dict.fromkeys(draw.choices(authors, weights, k=1 + i % 3)), audience=draw.choice(audiences))
        for i in range(size)
    ]


@pytest.mark.parametrize(("size", "names"), [(3_000, 2_500), (1_200, 40), (700, 4_000)])
def test_the_most_frequent_people_are_told_with_exact_counts(home: EngineHome, size: int, names: int) -> None:
    """Also where the index is in several parts, none of which tells all of its names."""
    documents = crowd(size, names)
    engine = filled(home, ())
    for start in range(0, size, size // 5):
        engine.apply(documents[start : start + size // 5], ())
    chosen = min(name for document in documents for name in document.authors)
    for filters in (Filters(), Filters(audience=("adult",)), Filters(author=(chosen,))):
        of = [one for one in documents if not filters.audience or one.audience in filters.audience]
        exact = Counter(name for document in of for name in document.authors)
        expected = sorted(exact.items(), key=lambda item: (-item[1], item[0]))
        most = dict(expected[:MOST_NAMES]) | {name: exact[name] for name in filters.author}
        told = page(engine, "人海", filters, facets=True).facets["author"]
        assert [(one.value, one.count) for one in told] == sorted(most.items(), key=lambda item: (-item[1], item[0]))


def test_several_shards_count_as_one_does(site: Site) -> None:
    """Each shard tells only its own most frequent names, and none tells how frequent the others are."""
    documents = crowd(2_000, 2_500)
    engine = ElasticsearchEngine(Address(site.urls), replace(site.shape, shards=2), SystemClock())
    engine.create()
    engine.apply(documents, ())
    exact = Counter(name for document in documents for name in document.authors)
    expected = sorted(exact.items(), key=lambda item: (-item[1], item[0]))[:MOST_NAMES]
    for filters in (Filters(), Filters(author=("作者00003",))):
        told = page(engine, "人海", filters, facets=True)
        assert [(one.value, one.count) for one in told.facets["author"]] == expected
        assert counts(told, "audience").keys() == {"adult", "juvenile"}
    ordered = sorted(documents, key=lambda one: -rank(one.holdings_count, one.union_id))
    assert all_pages(engine, "人海", sort="relevance", per_page=300) == [one.union_id for one in ordered]
    engine.close()


def test_names_hold_what_looks_like_syntax(home: EngineHome) -> None:
    strange = 'O\'Brien "Flann" [x TO y] * \\ /'
    engine = filled(home, [msgspec.structs.replace(edition("s", "城市"), authors=(strange, "*"))])
    assert found(engine, "城市", Filters(author=(strange,))) == ["s"]
    assert not found(engine, "城市", Filters(author=("O'Brien",)))
    assert counts(page(engine, "城市", Filters(author=("*",)), facets=True), "author") == {strange: 1, "*": 1}


def test_counts_follow_every_change(home: EngineHome) -> None:
    """Whoever remembers counts must forget them when the index changes."""
    engine = filled(home, BOOKS)
    assert counts(page(engine, "城市", facets=True), "audience")["juvenile"] == 2
    assert counts(page(engine, "城市", facets=True, sort="title"), "audience")["juvenile"] == 2
    engine.apply([edition("h", "城市", audience="juvenile")], [("d", 2), ("a", 2)])
    assert counts(page(engine, "城市", facets=True), "audience") == {"juvenile": 2, "adult": 1, "general": 1}
    other = engine if home.name == "elasticsearch" else home.open()
    assert counts(page(other, "城市", facets=True), "audience") == {"juvenile": 2, "adult": 1, "general": 1}
