"""Records written in ISO 2709, for benchmarks that make records of their own or are given them in another form."""

import itertools
from collections.abc import Sequence

FIELD, RECORD, SUBFIELD = "\x1e", "\x1d", "\x1f"


def record(leader: str, fields: Sequence[tuple[str, str]]) -> bytes:
    """One record in UTF-8. ``fields`` are (tag, body), the body with indicators and subfields; of ``leader`` the coded places are kept."""
    bodies = [(body + FIELD).encode() for _, body in fields]
    starts = itertools.accumulate((len(body) for body in bodies), initial=0)
    directory = "".join(f"{tag}{len(body):04d}{start:05d}" for (tag, _), body, start in zip(fields, bodies, starts, strict=False))
    base = 24 + len(directory) + 1
    length = base + sum(map(len, bodies)) + 1
    head = f"{length:05d}{leader[5:12]}{base:05d}{leader[17:24]}"
    return head.encode() + (directory + FIELD).encode() + b"".join(bodies) + RECORD.encode()
