"""Blocking keys: two records are compared only if they share one, and keys are looked up through an index.

Each key is a composite that few records share, so that a common title ("全集") or a prolific author alone brings nobody together.
"""

from collections.abc import Iterator
from hashlib import blake2b

from union_catalog.matching.features import MATCHING_VERSION, Features
from union_catalog.matching.names import last_part

KEY_LIMIT = 1000  # a key that more records hold is dropped for the whole set
_VERSION = str(MATCHING_VERSION)  # keys of two versions never meet


def _number(kind: str, *parts: object) -> int:
    text = "\x1f".join((_VERSION, kind, *map(str, parts)))
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def _texts(features: Features) -> Iterator[tuple[str, object, object]]:
    name = last_part(features.names[0]) if features.names else ""
    house = features.publishers[0] if features.publishers else ""
    core, year = features.core, features.year
    if core:
        if name:
            yield "title+name", core, name
        if year:
            yield "title+year", core, year
        if house:
            yield "title+publisher", core, house
        if not (name or year or house):
            yield "title", core, ""
    if name and house and year:
        yield "name+publisher+year", name + "\x1f" + house, year


def keys_of(features: Features) -> tuple[int, ...]:
    """The distinct keys of a record as signed 64-bit integers: at most four and one for each ISBN."""
    keys = [_number(*parts) for parts in _texts(features)]
    keys += [_number("isbn", isbn) for isbn in features.isbns + features.set_isbns]
    return tuple(dict.fromkeys(keys))
