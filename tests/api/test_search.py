"""GET /api/v1/search: its shape, its parameters, and that nothing a caller types breaks it."""

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from api.resources.search import search_answer
from tests.api.collection import FORTRESS
from union_catalog.search.engine import SearchRequest
from union_catalog.search.query import parse
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.searching.asked import Asked

SEARCH = "/api/v1/search"


def titles(client: FlaskClient, query: str) -> list[str]:
    """The titles that a search finds."""
    answer = client.get(f"{SEARCH}?{query}")
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.get_json()["items"]]


def test_an_empty_search_finds_everything(client: FlaskClient) -> None:
    answer = client.get(SEARCH).get_json()
    assert set(answer) == {"total", "items", "facets", "next_cursor", "warnings", "corrected", "did_you_mean", "targets"}
    assert answer["total"] == 3
    assert answer["next_cursor"] is None
    assert answer["targets"] == [{"name": "union", "state": "answered"}]


def test_an_item_says_what_it_is_and_who_holds_it(client: FlaskClient) -> None:
    item = client.get(f"{SEARCH}?q=紅樓夢&format=book").get_json()["items"][0]
    assert item["title"] == "红楼梦"
    assert item["responsibility"] == "曹雪芹著"
    assert (item["publisher"], item["year"], item["format"]) == ("人民文学出版社", 1982, "book")
    assert item["isbn"] == ["9787020002207"]
    assert item["origin"] == [{"name": "union", "state": "answered"}]
    assert item["libraries"] == [
        {"code": "JD", "name": "嘉定区图书馆", "items": 2, "available": 1},
        {"code": "JX", "name": "嘉兴市图书馆", "items": 1, "available": 1},
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("library=JX", {"红楼梦"}),
        ("library=JD&library=JX&format=book", {"红楼梦", "围城"}),
        ("format=audio", {"红楼梦"}),
        ("clc=i246", {"围城"}),
        ("clc=I", {"红楼梦", "围城"}),
        ("year_from=1990&year_to=1999", {"围城"}),
        ("year_from=1982&year_to=1982", {"红楼梦"}),
        ("year_from=1999&format=book", set()),
        ("available=true", {"红楼梦", "围城"}),
        ("available=1&library=JX", {"红楼梦"}),
        ("language=eng", set()),
        ("q=7-02-002475-0", {"围城"}),
        ("q=weicheng", {"围城"}),
    ],
)
def test_filters_narrow(client: FlaskClient, query: str, found: set[str]) -> None:
    assert set(titles(client, query)) == found


def test_an_empty_parameter_is_none_given(client: FlaskClient) -> None:
    empty = "q=&library=&year_from=&year_to=&clc=&sort=&per_page=&cursor=&available=&lang="
    assert client.get(f"{SEARCH}?{empty}").get_json() == client.get(SEARCH).get_json()


def test_years_sort_both_ways(client: FlaskClient) -> None:
    years = [item["year"] for item in client.get(f"{SEARCH}?sort=year").get_json()["items"]]
    assert years == [1982, 1991, 2019]
    assert [item["year"] for item in client.get(f"{SEARCH}?sort=-year").get_json()["items"]] == years[::-1]


