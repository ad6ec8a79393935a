"""A search that finds little is forgiven, says so, and tells the way back; a result says why it stands where it stands."""

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.api.test_search import SEARCH, titles


def test_a_misspelt_title_is_answered_as_it_was_meant(client: FlaskClient) -> None:
    answer = client.get(f"{SEARCH}?q=红喽梦").get_json()
    assert answer["corrected"] == {"query": "红楼梦", "exact_total": 0}
    assert {item["title"] for item in answer["items"]} == {"红楼梦"}
    assert answer["total"] == len(answer["items"])
    assert answer["facets"]["library"]


def test_the_way_back(client: FlaskClient) -> None:
    answer = client.get(f"{SEARCH}?q=红喽梦&exact=true").get_json()
    assert (answer["corrected"], answer["total"], answer["items"]) == (None, 0, [])


@pytest.mark.parametrize("query", ["q=红楼梦", "q=", 'q="红喽梦"', "q=-红喽梦", "q=喽", "q=9787020002208", "q=黑暗森林与宇宙社会学"])
def test_what_was_not_misspelt_is_answered_as_it_was_typed(client: FlaskClient, query: str) -> None:
    assert client.get(f"{SEARCH}?{query}").get_json()["corrected"] is None


def test_fields_exclusions_and_other_words_are_kept(client: FlaskClient) -> None:
    answer = client.get(f"{SEARCH}?q=题名：紅嘍夢 曹雪琴 -研究").get_json()
    assert answer["corrected"]["query"] == "题名：红楼梦 曹雪芹 -研究"


def test_filters_narrow_what_was_meant(client: FlaskClient) -> None:
    answer = client.get(f"{SEARCH}?q=红喽梦&format=audio").get_json()
    assert answer["corrected"] == {"query": "红楼梦", "exact_total": 0}
    assert [item["format"] for item in answer["items"]] == ["audio"]


def test_what_filters_empty_was_not_misspelt(client: FlaskClient) -> None:
    answer = client.get(f"{SEARCH}?q=红楼梦&year_from=2020").get_json()
    assert (answer["corrected"], answer["total"]) == (None, 0)


@pytest.mark.parametrize("sort", ["relevance", "year", "title"])
def test_pages_of_what_was_meant_go_on(client: FlaskClient, sort: str) -> None:
    address = f"{SEARCH}?q=红喽梦&per_page=1&sort={sort}"
    first = client.get(address).get_json()
    second = client.get(f"{address}&cursor={first['next_cursor']}").get_json()
    assert second["corrected"] == first["corrected"] == {"query": "红楼梦", "exact_total": 0}
    assert second["total"] == first["total"]
    assert second["items"][0]["union_id"] != first["items"][0]["union_id"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("other", ["q=围层", "q=红楼梦", "q=红喽梦&exact=true", "q=红喽梦&sort=year"])
def test_a_cursor_belongs_to_what_was_typed(client: FlaskClient, other: str) -> None:
    cursor = client.get(f"{SEARCH}?q=红喽梦&per_page=1").get_json()["next_cursor"]
    assert client.get(f"{SEARCH}?{other}&per_page=1&cursor={cursor}").status_code == 422


@pytest.mark.parametrize("cursor", ["~", "~AAAA", "~~~", "~é"])
def test_cursors_made_up(client: FlaskClient, cursor: str) -> None:
    assert client.get(f"{SEARCH}?q=红喽梦&cursor={cursor}").status_code == 422


def test_reasons_are_told_where_they_are_asked_for(client: FlaskClient) -> None:
    plain = client.get(f"{SEARCH}?q=红楼梦").get_json()["items"][0]
    told = client.get(f"{SEARCH}?q=红楼梦 曹雪芹&explain=true&lang=zh").get_json()["items"][0]
    assert plain["why"] == []
    assert told["why"][0] == "题名正好是“红楼梦”。"
    assert "作者正好是“曹雪芹”。" in told["why"]
    assert any("馆有收藏" in sentence for sentence in told["why"])


def test_reasons_in_english(client: FlaskClient) -> None:
    answer = client.get(f"{SEARCH}?q=hongloumeng&explain=true", headers={"Accept-Language": "en"}).get_json()
    assert answer["items"][0]["why"][0] == "The title or author in pinyin is exactly “hongloumeng”."


def test_reasons_are_those_of_what_was_meant(client: FlaskClient) -> None:
    answer = client.get(f"{SEARCH}?q=红喽梦&explain=true&lang=zh").get_json()
    assert answer["items"][0]["why"][0] == "题名正好是“红楼梦”。"
    assert titles(client, "q=红喽梦") == [item["title"] for item in answer["items"]]


def test_nothing_is_offered_where_enough_is_found_or_something_else_is_answered(client: FlaskClient) -> None:
    for query in ("红楼梦", "红喽梦", ""):
        assert client.get(f"{SEARCH}?q={query}").get_json()["did_you_mean"] is None


@pytest.mark.parametrize(("query", "plain"), [("(围城 AND", "围城"), ("tilte:围城", "title:围城")])
def test_what_could_not_be_read_and_finds_nothing_leads_on_in_plainer_words(client: FlaskClient, query: str, plain: str) -> None:
    answer = client.get(f"{SEARCH}?q={query}").get_json()
    assert (answer["total"], answer["corrected"], answer["did_you_mean"]) == (0, None, {"query": plain, "total": 1})
    assert f'<a href="/search?q={quote(plain)}">' in client.get(f"/search?q={query}").text
