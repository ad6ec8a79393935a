"""The cases on which other matchers fail (homophones, stripped Han characters, editions, extents, sets), each with the right answer."""

import pytest

from tests.unit.matching.examples import features
from union_catalog.bibliographic.folding import fold
from union_catalog.matching.rules import compare, decide

SHARED = "9787020002207"
OTHER = "9787108009821"


def verdict(
    title: tuple[str, str] = ("红楼梦", "红楼梦"),
    by: tuple[str, str] = ("曹雪芹", "曹雪芹"),
    publisher: tuple[str, str] = ("人民文学出版社", "人民文学出版社"),
    date: tuple[str, str] = ("2008-7", "2008-7"),
    volume: tuple[str, str] = ("", ""),
    edition: tuple[str, str] = ("", ""),
    isbn: tuple[str, str] = ("", ""),
    pages: tuple[str, str] = ("", ""),
) -> str:
    """The verdict on two records that are equal but for what is named, whichever comes first."""
    fields = zip(title, by, publisher, date, volume, edition, isbn, pages, strict=True)
    a, b = (features(t, n, p, d, volume=v, edition=e, isbn=i, pages=x) for t, n, p, d, v, e, i, x in fields)
    assert decide(a, b) == decide(b, a)
    return decide(a, b)[0]


def test_two_books_of_one_year_extent_and_edition_are_different() -> None:
    a = features("红楼梦", "曹雪芹", date="2019", edition="第1版", pages="320页")
    b = features("时间简史", "霍金", date="2019", edition="第1版", pages="320页")
    assert decide(a, b)[0] == "different"


def test_two_authors_in_han_are_different() -> None:
    assert verdict(by=("曹雪芹", "高鹗")) == "different"


def test_two_numbered_editions_are_different() -> None:
    assert verdict(edition=("第1版", "第3版")) == "different"


def test_two_extents_are_different() -> None:
    assert verdict(pages=("320页", "980页"), date=("2008", "2008")) == "different"


def test_traditional_and_simplified_are_the_same() -> None:
    assert verdict(title=("红楼梦", "紅樓夢"), publisher=("人民文学出版社", "人民文學出版社")) == "same"


@pytest.mark.parametrize(("a", "b"), [("权利与义务", "权力与义务"), ("历史", "厉史"), ("公民权利研究", "公民权力研究")])
def test_titles_that_sound_alike_are_different(a: str, b: str) -> None:
    assert verdict(title=(a, b)) == "different"


def test_a_homophone_in_a_long_title_is_a_slip_only_under_one_isbn() -> None:
    assert verdict(title=("公民权利研究", "公民权力研究"), isbn=(SHARED, SHARED)) == "same"


def test_authors_that_sound_alike_are_different() -> None:
    assert verdict(by=("余华", "于华"), title=("活着", "活着")) == "different"


def test_qianlong_stays_and_variants_are_one() -> None:
    assert fold("乾隆") == "乾隆"
    assert fold("敎育") == fold("教育")
    assert fold("厯史") == fold("歷史") == fold("历史")


def test_one_isbn_on_the_volumes_of_a_set_does_not_join_them() -> None:
    assert verdict(isbn=(SHARED, SHARED), volume=("上", "下")) == "different"


def test_an_isbn_used_again_for_another_book_does_not_join_them() -> None:
    assert verdict(isbn=(SHARED, SHARED), title=("红楼梦", "时间简史"), by=("曹雪芹", "霍金")) == "different"


def test_an_isbn_of_the_other_carrier_does_not_join_them() -> None:
    a, b = features(isbn=SHARED), features(isbn=SHARED, carrier="audio")
    assert decide(a, b)[0] == "different"


def test_two_isbns_are_two_editions() -> None:
    assert verdict(isbn=(SHARED, OTHER)) == "different"


def test_a_reprint_with_its_isbn_is_the_same_edition() -> None:
    assert verdict(isbn=(SHARED, SHARED), date=("2008-7", "2012-3")) == "same"


def test_a_printing_months_later_is_the_same_edition() -> None:
    assert verdict(date=("2008-7", "2008-9")) == "same"


def test_years_apart_are_two_editions() -> None:
    assert verdict(date=("2008-7", "1996-12")) == "different"


def test_other_publishers_are_two_editions() -> None:
    assert verdict(publisher=("人民文学出版社", "中华书局"), date=("2008", "2008")) == "different"


def test_an_imprint_beside_the_house_is_the_same() -> None:
    assert verdict(publisher=("三联书店", "生活·读书·新知三联书店")) == "same"
    assert verdict(publisher=("后浪·北京联合出版公司", "北京联合出版公司")) == "same"


def test_two_translations_are_two_editions() -> None:
    a = features("傲慢与偏见", "(英)简·奥斯丁著 王科一译", "译林出版社")
    b = features("傲慢与偏见", "(英)简·奥斯丁著 孙致礼译", "译林出版社")
    assert decide(a, b)[0] == "different"


def test_several_romanisations_of_an_author_are_one() -> None:
    a = features("百年孤独", "[哥伦比亚] 加西亚·马尔克斯", "南海出版公司", "2011-6")
    b = features("百年孤独", "加夫列尔·加西亚·马尔克斯 (Gabriel García Márquez)", "南海出版公司", "2011-6")
    assert decide(a, b)[0] == "same"


@pytest.mark.parametrize("date", ["2004-03", "2004年3月第1版", "２００４．３", "2004/03/01", "20040301"])
def test_dates_in_all_forms_are_one(date: str) -> None:
    assert verdict(date=("2004-3", date)) == "same"


def test_the_year_of_the_republic_is_a_year() -> None:
    assert verdict(date=("1934", "民国二十三年")) == "same"


@pytest.mark.parametrize(("a", "b"), [("三体Ⅱ", "三体2"), ("三体 第二部", "三体（2）"), ("红楼梦（上）", "红楼梦 上册")])
def test_volumes_in_all_forms_are_one(a: str, b: str) -> None:
    assert verdict(title=(a, b)) == "same"


@pytest.mark.parametrize(("a", "b"), [("三体Ⅱ", "三体Ⅲ"), ("红楼梦（上）", "红楼梦（下）"), ("红楼梦（全三册）", "红楼梦（上）")])
def test_other_volumes_are_different(a: str, b: str) -> None:
    assert verdict(title=(a, b)) == "different"


def test_the_evidence_names_every_field_and_its_side() -> None:
    found = compare(features(date="2008-7"), features(date="1996"))
    assert (found.verdict, found.rule) == ("different", "other_year")
    by_field = {evidence.field: evidence for evidence in found.evidence}
    assert (by_field["date"].side, by_field["date"].code, by_field["date"].left) == ("against", "different", "2008-07")
    assert (by_field["title"].side, by_field["title"].code) == ("for", "equal")
    assert by_field["isbn"].side == "silent"