def test_a_cursor_walks_through_everything_once(client: FlaskClient) -> None:
    seen, cursor = [], ""
    for _ in range(10):
        answer = client.get(f"{SEARCH}?per_page=1&sort=title&cursor={quote(cursor)}").get_json()
        seen += [item["union_id"] for item in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 3


def test_facets_are_named_in_the_reader_s_language(client: FlaskClient) -> None:
    facets = client.get(f"{SEARCH}?format=book&lang=en").get_json()["facets"]
    assert set(facets) == {"library", "branch", "language", "format", "audience", "year", "clc", "author", "subject", "available"}
    assert {value["label"] for value in facets["library"]} == {"Jiading Library", "嘉兴市图书馆"}
    assert facets["language"] == [{"value": "chi", "label": "Chinese", "count": 2, "selected": False, "parent": None}]
    books = next(value for value in facets["format"] if value["value"] == "book")
    assert books == {"value": "book", "label": "Book", "count": 2, "selected": True, "parent": None}
    assert facets["clc"] == [
        {"value": "I", "label": "Literature", "count": 2, "selected": False, "parent": None},
        {"value": "I2", "label": "Chinese literature", "count": 2, "selected": False, "parent": "I"},
    ]


def test_every_facet_value_can_be_given_back(client: FlaskClient) -> None:
    everything = client.get(SEARCH).get_json()["facets"]
    for name in ("library", "branch", "language", "format", "audience", "clc", "author", "subject", "available"):
        for value in everything[name]:
            assert client.get(f"{SEARCH}?{name}={value['value']}").get_json()["total"] == value["count"], (
                name,
                value,
            )


def test_warnings_are_told_in_words(client: FlaskClient) -> None:
    answer = client.get(SEARCH, query_string={"q": '围城 "没有关', "lang": "en"}).get_json()
    assert [warning["code"] for warning in answer["warnings"]] == ["unclosed_quote"]
    assert "quotation mark" in answer["warnings"][0]["message"]


@pytest.mark.parametrize(
    ("query", "code", "part"),
    [
        ("围城 year:abc", "bad_year", "abc"),
        ("tilte:围城", "unknown_field", "tilte:"),
        ("(围城", "unpaired_bracket", "(围城"),
        ("围城 馆:火星", "unknown_library", "火星"),
        ("围城 OR", "read_as_words", "OR"),
        ("-", "only_symbols", "-"),
    ],
)
def test_what_could_not_be_understood_is_told_with_its_part(client: FlaskClient, query: str, code: str, part: str) -> None:
    (warning,) = client.get(SEARCH, query_string={"q": query, "lang": "zh"}).get_json()["warnings"]
    assert (warning["code"], warning["part"]) == (code, part)
    assert part in warning["message"]


@pytest.mark.parametrize(
    ("query", "parts"),
    [("红楼梦 or 围城", ["or"]), ("红楼梦 not 研究", ["not"]), ("WAR AND QWERTZ", ["AND"]), ("NOT", ["NOT"]), ("AND OR", ["AND", "OR"])],
)
def test_operators_that_were_read_as_words_are_told_where_nothing_is_found(client: FlaskClient, query: str, parts: list[str]) -> None:
    answer = client.get(SEARCH, query_string={"q": query, "exact": "true"}).get_json()
    assert answer["total"] == 0
    assert [(warning["code"], warning["part"]) for warning in answer["warnings"]] == [("read_as_words", part) for part in parts]


@pytest.mark.parametrize("query", ["红楼梦 OR 围城", "红楼梦 AND 曹雪芹", '"and" qwertz', "红楼梦 -or"])
def test_operators_and_words_that_were_meant_are_not_told(client: FlaskClient, query: str) -> None:
    assert client.get(SEARCH, query_string={"q": query, "exact": "true"}).get_json()["warnings"] == []


@pytest.mark.parametrize("name", ["library", "branch", "language"])
def test_a_condition_of_no_such_code_is_told(client: FlaskClient, name: str) -> None:
    known = client.get(SEARCH).get_json()["facets"][name][0]["value"]
    answer = client.get(SEARCH, query_string={name: "xx", "lang": "en"}).get_json()
    (warning,) = answer["warnings"]
    assert answer["total"] == 0
    assert (warning["code"], warning["part"]) == ("unknown_value", f"{name}=xx")
    assert f"{name}=xx" in warning["message"]
    both = client.get(SEARCH, query_string={name: ["xx", known]}).get_json()
    assert [warning["part"] for warning in both["warnings"]] == [f"{name}=xx"]
    assert client.get(SEARCH, query_string={name: known}).get_json()["warnings"] == []


def test_every_language_that_the_catalogue_has_is_a_code(client: FlaskClient) -> None:
    codes = [value["value"] for value in client.get(SEARCH).get_json()["facets"]["language"]]
    assert client.get(SEARCH, query_string={"language": [*codes, "mul", "und", "zxx", "mis"]}).get_json()["warnings"] == []


def test_a_library_is_typed_by_its_name(client: FlaskClient) -> None:
    chosen = client.get(SEARCH, query_string={"library": "JX"}).get_json()
    typed = client.get(SEARCH, query_string={"q": "馆：嘉兴"}).get_json()
    assert typed["total"] == chosen["total"] > 0
    assert typed["warnings"] == []


@pytest.mark.parametrize(
    ("query", "name", "told"),
    [
        ("per_page=101", "per_page", "100"),
        ("per_page=0", "per_page", "1"),
        ("per_page=ten", "per_page", "whole number"),
        ("per_page=" + "9" * 5000, "per_page", "whole number"),
        ("year_from=19.5", "year_from", "whole number"),
        ("year_from=2001&year_to=2000", "year_to", "Exchange"),
        ("sort=newest", "sort", "-year"),
        ("format=papyrus", "format", "braille"),
        ("available=perhaps", "available", "true or false"),
        ("clc=%00", "clc", "control characters"),
        ("library=J%20D", "library", "without blanks"),
        ("lang=fr", "lang", "zh or en"),
        ("libary=JD", "libary", "“library”"),
        ("utm_source=x", "utm_source", "year_from"),
        ("q=a&q=b", "q", "only once"),
        ("cursor=" + "x" * 5000, "cursor", "4096"),
        ("cursor=none", "cursor", ""),
        ("cursor=%ED%A0%80%00", "cursor", ""),
    ],
)
def test_a_bad_parameter_is_named(client: FlaskClient, query: str, name: str, told: str) -> None:
    answer = client.get(f"{SEARCH}?{query}", headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["status"] == 422
    assert [(error["in"], error["name"]) for error in answer.get_json()["errors"]] == [("query", name)]
    assert told in answer.get_json()["errors"][0]["message"]


def test_all_bad_parameters_are_told_at_once(client: FlaskClient) -> None:
    errors = client.get(f"{SEARCH}?per_page=x&sort=y&what=z").get_json()["errors"]
    assert {error["name"] for error in errors} == {"per_page", "sort", "what"}


def test_a_cursor_of_another_search_is_refused(client: FlaskClient) -> None:
    cursor = client.get(f"{SEARCH}?per_page=1&sort=year").get_json()["next_cursor"]
    answer = client.get(f"{SEARCH}?per_page=1&sort=title&cursor={quote(cursor)}")
    assert (answer.status_code, answer.get_json()["errors"][0]["name"]) == (422, "cursor")


@pytest.mark.parametrize(
    "query",
    [
        '"" OR AND (',
        "梦" * 10_000,
        "\x00\x01\x1f\x7f",
        "-",
        "---",
        '"',
        "-围城",
        "%",
        "'; DROP TABLE item; --",
        "\U0010ffff",
        "𠀀𠮷",
        "*:*",
        "[1 TO 2]",
    ],
)
def test_no_query_is_an_error(client: FlaskClient, query: str) -> None:
    answer = client.get(SEARCH, query_string={"q": query})
    assert answer.status_code == 200


@pytest.mark.parametrize("raw", ["%ED%A0%80", "%ff%fe", "%", "%zz", "%C0%80", "%00", "a%0d%0aX-Evil:%201"])
def test_bytes_that_are_no_text_are_no_error(client: FlaskClient, raw: str) -> None:
    assert client.get(f"{SEARCH}?q={raw}").status_code == 200


def test_a_lone_surrogate_from_the_command_line_is_no_error(catalogue: Catalogue) -> None:
    answer = search_answer(catalogue, Asked(SearchRequest(parse("围城\ud800"))), "zh")
    assert [item.title for item in answer.items] == [title.text for title in FORTRESS.titles]
