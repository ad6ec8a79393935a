"""The pages over the example catalogue: what stands on them and where their links lead, followed as a browser would."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html

from tests.api.example_catalogue import EDITIONS, LIBRARIES, example_app

ALL_PAGES = (
    "/", "/search", "/search?q=红楼梦", "/search?q=红楼梦&clc=I&year_from=1980&library=JD&library=JX", "/search?q=没有这本",
    "/search?q=红楼梦&format=map&library=WZ", "/search?year_from=abc", "/search?q=停机", "/records/hlm2008", "/records/hlm-audio",
    "/records/none", "/records/stone", "/records/gone", "/records/nope", "/libraries", "/branches", "/branches/JD-ZG", "/branches/KSHQ",
    "/branches/nope", "/statuses", "/about", "/display", "/no-such-page", "/near", "/how-to-search", "/search?q=断电",
    "/search?q=红喽梦&group=work&explain=true", "/search?q=红喽梦&exact=true", "/records/hlm2008/reasons",
    "/records/shijian/reasons",
)  # fmt: skip
Page = Any  # lxml-stubs know no elements of lxml.html


@pytest.fixture
def client() -> FlaskClient:
    return example_app().test_client()


def page(client: FlaskClient, address: str, status: int = 200) -> Page:
    answer = client.get(address, headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == status, answer.text[:300]
    return parsed(answer.text)


def parsed(markup: str) -> Page:
    """A page as elements."""
    return html.fromstring(markup)


def text(element: Page) -> str:
    return " ".join(element.text_content().split())


def titles(found: Page) -> list[str]:
    return [text(title) for title in found.cssselect("li.row h2")]


def link(found: Page, words: str) -> str:
    """The address of the only link whose words contain these."""
    addresses = {a.get("href") for a in found.cssselect("a") if words in text(a)}
    assert len(addresses) == 1, (words, addresses)
    return str(addresses.pop())


@pytest.mark.parametrize("address", ALL_PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_whole_and_nothing_on_it_needs_a_lax_policy(client: FlaskClient, address: str, language: str) -> None:
    client.set_cookie("lang", language)
    answer = client.get(address)
    found = parsed(answer.text)
    assert answer.status_code < 500 or "停机" in address or "断电" in address
    assert found.get("lang") == {"zh": "zh-Hans", "en": "en"}[language]
    assert len(found.cssselect("h1")) == 1
    assert len(found.cssselect("main")) == 1
    assert text(found.cssselect("title")[0]).endswith({"zh": "· 城市阅读一卡通", "en": "· One Card Reading"}[language])
    assert not found.cssselect("[style], style, script:not([src]), iframe")
    assert not [a for element in found.iter() for a in element.attrib if a.startswith("on")]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_no_link_or_file_of_a_page_is_dead(client: FlaskClient) -> None:
    targets: set[str] = set()
    for address in ALL_PAGES:
        found = parsed(client.get(address).text)
        targets.update(_inner_addresses(found))
        identifiers = [element.get("id") for element in found.cssselect("[id]")]
        assert len(identifiers) == len(set(identifiers)), address
        assert {a.get("href")[1:] for a in found.cssselect("a[href^='#']")} <= set(identifiers), address
        assert {label.get("for") for label in found.cssselect("label[for]")} <= set(identifiers), address
    for target in targets:
        with client.get(target) as answer:
            broken_on_purpose = any(
                word in target for word in ("nope", "no-such", "gone", "abc", "%E5%81%9C%E6%9C%BA", "%E6%96%AD%E7%94%B5")
            )
            assert target.startswith("/api/") or broken_on_purpose or answer.status_code in (200, 308), target


def _inner_addresses(found: Page) -> Iterator[str]:
    for name, selector in (("href", "a[href], link[href]"), ("src", "img[src], script[src]")):
        for element in found.cssselect(selector):
            address = element.get(name)
            parts = urlsplit(address)
            if parts.netloc:
                assert "external" in (element.get("rel") or ""), address
            elif parts.path and parts.scheme != "tel":
                yield address


def test_home_begins_a_search(client: FlaskClient) -> None:
    found = page(client, "/")
    form = found.cssselect("form[role=search]")
    assert len(form) == 1
    assert (form[0].get("method"), form[0].get("action")) == ("get", "/search")
    assert len(found.cssselect(".classes a")) == 22
    assert [text(h3) for h3 in found.cssselect(".lines h3")] == [library.name for library in LIBRARIES]
    assert titles(page(client, found.cssselect(".classes a")[10].get("href")))


def test_results_say_whether_it_can_be_had_and_where(client: FlaskClient) -> None:
    row = page(client, "/search?q=红楼梦").cssselect("li.row")[0]
    assert text(row.cssselect("mark")[0]) == "红楼梦"
    assert text(row.cssselect(".av")[0]) == "在馆可借嘉定区图书馆 总馆"
    assert "4家图书馆共9册，4册可借" in text(row)
    assert row.cssselect(".act a")[0].get("href") == "/records/hlm2008#holdings"
    assert row.cssselect("a:not([aria-hidden])")[0].get("href") == "/records/hlm2008"


def test_the_title_carries_the_language_of_the_record(client: FlaskClient) -> None:
    found = page(client, "/search")
    tags = {text(title): title.get("lang") for title in found.cssselect("li.row h2")}
    assert tags["紅樓夢：程甲本"] == "zh-Hant"
    assert tags["红楼梦魇"] is None
    english = page(client, "/search?lang=en")
    assert {text(t): t.get("lang") for t in english.cssselect("li.row h2")}["红楼梦魇"] == "zh-Hans"


def test_a_chosen_facet_stays_first_and_can_be_undone(client: FlaskClient) -> None:
    found = page(client, "/search?q=红楼梦&format=score&format=audio&library=JD")
    boxes = found.cssselect("input[name=format]")
    assert [box.get("value") for box in boxes if box.get("checked") is not None] == ["audio", "score"]
    assert [box.get("value") for box in boxes][:2] == ["audio", "score"]
    assert len(boxes) == 7
    chips = {text(chip.cssselect("span")[0]): chip.get("href") for chip in found.cssselect("a.chip.on")}
    assert list(chips) == ["嘉定区图书馆", "乐谱", "有声书"]
    assert parse_qs(urlsplit(chips["乐谱"]).query) == {"q": ["红楼梦"], "format": ["audio"], "library": ["JD"]}
    assert urlsplit(link(found, "全部清除")).query.count("=") == 1


def test_the_form_asks_what_it_shows(client: FlaskClient) -> None:
    """Sending the filters unchanged is the same search: nothing chosen is lost, nothing is added."""
    asked = "/search?q=红楼梦&clc=I&year_from=1980&sort=-year&branch=JD-ZG&available=true"
    form = page(client, asked).cssselect("form.facets")[0]
    sent = {(name, value) for name, value in form.form_values() if value}
    assert sent == {
        ("q", "红楼梦"), ("clc", "I"), ("year_from", "1980"), ("sort", "-year"), ("branch", "JD-ZG"), ("available", "true"),
    }  # fmt: skip


def test_empty_years_are_not_repeated(client: FlaskClient) -> None:
    found = page(client, "/search?q=红楼梦&library=JD&year_from=&year_to=&trail=&cursor=0&offset=20")
    assert not [a.get("href") for a in found.cssselect("a") if "year_from=&" in a.get("href") or "year_to=&" in a.get("href")]
    assert parse_qs(urlsplit(link(found, "English")).query, keep_blank_values=True)["trail"] == [""]


@pytest.mark.parametrize(
    ("years", "label"),
    [
        ("year_from=1980", "1980年以后"),
        ("year_to=1980", "1980年以前"),
        ("year_from=1980&year_to=1980", "1980年"),
        ("year_from=1980&year_to=1989", "1980至1989年"),
        ("year_from=１９８０&year_to=1989", "1980至1989年"),
    ],
)
def test_years_are_one_condition(client: FlaskClient, years: str, label: str) -> None:
    chips = page(client, f"/search?{years}").cssselect("a.chip.on")
    assert [text(chip.cssselect("span")[0]) for chip in chips] == [label]
    assert chips[0].get("href") == "/search"


def test_a_year_that_is_none_is_told_and_kept(client: FlaskClient) -> None:
    found = page(client, "/search?q=红楼梦&year_from=19x&year_to=2010", 422)
    field = found.cssselect("input[name=year_from]")[0]
    assert field.get("value") == "19x"
    assert field.get("aria-invalid") == "true"
    assert "请用数字写年份" in text(found.get_element_by_id(field.get("aria-describedby")))
    assert titles(found)


def test_swapped_years_are_put_right_and_said(client: FlaskClient) -> None:
    found = page(client, "/search?year_from=2010&year_to=1980")
    assert "已经对调" in text(found)
    assert text(found.cssselect("a.chip.on span")[0]) == "1980至2010年"


def test_decades_narrow_to_themselves(client: FlaskClient) -> None:
    bars = page(client, "/search").cssselect(".hist a")
    named = {bar.get("aria-label"): bar.get("href") for bar in bars}
    assert named["1980年代，2种"] == "/search?year_from=1980&year_to=1989"
    assert "找到" not in text(page(client, named["1980年代，2种"]).cssselect("h1")[0])
    assert len(titles(page(client, named["1980年代，2种"]))) == 2


def test_pages_lead_forward_and_back(client: FlaskClient) -> None:
    first = page(client, "/search")
    assert "第1–20种，共30种" in text(first.cssselect(".pager")[0])
    assert not first.cssselect("a[rel=prev]")
    second = page(client, first.cssselect("a[rel=next]")[0].get("href"))
    assert "第21–30种，共30种" in text(second.cssselect(".pager")[0])
    assert not second.cssselect("a[rel=next]")
    assert sorted(titles(first) + titles(second)) == sorted(edition.title for edition in EDITIONS)
    back = page(client, second.cssselect("a[rel=prev]")[0].get("href"))
    assert titles(back) == titles(first)


def test_narrowing_begins_at_the_first_page(client: FlaskClient) -> None:
    second = page(client, page(client, "/search?library=JD").cssselect("a[rel=next]")[0].get("href"))
    for address in (second.cssselect("a.chip.on")[0].get("href"), second.cssselect(".sort a")[1].get("href")):
        assert not {"cursor", "offset", "trail"} & parse_qs(urlsplit(address).query).keys()


def test_nothing_found_leads_on(client: FlaskClient) -> None:
    narrow = page(client, "/search?q=红楼梦&format=map&library=JX")
    ways = {text(li.cssselect("a")[0]): text(li.cssselect(".num")[0]) for li in narrow.cssselect(".panel li")}
    assert ways == {"去掉“地图”": "3种", "全部去掉": "5种"}
    bare = page(client, "/search?q=没有这本")
    assert "没有找到“没有这本”" in text(bare.cssselect("h1")[0])
    assert bare.cssselect(".ways li")
    assert narrow.cssselect("form.facets")
    assert not bare.cssselect("form.facets, [href='#filters']")
    assert page(client, "/search?q=没有这本&year_from=19x", 422).cssselect("input[name=year_from]")


def test_an_empty_catalogue_says_so() -> None:
    client = example_app(()).test_client()
    assert "目录还是空的" in text(page(client, "/search"))
    assert "还没有图书馆加入" in text(page(client, "/"))
    assert "还没有登记分馆" in text(page(client, "/branches"))


@pytest.mark.parametrize("query", ['"" OR AND (', "字" * 10_000, "\x00\x07", "\ud800", "<script>alert(1)</script>", "%s%(x)s{{7*7}}"])
def test_an_unreadable_query_is_answered(client: FlaskClient, query: str) -> None:
    answer = client.get("/search", query_string={"q": query.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "49" not in re.findall(r"<h1>.*?</h1>", answer.text, re.DOTALL)[0]


def test_a_very_long_query_is_repeated_as_far_as_it_was_read(client: FlaskClient) -> None:
    answer = client.get("/search", query_string={"q": "长" * 10_000, "library": "JD"}, headers={"Accept-Language": "zh"})
    assert "长" * 257 not in answer.text
    assert "%E9%95%BF" * 257 not in answer.text
    assert len(answer.text) < 60_000
    assert "只用了前256个字" in text(parsed(answer.text).cssselect(".notice")[0])


def test_a_warning_of_the_parser_is_said(client: FlaskClient) -> None:
    notices = page(client, "/search?q=" + '红楼梦 "').cssselect("#results > .notice")
    assert len(notices) == 1
    assert len(text(notices[0])) > 8


def test_a_broken_index_leaves_a_way_out(client: FlaskClient) -> None:
    found = page(client, "/search?q=停机", 503)
    assert text(found.cssselect("h1")[0]) == "检索暂时连不上"
    assert parse_qs(urlsplit(link(found, "现在再试")).query) == {"q": ["停机"]}
    assert found.cssselect("input[name=q]")[0].get("value") == "停机"
    assert "请求号" in text(found)
    assert "Traceback" not in text(found)
