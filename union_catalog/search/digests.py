"""What an index is compared with its database by, without walking either: a digest for each of a fixed number of buckets of ids.

Every document carries its bucket and its own check, a number made of id and revision; the digest of a bucket is how many documents it
has and the sum of their checks. Sums do not depend on the order, and an engine can make them where the documents are.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple
from zlib import crc32

# So many that one wrong record makes a walk of a four-thousandth of the index, so few that all of them fit into one answer of an engine.
BUCKETS = 4096


class Digest(NamedTuple):
    """Of one bucket. A sum of 32-bit checks stays exact in an engine's double up to two million documents a bucket."""

    documents: int
    checks: int


def bucket(union_id: str) -> int:
    """Below BUCKETS; says nothing about the record."""
    return crc32(union_id.encode()) % BUCKETS


def check(union_id: str, revision: int) -> int:
    """32 bits. Not a CRC: the checks of two records whose revisions change alike would change alike, and could make up for each other."""
    return int.from_bytes(blake2b(f"{union_id} {revision}".encode(), digest_size=4).digest())


def digests(revisions: Iterable[tuple[str, int]]) -> dict[int, Digest]:
    """The digests of what is streamed past; buckets without documents are left out."""
    documents, checks = [0] * BUCKETS, [0] * BUCKETS
    for union_id, revision in revisions:
        number = bucket(union_id)
        documents[number] += 1
        checks[number] += check(union_id, revision)
    return {number: Digest(count, checks[number]) for number, count in enumerate(documents) if count}
