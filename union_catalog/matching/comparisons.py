"""One pure, symmetric function a comparison: each returns an outcome, a small whole number.

Above 0 the field speaks for one edition (the more, the stronger), below 0 against it, 0 is silence. What every number means is told by the
tables of codes beside each function; pages and the command line put them into words.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from union_catalog.matching.compared_imprints import compare_dates, compare_places, compare_publishers
from union_catalog.matching.compared_people import compare_names, compare_translators
from union_catalog.matching.compared_titles import OTHER_TITLE, compare_editions, compare_titles, compare_volumes
from union_catalog.matching.features import Features


class Outcomes(NamedTuple):
    """The findings on one pair, in the order of the table of fields."""

    title: int
    volume: int
    names: int
    translator: int
    edition: int
    publisher: int
    date: int
    isbn: int
    carrier: int
    language: int
    extent: int
    price: int
    subject: int
    place: int
    series: int
    audience: int
    script: int
    telling: int
    wording: int


ISBN = {2: "shared", 1: "set_shared", 0: "silent", -1: "different", -2: "reused", -3: "other_carrier"}


def compare_isbns(a: Features, b: Features) -> int:
    """Valid ISBNs. One that names a whole set says less than one of its own, and two different ones speak against whatever the set is.

    A shared one is "reused" where the titles have nothing in common; "other_carrier": what one gives for its e-book is the other's own.
    """
    if not set(a.isbns).isdisjoint(b.isbns):
        return -2 if compare_titles(a, b) == OTHER_TITLE else 2
    if not (set(a.carrier_isbns).isdisjoint(b.isbns) and set(b.carrier_isbns).isdisjoint(a.isbns)):
        return -3
    if a.isbns and b.isbns:
        return -1
    return 0 if set(a.set_isbns + a.isbns).isdisjoint(b.set_isbns + b.isbns) else 1


CARRIER = {0: "silent", -1: "different"}


def compare_carriers(a: Features, b: Features) -> int:
    """Book, e-book, audio, braille … are never one edition."""
    return 0 if a.carrier == b.carrier else -1


LANGUAGE = {1: "equal", 0: "silent", -1: "different"}


def compare_languages(a: Features, b: Features) -> int:
    """Languages of the text; one shared is enough (a bilingual book)."""
    if not (a.languages and b.languages):
        return 0
    return -1 if set(a.languages).isdisjoint(b.languages) else 1


EXTENT = {1: "equal", 0: "silent", -1: "near", -2: "different"}


def compare_extents(a: Features, b: Features) -> int:
    """Pages: up to four apart is how cataloguers count, more than a tenth apart another book."""
    if not (a.pages and b.pages):
        return 0
    apart = abs(a.pages - b.pages)
    if apart <= 4:
        return 1
    return -2 if apart * 10 > max(a.pages, b.pages) else -1


PRICE = {1: "equal", 0: "silent", -1: "different"}


def compare_prices(a: Features, b: Features) -> int:
    """Prices as printed."""
    if not (a.price and b.price):
        return 0
    return 1 if a.price == b.price else -1


SUBJECT = {1: "equal", 0: "silent", -1: "different"}


def compare_subjects(a: Features, b: Features) -> int:
    """Top class of the Chinese Library Classification."""
    if not (a.clc and b.clc):
        return 0
    return 1 if a.clc[0] == b.clc[0] else -1


SERIES = {1: "shared", 0: "silent", -1: "different"}


def compare_series(a: Features, b: Features) -> int:
    """Titles of series; one may be told longer than the other (汉译世界学术名著, 汉译世界学术名著丛书)."""
    if not (a.series and b.series):
        return 0
    return 1 if any(x in y or y in x for x in a.series for y in b.series) else -1


AUDIENCE = {1: "equal", 0: "silent", -1: "different"}


def compare_audiences(a: Features, b: Features) -> int:
    """For children or for adults; "general" agrees with both."""
    if not (a.audience and b.audience) or a.audience == b.audience:
        return int(bool(a.audience and b.audience))
    return -1 if "adult" in (a.audience, b.audience) and "general" not in (a.audience, b.audience) else 0


SCRIPT = {1: "equal", 0: "silent", -1: "different"}


def compare_scripts(a: Features, b: Features) -> int:
    """Traditional and simplified records: seldom one edition, but a library may write all its records in one script."""
    if not (a.script and b.script):
        return 0
    return 1 if a.script == b.script else -1


TELLING = {1: "yes", 0: "no"}
_COMMON = re.compile(
    "^(?:.{0,4}(?:全集|文集|选集|诗集|诗选|文选|作品集|散文集|小说集|小说选|诗全集|随笔|自传|回忆录|日记|书信|短篇小说|概论|导论|原理|基础|教程|简史|通史|史|学)"
    "|(?:中国|西方|世界|外国|现代|当代|古代|近代).{0,6}(?:史|史论|概论|研究|理论|思想|文化|常识|神话|哲学|文学|词典)"
    "|.*(?:词典|字典|辞典|讲义|排行榜|年鉴|作品精选|作品精编|作品选))$"
)


WORDING = {4: "four_equal", 3: "three_equal", 2: "two_equal", 1: "one_equal", 0: "silent"}


def compare_wording(a: Features, b: Features) -> int:
    """How many of title, first creator, publisher and date are written letter for letter alike: only to choose between equals."""
    return sum(x == y != 0 for x, y in zip(a.wording, b.wording, strict=False))


def is_telling(title: str) -> bool:
    """Whether a folded title tells much: six characters or more and not of the kind 全集, 中国通史, 教程, or 12 Latin letters."""
    return len(title) >= (12 if title.isascii() else 6) and not _COMMON.match(title)


def compare_telling(a: Features, b: Features) -> int:
    """Whether both titles tell much of the edition; the title of a text of the dynasties, of which there are many, never does."""
    return int(not a.classic and not b.classic and is_telling(a.title) and is_telling(b.title))


COMPARISONS: tuple[Callable[[Features, Features], int], ...] = (
    compare_titles,
    compare_volumes,
    compare_names,
    compare_translators,
    compare_editions,
    compare_publishers,
    compare_dates,
    compare_isbns,
    compare_carriers,
    compare_languages,
    compare_extents,
    compare_prices,
    compare_subjects,
    compare_places,
    compare_series,
    compare_audiences,
    compare_scripts,
    compare_telling,
    compare_wording,
)  # in the order of Outcomes


def outcomes(a: Features, b: Features) -> Outcomes:
    """All comparisons of a pair; ``outcomes(a, b) == outcomes(b, a)``."""
    return Outcomes(*(comparison(a, b) for comparison in COMPARISONS))
