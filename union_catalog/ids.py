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
PatronId = NewType("PatronId", str)
LoanId = NewType("LoanId", str)
HoldId = NewType("HoldId", str)
TransitId = NewType("TransitId", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that reads like something else
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_lock = threading.Lock()
_millisecond = 0
_last = 0
_head = -1
_head_text = ""


def new_id() -> str:
    """Sixteen characters: 45 bits of milliseconds, then 35 bits that begin at random and are counted up within a millisecond.

    Roughly ordered by time, so that indexes grow at their end; the order is a courtesy, no rule may depend on it.
    """
    global _millisecond, _last, _head, _head_text  # noqa: PLW0603 - what makes the ids of one process differ within a millisecond
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _millisecond:
            _millisecond, _last = now, now << 35 | int.from_bytes(os.urandom(4), "big")
        else:
            _last += 1
        value = _last
        if value >> 20 != _head:  # twelve characters that stay while thousands of ids are counted up
            _head = value >> 20
            _head_text = "".join([_PAIRS[_head >> shift & 1023] for shift in _SHIFTS])
        return _head_text + _PAIRS[value >> 10 & 1023] + _PAIRS[value & 1023]


_SHIFTS = range(50, -1, -10)


def _forget_after_fork() -> None:
    """A child must not count on where its parent stands."""
    global _millisecond  # noqa: PLW0603 - see above
    _millisecond = 0


os.register_at_fork(after_in_child=_forget_after_fork)
