"""What each comparison finds, for and against, and that it does not matter which record comes first."""

import pytest
from msgspec.structs import replace

from tests.unit.matching.examples import described, features
from union_catalog.bibliographic.record import Agent, BibliographicRecord, Identifier, Text
from union_catalog.matching.comparisons import outcomes
from union_catalog.matching.evidence import FIELDS
from union_catalog.matching.features import Features, features_of
from union_catalog.matching.names import same_name
from union_catalog.matching.rules import compare

ISBN, E_BOOK = "9787020002207", "9787108009821"


def finding(field: str, a: Features | BibliographicRecord, b: Features | BibliographicRecord) -> str:
    """The code of what is found on a field, the same whichever record comes first."""
    left, right = (x if isinstance(x, Features) else features_of(x) for x in (a, b))
    there, back = outcomes(left, right), outcomes(right, left)
    assert there == back
    return FIELDS[field].codes[getattr(there, field)]


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("1984", "一九八四", "equal"),
        ("21世纪资本论", "二十一世纪资本论", "equal"),
        ("一千零一夜", "1001夜", "equal"),
        ("第三帝国的兴亡", "第3帝国的兴亡", "equal"),
        ("活著", "活着", "equal"),
        ("百年孤独", "100年孤独", "different"),
        ("三言二拍", "三言两拍", "different"),
        ("丰饶之海·春雪", "春雪", "equal_to_a_part"),
        ("三体2·黑暗森林", "三体Ⅱ", "equal_without_subtitle"),
        ("三体2·黑暗森林", "黑暗森林", "equal_to_a_part"),
        ("黄河青山：黄仁宇回忆录", "黄河青山", "equal_without_subtitle"),
        ("集外集拾遗补编", "集外集捡遗补编", "nearly_equal"),
        ("中国近代思想史论", "中国现代思想史论", "different"),
        ("高等数学", "高等数学习题集", "one_in_the_other"),
        ("山河", "江河", "one_character_differs"),
        ("大河", "小河", "different"),
        ("权利与义务", "权力与义务", "one_character_differs"),
        ("红楼梦", "", "silent"),
    ],
)
def test_titles(a: str, b: str, found: str) -> None:
    assert finding("title", features(a), features(b)) == found


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("三体2·黑暗森林", "三体Ⅱ", "equal"),
        ("三体2·黑暗森林", "三体Ⅲ·死神永生", "different"),
        ("一九八四", "1984", "silent"),
        ("古希腊悲剧喜剧全集（全8册）", "古希腊悲剧喜剧全集 第2卷", "different"),
        ("陆小凤（1-4册）", "陸小鳳（1-4冊）", "equal"),
        ("史记（上）", "史记", "one_side_only"),
    ],
)
def test_volumes(a: str, b: str, found: str) -> None:
    assert finding("volume", features(a), features(b)) == found


def test_a_volume_before_the_names_of_a_statement_is_a_volume() -> None:
    record = described("四大名捕会京师")
    told = features_of(replace(record, responsibility=(Text(text="下 The four 温瑞安著"),)))
    assert told.volume == "下"
    part = features_of(replace(record, responsibility=(Text(text="第二卷 第二分册 (美)柯朗著 张恭庆译"),)))
    assert part.volume == "2.2"
    assert finding("volume", told, part) == "different"


def test_an_edition_before_the_names_of_a_statement_is_an_edition() -> None:
    record = described("人力资源管理")
    told = features_of(replace(record, responsibility=(Text(text="第六版 di liu ban (美)加里·德斯勒著 刘昕等译"),)))
    assert told.edition == 6
    bilingual = features_of(replace(record, responsibility=(Text(text="汉英双语 2002年增补本 中国社会科学院语言研究所编"),)))
    assert bilingual.kinds == ("bilingual", "revised")


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("鲁迅", "周树人", "first_equal"),
        ("(英)乔治·奥威尔著", "[英] 奥威尔", "first_equal"),
        ("国家统计局", "中华人民共和国国家统计局", "first_equal"),
        ("脂砚斋评", "脂砚斋", "first_equal"),
        ("高鹗续", "高鹗", "first_equal"),
        ("脂砚斋重评", "脂砚斋", "first_equal"),
        ("[宋] 孟元老", "(宋)孟元老撰", "first_equal"),
        ("茅盾, 巴金", "巴金, 茅盾", "first_alike"),
        ("余华", "于华", "different"),
        ("赵大明", "Zhao Daming", "silent"),
        ("夏洛蒂·勃朗特", "艾米莉·勃朗特", "unlike"),
    ],
)
def test_names(a: str, b: str, found: str) -> None:
    assert finding("names", features(by=a), features(by=b)) == found


def test_both_parts_of_a_foreign_name_may_be_spelt_otherwise() -> None:
    assert same_name("恰克 帕拉尼克", "查克 帕拉纽克")
    assert not same_name("夏洛蒂 勃朗特", "艾米莉 勃朗特")


