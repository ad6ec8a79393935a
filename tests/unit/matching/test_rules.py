"""Every rule of the table decides some pair, and without any one of the vetoes editions would be joined that are two."""

from typing import NamedTuple

import pytest
from msgspec.structs import replace

from tests.unit.matching.examples import features
from union_catalog.matching.clustering import Edge, partition
from union_catalog.matching.features import Features
from union_catalog.matching.rules import FIRM, RULES, TABLE, Table, compare, decide, rules_digest

ISBN, OTHER_ISBN = "9787020002207", "9787108009821"
BOOK = features("朝花夕拾集外集", "鲁迅 著")
ALONE = features("独立，从一个人旅行开始", "新井一二三 著；王渝 译")
AUSTEN = features("傲慢与偏见", "(英)简·奥斯丁著 王科一译", "译林出版社", "2008-7")
UNTOLD = replace(BOOK, publishers=(), year=0, month=0)


class Kept(NamedTuple):
    """Two records that a veto keeps apart. Without it they are the same, or a third record that fits both would join them."""

    a: Features
    b: Features
    between: Features | None = None


def of_volume(volume: str) -> Features:
    return replace(BOOK, volume=volume)


def published_by(*publishers: str, **date: int) -> Features:
    return replace(BOOK, publishers=publishers, **date)


VETOES = {
    "other_carrier": Kept(BOOK, replace(BOOK, carrier="audio")),
    "other_volume": Kept(of_volume("中"), of_volume("下"), of_volume("2")),
    "other_edition": Kept(replace(BOOK, edition=2), replace(BOOK, edition=3)),
    "other_language": Kept(replace(BOOK, languages=("chi",)), replace(BOOK, languages=("eng",))),
    "other_title": Kept(features("天局"), features("大先生", isbn=ISBN), replace(features("天局", isbn=ISBN), others=("大先生",))),
    "other_short_title": Kept(features("山河", "鲁迅"), features("江河", "鲁迅", isbn=ISBN), features("山河", "鲁迅", isbn=ISBN)),
    "other_person": Kept(features(by="曹雪芹"), features(by="高鹗"), features(by="曹雪芹, 高鹗")),
    "other_isbn": Kept(replace(BOOK, isbns=(ISBN,)), replace(BOOK, isbns=(OTHER_ISBN,))),
    "other_translator": Kept(AUSTEN, features("傲慢与偏见", "(英)简·奥斯丁著 孙致礼译", "译林出版社", "2008-7")),
    "other_year": Kept(BOOK, replace(BOOK, year=2012, isbns=(ISBN,)), replace(BOOK, isbns=(ISBN,))),
    "other_extent": Kept(replace(BOOK, pages=320), replace(BOOK, pages=980)),
    "other_creator": Kept(
        features(by="(苏)法捷耶夫", date="2008"),
        features(by="(法)巴尔扎克", date="2008"),
        features(by="(苏)法捷耶夫, (法)巴尔扎克", date="2008"),
    ),
    "other_publisher": Kept(published_by("人民文学"), published_by("中华书局"), published_by("人民文学", "中华书局")),
    "unclear_publisher": Kept(
        published_by("人民文学", month=0), published_by("某某工坊", month=0), published_by("人民文学", "某某工坊", month=0)
    ),
}


def without(code: str) -> Table:
    return Table([rule for rule in RULES if rule.code != code])


@pytest.mark.parametrize("code", [rule.code for rule in RULES if rule.verdict == "different"])
def test_without_the_veto_two_editions_would_be_one(code: str) -> None:
    kept = VETOES[code]
    assert (compare(kept.a, kept.b).verdict, compare(kept.a, kept.b).rule) == ("different", code)
    verdict = without(code).judge(kept.a, kept.b)[0].verdict
    if kept.between is None:
        assert verdict == "same"
    else:
        links = [decide(kept.between, kept.a), decide(kept.between, kept.b)]
        assert verdict != "different"
        assert all(kind == "same" and strength >= FIRM for kind, strength in links)


@pytest.mark.parametrize("code", [code for code, kept in VETOES.items() if kept.between])
def test_a_record_that_fits_two_editions_does_not_join_them(code: str) -> None:
    kept = VETOES[code]
    assert kept.between is not None
    members = {"JD:1": kept.a, "JX:1": kept.b, "WZ:1": kept.between}
    edges = [Edge("JD:1", "WZ:1", decide(kept.a, kept.between)[1]), Edge("JX:1", "WZ:1", decide(kept.b, kept.between)[1])]
    found = partition(members, edges)
    assert not any({"JD:1", "JX:1"} <= part for part in found)
    assert len(found) == 2


