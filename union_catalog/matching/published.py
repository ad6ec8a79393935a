"""Where, by whom and when a record says that it was published, also where the columns slipped: a date in the publisher's place, a price in
the date's, a house among the creators.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from union_catalog.bibliographic.normalise.dates import parse_date
from union_catalog.bibliographic.record import Agent, Publication
from union_catalog.matching.places import places_in
from union_catalog.matching.publishers import is_house, publishers_in

_DATE = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?:\s*[-./年]\s*(\d{1,2})(?!\d)(?:\s*[-./月]\s*(\d{1,2})(?!\d))?)?")
_COMPACT_DATE = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(0[1-9]|1[0-2])(\d\d)(?!\d)")
_PRINTING = re.compile(r"[0-9一二三四五六七八九十]\s*(?:次\s*)?[印刷]|重印|印本|印刷")
_PRICE = re.compile(r"^\D{0,4}\d+(?:[.,]\d{1,2})?\s*元|^\D{0,4}\d{2,4}[.,](?:00?|\d[3-9]|[2-9]\d)$")  # 1980.00 is none; 2004.05 is a date


_TELLING = ("publication", "distribution")
_NONE: frozenset[str] = frozenset()


class Date(NamedTuple):
    """0 for what is not told; ``printing`` says that the date is told to be a printing's."""

    year: int = 0
    month: int = 0
    day: int = 0
    printing: bool = False


class Published(NamedTuple):
    """``houses`` and ``places`` by their canonical names, ``misplaced`` houses that stood among the names given."""

    houses: tuple[str, ...]
    places: tuple[str, ...]
    date: Date
    misplaced: frozenset[str]


def _first_date(text: str) -> Date:
    found = _COMPACT_DATE.search(text) or _DATE.search(text)
    if not found:
        return Date()
    year, month, day = (int(part or 0) for part in found.groups())
    if not 1 <= month <= 12:
        return Date(year)
    return Date(year, month, day if 1 <= day <= 31 else 0)


@lru_cache(maxsize=1 << 13)
def _date_in(text: str, year: int | None, month: int) -> Date:
    """The date of an imprint as written, with the year and month that were read of it; a price in its place is none."""
    if _PRICE.match(text):
        return Date()
    found = _first_date(text)
    printing = not text.isascii() and "版" not in text and bool(_PRINTING.search(text))
    return Date(year, month, 0, printing) if year and year != found.year else found._replace(printing=printing)


def _date(imprints: Sequence[Publication]) -> Date:
    """The date of the edition, else of a printing or copyright."""
    for imprint in imprints:
        if imprint.kind == "publication" and (imprint.year or imprint.date):
            found = _date_in(imprint.date, imprint.year, imprint.month)
            if found.year:
                return found
    dated = next((imprint for imprint in imprints if imprint.year and not _PRICE.match(imprint.date)), None)
    return Date(dated.year or 0, printing=dated.kind == "printing") if dated else Date()


def _date_among(publishers: Sequence[str]) -> Date:
    """A date that stands where the publisher should."""
    for text in publishers:
        found = _first_date(text)
        if found.year:
            return found
        year, month, _ = parse_date(text) if not is_house(text) else (None, 0, None)
        if year:
            return Date(year, month)
    return Date()


def published(imprints: Sequence[Publication], agents: Sequence[Agent]) -> Published:
    """What the imprints say; a house among the creators is taken if the imprints name none."""
    told = [name for imprint in imprints if imprint.kind in _TELLING for name in imprint.publishers]
    houses = publishers_in(told)
    misplaced = _NONE
    if not houses and len(agents) > 1:
        among = [agent.name for agent in agents[1:] if is_house(agent.name)]
        houses, misplaced = publishers_in(among), frozenset(among)
    date = _date(imprints)
    places = [place for imprint in imprints for place in imprint.places]
    return Published(houses, places_in(places) if places else (), date if date.year else _date_among(told), misplaced)
