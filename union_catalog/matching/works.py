"""Works: editions, reprints and volumes of one text by one creator, found by equal keys.

First depth: a translation under another title stays apart.
"""

from hashlib import blake2b

from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.matching.comparisons import is_telling
from union_catalog.matching.features import Features
from union_catalog.matching.names import last_part


def work_keys(features: Features, record: BibliographicRecord) -> tuple[int, ...]:
    """A signed 64-bit key that the editions of one work share: folded title without subtitle, volume and edition, and the first creator.

    A creator's collected works (全集, 文集) are one work for each creator. Without a creator a telling title stands alone; a common one
    (中国通史) is tied to its publisher and year, so that it groups reprints at most.
    """
    if features.names:
        parts = [features.core, last_part(features.names[0])]
    elif is_telling(features.core):
        parts = [features.core]
    else:
        parts = [
            features.title,
            *features.publishers[:1],
            str(features.year),
            *features.isbns[:1],
            features.volume,
        ]
    text = "\x1f".join(("work", *parts))
    return (int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True),)
