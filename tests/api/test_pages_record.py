"""The record page, libraries and branches, covers."""

import re

import pytest
from flask.testing import FlaskClient

from tests.api.example_catalogue import EDITIONS, Edition, example_app
from tests.api.test_pages import link, page, parsed, text


@pytest.fixture
def client() -> FlaskClient:
    return example_app().test_client()


def test_holdings_stand_by_library_with_words_for_every_state(client: FlaskClient) -> None:
    table = page(client, "/records/hlm2008").cssselect("table.holdings")[0]
    groups = [text(row) for row in table.cssselect("tr.group")]
    assert groups == ["嘉定区图书馆 5册，3册可借", "嘉兴市图书馆 1册，1册可借", "温州市图书馆 1册，0册可借", "昆山市图书馆 2册，0册可借"]
    assert "索书号 I242.4/5542" in text(page(client, "/records/hlm2008").cssselect(".get")[0])
    rows = [[text(cell) for cell in row] for row in table.cssselect("tbody tr:not(.group)")]
    assert rows[0] == ["总馆", "I242.4/5542", "在馆可借·3册"]
    assert [row[2] for row in rows] == [
        "在馆可借·3册", "借出·应还12月1日", "仅供馆内阅览", "在馆可借", "在途·预计12月1日", "预约架上", "暂时找不到",
    ]  # fmt: skip
    assert all(cell.cssselect("svg") for cell in table.cssselect(".st"))


def test_english_says_the_same(client: FlaskClient) -> None:
    table = page(client, "/records/hlm2008?lang=en").cssselect("table.holdings")[0]
    assert text(table.cssselect("tr.group")[0]) == "嘉定区图书馆 5 copies, 3 available"
    assert [text(cell) for cell in table.cssselect(".st")][:3] == ["Available·3 copies", "On loan, due 1 Dec", "Use in the library only"]


def test_an_online_edition_is_opened_not_fetched(client: FlaskClient) -> None:
    found = page(client, "/records/hlm-audio")
    assert link(found, "在线打开") == "https://example.org/listen"
    assert "在线收听" in text(found.cssselect(".get")[0])
    assert "noreferrer" in found.cssselect(".get a.btn")[0].get("rel")


def test_a_record_without_items_says_so(client: FlaskClient) -> None:
    found = page(client, "/records/none")
    assert "暂无馆藏" in text(found.cssselect(".get")[0])
    assert not found.cssselect("table.holdings")


def test_authors_in_the_statement_search_for_themselves(client: FlaskClient) -> None:
    statement = page(client, "/records/hlm2008").cssselect(".title .by")[0]
    assert text(statement).startswith("（清）曹雪芹著；（清）无名氏续")
    assert [text(a) for a in statement.cssselect("a")] == ["曹雪芹"]


def test_provenance_names_each_library(client: FlaskClient) -> None:
    found = page(client, "/records/hlm2008")
    details = found.cssselect("details.provenance")[0]
    assert text(details.cssselect("summary")[0]) == "由4条成员馆书目合并"
    assert "rec000001" in text(details)
    fields = {text(row.cssselect("th")[0]): text(row.cssselect("td")[0]) for row in details.cssselect("table")[1].cssselect("tbody tr")}
    assert fields["丛编"] == "嘉定区图书馆"
    assert fields["ISBN"].count("、") == 3


def test_exports_lead_to_the_api(client: FlaskClient) -> None:
    found = page(client, "/records/hlm2008")
    assert link(found, "GB/T 7714") == "/api/v1/records/hlm2008/export?format=gb7714"


def test_other_editions_are_links_with_their_state(client: FlaskClient) -> None:
    found = page(client, "/records/hlm2008")
    section = found.get_element_by_id("h-editions").getparent().getparent()
    assert [a.get("href") for a in section.cssselect("h3 a")] == ["/records/hlm1987", "/records/hlm-audio", "/records/hlm-large"]
    assert len(section.cssselect(".st")) == 3
    many = page(client, "/records/collected-1")
    listed = many.get_element_by_id("h-editions").getparent().getparent()
    assert "17种" in text(listed)
    assert len(listed.cssselect("h3")) == 17
    assert "另有11种" in text(listed.cssselect("details summary")[0])
    assert len(listed.cssselect("details h3")) == 11


def test_a_merged_id_leads_to_the_record_and_says_so(client: FlaskClient) -> None:
    moved = client.get("/records/old")
    assert moved.status_code == 308
    assert moved.location == "/records/hlm2008?merged=1"
    found = page(client, moved.location)
    assert "此书目已并入本条" in text(found.cssselect(".notice")[0])
    assert found.cssselect("link[rel=canonical]")[0].get("href") == "/records/hlm2008"


def test_a_withdrawn_record_offers_its_title(client: FlaskClient) -> None:
    found = page(client, "/records/gone", 410)
    assert "三国演义" in text(found)
    assert link(found, "用这个书名检索").startswith("/search?q=")


def test_the_way_back_is_the_list_from_which_the_reader_came(client: FlaskClient) -> None:
    came = {"Referer": "http://localhost/search?q=%E7%BA%A2%E6%A5%BC%E6%A2%A6&library=JD"}
    found = parsed(client.get("/records/hlm2008?lang=zh", headers=came).text)
    assert link(found, "回到“红楼梦”的结果") == "/search?q=%E7%BA%A2%E6%A5%BC%E6%A2%A6&library=JD"
    assert found.cssselect("input[name=q]")[0].get("value") == "红楼梦"
    for elsewhere in ("http://evil.example/search?q=x", "http://localhost/libraries"):
        answer = client.get("/records/hlm2008", headers={"Referer": elsewhere})
        assert not parsed(answer.text).cssselect(".crumb")


def test_branches_stand_under_their_libraries(client: FlaskClient) -> None:
    found = page(client, "/branches")
    sections = [[text(h) for h in section.cssselect("h2, h3")] for section in found.cssselect("main section")]
    assert sections == [["嘉定区图书馆"], ["嘉兴市图书馆"], ["温州市图书馆"], ["昆山市图书馆"]]
    assert [text(a) for a in found.cssselect("section:first-of-type tbody th a")] == ["总馆", "菊园我嘉书房"]
    one = page(client, "/branches/JD-JY")
    assert "北纬31.39510，东经121.24010（WGS-84）" in text(one)
    assert "我嘉书房" in text(one.cssselect("dl")[0])
    assert link(one, "看这里的全部藏书") == "/search?branch=JD-JY"
    assert "还没有登记完" in text(page(client, "/branches/KSHQ"))


def test_covers_are_kept_for_ever_and_an_old_digest_leads_to_the_new_one(client: FlaskClient) -> None:
    address = page(client, "/records/hlm2008").cssselect("img.cover")[0].get("src")
    assert re.fullmatch(r"/covers/hlm2008-[0-9a-f]{12}\.svg", address)
    drawn = client.get(address)
    assert drawn.mimetype == "image/svg+xml"
    assert "immutable" in drawn.headers["Cache-Control"]
    assert "Set-Cookie" not in drawn.headers
    old = client.get("/covers/hlm2008-000000000000.svg")
    assert (old.status_code, old.location) == (302, address)
    assert client.get("/covers/nope-000000000000.svg").status_code == 404


def test_an_id_with_hyphens_has_a_cover(client: FlaskClient) -> None:
    address = page(client, "/records/hlm-audio").cssselect("img.cover")[0].get("src")
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.id)
def test_every_example_can_be_opened(client: FlaskClient, edition: Edition) -> None:
    assert page(client, f"/records/{edition.id}").cssselect("h1")
