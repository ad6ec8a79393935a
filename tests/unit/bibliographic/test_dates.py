"""Dates as publishers, cataloguers and booksellers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_catalog.bibliographic.normalise.dates import DateReading, parse_date


@pytest.mark.parametrize(
    ("text", "year", "month"),
    [
        ("2002-4", 2002, 4), ("2010-9-1", 2010, 9), ("1986", 1986, 0), ("2010年01月", 2010, 1), ("2008.4", 2008, 4),
        ("2007/7/1", 2007, 7), ("1997年5月第1版", 1997, 5), ("1992 年 06 月 15 日", 1992, 6), ("2007－6", 2007, 6),
        ("1991年8月1版", 1991, 8), ("1981初版印", 1981, 0), ("October 1999", 1999, 10), ("03 Nov 2008", 2008, 11),
        ("2002年12月1-1", 2002, 12), ("1999 10", 1999, 10), ("２０００．１１", 2000, 11), ("10月2005年", 2005, 10),
        ("1981.10/1993/12", 1981, 10), ("1959、1960", 1959, 0), ("发行年月 ： １９９８．９", 1998, 9), ("2001年十月", 2001, 10),
        ("1962年版1978年印刷", 1962, 0), ("1988 1版", 1988, 0), ("1999 1st ed.", 1999, 0), ("20050612", 2005, 6),
        ("c1999", 1999, 0), ("[2003?]", 2003, 0), ("post. 1678]", 1678, 0), ("2001-", 2001, 0), ("2010-15", 2010, 0),
        ("二零零六年四月", 2006, 4), ("一九八五年十二月", 1985, 12), ("民国二十三年", 1934, 0), ("民國82年7月", 1993, 7),
        ("民81", 1992, 0), ("1999[民88]", 1999, 0), ("昭和59年10月", 1984, 10), ("平成元年", 1989, 0), ("光绪三十一年", 1905, 0),
        ("宣统元年", 1909, 0), ("康熙五十五年 [1716]", 1716, 0), ("1418 [1997]", 1997, 0), ("2009-05-01 (初版日期)", 2009, 5),
    ],
)  # fmt: skip
def test_year_and_month(text: str, year: int, month: int) -> None:
    assert parse_date(text)[:2] == (year, month)


@pytest.mark.parametrize(
    ("text", "year", "year_to"),
    [("1981-1985", 1981, 1985), ("1981—1985年", 1981, 1985), ("197-?", 1970, 1979), ("[19--?]", 1900, 1999), ("1985-1981", 1985, None)],
)
def test_spans(text: str, year: int, year_to: int | None) -> None:
    assert parse_date(text) == DateReading(year, 0, year_to)


@pytest.mark.parametrize("text", ["", "30 April", "1980.00元", "1004.00 元", "不详", "東立", "94/08/10", "第3版", "12345"])
def test_no_year_can_be_told(text: str) -> None:
    assert parse_date(text) == DateReading()


@given(st.text(alphabet=st.sampled_from("0123456789年月日-./[]c?民国光绪元十二初版 JanOct、"), max_size=30))
def test_any_text_gives_a_reading_within_bounds(text: str) -> None:
    read = parse_date(text)
    assert 0 <= read.month <= 12
    assert read.year is None or 1000 <= read.year <= 2911
    assert read.year_to is None or (read.year is not None and read.year_to >= read.year)
