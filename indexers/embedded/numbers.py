"""Works and names as numbers, by which they are counted: tantivy looks every text that it counts up in a dictionary, which takes long."""

from hashlib import blake2b

# The fields with so many values, and the fields of their numbers.
NUMBERED = {"work_id": "work_number", "author_name": "author_number", "subject_name": "subject_number"}


def number(value: str) -> int:
    """64 bits, of a digest: among twenty million names two have the same in one of a hundred thousand catalogues."""
    return int.from_bytes(blake2b(value.encode(), digest_size=8).digest())
