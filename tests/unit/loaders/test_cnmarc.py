"""CNMARC fields as the record model has them."""

import pytest

from loaders.formats.cnmarc import CNMARC, CNMARC_RULES
from loaders.formats.dialect import describe
from loaders.formats.marc import MarcRecord
from loaders.formats.rules import Draft
from loaders.formats.unimarc import UNIMARC_RULES
from tests.unit.loaders.building import CNMARC_LEADER, GENERAL
from union_catalog.bibliographic.record import (
    Agent,
    BibliographicRecord,
    Classification,
    Identifier,
    Link,
    Publication,
    Relation,
    Series,
    Subject,
    Title,
)
from union_catalog.holdings.model import ReportedItem


def read(*fields: str, leader: str = CNMARC_LEADER) -> tuple[BibliographicRecord, tuple[ReportedItem, ...]]:
    """Fields written "200 1 $a…": tag, two indicators, subfields."""
    split = [(field[:3], field[4:].replace("$", "\x1f") if field > "010" else field[4:]) for field in fields]
    return describe(CNMARC, MarcRecord(leader, split))


def record(*fields: str, leader: str = CNMARC_LEADER) -> BibliographicRecord:
    return read(*fields, leader=leader)[0]


def test_every_rule_fills_a_part_of_the_draft() -> None:
    draft = Draft()
    assert all(isinstance(getattr(draft, rule.target), list) for rule in (*UNIMARC_RULES, *CNMARC_RULES))


def test_titles() -> None:
    titles = record(
        "200 1 $a过程管理$9guo cheng guan li$b专著$e供应链的增值$d = Process management$ecreating value$f威斯纳著$zeng",
        "517 1 $a供应链$Agong ying lian",
        "500 10$a管理",
    ).titles
    assert titles == (
        Title(kind="proper", text="过程管理", remainder="供应链的增值", pinyin="guo cheng guan li", source="200$a"),
        Title(kind="parallel", text="Process management", remainder="creating value", lang="en", source="200$d"),
        Title(kind="variant", text="供应链", pinyin="gong ying lian", source="517$a"),
        Title(kind="uniform", text="管理", source="500$a"),
    )


def test_volume_number_and_title_of_their_own() -> None:
    (title,) = record("200 1 $a海峡西岸经济区发展报告$h2017$i基于自贸区背景$f洪永淼主编").titles
    assert (title.text, title.volume_number, title.volume_title) == ("海峡西岸经济区发展报告", "2017", "基于自贸区背景")


@pytest.mark.parametrize(
    ("field", "text", "number"),
    [
        ("200 1 $a史记·第三册$f司马迁著", "史记", "第三册"),
        ("200 1 $a红楼梦（上）$f曹雪芹著", "红楼梦", "上"),
        ("200 1 $a三体Ⅱ$f刘慈欣著", "三体Ⅱ", ""),
        ("200 1 $a作文三书（全三册）$f王鼎钧著", "作文三书（全三册）", ""),
        ("200 1 $a侠客行$f下 金庸著", "侠客行", "下"),
        ("200 1 $a历史研究$9li shi yan jiu.$f上卷 / (英)阿诺德·汤因比著", "历史研究", "上卷"),
        ("200 1 $a一只女人两个猫$9yi zhi$fnu ren liang ge mao. 2 / 伊藤理佐", "一只女人两个猫", "2"),
    ],
)
def test_volumes_that_stand_elsewhere(field: str, text: str, number: str) -> None:
    title = record(field).titles[0]
    assert (title.text, title.volume_number) == (text, number)


def test_a_parallel_title_in_front_of_the_statement() -> None:
    read = record("200 1 $a大学生写作指南$fWriting at university (英) 克里米，利著 吕建高译")
    assert read.titles[1] == Title(kind="parallel", text="Writing at university", source="200$f")
    assert [agent.name for agent in read.agents] == ["克里米", "利", "吕建高"]


@pytest.mark.parametrize(
    ("title", "pinyin", "text", "whole"),
    [
        ("Ansys入门 Ansys", "ru men", "Ansys入门", "Ansys ru men"),
        ("散文2012精选集 san wen2012", "jing xuan ji", "散文2012精选集", "san wen2012 jing xuan ji"),
        ("乐在C语言", "le zai C yu yan", "乐在C语言", "le zai C yu yan"),
        ("精通 Photoshop", "jing tong Photoshop", "精通 Photoshop", "jing tong Photoshop"),
        ("48小时精通CorelDRAW X6 48", "xiao shi jing tong CorelDRAW X6", "48小时精通CorelDRAW X6", "48 xiao shi jing tong CorelDRAW X6"),
        ("PIC单片机开发 PICchan", "pian ji kai fa", "PIC单片机开发", "PICchan pian ji kai fa"),
    ],
)
def test_romanisation_that_begins_inside_the_title(title: str, pinyin: str, text: str, whole: str) -> None:
    found = record(f"200 1 $a{title}$9{pinyin}").titles[0]
    assert (found.text, found.pinyin) == (text, whole)


