"""GET /api/v1/suggestions: its shape, its parameters, how it fails; and searches grouped by work."""

from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from union_catalog.settings import Settings

SUGGESTIONS = "/api/v1/suggestions"
SEARCH = "/api/v1/search"


def told(client: FlaskClient, typed: str, **more: str) -> list[dict[str, str]]:
    answer = client.get(SUGGESTIONS, query_string={"q": typed, **more})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, str]] = answer.get_json()["items"]
    return items


def test_a_title_is_told_with_its_record(client: FlaskClient) -> None:
    one = told(client, "weich", lang="zh")[0]
    found = client.get(f"{SEARCH}?q=围城").get_json()["items"][0]
    assert one == {
        "text": "围城", "kind": "title", "kind_label": "书名", "query": "围城", "union_id": found["union_id"], "work_id": found["work_id"],
    }  # fmt: skip


def test_a_name_is_told_with_the_query_that_finds_it(client: FlaskClient) -> None:
    (one,) = told(client, "cxq", lang="en")
    assert (one["text"], one["kind"], one["kind_label"], one["union_id"], one["work_id"]) == ("曹雪芹", "author", "Author", "", "")
    assert client.get(SEARCH, query_string={"q": one["query"]}).get_json()["total"] == 2


@pytest.mark.parametrize(
    ("typed", "language", "query"),
    [("cxq", "zh", "作者：曹雪芹"), ("cxq", "en", "author:曹雪芹"), ("章回", "zh", "主题：章回小说"), ("章回", "en", "subject:章回小说")],
)
def test_the_query_of_a_name_is_in_the_words_of_the_reader(client: FlaskClient, typed: str, language: str, query: str) -> None:
    assert [one["query"] for one in told(client, typed, lang=language) if one["kind"] != "title"] == [query]
    plain = client.get(SEARCH, query_string={"q": query.replace("作者：", "author:").replace("主题：", "subject:")}).get_json()
    assert client.get(SEARCH, query_string={"q": query}).get_json()["items"] == plain["items"] != []


@pytest.mark.parametrize("typed", ["紅", "红楼", "hlm", "hl", "h", "ｈｏｎｇｌ", "hong lou"])
def test_the_same_work_is_told_once_however_it_is_typed(client: FlaskClient, typed: str) -> None:
    assert [one["text"] for one in told(client, typed) if one["kind"] == "title"] == ["红楼梦"]


def test_a_subject_is_told(client: FlaskClient) -> None:
    assert ("subject", "章回小说") in [(one["kind"], one["text"]) for one in told(client, "章回")]


@pytest.mark.parametrize("typed", ["", "  ", "\x00\x01", "-", '"', "红" * 3000, "\ud83d", "%", "作者:", "(((", "qzqz"])
def test_nothing_typed_and_nothing_known_is_an_empty_list(client: FlaskClient, typed: str) -> None:
    address = f"{SUGGESTIONS}?q={quote(typed.encode('utf-8', 'surrogatepass'))}"
    answer = client.get(address)
    assert (answer.status_code, answer.get_json()) == (200, {"items": []})
    assert client.get(SUGGESTIONS).get_json() == {"items": []}


@pytest.mark.parametrize(
    ("query", "status"),
    [("limit=0", 422), ("limit=9", 422), ("limit=x", 422), ("q=a&q=b", 422), ("typed=x", 422), ("limit=1&q=h", 200), ("limit=&q=h", 200)],
)
def test_wrong_parameters_are_faults(client: FlaskClient, query: str, status: int) -> None:
    answer = client.get(f"{SUGGESTIONS}?{query}")
    assert answer.status_code == status
    if status == 200 and "limit=1" in query:
        assert len(answer.get_json()["items"]) == 1


def test_an_answer_may_be_kept_for_a_short_time_by_who_asked(client: FlaskClient) -> None:
    first = client.get(f"{SUGGESTIONS}?q=h")
    assert first.cache_control.private
    assert first.cache_control.max_age is not None
    assert first.cache_control.max_age <= 300
    assert "Accept-Language" in first.headers["Vary"]
    again = client.get(f"{SUGGESTIONS}?q=h", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_index_that_is_gone_is_told_as_such(tmp_path: Path) -> None:
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(tmp_path), "UNION_CATALOG_LOG_LEVEL": "error"})
    answer = create_app(settings).test_client().get(f"{SUGGESTIONS}?q=h")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0


def test_results_are_grouped_by_work(client: FlaskClient) -> None:
    plain = client.get(f"{SEARCH}?q=红楼梦").get_json()
    grouped = client.get(f"{SEARCH}?q=红楼梦&group=work").get_json()
    assert grouped["total"] == plain["total"] == 2
    works = [item["work_id"] or item["union_id"] for item in grouped["items"]]
    assert len(works) == len(set(works)) == len({item["work_id"] or item["union_id"] for item in plain["items"]})
    for item in grouped["items"]:
        inside = [one for one in plain["items"] if (one["work_id"] or one["union_id"]) == (item["work_id"] or item["union_id"])]
        assert item["editions"]["total"] == len(inside)
        assert [one["union_id"] for one in item["editions"]["items"]] == [one["union_id"] for one in inside]
        assert item["editions"]["items"][0]["union_id"] == item["union_id"]
    assert all(item["editions"] is None for item in plain["items"])


def test_there_is_no_other_way_of_grouping(client: FlaskClient) -> None:
    answer = client.get(f"{SEARCH}?group=author")
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["in"] == "query"
    assert client.get(f"{SEARCH}?group=").get_json()["items"][0]["editions"] is None


def test_pages_of_works_go_on_by_the_cursor(client: FlaskClient) -> None:
    seen, cursor = [], ""
    for _ in range(5):
        answer = client.get(f"{SEARCH}?group=work&per_page=1&cursor={quote(cursor)}").get_json()
        seen += [item["work_id"] or item["union_id"] for item in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    everything = client.get(SEARCH).get_json()["items"]
    assert len(seen) == len(set(seen))
    assert set(seen) == {item["work_id"] or item["union_id"] for item in everything}
