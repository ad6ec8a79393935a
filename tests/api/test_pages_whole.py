"""The pages over the real database and index: what the use cases answer arrives on them, in both languages."""

from flask import Flask
from flask.testing import FlaskClient

from tests.api.test_pages import link, page, parsed, text
from union_catalog.services.catalogue import Catalogue


def union_id(catalogue: Catalogue, title: str, record_format: str = "book") -> str:
    return next(one.union_id for one in catalogue.recent(20) if one.title == title and one.format == record_format)


def test_a_search_in_either_script_finds_and_marks_the_same(client: FlaskClient) -> None:
    for query in ("红楼梦", "紅樓夢"):
        found = page(client, f"/search?q={query}")
        assert text(found.cssselect("h1")[0]) == f"“{query}”找到2种"
        assert {text(mark) for mark in found.cssselect("li.row mark")} <= {"红楼梦", "紅樓夢"}
        assert len(found.cssselect("li.row mark")) == 2


def test_the_row_counts_what_can_be_had(client: FlaskClient) -> None:
    row = next(row for row in page(client, "/search?q=红楼梦&format=book").cssselect("li.row"))
    assert "2家图书馆共3册，2册可借" in text(row)
    assert "在馆可借" in text(row.cssselect(".av")[0])


def test_a_condition_of_no_such_code_is_told_on_the_page(client: FlaskClient) -> None:
    found = page(client, "/search?q=红楼梦&library=XX&format=scroll")
    notices = [text(notice) for notice in found.cssselect(".notice")]
    assert any("“library=XX”里没有这样的代码" in notice for notice in notices)
    assert any("“format=scroll”里没有这样的代码" in notice for notice in notices)
    english = page(client, "/search?q=红楼梦&library=XX&lang=en")
    assert any("no such code as in “library=XX”" in text(notice) for notice in english.cssselect(".notice"))


def test_facets_carry_names_and_counts(client: FlaskClient) -> None:
    found = page(client, "/search?clc=I")
    boxes = {
        (box.get("name"), box.get("value")): (text(box.getparent().cssselect("span")[0]), text(box.getparent().cssselect(".n .vh")[0]))
        for box in found.cssselect("form.facets input[type=checkbox]")
    }
    assert boxes["library", "JD"] == ("嘉定区图书馆", "2种")
    assert boxes["format", "audio"][1] == "1种"
    assert boxes["clc", "I"][0].startswith("I")
    assert boxes["language", "chi"][1] == "3种"
    assert boxes["available", "true"][1] == "2种"
    assert {bar.get("aria-label") for bar in found.cssselect(".hist a")} == {"1980年代，1种", "1990年代，1种", "2010年代，1种"}


def test_the_record_tells_both_libraries_and_where_each_field_came_from(client: FlaskClient, catalogue: Catalogue) -> None:
    found = page(client, f"/records/{union_id(catalogue, '红楼梦')}")
    groups = [text(row) for row in found.cssselect("tr.group")]
    assert groups == ["嘉定区图书馆 2册，1册可借", "嘉兴市图书馆 1册，1册可借"]
    assert text(found.cssselect("details.provenance summary")[0]) == "由2条成员馆书目合并"
    terms = [text(term) for term in found.cssselect("dl.facts dt")]
    assert {"责任者", "出版", "篇幅", "ISBN", "语言", "主题", "中图法分类"} <= set(terms)
    values = text(found.cssselect("dl.facts")[0])
    assert "章回小说 — 中国 — 清代" in values
    assert "978-7-02-000220-7" in values
    assert [text(a) for a in found.cssselect(".title .by a")] == ["曹雪芹"]


def test_english_pages_use_the_english_names_of_the_network(client: FlaskClient) -> None:
    answer = client.get("/branches/JD-1?lang=en")
    found = parsed(answer.text)
    assert text(found.cssselect("h1")[0]) == "Juyuan Wojia Study"
    assert "Wojia book room" in text(found.cssselect("dl")[0])
    assert "Jiading Library" in parsed(client.get("/libraries?lang=en").text).text_content()


def test_the_branch_searches_itself(client: FlaskClient) -> None:
    found = page(client, "/branches/JD-1")
    inside = page(client, found.cssselect(".head a")[0].get("href"))
    assert text(inside.cssselect("h1")[0]) == "共2种"
    assert text(inside.cssselect("a.chip.on span")[0]) == "嘉定区图书馆 菊园我嘉书房"


def test_the_cover_of_a_row_is_the_cover_of_its_record(client: FlaskClient, catalogue: Catalogue) -> None:
    row = page(client, "/search?q=围城").cssselect("li.row img.cover")[0].get("src")
    assert page(client, f"/records/{union_id(catalogue, '围城')}").cssselect("img.cover")[0].get("src") == row
    assert client.get(row).status_code == 200