def test_a_romanisation_in_front_of_the_statement_is_no_parallel_title() -> None:
    titles = record("200 1 $a会声会影X3权威指南$fX3quan wei zhi nan 王磊著", "510 1 $aEnglish$zeng").titles
    assert [(title.kind, title.text) for title in titles] == [("proper", "会声会影X3权威指南"), ("parallel", "English")]


def test_names_of_statement_and_headings_are_one() -> None:
    agents = record(
        "200 1 $a过程管理$f乔尔·D. 威斯纳(Joel D.Wisner), 琳达·L. 斯坦利(Linda L. Stanley)著$g纪寿文译注",
        "701  0$a威斯纳$9wei si na$c(Wisner, Joel D.)$4著",
        "701  0$a斯坦利$c(Stanley, Linda L.)$4著",
        "702  0$a纪寿文$4译注",
    ).agents
    assert [(agent.name, agent.roles, agent.source) for agent in agents] == [
        ("乔尔·D. 威斯纳", ("author",), "200$f 701$a"),
        ("琳达·L. 斯坦利", ("author",), "200$f 701$a"),
        ("纪寿文", ("translator", "annotator"), "200$g 702$a"),
    ]
    assert agents[0].other_forms == ("Wisner, Joel D.", "Joel D.Wisner", "威斯纳")
    assert [agent.primary for agent in agents] == [True, False, False]


def test_dynasty_country_and_dates() -> None:
    agents = record("701  0$c(唐)$a杜甫$f(712-770)$4撰", "702  0$c(英)$a罗琳$c(Rowling, J. K)$4070").agents
    assert agents == (
        Agent(name="杜甫", roles=("author",), primary=True, dynasty="唐", dates="712-770", source="701$a"),
        Agent(name="罗琳", roles=("author",), country="英", other_forms=("Rowling, J. K",), source="702$a"),
    )


def test_a_body() -> None:
    (agent,) = record("200 1 $a年鉴$f国家统计局编", "711 02$a国家统计局$4编").agents
    assert (agent.name, agent.kind, agent.roles) == ("国家统计局", "body", ("editor",))


def test_the_repetition_of_a_statement_in_another_script_names_nobody() -> None:
    fields = "200 1 $a一带一路$f总主编刘作奎$i俄罗斯$d= One belt$fLiu Zuokui$iRussia$f主编李晶$zeng"
    assert [agent.name for agent in record(fields).agents] == ["刘作奎", "李晶"]


def test_isbn_with_qualifier_and_price() -> None:
    identifiers = record("010   $a7-5037-2790-X$b精装$dCNY92.00", "010   $dCNY5.00", "010   $a978-7-02-000220-8").identifiers
    assert identifiers == (
        Identifier(scheme="isbn", value="9787503727900", raw="7-5037-2790-X", qualifier="精装", price="CNY92.00", source="010$a"),
        Identifier(scheme="other", value="", valid=False, price="CNY5.00", source="010$d"),
        Identifier(scheme="isbn", value="978-7-02-000220-8", valid=False, raw="978-7-02-000220-8", source="010$a"),
    )


def test_an_isbn_of_a_whole_set() -> None:
    (identifier,) = record("010   $a978-7-02-000220-7$b全套$dCNY59.70").identifiers
    assert identifier.of_set


def test_other_identifiers() -> None:
    identifiers = record("011   $a0378-5955", "091   $a10019·3145$d1.20元", "035   $a(OCoLC)on0012345").identifiers
    assert [(i.scheme, i.value) for i in identifiers] == [("issn", "03785955"), ("cubn", "10019·3145"), ("oclc", "12345")]


def test_imprint() -> None:
    assert record("210   $a[北京]$c中国发展出版社$a上海$c上海出版社$d2017.10").publications == (
        Publication(
            places=("北京", "上海"), publishers=("中国发展出版社", "上海出版社"), date="2017.10", year=2017, month=10, source="210$acd"
        ),
    )


def test_the_date_of_field_100_stands_in() -> None:
    (imprint,) = record(f"100   $a{GENERAL}", "210   $c作家出版社").publications[1:]
    assert (imprint.year, imprint.source) == (2012, "100/9-12")


