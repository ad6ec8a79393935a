"""The texts behind the numbers that were counted, read from any record that has them."""

from collections.abc import Mapping

import tantivy

from indexers.embedded.numbers import number
from indexers.embedded.translate import numbered
from union_catalog.search.suggesting import NAMED, WORKS, unpacked


def named(searcher: tantivy.Searcher, field: str, counts: Mapping[int, int]) -> dict[str, int]:
    """What was counted under numbers of a field of NUMBERED, under its texts."""
    return {_text(searcher, field, one): count for one, count in counts.items()}


def _text(searcher: tantivy.Searcher, field: str, wanted: int) -> str:
    """What was counted stands in a record of the same moment."""
    ((_, address),) = searcher.search(numbered(field, (wanted,)), 1, count=False).hits
    stored = searcher.doc(address)
    if field == WORKS:
        return str(stored.get_first(WORKS))
    names = unpacked(bytes(stored.get_first("names") or b"")).of(NAMED[field])
    return next(name for name in names if number(name) == wanted)