JOINED = {
    "isbn_title": (replace(BOOK, isbns=(ISBN,)), replace(BOOK, isbns=(ISBN,), year=2012)),
    "isbn_title_date": (replace(BOOK, isbns=(ISBN,)), replace(published_by("中华书局"), isbns=(ISBN,))),
    "isbn_slip_in_title": (features("活着", "余华", isbn=ISBN), features("话着", "余华", isbn=ISBN)),
    "title_creator_publisher_month": (BOOK, BOOK),
    "title_creator_publisher_year": (BOOK, replace(BOOK, month=9)),
    "title_creator_publisher_reissue": (BOOK, replace(BOOK, month=12)),
    "edition_told_once": (BOOK, replace(BOOK, edition=2)),
    "title_publisher_date": (BOOK, replace(BOOK, names=(), lead=0)),
    "title_creator_date": (BOOK, replace(BOOK, publishers=())),
    "edition_told_once_day": (replace(BOOK, day=3), replace(BOOK, day=3, publishers=(), edition=2)),
    "part_title_creator_publisher_date": (features("丰饶之海·春雪", "三岛由纪夫"), features("春雪", "三岛由纪夫")),
    "volume_of_one_title": (features("王小波全集：万寿寺", volume="3"), features("王小波全集：小说卷", volume="3")),
    "title_publisher_month_other_spelling": (features("毁灭", "(苏)法捷耶夫"), features("毁灭", "(苏)法狄也夫")),
    "title_creator_month": (BOOK, published_by("某某工坊")),
    "title_creator_publisher_words": (BOOK, features("朝花夕拾集外集", "鲁迅 著", date="")),
    "title_creator_publisher": (BOOK, replace(features("朝花夕拾集外集", "[中] 鲁迅著", "人民文学"), year=0, month=0)),
    "later_printing": (BOOK, replace(BOOK, year=2013, printing=True)),
    "title_some_creators_publisher": (replace(BOOK, names=("茅盾", "鲁迅"), lead=1), replace(BOOK, year=0, month=0)),
    "title_core_creator_publisher": (features("毁灭：一九二八", "鲁迅"), features("毁灭", "鲁迅", date="")),
    "title_creator_month_other_publisher": (features("毁灭", "鲁迅"), features("毁灭", "鲁迅", "某某工坊")),
    "part_title_edition_told_once": (features("毁灭：长篇小说", "鲁迅"), replace(features("毁灭", "鲁迅"), edition=2)),
    "slip_in_title": (features("集外集拾遗补编", "鲁迅"), features("集外集捡遗补编", "鲁迅")),
    "slip_in_telling_title": (features("集外集拾遗补编", "鲁迅"), features("集外集捡遗补编", "鲁迅", date="2008")),
    "title_creator_publisher_next_year": (BOOK, replace(BOOK, year=2009)),
    "title_translator": (ALONE, replace(ALONE, publishers=(), year=0, month=0)),
}


@pytest.mark.parametrize("code", [rule.code for rule in RULES if rule.verdict == "same"])
def test_every_rule_that_joins_decides_some_pair(code: str) -> None:
    a, b = JOINED[code]
    assert (compare(a, b).rule, compare(a, b).verdict) == (code, "same")


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("isbn_unclear", (replace(BOOK, isbns=(ISBN,)), replace(BOOK, isbns=(ISBN,), year=2001, publishers=("中华书局",)))),
        ("undecided", (UNTOLD, replace(UNTOLD, names=(), lead=0))),
    ],
)
def test_what_stays_unsure(rule: str, other: tuple[Features, Features]) -> None:
    assert (compare(*other).rule, compare(*other).verdict) == (rule, "unsure")


def test_the_digest_is_of_the_rules() -> None:
    assert rules_digest() == rules_digest()
    assert len(rules_digest()) == 64
    assert set(rules_digest()) <= set("0123456789abcdef")


def test_a_table_judges_by_the_first_rule_that_holds() -> None:
    pair = VETOES["other_extent"]
    assert TABLE.judge(pair.a, pair.b)[0].code == "other_extent"
    assert without("other_extent").judge(pair.a, pair.b)[0].code == "title_creator_publisher_month"
