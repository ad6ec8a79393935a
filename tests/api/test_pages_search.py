"""What the page of results says and offers beside the list: corrections, reasons, works, nearness, trees of choices."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.api.example_catalogue import example_app
from tests.api.test_pages import Page, link, page, parsed, text, titles


@pytest.fixture
def client() -> FlaskClient:
    return example_app().test_client()


@pytest.fixture
def near(client: FlaskClient) -> FlaskClient:
    client.post("/near", data={"near": "31.3741,121.2499", "back": "/"})
    return client


def notices(found: Page) -> list[str]:
    return [text(notice) for notice in found.cssselect("#results > .notice")]


def box(found: Page, name: str, value: str) -> Page:
    return found.cssselect(f"input[name='{name}'][value='{value}']")[0]


def test_another_query_than_the_one_typed_is_told_with_the_way_back(client: FlaskClient) -> None:
    found = page(client, "/search?q=红喽梦&library=JD")
    assert notices(found) == ["没有“红喽梦”，这些是“红楼梦”的结果。只查原词"]
    assert text(found.cssselect("h1")[0]) == "“红楼梦”找到2种"
    assert found.cssselect("input[name=q]")[0].get("value") == "红喽梦"
    exact = page(client, link(found, "只查原词"))
    assert text(exact.cssselect("h1")[0]) == "没有找到“红喽梦”"
    assert notices(exact)[0].startswith("只查了原词")
    assert titles(page(client, link(exact, "也查相近的写法"))) == titles(found)


def test_exactness_and_grouping_are_kept_while_narrowing(client: FlaskClient) -> None:
    found = page(client, "/search?q=红楼梦&exact=true&group=work")
    sent = dict(found.cssselect("form.facets")[0].form_values())
    assert {name: sent.get(name) for name in ("exact", "group")} == {"exact": "true", "group": "work"}


def test_other_written_forms_are_told_only_where_a_title_has_one(client: FlaskClient) -> None:
    assert "也查了“紅樓夢”等写法" in text(page(client, "/search?q=红楼梦").cssselect(".found")[0])
    assert "也查了“红楼梦”等写法" in text(page(client, "/search?q=紅樓夢").cssselect(".found")[0])
    for query in ("围城", "hlm", "红楼梦魇"):
        assert "等写法" not in text(page(client, f"/search?q={query}"))


def test_the_reasons_of_a_result_stand_in_the_place_of_the_link_that_asks(client: FlaskClient) -> None:
    asked = page(client, "/search?q=红楼梦").cssselect("li.row .reasons")[0]
    address = asked.cssselect("a")[0].get("href")
    told = page(client, address).get_element_by_id(asked.get("id"))
    assert urlsplit(address).fragment == asked.get("id")
    assert [text(reason) for reason in told.cssselect("li")] == ["题名里有它。", "作者正好是它。"]
    assert not [a for a in page(client, address).cssselect("a[href*='explain=']") if "lang=" not in a.get("href")]
    assert not page(client, "/search").cssselect(".reasons")


def test_editions_of_a_work_stand_inside_its_result(client: FlaskClient) -> None:
    grouped = page(client, link(page(client, "/search?q=红楼梦"), "按作品归并各版本"))
    editions = grouped.cssselect("li.row")[0].cssselect("details.editions")[0]
    assert text(editions.cssselect("summary")[0]) == "另有6个版本"
    assert len(editions.cssselect("li.place")) == 3
    assert "还有3种" in text(editions)
    apart = page(client, link(grouped, "每个版本各列一条"))
    assert not apart.cssselect("details.editions")


def test_a_parent_is_half_ticked_when_only_what_is_below_it_is_chosen(client: FlaskClient) -> None:
    found = page(client, "/search?q=红楼梦&branch=JD-JY&clc=I24")
    for name, value, inner in (("library", "JD", "JD-JY"), ("clc", "I", "I2"), ("clc", "I2", "I24")):
        parent = box(found, name, value)
        assert (parent.get("class"), parent.get("checked")) == ("partly", None)
        assert "选了其中一部分" in text(parent.getparent())
        within = parent.getparent().getparent().cssselect("details.within")[0]
        assert within.get("open") is not None
        assert within.cssselect(f"input[value='{inner}']")
    assert box(found, "branch", "JD-JY").get("checked") is not None
    assert box(found, "library", "JX").get("class") is None
    whole = page(client, "/search?q=红楼梦&library=JD")
    assert box(whole, "library", "JD").get("class") is None
    assert box(whole, "library", "JD").getparent().getparent().cssselect("details.within")[0].get("open") is not None


def test_a_chosen_branch_brings_its_library_to_the_front(client: FlaskClient) -> None:
    names = [one.get("value") for one in page(client, "/search?branch=KSHQ").cssselect("input[name=library]")]
    assert names[0] == "KS"


def test_a_long_facet_has_a_field_to_find_in_it_and_keeps_the_chosen_in_sight(client: FlaskClient) -> None:
    found = page(client, "/search?author=作者29")
    group = found.get_element_by_id("g-author")
    assert group.get("open") is not None
    assert next(one.get("value") for one in group.cssselect("input[name=author]")) == "作者29"
    assert group.cssselect(".more-choices input[data-find]")
    assert text(box(found, "author", "作者29").getparent().cssselect(".n .vh")[0]) == "0种"
    assert not found.get_element_by_id("g-subject").cssselect("[data-find]")


def test_every_control_has_an_id_of_its_own_for_the_focus_to_return_to(client: FlaskClient) -> None:
    controls = page(client, "/search?q=红楼梦").cssselect("form.facets input:not([type=hidden]):not([data-find])")
    ids = [control.get("id") for control in controls]
    assert None not in ids
    assert len(ids) == len(set(ids))
    assert not [one for one in ids if " " in one]


def test_years_stand_side_by_side_without_gaps(client: FlaskClient) -> None:
    bars = page(client, "/search?year_from=1990").cssselect(".hist li")
    firsts = [int(bar.get("data-first")) for bar in bars]
    assert firsts == list(range(1960, 2020, 10))
    assert [bar.get("class") for bar in bars] == [None, None, None, "on", "on", "on"]


class TestNear:
    def test_a_place_is_rounded_kept_for_the_session_and_in_no_address(self, client: FlaskClient) -> None:
        answer = client.post("/near", data={"near": "31.374123,121.250987", "back": "/search?q=红楼梦&sort=distance"})
        cookie = answer.headers["Set-Cookie"]
        assert "31.374,121.251" in cookie.replace("\\054", ",")
        assert "HttpOnly" in cookie
        assert not {"max-age", "expires"} & {part.split("=")[0].strip().lower() for part in cookie.split(";")}
        found = page(client, answer.location)
        assert not [a for a in found.cssselect("[href]") if "31.37" in a.get("href")]

    def test_results_name_the_nearest_branch_that_can_lend(self, near: FlaskClient) -> None:
        found = page(near, "/search?q=红楼梦&sort=distance")
        assert text(found.cssselect("li.row .av")[0]) == "在馆可借嘉定区图书馆 总馆，1.2公里"
        assert "距离从你的位置算起" in text(found.cssselect(".found")[0])
        assert [one.get("value") for one in found.cssselect("input[name=within]")] == ["", "1", "2", "5", "10", "20", "50"]
        assert "0.4公里" in text(page(near, "/search?q=乡土"))
        assert "18公里" not in text(page(near, "/search?q=红楼梦"))

    def test_a_distance_is_a_condition_and_can_be_undone(self, near: FlaskClient) -> None:
        found = page(near, "/search?q=红楼梦&within=2")
        chip = found.cssselect("a.chip.on")[0]
        assert text(chip.cssselect("span")[0]) == "2公里以内"
        assert parse_qs(urlsplit(chip.get("href")).query) == {"q": ["红楼梦"]}
        assert len(titles(found)) == 2

    def test_a_branch_is_remembered_only_if_the_reader_wants(self, client: FlaskClient) -> None:
        once = client.post("/near", data={"near": "JD-ZG"}).headers["Set-Cookie"]
        always = client.post("/near", data={"near": "JD-ZG", "always": "true"}).headers["Set-Cookie"]
        assert "Max-Age" not in once
        assert "Max-Age=31536000" in always
        assert "距离从嘉定区图书馆 总馆算起" in text(page(client, "/search?q=红楼梦").cssselect(".found")[0])

    def test_the_place_can_be_forgotten(self, near: FlaskClient) -> None:
        found = page(near, "/search?q=红楼梦&within=2&sort=distance")
        form = found.get_element_by_id("forget")
        answer = near.post(form.get("action"), data=dict(form.form_values()))
        assert parse_qs(urlsplit(answer.location).query) == {"q": ["红楼梦"]}
        assert "距离从" not in text(page(near, answer.location))

    def test_without_a_place_the_list_offers_to_tell_one(self, client: FlaskClient) -> None:
        found = page(client, "/search?q=红楼梦")
        offered = link(found, "离我近的")
        assert urlsplit(offered).path == "/near"
        chooser = page(client, offered)
        form = next(form for form in chooser.cssselect("main form") if form.cssselect("select"))
        assert [option.get("value") for option in form.cssselect("option")] == ["JD-ZG", "JD-JY"]
        answer = client.post("/near", data={**dict(form.form_values()), "near": "JD-JY"})
        assert parse_qs(urlsplit(answer.location).query) == {"q": ["红楼梦"], "sort": ["distance"]}

    @pytest.mark.parametrize("told", ["", "91,0", "31.3,181", "31.3,121.2,5", "a b", "nan,nan", "x" * 65, "31.3,１２"])
    def test_what_is_no_place_is_forgotten(self, near: FlaskClient, told: str) -> None:
        near.post("/near", data={"near": told})
        assert near.get_cookie("near") is None

    def test_a_foreign_address_is_no_way_back(self, client: FlaskClient) -> None:
        assert client.post("/near", data={"near": "JD-ZG", "back": "//example.org/"}).location == "/"

    def test_a_branch_that_is_gone_counts_as_none(self, client: FlaskClient) -> None:
        client.post("/near", data={"near": "NO-SUCH"})
        found = page(client, "/search?q=红楼梦&sort=distance")
        assert "距离从" not in text(found)
        assert link(found, "离我近的")


def test_what_may_have_been_meant_is_offered_under_the_heading(client: FlaskClient) -> None:
    found = page(client, "/search?q=红楼&library=JD")
    assert "你要找的是不是“红楼梦”？" in text(found.cssselect(".found")[0])
    assert parse_qs(urlsplit(link(found, "你要找的是不是“红楼梦”？")).query) == {"q": ["红楼梦"], "library": ["JD"]}
    assert "Did you mean" in text(parsed(client.get("/search?q=红楼&lang=en").text).cssselect(".found")[0])
    assert "你要找的是不是" not in text(page(client, "/search?q=红楼梦"))


def test_an_empty_list_offers_the_corrected_words(client: FlaskClient) -> None:
    found = page(client, "/search?q=红喽梦&format=map")
    assert "在“地图”之下一种也没有。" in text(found.cssselect(".lead")[0])
    assert text(found.get_element_by_id("h-meant").getparent().cssselect("li")[0]) == "红楼梦5种"
    english = parsed(client.get("/search?q=红喽梦&format=map&lang=en").text)
    assert text(english.cssselect(".lead")[0]) == "Nothing under “Map”. These ways lead on."


def test_while_the_index_is_gone_the_page_says_what_still_works(client: FlaskClient) -> None:
    answer = client.get("/search?q=停机&lang=zh")
    found = parsed(answer.text)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert found.cssselect("[data-retry='60']")
    assert "到馆借书还书" in text(found.cssselect(".doors")[0])
    assert 'http-equiv="refresh" content="60"' in answer.text
    assert {a.get("href") for a in found.cssselect(".doors a")} == {"/branches", "/#h-recent"}
    for address in ("/", "/branches", "/records/hlm2008"):
        assert client.get(address).status_code == 200


def test_while_the_database_is_gone_nothing_is_offered_that_needs_it(client: FlaskClient) -> None:
    answer = client.get("/search?q=断电&lang=zh")
    found = parsed(answer.text)
    assert answer.status_code == 503
    assert text(found.cssselect("h1")[0]) == "暂时连不上"
    assert not found.cssselect(".doors"), "loans are in the same database"


def test_the_examples_of_the_help_are_understood(client: FlaskClient) -> None:
    for address in {a.get("href") for a in page(client, "/how-to-search").cssselect("table a")}:
        assert not notices(page(client, address)), address


def test_how_far_one_would_go_stands_under_a_heading_that_says_what_is_counted(near: FlaskClient) -> None:
    found = page(near, "/search?q=红楼梦")
    box = found.cssselect("input[name=within]")[0].iterancestors("fieldset")
    assert text(next(box).cssselect("legend")[0]) == "多远以内有馆藏"
    assert not [one for one in found.cssselect("#f-available")[0].iterancestors("fieldset") if one.cssselect("input[name=within]")]


@pytest.mark.parametrize(("query", "said"), [("没有这本书", "没有一条书目含有这个词。"), ("没有 这本书", "没有一条书目同时含有这些词。")])
def test_words_that_stand_nowhere_are_told_as_one_or_several(client: FlaskClient, query: str, said: str) -> None:
    assert said in text(page(client, f"/search?q={query}").cssselect(".lead")[0])
