"""One pure, symmetric function a comparison: each returns an outcome, a small whole number.

Above 0 the field speaks for one edition (the more, the stronger), below 0 against it, 0 is silence. What every number means is told by the
tables of codes beside each function; pages and the command line put them into words.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from union_catalog.matching.features import Features
from union_catalog.matching.names import is_chinese_name, is_han, same_name
from union_catalog.matching.publishers import is_imprint, is_known_house, related


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


TITLE = {
    5: "equal", 4: "equal_without_subtitle", 3: "equal_to_a_part", 2: "nearly_equal", 1: "one_in_the_other",
    0: "silent", -1: "one_character_differs", -2: "alike", -3: "different",
}  # fmt: skip
_ORDERING = frozenset(
    "0123456789一二三四五六七八九十百上中下正续前后初终东西南北男女古今新旧大小内外春夏秋冬现近当素荤文理公私左右甲乙丙丁阴阳明清唐宋"
)
_SHORT = 5  # a title so short is another title if a character differs: 大河, 山河


def _near(a: str, b: str) -> bool:
    """A slip of the pen: one character in six or more, two in twenty; never a number or a word that tells books apart (上, 续, 近)."""
    shorter = min(len(a), len(b))
    allowed = 0 if shorter <= _SHORT else 1 if shorter < 20 else 2
    if not allowed or Levenshtein.distance(a, b, score_cutoff=allowed) > allowed:
        return False
    changed = [(a[e.src_pos : e.src_pos + 1], b[e.dest_pos : e.dest_pos + 1]) for e in Levenshtein.editops(a, b)]
    return not any(_ORDERING.intersection(old + new) for old, new in changed)


def _is_part(a: Features, b: Features) -> bool:
    """One title is a piece or another title of the other's (春雪 of 丰饶之海·春雪)."""
    return a.title in b.others or a.core in b.others or b.title in a.others or b.core in a.others


def compare_titles(a: Features, b: Features) -> int:
    """Folded titles with and without other title information."""
    if a.title == b.title:
        return 5 if a.title else 0
    if not (a.title and b.title):
        return 0
    if a.core == b.core:
        return 4 if a.title == a.core or b.title == b.core or _near(a.title, b.title) else 1
    return 3 if _is_part(a, b) else _compare_other_cores(a, b)


def _compare_other_cores(a: Features, b: Features) -> int:
    if _near(a.title, b.title):
        return 2
    short, long = sorted((a.title, b.title), key=len)
    if len(short) >= 3 and short in long:
        return 1
    if _one_character_differs(a.title, b.title):
        return -1
    return -2 if a.core.startswith(b.core) or b.core.startswith(a.core) else -3


def _one_character_differs(a: str, b: str) -> bool:
    """A title of two to five characters that a slip of the pen may have made of the other; it may as well be another title (大河, 山河)."""
    if not len(a) == len(b) <= _SHORT:
        return False
    changed = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return len(changed) == 1 and _ORDERING.isdisjoint(changed[0]) and not a.isascii() and len(a) > 1


VOLUME = {1: "equal", 0: "silent", -1: "one_side_only", -2: "different"}
_SIDES = frozenset("上中下")


def compare_volumes(a: Features, b: Features) -> int:
    """Volume designations; 上 and 1 are the same volume, and so may 中 and 2, 下 and the last be. A whole set is not one of its volumes."""
    if a.volume == b.volume:
        return 1 if a.volume else 0
    if not (a.volume and b.volume):
        return -2 if (a.whole and b.volume) or (b.whole and a.volume) else -1
    if (a.volume in _SIDES) is not (b.volume in _SIDES):
        side, other = (a.volume, b.volume) if a.volume in _SIDES else (b.volume, a.volume)
        return 0 if (side, other) in {("上", "1"), ("中", "2"), ("下", "2"), ("下", "3")} else -2
    return -2


NAMES = {3: "first_equal", 2: "first_alike", 1: "some_shared", 0: "silent", -1: "unlike", -2: "different"}
NAMES_EQUAL = 3


def compare_names(a: Features, b: Features) -> int:
    """Creators: the first of one should be among those of the other. Names in different scripts say nothing.

    Two transliterations may differ and still be one name ("unlike"), two Chinese names not ("different").
    """
    if not (a.names and b.names):
        return 0
    if a.names[0] == b.names[0]:
        return 3
    first_a, first_b = a.names[: a.lead], b.names[: b.lead]
    if any(same_name(x, y) for x in first_a for y in first_b) or set(a.names) == set(b.names):
        return 2
    if any(same_name(x, y) for x in first_a for y in b.names) or any(same_name(x, y) for x in first_b for y in a.names):
        return 1
    han_a, han_b = any(map(is_han, first_a)), any(map(is_han, first_b))
    if han_a != han_b:
        return 0
    return -2 if any(map(is_chinese_name, first_a)) and any(map(is_chinese_name, first_b)) else -1


TRANSLATOR = {1: "shared", 0: "silent", -1: "told_once", -2: "unlike", -3: "different"}