def test_initials_from_which_the_family_name_was_cut_off_are_no_name() -> None:
    record = described("偶发空缺", "(英)罗琳著")
    cut = replace(record, agents=(Agent(name="J. K", primary=True), *record.agents))
    assert finding("names", record, cut) == "first_equal"


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("简·奥斯丁著 王科一译", "简·奥斯丁著 王科一译", "shared"),
        ("简·奥斯丁著 王科一译", "简·奥斯丁著", "told_once"),
        ("简·奥斯丁著 王科一译", "简·奥斯丁著, 孙致礼", "unlike"),
        ("简·奥斯丁著 王科一译", "简·奥斯丁著 孙致礼译", "different"),
        ("简·奥斯丁著", "简·奥斯丁著", "silent"),
    ],
)
def test_translators(a: str, b: str, found: str) -> None:
    assert finding("translator", features(by=a), features(by=b)) == found


def test_that_one_record_tells_a_translator_is_no_evidence() -> None:
    found = compare(features(by="简·奥斯丁著 王科一译"), features(by="简·奥斯丁著")).evidence
    assert {(e.side, e.code) for e in found if e.field == "translator"} == {("silent", "told_once")}


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("第2版", "第2版", "number_equal"),
        ("第2版", "第二版", "number_equal"),
        ("第2版", "第3版", "different"),
        ("第1版", "", "silent"),
        ("第2版", "", "one_side_only"),
        ("第2版", "修订版", "number_and_revision"),
        ("修订本", "修訂版", "kind_equal"),
        ("增订本", "修订版", "kind_equal"),
        ("新版", "", "one_side_only"),
        ("影印本", "修订本", "different"),
        ("精装", "平装", "different"),
        ("精装", "插图本", "one_side_only"),
        ("阴本", "阳本", "different"),
        ("人教版", "苏教版", "different"),
    ],
)
def test_editions(a: str, b: str, found: str) -> None:
    assert finding("edition", features(edition=a), features(edition=b)) == found


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("三联书店", "生活·读书·新知三联书店", "equal"),
        ("北师大出版社", "北京师范大学出版社", "equal"),
        ("浙江少儿出版社", "浙江少年儿童出版社", "equal"),
        ("重庆出版集团重庆出版社", "重庆出版社", "equal"),
        ("上海：上海文化出版社", "上海文化出版社", "equal"),
        ("上海人民出版社（北京世纪文景）", "世纪文景/上海人民出版社", "equal"),
        ("江苏凤凰文艺出版社", "江苏文艺", "equal"),
        ("People's Literature Publishing House", "人民文学出版社", "equal"),
        ("理想国", "广西师范大学出版社", "related"),
        ("后浪·四川人民出版社", "后浪·北京联合出版公司", "different"),
        ("后浪出版公司", "后浪·北京联合出版公司", "equal"),
        ("建筑工业出版社", "中国建筑工业出版社", "equal"),
        ("人民出版社", "人民文学出版社", "different"),
        ("人民出版社", "上海人民出版社", "different"),
        ("三联书店", "上海三联书店", "different"),
        ("上海人民出版社", "上海人民美术出版社", "different"),
        ("人民文学出版社", "梁锡江", "unclear"),
        ("人民文学出版社", "", "silent"),
    ],
)
def test_publishers(a: str, b: str, found: str) -> None:
    assert finding("publisher", features(publisher=a), features(publisher=b)) == found


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("2004-03-01", "2004-3-1", "same_day"),
        ("2004-03", "2004年3月第1版", "same_month"),
        ("2004", "2004年3月", "same_year"),
        ("1934", "民国二十三年", "same_year"),
        ("光绪三十一年", "1905", "same_year"),
        ("2004-03", "2004-06", "within_three_months"),
        ("2004-03", "2004-11", "same_year_other_month"),
        ("2004-03", "2005-12", "next_year"),
        ("2004-03", "2009-12", "different"),
        ("2004年3月第1版", "2009年5月第6次印刷", "later_printing"),
        ("2009年5月第6次印刷", "2004年3月第2版第5次印刷", "later_printing"),
        ("2004年3月第6次印刷", "2009", "different"),
        ("", "2004", "silent"),
    ],
)
def test_dates(a: str, b: str, found: str) -> None:
    assert finding("date", features(date=a), features(date=b)) == found


def test_isbns() -> None:
    own, other = described(isbn=ISBN), described(isbn=E_BOOK)
    assert finding("isbn", own, own) == "shared"
    assert finding("isbn", own, other) == "different"
    assert finding("isbn", own, described()) == "silent"
    assert finding("isbn", own, described(isbn=ISBN, of_set=True)) == "set_shared"


def test_an_isbn_used_again_is_told() -> None:
    assert finding("isbn", described(isbn=ISBN), described("时间简史", "霍金", isbn=ISBN)) == "reused"