def test_series_subjects_classes_notes_and_links() -> None:
    read = record(
        "225 2 $a智库丛书$v01",
        "410  0$12001 $a智库丛书",
        "606 0 $a企业管理$x供销管理$y中国$j教材$2ct",
        "610 0 $a管理$a物流",
        "690   $aF274$v4",
        "692   $a28. 24$v2",
        "300   $a译自原文",
        "330   $a内容提要。",
        "327 1 $a第一章",
        "454  0$12001 $aProcess management",
        "856 4 $uhttp://example.org/x?a=1&b=2$z全文",
    )
    assert read.series == (Series(title="智库丛书", number="01", source="225$ahiv"),)
    assert read.subjects == (
        Subject(heading="企业管理", subdivisions=("供销管理", "中国", "教材"), scheme="ct", source="606$axyzj"),
        Subject(heading="管理", source="610$a"),
        Subject(heading="物流", source="610$a"),
    )
    assert read.classifications == (
        Classification(scheme="clc", number="F274", edition="4", source="690$a"),
        Classification(scheme="las", number="28.24", edition="2", source="692$a"),
    )
    assert [note.text for note in (*read.notes, *read.summaries, *read.contents)] == ["译自原文", "内容提要。", "第一章"]
    assert read.relations == (Relation(kind="translation_of", title="Process management", source="454$1t"),)
    assert read.links == (Link(url="http://example.org/x?a=1&b=2", label="全文", source="856$u"),)


def test_languages_country_and_level() -> None:
    read = record("101 2 $achi$aeng$ceng", "102   $aCN$b110000")
    assert (read.languages, read.original_languages, read.country, read.level) == (("chi", "eng"), ("eng",), "CN", "full")


@pytest.mark.parametrize(
    ("codes", "audience"),
    [("em ", "general"), ("c  ", "juvenile"), ("e  ", "adolescent"), ("km ", "adult"), ("u  ", ""), ("   ", "")],
)
def test_audience(codes: str, audience: str) -> None:
    assert record(f"100   $a20240101d2012    {codes}y0chiy50      ea").audience == audience


@pytest.mark.parametrize(
    ("fields", "leader", "expected"),
    [
        ((), "nam0", "book"),
        ((), "nas0", "periodical"),
        ((), "nlm0", "software"),
        (("200 1 $a题名$b电子资源",), "nlm0", "e-book"),
        (("135   $adrbn",), "nam0", "e-book"),
        (("106   $af",), "nam0", "braille"),
        (("106   $ad",), "nam0", "large-print"),
        (("106   $ar",), "nam0", "book"),
        ((), "nim0", "audio"),
        ((), "njm0", "music"),
        ((), "ngm0", "video"),
        ((), "ncm0", "score"),
        ((), "nem0", "map"),
        (("215   $a在线资源(393页)",), "nam0", "e-book"),
        (("215   $a264页$e光盘1片",), "nam0", "book"),
        (("200 1 $a三国演义$b盲文",), "nam0", "braille"),
    ],
)
def test_format(fields: tuple[str, ...], leader: str, expected: str) -> None:
    assert record(*fields, leader=f"00000{leader} 2200000   450 ").format == expected


def test_items() -> None:
    _, items = read("905   $aWZ$b370000000008$cWZ-YQ$dF252$e161$treference", "905   $aWZ$dF252$e161")
    assert items == (
        ReportedItem(
            barcode="370000000008", branch_code="WZ-YQ", call_number="F252/161", item_type="reference", type_word="reference",
            lending="library_use", source="905$b",
        ),
    )  # fmt: skip


def test_several_barcodes_in_one_field() -> None:
    _, items = read("905   $aJD$b1$b2$b3$cMAIN$dI247.57$e12$tbook")
    assert [(item.barcode, item.branch_code, item.call_number) for item in items] == [
        (code, "MAIN", "I247.57/12") for code in ("1", "2", "3")
    ]


def test_as_many_branches_as_barcodes_go_together() -> None:
    _, items = read("905   $b1$cA$b2$cB$tbook$tchildren")
    assert [(item.barcode, item.branch_code, item.item_type) for item in items] == [("1", "A", "book"), ("2", "B", "children")]


def test_an_online_copy_has_an_address_and_no_barcode() -> None:
    _, items = read("905   $aJD$cNET$uhttp://example.org/1")
    assert [(item.barcode, item.url, item.lending) for item in items] == [("", "http://example.org/1", "online")]


def test_a_status_word() -> None:
    _, items = read("905   $b1$cA$f借出", "905   $b2$cA$fI247")
    assert [item.status for item in items] == ["on_loan", "available"]