def test_nothing_is_said_of_copies_where_none_are(client: FlaskClient, catalogue: Catalogue) -> None:
    found = page(client, f"/records/{union_id(catalogue, '红楼梦', 'audio')}")
    assert "暂无馆藏" in text(found.cssselect(".get")[0])


def test_a_foreign_cursor_is_refused_on_a_page_with_a_way_back(client: FlaskClient) -> None:
    found = page(client, "/search?q=红楼梦&format=book&cursor=nonsense&offset=20&trail=", 422)
    assert text(found.cssselect("h1")[0]) == "没有看懂这个请求"
    assert text(found).count("请从第一页看起") == 1
    first = page(client, link(found, "回到第一页"))
    assert text(first.cssselect("h1")[0]) == "“红楼梦”找到1种"


def test_wishes_are_kept_by_the_application_that_is_served(app: Flask) -> None:
    client = app.test_client()
    assert client.post("/display", data={"type": "large", "back": "/libraries"}).location == "/libraries"
    assert 'data-type="large"' in client.get("/libraries").text


def test_a_slip_is_forgiven_and_the_reasons_are_those_of_the_interface(client: FlaskClient) -> None:
    found = page(client, "/search?q=红喽梦&explain=true")
    assert "没有“红喽梦”，这些是“红楼梦”的结果" in text(found.cssselect("#results > .notice")[0])
    assert {text(mark) for mark in found.cssselect("li.row mark")} <= {"红楼梦", "紅樓夢"}
    told = client.get("/api/v1/search?q=红喽梦&explain=true", headers={"Accept-Language": "zh"}).get_json()["items"]
    shown = [[text(reason) for reason in row.cssselect(".reasons li")] for row in found.cssselect("li.row")]
    assert shown == [item["why"] for item in told]
    assert shown[0]


def test_branches_stand_below_their_library_by_name(client: FlaskClient) -> None:
    found = page(client, "/search?q=红楼梦&branch=JD-1")
    chosen = found.cssselect("input[name=branch][value='JD-1']")[0]
    assert text(chosen.getparent().cssselect("span")[0]) == "菊园我嘉书房"
    assert found.cssselect("input[name=library][value=JD]")[0].get("class") == "partly"
    assert text(found.cssselect("a.chip.on span")[0]) == "嘉定区图书馆 菊园我嘉书房"


def test_a_place_names_the_nearest_branch_with_its_distance(client: FlaskClient) -> None:
    found = parsed(client.get("/search?q=围城&sort=distance", headers={"Accept-Language": "zh", "Cookie": "near=31.395,121.250"}).text)
    assert text(found.cssselect("li.row .av")[0]) == "在馆可借嘉定区图书馆 菊园我嘉书房，0.9公里"
    assert found.cssselect("input[name=within][value='1']")


def test_a_record_names_the_same_branch_as_its_row_in_the_results(client: FlaskClient) -> None:
    headers = {"Accept-Language": "zh", "Cookie": "near=31.395,121.250"}
    (link,) = parsed(client.get("/search?q=围城&sort=distance", headers=headers).text).cssselect("li.row h2 a")[:1]
    best = parsed(client.get(link.get("href"), headers=headers).text).cssselect(".get .best")[0]
    assert text(best) == "嘉定区图书馆 菊园我嘉书房，0.9公里"
    assert "公里" not in text(page(client, link.get("href")).cssselect(".get")[0])


def test_a_branch_without_a_position_counts_no_distance(client: FlaskClient) -> None:
    found = parsed(client.get("/search?q=围城&sort=distance", headers={"Accept-Language": "zh", "Cookie": "near=NO-SUCH"}).text)
    assert "公里" not in text(found.cssselect("li.row")[0])
    assert not found.cssselect("input[name=within]")


def test_what_is_wrong_with_an_address_is_told_in_readers_words(client: FlaskClient) -> None:
    missing = client.get("/no-such-page?lang=zh")
    assert missing.status_code == 404
    assert "/api/docs" not in text(parsed(missing.text).cssselect("main")[0])
    cursor = client.get("/search?q=红楼梦&cursor=xx&offset=20&lang=zh")
    told = parsed(cursor.text)
    assert cursor.status_code == 422
    assert "cursor" not in text(told.cssselect(".message .stack")[0])
    assert "从第一页看起" in text(told.cssselect(".lead")[0])


def test_a_class_that_there_is_not_is_told(client: FlaskClient) -> None:
    for number, told in (("ZZZ", True), ("TZ1", True), ("Y", True), ("Z89", False), ("I247.5", False), ("TP391", False), ("zzz", True)):
        warnings = client.get(f"/api/v1/search?clc={number}").get_json()["warnings"]
        assert [(one["code"], one["part"]) for one in warnings] == [("unknown_value", f"clc={number.upper()}")] * told, number
