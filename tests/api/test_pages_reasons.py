"""Why records are one: a sentence on the record page for everybody, and behind its link what a cataloguer asks for."""

import pytest
from flask.testing import FlaskClient

from tests.api.example_catalogue import example_app
from tests.api.test_pages import Page, link, page, parsed, text
from tests.api.test_pages_whole import union_id
from union_catalog.services.catalogue import Catalogue


@pytest.fixture
def example() -> FlaskClient:
    return example_app().test_client()


def section(found: Page) -> Page:
    return found.cssselect("section.why")[0]


def test_the_record_says_it_in_a_sentence_and_leads_on_without_script(example: FlaskClient) -> None:
    why = section(page(example, "/records/hlm2008"))
    assert text(why.cssselect(".lead")[0]) == "4家图书馆的4条记录记的是同一版本。"
    assert link(why, "看依据") == "/records/hlm2008/reasons"
    whole = page(example, link(why, "看依据"))
    assert text(whole.cssselect("h1")[0]) == "红楼梦"
    assert link(whole, "回到这本书") == "/records/hlm2008"


def test_a_sentence_says_what_agrees_and_the_rest_can_be_folded(example: FlaskClient) -> None:
    why = section(page(example, "/records/hlm2008/reasons"))
    assert text(why.cssselect(".lead")[0]) == (
        "4家图书馆的4条记录记的是同一版本：题名、责任者、出版者都相合。页数有出入，不足以分开。其中有的按规则应分开，馆员判定为同一版本。"
    )
    assert [child.tag for child in why][-1] == "details"
    english = section(parsed(example.get("/records/hlm2008/reasons?lang=en").text))
    assert text(english.cssselect(".lead")[0]) == (
        "4 records of 4 libraries describe one edition: title, creators and publisher agree. "
        "They differ in extent, too little to keep them apart. "
        "The rules would keep some of them apart; staff judged them one edition."
    )


def test_what_the_page_takes_in_has_one_place_on_both(example: FlaskClient) -> None:
    for address in ("/records/hlm2008", "/records/hlm2008/reasons"):
        assert len(page(example, address).cssselect("section#why")) == 1


def test_a_merged_record_leads_to_the_reasons_of_the_other_and_a_withdrawn_one_is_gone(example: FlaskClient) -> None:
    moved = example.get("/records/old/reasons")
    assert (moved.status_code, moved.location) == (308, "/records/hlm2008/reasons")
    assert example.get("/records/gone/reasons").status_code == 410


def test_each_record_stands_as_its_library_wrote_it_and_differences_are_said_in_words(example: FlaskClient) -> None:
    table = section(page(example, "/records/hlm2008/reasons")).cssselect("table.written")[0]
    assert [text(cell) for cell in table.cssselect("thead th")] == [
        "成员馆",
        "题名",
        "责任者",
        "版本",
        "出版者",
        "出版时间",
        "ISBN",
        "页数",
    ]
    rows = {text(row.cssselect("th")[0]): [text(cell) for cell in row.cssselect("td")] for row in table.cssselect("tbody tr")}
    assert rows["嘉兴市图书馆 JX000002"][0] == "紅樓夢 繁简同"
    assert rows["嘉兴市图书馆 JX000002"][5] == "—没有写"
    assert rows["昆山市图书馆 KS000004"][4] == "2010 不同"
    marked = [text(cell) for cell in table.cssselect("td.df")]
    assert marked == ["2010 不同", "980页 不同"]
    assert all(cell.cssselect(".st svg") for cell in table.cssselect("td.df"))


def test_links_say_their_rule_their_evidence_and_what_staff_said(example: FlaskClient) -> None:
    first, second, third = section(page(example, "/records/hlm2008/reasons")).cssselect("ol.lines > li")
    assert text(first.cssselect("h4")[0]) == "嘉定区图书馆 JD000001 与 昆山市图书馆 KS000004"
    assert "馆员判定：同一版本 2026年11月20日，理由：同一版的两次印刷，已对过实书" in text(first)
    assert "按规则：出版年相差两年以上。" in text(first)
    assert "馆员判定" not in text(second)
    assert text(second.cssselect("p")[0]) == "题名、责任者、出版者、出版年月都相合。"
    evidence = [text(line) for line in second.cssselect(".evid li")]
    assert evidence == [
        "支持 题名：相同 红楼梦",
        "支持 出版者：相同 人民文学出版社",
        "反对 页数：相近 1606 / 1570",
        "不计 卷册、译者、版本",
    ]
    assert "不计" not in text(third)


def test_what_only_others_tie_is_said(example: FlaskClient) -> None:
    assert "有1对记录之间没有直接的依据，靠别的记录相连：嘉兴市图书馆 JX000002 与 温州市图书馆 WZ000003。" in text(
        section(page(example, "/records/hlm2008/reasons"))
    )


def test_near_editions_are_links_with_what_keeps_them_apart(example: FlaskClient) -> None:
    veto, staff, unsure = section(page(example, "/records/hlm2008/reasons")).cssselect("ul.lines:not(.evid) > li")
    assert veto.cssselect("h4 a")[0].get("href") == "/records/hlm1987"
    assert "版本不同 第2版 / 第3版" in text(veto)
    assert "馆员判定：不同版本 2026年11月21日" in text(staff)
    assert "依据不足，不能断定" in text(unsure)


def test_a_large_edition_is_shortened_with_what_is_left_out_said(example: FlaskClient) -> None:
    why = section(page(example, "/records/collected-1/reasons"))
    tables = why.cssselect("table.written")
    assert [len(table.cssselect("tbody tr")) for table in tables] == [8, 52]
    assert text(why.cssselect("details > details > summary")[0]) == "…另有52条"
    assert "还有12条记录没有列出。" in text(why)
    assert [len(listed.cssselect("li > h4")) for listed in why.cssselect("ol.lines")] == [6, 53]
    assert "…另有53处" in text(why)
    assert "有5对记录之间没有直接的依据" in text(why)
    assert "JD000004等。" in text(why)
    assert "规则改过，还没有重新归并" in text(why)


def test_one_record_alone_says_why_the_near_ones_stayed_away_and_silence_where_none_are(example: FlaskClient) -> None:
    why = section(page(example, "/records/mengyan/reasons"))
    assert text(why.cssselect("h2")[0]) == "为什么单独一种"
    assert not why.cssselect("table, ol")
    assert "同一家馆的两条记录" in text(why)
    alone = section(page(example, "/records/shijian/reasons"))
    assert text(alone) == "为什么单独一种 只有一条记录，也没有相近的版本。"


def test_the_page_tells_what_the_matcher_found(client: FlaskClient, catalogue: Catalogue) -> None:
    why = section(page(client, f"/records/{union_id(catalogue, '红楼梦')}/reasons"))
    assert text(why.cssselect(".lead")[0]) == "2家图书馆的2条记录记的是同一版本：题名、责任者、出版者、出版时间、ISBN都相合。"
    cells = [text(cell) for cell in why.cssselect("table.written td")]
    assert "紅樓夢 繁简同" in cells or "红楼梦 繁简同" in cells
    assert len(why.cssselect("ol.lines details[open]")) == 1
    near = why.cssselect("ul.lines:not(.evid) > li")
    assert [text(p) for p in near[0].cssselect("p")][1:] == ["载体不同 图书 / 有声书"]
    assert page(client, link(near[0], "红楼梦")).cssselect("h1")
