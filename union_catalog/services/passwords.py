"""Secrets that people choose and type: kept as argon2 hashes, and guessed at a few times only.

Whoever checks one counts the try first, in a transaction of its own, and judges it then, outside of any: a hash takes tens of
milliseconds, and whoever guesses at many places at once has no more tries than at one.
"""

from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

TRIES = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)  # OWASP's smallest recommended parameters


def hashed(secret: str) -> str:
    """What is kept of it."""
    return _hasher.hash(secret)


def matches(kept: str, secret: str) -> bool:
    """Whether the secret is the one of which ``kept`` was kept; False for "", after as long: the time must not tell who is there."""
    try:
        return _hasher.verify(kept or _nobodys(), secret) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody's")


def locked_until(failures: int, now: datetime) -> datetime | None:
    """Until when nothing is tried after so many failures: after TRIES for a while, after each one more for twice as long."""
    if failures < TRIES:
        return None
    return now + min(FIRST_LOCK * (1 << min(failures - TRIES, 10)), LONGEST_LOCK)
