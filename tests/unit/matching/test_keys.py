"""Keys bring together what may be one edition, and are few."""

import pytest

from tests.unit.matching.examples import described, features
from union_catalog.matching.features import Features, features_of
from union_catalog.matching.keys import keys_of


def meet(a: Features, b: Features) -> bool:
    return not set(keys_of(a)).isdisjoint(keys_of(b))


def test_a_record_has_few_keys_of_64_bits() -> None:
    keys = keys_of(features(isbn="9787020002207"))
    assert len(keys) == len(set(keys)) == 5
    assert all(-(2**63) <= key < 2**63 for key in keys)


@pytest.mark.parametrize(
    "other",
    [
        features("紅樓夢", "[清] 曹雪芹 著", "人民文學出版社", "2008年7月"),
        features(date=""),
        features(publisher="", date=""),
        features(by="", publisher=""),
        features("红喽梦"),
        features("红楼梦（插图本）", by="曹雪芹, 高鹗"),
    ],
)
def test_what_may_be_the_same_meets(other: Features) -> None:
    assert meet(features(), other)


def test_one_shared_word_brings_nobody_together() -> None:
    assert not meet(features("红楼梦", "曹雪芹", "A", "2001"), features("红楼梦", "", "B", "1999"))
    assert not meet(features("全集", "鲁迅", "", ""), features("全集", "茅盾", "", ""))


def test_a_record_without_anything_has_no_key() -> None:
    assert keys_of(features("", "", "", "")) == ()


def test_a_name_in_the_place_of_the_publisher_is_a_name() -> None:
    slipped = features_of(described("爱和自由", "", "孙瑞雪", "2004-5"))
    assert slipped.names == ("孙瑞雪",)
    assert slipped.publishers == ()


def test_a_date_in_the_place_of_the_publisher_is_a_date() -> None:
    slipped = features_of(described("苏联历史档案选编", "沈志华", "2002-8", ""))
    assert (slipped.year, slipped.month, slipped.publishers) == (2002, 8, ())
