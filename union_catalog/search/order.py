"""Orders that are the same on every engine: how equals are told apart, and the keys that pages are continued from."""

import hashlib
import math

NO_YEAR_OLDEST = 9999
_DIGEST_BITS = 47
_MOST_HOLDINGS = 254


def digest(union_id: str) -> int:
    """47 bits of the id, evenly spread: the last tie-break. It favours neither old records nor new ones."""
    return int.from_bytes(hashlib.blake2b(union_id.encode(), digest_size=6).digest(), "big") >> 1


def rank(holdings_count: int, union_id: str) -> int:
    """Orders records of equal score, highest first: how many libraries hold it, then the digest. 55 bits."""
    return min(holdings_count, _MOST_HOLDINGS) << _DIGEST_BITS | digest(union_id)


def holdings_of(rank_value: int) -> int:
    """How many libraries hold the record of a rank, at most _MOST_HOLDINGS."""
    return rank_value >> _DIGEST_BITS


def nearness(rank_value: int) -> float:
    """A rank brought to 0 … 1, in the same order: for engines that can only weigh and not sort by a second key.

    By the logarithm, so that the difference of one and two libraries is worth more than that of 101 and 102.
    """
    return math.log2(1 + rank_value / (1 << _DIGEST_BITS)) / 8


def oldest_first(year: int | None, union_id: str) -> int:
    """Ascending: by year, those without one last."""
    return _bounded(year, NO_YEAR_OLDEST) << _DIGEST_BITS | digest(union_id)


def newest_first(year: int | None, union_id: str) -> int:
    """Descending: by year, those without one last."""
    return _bounded(year, 0) << _DIGEST_BITS | digest(union_id)


def title_key(sort_title: str, union_id: str) -> str:
    """Ascending as text: by the title's own key (see text.sort_title), then the digest.

    ASCII letters, digits, ".", "-", "+" and "#" only.
    """
    return f"{sort_title or 'zzzz'}-{digest(union_id):012x}"


def _bounded(year: int | None, without: int) -> int:
    return without if year is None else min(max(year, 1), NO_YEAR_OLDEST - 1)
