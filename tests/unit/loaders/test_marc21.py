"""MARC 21 fields as the record model has them."""

import pytest

from loaders.formats.dialect import describe
from loaders.formats.marc import MarcRecord
from loaders.formats.marc21 import MARC21, MARC21_RULES, country_code
from loaders.formats.rules import Draft
from tests.unit.loaders.building import MARC21_LEADER
from union_catalog.bibliographic.record import BibliographicRecord, Classification, Identifier, Publication, Series, Subject, Title
from union_catalog.holdings.model import ReportedItem

FIXED = "240101s2010    cc            000 0 chi d"


def read(*fields: str, leader: str = MARC21_LEADER) -> tuple[BibliographicRecord, tuple[ReportedItem, ...]]:
    split = [(field[:3], field[4:].replace("$", "\x1f") if field > "010" else field[4:]) for field in fields]
    return describe(MARC21, MarcRecord(leader, split))


def record(*fields: str, leader: str = MARC21_LEADER) -> BibliographicRecord:
    return read(*fields, leader=leader)[0]


def test_every_rule_fills_a_part_of_the_draft() -> None:
    draft = Draft()
    assert all(isinstance(getattr(draft, rule.target), list) for rule in MARC21_RULES)


def test_the_title_statement_loses_its_punctuation() -> None:
    titles = record("245 10$aE Street shuffle :$bthe glory days /$cClinton Heylin.", "246 31$aShuffle").titles
    assert titles == (
        Title(kind="proper", text="E Street shuffle", remainder="the glory days", source="245$a"),
        Title(kind="parallel", text="Shuffle", source="246$a"),
    )


def test_part_number_and_name() -> None:
    (title,) = record("245 00$aHistory.$nBook 2,$pThe war /$cby X.").titles
    assert (title.text, title.volume_number, title.volume_title) == ("History", "Book 2", "The war")


@pytest.mark.parametrize("field", ["245 00$aNam et ipsa =$bOde to joy : a song /", "245 00$aNam et ipsa$b= Ode to joy : a song"])
def test_a_parallel_title(field: str) -> None:
    assert [(title.kind, title.text) for title in record(field).titles] == [("proper", "Nam et ipsa"), ("parallel", "Ode to joy : a song")]


def test_the_original_script_of_880_stands_first() -> None:
    read = record(
        "100 1 $6880-01$aLu, Baosheng,$d1961-$eeditor.",
        "245 10$6880-02$aXiaoliang Shan ji cheng /$cLu Baosheng zhu bian.",
        "264  1$6880-03$aKunming :$bYunnan min zu chu ban she,$c2016.",
        "880 1 $6100-01/(B$a卢堡生,$d1961-$eeditor.",
        "880 10$6245-02$a小凉山集成 /$c卢堡生主编.",
        "880  1$6264-03$a昆明 :$b云南民族出版社,$c2016.",
        "880   $6500-00$a原文附注",
    )
    assert read.titles == (Title(kind="proper", text="小凉山集成", pinyin="Xiaoliang Shan ji cheng", source="245$a"),)
    (agent,) = read.agents
    assert (agent.name, agent.other_forms, agent.roles, agent.dates) == ("卢堡生", ("Lu, Baosheng",), ("editor",), "1961-")
    assert read.publications[0].publishers == ("云南民族出版社",)
    assert len(read.publications) == 1
    assert [note.text for note in read.notes] == ["原文附注"]


def test_an_880_that_holds_the_romanisation_does_not_displace_the_title() -> None:
    (title,) = record("245 10$6880-01$a红楼梦 /", "880 10$6245-01$aHong lou meng /").titles
    assert (title.text, title.pinyin) == ("红楼梦", "Hong lou meng")


def test_headings_and_statement_are_one() -> None:
    agents = record(
        "100 1 $aHeylin, Clinton.", "245 10$aE Street$cClinton Heylin ; translated by John Gilmour and others.",
        "700 1 $aGilmour, John S.$q(John Smith),$d1900-1970.$4trl",
    ).agents  # fmt: skip
    assert [(a.name, a.roles, a.primary, a.dates, a.other_forms) for a in agents] == [
        ("Heylin, Clinton", (), True, "", ("Clinton Heylin",)),
        ("Gilmour, John S.", ("translator",), False, "1900-1970", ("John Smith",)),
    ]


def test_names_typed_together_in_one_heading() -> None:
    agents = record(
        "100 1 $a雷吉娜．李茲 Regina Leeds",
        "245 10$a樂活工作的一年 /$c雷吉娜．李茲 Regina Leeds; 吴春玲，江滨; [英] 托尼・索雷斯; 傅敏 编注.",
        "700 1 $a吴春玲，江滨",
        "700 1 $a[英] 托尼・索雷斯",
        "700 1 $a傅敏 编注",
    ).agents
    assert [(a.name, a.country, a.roles) for a in agents] == [
        ("雷吉娜．李茲", "", ()),
        ("吴春玲", "", ()),
        ("江滨", "", ()),
        ("托尼・索雷斯", "英", ()),
        ("傅敏", "", ("editor", "annotator")),
    ]
    assert agents[0].other_forms == ("Regina Leeds",)


