"""Public ids: opaque text, made here, never parsed by anyone."""

import os
import threading
import time
from typing import NewType

UnionId = NewType("UnionId", str)
WorkId = NewType("WorkId", str)
ItemId = NewType("ItemId", str)
LibraryCode = NewType("LibraryCode", str)
BranchCode = NewType("BranchCode", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that reads like something else
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """Sixteen characters: 45 bits of milliseconds, then 35 random bits counted up within a millisecond.

    Roughly ordered by time, so that indexes grow at their end; the order is a courtesy, no rule may depend on it.
    """
    global _last  # noqa: PLW0603 - one counter a process is what makes ids of one millisecond differ
    with _lock:
        value = (time.time_ns() // 1_000_000) << 35 | int.from_bytes(os.urandom(4), "big")
        _last = value = max(value, _last + 1)
    return "".join([_PAIRS[value >> shift & 1023] for shift in range(70, -1, -10)])