def test_the_isbn_of_the_e_book_on_the_record_of_the_printed_book() -> None:
    printed = described(isbn=ISBN)
    both = replace(printed, identifiers=(*printed.identifiers, Identifier(scheme="isbn", value=E_BOOK, qualifier="电子书")))
    assert features_of(both).isbns == (ISBN,)
    assert finding("isbn", both, printed) == "shared"
    assert finding("isbn", both, described(isbn=E_BOOK)) == "other_carrier"
    assert compare(features_of(both), features(isbn=E_BOOK)).rule == "other_isbn"
    assert (
        finding("isbn", described(isbn=E_BOOK, carrier="e-book"), described(isbn=E_BOOK, carrier="e-book", qualifier="ebook")) == "shared"
    )


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("北京", "京", "shared"),
        ("[北京]", "北京市", "shared"),
        ("Beijing", "北平", "shared"),
        ("臺北市", "台北", "shared"),
        ("北京", "上海", "different"),
        ("S.l.", "上海", "silent"),
        ("", "上海", "silent"),
    ],
)
def test_places(a: str, b: str, found: str) -> None:
    assert finding("place", described(place=a), described(place=b)) == found


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("汉译世界学术名著", "汉译世界学术名著丛书", "shared"),
        ("漢譯世界學術名著叢書", "汉译世界学术名著丛书", "shared"),
        ("企鹅经典", "名著名译", "different"),
        ("", "名著名译", "silent"),
    ],
)
def test_series(a: str, b: str, found: str) -> None:
    assert finding("series", described(series=a), described(series=b)) == found


def test_audiences() -> None:
    child, adult, general = (described(audience=audience) for audience in ("juvenile", "adult", "general"))
    assert finding("audience", child, child) == "equal"
    assert finding("audience", child, adult) == "different"
    assert finding("audience", child, general) == "silent"
    assert finding("audience", child, described()) == "silent"


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        (("紅樓夢", "高鶚"), ("红楼梦", "高鹗"), "different"),
        (("我终究是爱你的", "張小嫻"), ("我终究是爱你的", "张小娴"), "different"),
        (("紅樓夢", "高鶚"), ("紅樓夢", "高鶚"), "equal"),
        (("妞妞", "山水"), ("红楼梦", "高鹗"), "silent"),
        (("Hamlet", "Shakespeare"), ("红楼梦", "高鹗"), "silent"),
    ],
)
def test_scripts(a: tuple[str, str], b: tuple[str, str], found: str) -> None:
    assert finding("script", features(*a, publisher=""), features(*b, publisher="")) == found


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [("320页", "322页", "equal"), ("320页", "340页", "near"), ("320页", "980页", "different"), ("320页", "", "silent")],
)
def test_extents(a: str, b: str, found: str) -> None:
    assert finding("extent", features(pages=a), features(pages=b)) == found


@pytest.mark.parametrize(("a", "b", "found"), [("CNY32.00", "32元", "equal"), ("32元", "45元", "different"), ("32元", "", "silent")])
def test_prices(a: str, b: str, found: str) -> None:
    assert finding("price", described(price=a), described(price=b)) == found


def test_classes_languages_and_carriers() -> None:
    assert finding("subject", described(clc="I242.4"), described(clc="I207")) == "equal"
    assert finding("subject", described(clc="I242.4"), described(clc="K825")) == "different"
    assert finding("language", described(language="chi"), described(language="eng")) == "different"
    assert finding("language", described(language="chi"), described(language="")) == "silent"
    assert finding("carrier", described(), described(carrier="braille")) == "different"


@pytest.mark.parametrize(
    ("title", "by", "found"),
    [
        ("台湾老兵口述历史", "赵川", "yes"),
        ("中国古代哲学史", "胡适", "no"),
        ("现代汉语词典", "丁声树", "no"),
        ("鲁迅全集", "鲁迅", "no"),
        ("孙子兵法与三十六计", "(春秋)孙武著", "no"),
    ],
)
def test_a_telling_title(title: str, by: str, found: str) -> None:
    assert finding("telling", features(title, by), features(title, by)) == found


def test_columns_that_slipped_are_read_where_they_stand() -> None:
    record = described("廖平全集", "廖平", "2015-4", "1980.00")
    slipped = features_of(replace(record, agents=(*record.agents, Agent(name="上海古籍出版社"))))
    assert (slipped.names, slipped.publishers, slipped.year, slipped.month) == (("廖平",), ("上海古籍",), 2015, 4)


@pytest.mark.parametrize(
    ("by", "code", "told"),
    [("曹雪芹，高鹗著", "helper_shared", "高鹗"), ("曹雪芹，高鹗著；杨宪益译", "shared", "杨宪益"), ("曹雪芹著", "silent", "")],
)
def test_the_evidence_names_translators_or_else_those_who_helped(by: str, code: str, told: str) -> None:
    record = features(by=by)
    evidence = next(one for one in compare(record, record).evidence if one.field == "translator")
    assert (evidence.code, evidence.left, evidence.right) == (code, told, told)