def test_a_heading_for_a_work_contained_is_no_agent() -> None:
    assert record("700 12$aBeckett, Samuel.$tMolloy.").agents == ()


def test_isbn_qualifier_price_and_cancelled() -> None:
    identifiers = record("020   $a0471383147 (paper/cd-rom : alk. paper) :$c30.00$z9780471383140").identifiers
    assert [(i.value, i.valid, i.qualifier, i.price, i.cancelled) for i in identifiers] == [
        ("9780471383147", True, "paper/cd-rom; alk. paper", "30.00", False),
        ("9780471383140", False, "", "30.00", True),
    ]


def test_price_alone() -> None:
    assert record("020   $c25.00元").identifiers == (Identifier(scheme="other", value="", valid=False, price="25.00元", source="020$c"),)


@pytest.mark.parametrize(
    ("field", "kind", "year", "month"),
    [
        ("264  1$aBeijing :$bX,$c2010-2", "publication", 2010, 2),
        ("264  4$c©2009", "copyright", 2009, 0),
        ("264  3$bPrinter,$c2011", "manufacture", 2011, 0),
        ("260   $aParis :$bSeuil,$cc1959.", "publication", 1959, 0),
    ],
)
def test_imprint(field: str, kind: str, year: int, month: int) -> None:
    imprint = record(field).publications[0]
    assert (imprint.kind, imprint.year, imprint.month) == (kind, year, month)


def test_fixed_field_stands_in_for_date_and_language() -> None:
    read = record(f"008 {FIXED}")
    assert read.publications == (Publication(date="2010", year=2010, source="008/07-10"),)
    assert (read.languages, read.languages_source, read.country) == (("chi",), "008/35-37", "CN")


def test_languages_run_together() -> None:
    read = record("041 1 $aengfre$hger", f"008 {FIXED}")
    assert (read.languages, read.original_languages) == (("eng", "fre"), ("ger",))


@pytest.mark.parametrize(
    ("code", "country"), [("cc ", "CN"), ("ch ", "TW"), ("nyu", "US"), ("enk", "GB"), ("onc", "CA"), ("xx ", ""), ("|||", "")]
)
def test_country(code: str, country: str) -> None:
    assert country_code(code) == country


def test_series_once() -> None:
    read = record("490 1 $aCarus monographs ;$vno. 7", "830  0$aCarus monographs ;$vno. 7.", "830  0$aOther.")
    assert read.series == (
        Series(title="Carus monographs", number="no. 7", source="490$anpv"),
        Series(title="Other", source="830$anpv"),
    )


def test_subjects_and_classes() -> None:
    read = record(
        "650  0$aRock musicians$zUnited States$vBiography.", "600 10$aSpringsteen, Bruce.", "084   $aI247.57$2clc",
        "082 00$a782.42$223", "050 00$aML420 .S77$bH28",
    )  # fmt: skip
    assert read.subjects == (
        Subject(heading="Rock musicians", subdivisions=("United States", "Biography"), scheme="lcsh", source="650$a"),
        Subject(heading="Springsteen, Bruce", scheme="lcsh", source="600$abcdqt"),
    )
    assert [(c.scheme, c.number, c.edition) for c in read.classifications] == [
        ("clc", "I247.57", ""),
        ("ddc", "782.42", "23"),
        ("lcc", "ML420.S77", ""),
    ]
    assert Classification(scheme="clc", number="I247.57", source="084$a") in read.classifications


@pytest.mark.parametrize(
    ("fields", "leader", "expected"),
    [
        ((), "nam", "book"),
        ((), "nas", "periodical"),
        (("008 " + FIXED[:23] + "o" + FIXED[24:],), "nam", "e-book"),
        (("008 " + FIXED[:23] + "d" + FIXED[24:],), "nam", "large-print"),
        (("008 " + FIXED[:23] + "f" + FIXED[24:],), "nam", "braille"),
        (("007 cr cnu",), "nam", "e-book"),
        (("007 ta",), "nam", "book"),
        (("338   $aonline resource$bcr$2rdacarrier",), "nam", "e-book"),
        (("338   $avolume$bnc$2rdacarrier",), "nam", "book"),
        (("245 00$aX$h[sound recording]",), "nim", "audio"),
        (("245 00$aX$h[electronic resource]",), "nam", "e-book"),
        (("336   $aspoken word$bspw",), "nim", "audio"),
        ((), "ngm", "video"),
        ((), "nem", "map"),
        ((), "ncm", "score"),
        ((), "njm", "music"),
        ((), "nom", "kit"),
    ],
)
def test_format(fields: tuple[str, ...], leader: str, expected: str) -> None:
    assert record(*fields, leader=f"00000{leader} a2200000 a 4500").format == expected


def test_items() -> None:
    _, items = read(
        "852 8 $aJX$bJX-ZP$p330000000001$ybook",
        "852 4 $agaaagpl$bMBI$bMBI$jC 299.5$gbook$p31867002191208$y12.00$znonsense",
        "852   $aAmerican Folklife Center",
    )
    assert items == (
        ReportedItem(barcode="330000000001", branch_code="JX-ZP", type_word="book", source="852$p"),
        ReportedItem(barcode="31867002191208", branch_code="MBI", call_number="C 299.5", type_word="book", source="852$p"),
    )