def compare_translators(a: Features, b: Features) -> int:
    """Who helped the first creator to this edition, above all translators; where no role is told, anyone named after the first creator.

    Against only if a record calls its helper a translator: a second author may be left out, another translation is another edition.
    That only one of the records tells a translator ("told_once") is no evidence, but rules may ask for more then.
    """
    helpers_a, helpers_b = a.translators or a.names[a.lead :], b.translators or b.names[b.lead :]
    if not (helpers_a and helpers_b):
        return -1 if a.translators or b.translators else 0
    if any(same_name(x, y) for x in helpers_a for y in helpers_b):
        return 1
    return -bool(a.translators) - bool(b.translators) - 1 if a.translators or b.translators else 0


EDITION = {3: "number_equal", 2: "kind_equal", 1: "number_and_revision", 0: "silent", -1: "one_side_only", -2: "different"}
_LOOK = frozenset({"soft", "hard", "full", "collector", "illustrated"})  # may be said or left out of one and the same edition
_BINDINGS = frozenset({"soft", "hard"})


def compare_editions(a: Features, b: Features) -> int:
    """Number and words of the edition statement (第2版, 修订本, 影印). A second edition may be what another calls revised."""
    if a.edition and b.edition:
        return 3 if a.edition == b.edition else -2
    if a.kinds == b.kinds:
        return 2 if a.kinds else -1 if max(a.edition, b.edition) > 1 else 0
    if a.kinds and b.kinds:
        return -2 if _kinds_differ(frozenset(a.kinds), frozenset(b.kinds)) else -1
    if max(a.edition, b.edition) > 1 and a.kinds + b.kinds == ("revised",) and (a.edition > 1) is not bool(a.kinds):
        return 1
    return -1


def _kinds_differ(a: frozenset[str], b: frozenset[str]) -> bool:
    """Nothing in common, and both say more than how the book looks, or they are bound in two ways."""
    return a.isdisjoint(b) and (bool(a - _LOOK and b - _LOOK) or a | b >= _BINDINGS)


PUBLISHER = {2: "equal", 1: "related", 0: "silent", -1: "unclear", -2: "different"}


def compare_publishers(a: Features, b: Features) -> int:
    """Houses after aliases; one shared is enough, and an imprint agrees with its houses. Two houses that use one imprint stay two.

    A "publisher" that is the other's creator is a slip of the columns: silence; one that no table knows may be another slip: "unclear".
    """
    if not (a.publishers and b.publishers):
        return 0
    if a.publishers[0] == b.publishers[0] and not is_imprint(a.publishers[0]):
        return 2
    shared = set(a.publishers).intersection(b.publishers)
    if shared and not (all(map(is_imprint, shared)) and _beside_imprints(a.publishers) and _beside_imprints(b.publishers)):
        return 2
    if not shared and any(related(x, y) for x in a.publishers for y in b.publishers):
        return 1
    creators = {name.replace(" ", "") for name in a.names + b.names}
    if not creators.isdisjoint(a.publishers) or not creators.isdisjoint(b.publishers):
        return 0
    return -2 if any(map(is_known_house, a.publishers)) and any(map(is_known_house, b.publishers)) else -1


def _beside_imprints(publishers: tuple[str, ...]) -> bool:
    return not all(map(is_imprint, publishers))


DATE = {
    6: "same_day", 5: "same_month", 4: "same_year", 3: "within_three_months", 2: "same_year_other_month", 1: "later_printing",
    0: "silent", -1: "next_year", -2: "different",
}  # fmt: skip
SAME_DAY = 6


def compare_dates(a: Features, b: Features) -> int:
    """Dates of publication as far as both tell them; a printing some months later is often given for the edition.

    A date that is told to be a printing's (2008年5月第6次印刷) may belong to an edition of any earlier year.
    """
    if not (a.year and b.year):
        return 0
    if a.month and b.month:
        months = abs((a.year - b.year) * 12 + a.month - b.month)
        if months == 0:
            return 6 if a.day and a.day == b.day else 5
        if months <= _PRINTING_MONTHS:
            return 3
    if a.year == b.year:
        return 2 if a.month and b.month else 4
    if a.printing is not b.printing and (a.year > b.year) is a.printing:
        return 1
    return -1 if abs(a.year - b.year) == 1 else -2


_PRINTING_MONTHS = 3


ISBN = {2: "shared", 1: "set_shared", 0: "silent", -1: "different", -2: "reused", -3: "other_carrier"}


def compare_isbns(a: Features, b: Features) -> int:
    """Valid ISBNs. One that names a whole set says less than one of its own, and two different ones speak against whatever the set is.

    A shared one is "reused" where the titles have nothing in common; "other_carrier": what one gives for its e-book is the other's own.
    """
    if not set(a.isbns).isdisjoint(b.isbns):
        return -2 if compare_titles(a, b) == _OTHER_TITLE else 2
    if not (set(a.carrier_isbns).isdisjoint(b.isbns) and set(b.carrier_isbns).isdisjoint(a.isbns)):
        return -3
    if a.isbns and b.isbns:
        return -1
    return 0 if set(a.set_isbns + a.isbns).isdisjoint(b.set_isbns + b.isbns) else 1


_OTHER_TITLE = -3


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


PLACE = {1: "shared", 0: "silent", -1: "different"}


def compare_places(a: Features, b: Features) -> int:
    """Places of publication after their other names (京, 北平, Beijing); one shared is enough."""
    if not (a.places and b.places):
        return 0
    return -1 if set(a.places).isdisjoint(b.places) else 1


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
    """Traditional and simplified titles: seldom one edition, but a library may write all its records in one script."""
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
