"""Dates of publication in all their written forms, as Gregorian year and month.

"2004-03", "1998年6月第1版", "２０００．１１", "二零零六年四月", "民国二十三年", "民81", "昭和59年10月", "光绪三十一年",
"[2003?]", "c1999", "197-?", "1983；1991", "October 1999", "10月2005年". Two digits without an era ("94/08/10") name no
year that one could be sure of.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from union_catalog.bibliographic.normalise.numerals import CHINESE, DIGITS, to_int
from union_catalog.text import half_width

# The year before the first of each era (its 元年 is 1), as the Gregorian calendar counts the greater part of that year.
ERAS = {
    "民国": 1911, "民國": 1911, "民": 1911, "中華民國": 1911, "中华民国": 1911,
    "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018,
    "洪武": 1367, "永乐": 1402, "永樂": 1402, "宣德": 1425, "正统": 1435, "成化": 1464, "弘治": 1487, "正德": 1505, "嘉靖": 1521,
    "隆庆": 1566, "隆慶": 1566, "万历": 1572, "萬曆": 1572, "天启": 1620, "天啟": 1620, "崇祯": 1627, "崇禎": 1627,
    "顺治": 1643, "順治": 1643, "康熙": 1661, "雍正": 1722, "乾隆": 1735, "嘉庆": 1795, "嘉慶": 1795, "道光": 1820,
    "咸丰": 1850, "咸豐": 1850, "同治": 1861, "光绪": 1874, "光緒": 1874, "宣统": 1908, "宣統": 1908,
}  # fmt: skip
_ERA = re.compile(rf"({'|'.join(sorted(ERAS, key=len, reverse=True))})\s*([0-9]{{1,3}}|[元{CHINESE}]{{1,4}})\s*年?")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)}
_ENGLISH = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?:[0-9]{1,2},\s+)?([12][0-9]{3})\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![0-9])([12][0-9]{3})(?![0-9])(?!\.[0-9]{2}\s*元|\s*元)")
_COMPACT = re.compile(r"(?<![0-9])((?:1[5-9]|20)[0-9]{2})(0[1-9]|1[0-2])(?:[0-3][0-9])?(?![0-9])")
_DECADE = re.compile(r"(?<![0-9])(1[5-9]|20)([0-9])(?:[-?_][?\]]?|[-?]{1,2})(?![0-9])")
_CENTURY = re.compile(r"(?<![0-9])(1[5-9]|20)(?:--|\?\?|uu)(?![0-9])")
_MONTH_AFTER = re.compile(r"\s*[年년/.\-－—–，,。・\s]\s*([0-9]{1,2})(?![0-9])(?!\s*(?:版|刷|印|次|册|冊|st|nd|rd|th|元))")
_MONTH_BEFORE = re.compile(r"(?<![0-9])([0-9]{1,2})\s*月\s*$")
_RANGE = re.compile(r"\s*(?:年)?\s*(?:-|–|—|~|～|－|至)\s*([12][0-9]{3})(?![0-9])")
_CHINESE_YEAR = re.compile(rf"[{''.join(DIGITS)}]{{4}}(?=\s*年|$|[./-])")
_CHINESE_MONTH = re.compile(r"(?<=年)\s*([元一二三四五六七八九十]{1,3})\s*月")


class DateReading(NamedTuple):
    """``year`` None where none can be read; ``month`` 0 if unknown; ``year_to`` the end of a span ("1981-1985", "197-?"), else None."""

    year: int | None = None
    month: int = 0
    year_to: int | None = None


@lru_cache(maxsize=8192)
def parse_date(text: str) -> DateReading:
    """The first year named, with its month. Never raises."""
    if text.isascii() or "年" not in text:
        plain = text if text.isascii() else half_width(text)
    else:
        plain = _CHINESE_MONTH.sub(_month_in_digits, _CHINESE_YEAR.sub(_year_in_digits, half_width(text)))
    found = _YEAR.search(plain)
    era = None if plain.isascii() else _ERA.search(plain)
    if era and (found is None or era.start() < found.start()):
        return _era_year(plain, era)
    if found:
        return _year_found(plain, found)
    return _other_forms(plain)


def _year_found(plain: str, found: re.Match[str]) -> DateReading:
    if english := _ENGLISH.search(plain):
        return DateReading(int(english.group(2)), _MONTHS[english.group(1).lower()])
    year = int(found.group(1))
    if year < 1500 and (converted := [int(y) for y in _YEAR.findall(plain, found.end()) if int(y) >= 1500]):
        return DateReading(converted[0])  # a year of another calendar with the Gregorian one behind it: 1418 [1997]
    if span := _RANGE.match(plain, found.end()):
        return DateReading(year, 0, int(span.group(1)) if int(span.group(1)) >= year else None)
    if year > 2150:
        return DateReading()
    after = _MONTH_AFTER.match(plain, found.end())
    month = int(after.group(1)) if after else 0
    if not month and (before := _MONTH_BEFORE.search(plain, 0, found.start())):
        month = int(before.group(1))
    return DateReading(year, month if 1 <= month <= 12 else 0)


def _era_year(plain: str, era: re.Match[str]) -> DateReading:
    number = 1 if era.group(2) == "元" else to_int(era.group(2))
    if not number:
        return DateReading()
    after = re.match(r"\s*[./年-]?\s*([0-9]{1,2})\s*(?:月|[./-])", plain[era.end() :])
    month = int(after.group(1)) if after else 0
    return DateReading(ERAS[era.group(1)] + number, month if 1 <= month <= 12 else 0)


def _other_forms(plain: str) -> DateReading:
    if compact := _COMPACT.search(plain):
        return DateReading(int(compact.group(1)), int(compact.group(2)))
    if decade := _DECADE.search(plain):
        first = int(decade.group(1) + decade.group(2)) * 10
        return DateReading(first, 0, first + 9)
    if century := _CENTURY.search(plain):
        first = int(century.group(1)) * 100
        return DateReading(first, 0, first + 99)
    return DateReading()


def _year_in_digits(found: re.Match[str]) -> str:
    return "".join(str(DIGITS[char]) for char in found.group())


def _month_in_digits(found: re.Match[str]) -> str:
    return f"{to_int(found.group(1)) or ''}月"
