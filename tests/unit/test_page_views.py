"""What pages make of a record and a query before any template: facts, found stretches, requests and their addresses."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict

from api.pages.asking import (
    MOST_CURSORS,
    SORTS,
    SearchRequest,
    address,
    conditions,
    next_page,
    previous_page,
    read_request,
    without,
    without_conditions,
)
from api.pages.facts import facts
from api.pages.marks import found_stretches
from api.pages.views import HoldingsGroup, HoldingsView, ItemLine, StatusView
from api.resources.editions import place_name
from api.translations import speak
from union_catalog.bibliographic.record import (
    Agent,
    BibliographicRecord,
    Classification,
    Identifier,
    Publication,
    Series,
    Subject,
    Text,
    Title,
)
from union_catalog.search.nearby import RINGS
from union_catalog.search.query import parse

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=6).map(lambda s: " ".join(s.split())).filter(bool)
values = st.lists(words, max_size=3, unique=True).map(tuple)
years = st.one_of(st.none(), st.integers(0, 9999))
requests = st.builds(
    SearchRequest,
    q=st.one_of(st.just(""), words), library=values, branch=values, language=values, format=values, clc=values,
    audience=values, author=values, subject=values, available=st.booleans(), within=st.sampled_from((None, *RINGS)),
    sort=st.sampled_from(SORTS), near=st.just("JD-1"), exact=st.booleans(), group=st.booleans(), explain=st.booleans(),
)  # fmt: skip


def asked_by(target: str) -> SearchRequest:
    return read_request(MultiDict(parse_qsl(urlsplit(target).query, keep_blank_values=True)), near="JD-1")[0]


def test_by_distance_from_nowhere_is_by_relevance() -> None:
    """A link that somebody else sent."""
    asked = MultiDict({"sort": "distance"})
    assert (read_request(asked)[0].sort, read_request(asked, near="JD-1")[0].sort) == ("relevance", "distance")


@given(requests, years, years)
def test_an_address_asks_what_it_was_made_of(request: SearchRequest, first: int | None, last: int | None) -> None:
    low, high = (first, last) if first is None or last is None else sorted((first, last))
    whole = replace(request, year_from=low, year_to=high)
    assert asked_by(address("/search", whole)) == whole


@given(requests)
def test_taking_every_condition_away_leaves_the_words(request: SearchRequest) -> None:
    rest = request
    for condition in conditions(request):
        assert len(list(conditions(without(rest, condition)))) == len(list(conditions(rest))) - 1
        rest = without(rest, condition)
    assert replace(rest, explain=False) == without_conditions(request)


def test_pages_can_be_walked_back_as_far_as_the_address_remembers() -> None:
    here = SearchRequest(q="红楼梦")
    for number in range(1, MOST_CURSORS + 4):
        here = asked_by(address("/search", next_page(here, f"c{number}", 20)))
    assert (here.cursor, here.offset) == (f"c{MOST_CURSORS + 3}", 20 * (MOST_CURSORS + 3))
    steps = 0
    while (before := previous_page(here)) is not None:
        here, steps = asked_by(address("/search", before)), steps + 1
    assert steps == MOST_CURSORS
    assert here.cursor == "c3"


def test_the_first_page_is_remembered_too() -> None:
    second = asked_by(address("/search", next_page(SearchRequest(near="JD-1"), "c1", 20)))
    assert previous_page(second) == SearchRequest(near="JD-1")


@pytest.mark.parametrize("text", ["-5", "12345", "二〇〇八", "1998a", "²"])
def test_what_is_no_year_is_left_out_and_told(text: str) -> None:
    request, errors = read_request(MultiDict({"year_from": text, "q": "x"}))
    assert (request.year_from, request.q) == (None, "x")
    assert [(error.name, error.code) for error in errors] == [("year_from", "not_a_year")]


@pytest.mark.parametrize(
    ("title", "query", "marked"),
    [
        ("紅樓夢：程甲本", "红楼梦", ["紅樓夢"]),
        ("红楼梦与红楼梦学", "紅樓夢", ["红楼梦", "红楼梦"]),
        ("The Story of the Stone", "STONE story", ["Story", "Stone"]),
        ("红楼梦", "hong lou meng", []),
        ("围城内外", "-围城 内外", ["内外"]),
        ("红楼梦", '"红楼梦"', ["红楼梦"]),
        ("红楼梦", "红楼 楼梦", ["红楼梦"]),
        ("", "红", []),
    ],
)
def test_found_words_are_marked_in_either_script(title: str, query: str, marked: list[str]) -> None:
    assert [title[start:end] for start, end in found_stretches(title, parse(query))] == marked


@pytest.mark.parametrize(
    ("library", "branch", "told"),
    [
        ("嘉定区图书馆", "菊园我嘉书房", "嘉定区图书馆 菊园我嘉书房"),
        ("嘉定区图书馆", "嘉定区图书馆新馆", "嘉定区图书馆新馆"),
        ("Jiaxing Library", "Jiaxing Library, Central Library", "Jiaxing Library, Central Library"),
        ("嘉定区图书馆", "嘉定区图书馆", "嘉定区图书馆"),
        ("嘉定区图书馆", "", "嘉定区图书馆"),
        ("", "JD1", "JD1"),
    ],
)
def test_a_place_says_its_library_once(library: str, branch: str, told: str) -> None:
    assert place_name(library, branch) == told


@given(st.text(max_size=30), st.text(max_size=10))
def test_stretches_lie_in_the_title_and_apart(title: str, query: str) -> None:
    last = 0
    for start, end in found_stretches(title, parse(query)):
        assert last <= start < end <= len(title)
        last = end


def test_the_call_number_is_that_of_the_branch_that_is_named() -> None:
    here, out = StatusView("available"), StatusView("on_loan")
    jiading = (ItemLine("我嘉书房", "JD-01", here), ItemLine("总馆", "JD-00", here, "I242.4/3"), ItemLine("总馆", "JD-00", out, "I242.4/9"))
    jiaxing = (ItemLine("总馆", "JX-00", here, "I242.4 5112"),)
    groups = (HoldingsGroup("嘉兴", "JX", 1, 1, jiaxing), HoldingsGroup("嘉定", "JD", 3, 2, jiading))
    holdings = HoldingsView(groups, datetime(2026, 11, 23, tzinfo=UTC))
    assert holdings.call_number("JD-01", "available") == ""
    assert holdings.call_number("JD-00", "available") == "I242.4/3"
    assert holdings.call_number("JX-00", "available") == "I242.4 5112"
    assert holdings.call_number("", "available") == ""


def test_a_record_is_told_line_by_line() -> None:
    record = BibliographicRecord(
        titles=(Title(kind="proper", text="红楼梦"), Title(kind="parallel", text="Hong lou meng", lang="zh-Latn-pinyin")),
        agents=(Agent(name="曹雪芹", dynasty="清", dates="1715-1763"),),
        publications=(Publication(places=("北京",), publishers=("人民文学出版社",), date="2008.7"),),
        extents=(Text(text="2册"),),
        dimensions=(Text(text="21cm"),),
        series=(Series(title="中国古典文学读本丛书", number="3"),),
        identifiers=(
            Identifier(scheme="isbn", value="9787020002207", raw="978-7-02-000220-7", qualifier="平装"),
            Identifier(scheme="isbn", value="7-02-00", valid=False),
            Identifier(scheme="isbn", value="9787020000000", cancelled=True),
            Identifier(scheme="issn", value="10001234"),
        ),
        subjects=(Subject(heading="章回小说", subdivisions=("中国",)), Subject(heading="章回小说", subdivisions=("中国",))),
        classifications=(Classification(scheme="clc", number="I242.4"), Classification(scheme="las", number="35.21")),
    )
    app = Flask("api")
    speak(app)
    with app.test_request_context("/"):
        told = {fact.name: fact for fact in facts(record, {"series": ("嘉定区图书馆",)})}
    assert [value.text for value in told["parallel_title"].values] == ["Hong lou meng"]
    assert told["agent"].values[0].text == "（清）曹雪芹，1715-1763"
    assert told["publication"].values[0].text == "北京，人民文学出版社，2008.7"
    assert told["extent"].values[0].text == "2册；21cm"
    assert [(value.text, value.query) for value in told["isbn"].values] == [
        ("978-7-02-000220-7（平装）", "9787020002207"),
        ("7-02-00（号码有误）", ""),
    ]
    assert told["issn"].values[0].text == "1000-1234"
    assert [value.query for value in told["subject"].values] == ["章回小说"]
    assert told["classification"].values[0].text == "LAS 35.21"
    assert told["series"].sources == ("嘉定区图书馆",)
    assert "title" not in told
    assert "note" not in told
