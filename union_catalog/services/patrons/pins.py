"""PINs: six digits, hashed with argon2 under a key of the installation, and guessed at a few times only, in the whole network together.

Each try is counted before it is judged, in a transaction of its own: whoever guesses at many desks at once has no more tries than at one.
"""

from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Connection

from union_catalog.clock import instant_text
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotAuthenticated, NotFound
from union_catalog.ids import PatronId
from union_catalog.patrons.model import Patron
from union_catalog.services.patrons import lookup
from union_catalog.services.patrons.lookup import Shown
from union_catalog.services.patrons.office import Office, lock, require, tell
from union_catalog.storage import pins
from union_catalog.storage.database import Database

DIGITS = 6
TRIES = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)
# OWASP's smallest recommended parameters: what keeps a million PINs from being tried is the key and the lock, not the time of one hash.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def hashed(office: Office, pin: str) -> str:
    """What is kept of a PIN; takes tens of milliseconds, so call it before the transaction. Raises InvalidInput("pin_form")."""
    if len(pin) != DIGITS or not pin.isascii() or not pin.isdecimal():
        raise InvalidInput("pin_form", name="pin", digits=DIGITS)
    return _hasher.hash(office.keys.pin(pin))


def reset(connection: Connection, office: Office, context: Context, patron_id: str, pin_hash: str) -> Patron:
    """Sets another PIN for a reader who has shown who it is; a lock is lifted. Raises as :func:`office.lock`."""
    patron = lock(connection, patron_id)
    pins.put(connection, patron.id, pin_hash, instant_text(office.now()))
    tell(connection, office, context, "pin.set", patron)
    return patron


def check(database: Database, office: Office, context: Context, card: str, pin: str, issuer: str | None = None) -> PatronId:
    """The reader whose card and PIN these are.

    Raises NotAuthenticated("card_or_pin_wrong"), which does not say which of the two; NotAuthenticated("pin_locked") with ``until`` after
    TRIES wrong ones, whatever the PIN; NotAuthenticated("card_lost"), "card_damaged" or "card_replaced" for such a card with the right PIN;
    and as :func:`lookup.by_card` for a wrong check digit and an ambiguous number.
    """
    with database.write() as connection:
        shown, stored = _claim(connection, office, card, issuer)
    right = _matches(office, stored, pin)
    if shown is None or not right:
        raise _wrong(database, office, context, shown)
    with database.write() as connection:
        pins.count(connection, shown.patron, 0, None)
    if shown.state != "valid":
        raise NotAuthenticated(f"card_{shown.state}")
    return shown.patron


def _claim(connection: Connection, office: Office, card: str, issuer: str | None) -> tuple[Shown | None, str]:
    """Counts a try at the card's PIN and answers its hash; (None, "") where there is no such card, or no PIN to it."""
    try:
        shown = lookup.by_card(connection, office, card, issuer)
    except NotFound:
        return None, ""
    stored = pins.lock(connection, shown.patron)
    if stored is None:
        return None, ""
    now = office.now()
    if stored.locked_until is not None and stored.locked_until > now:
        raise NotAuthenticated("pin_locked", until=instant_text(stored.locked_until))
    failures = stored.failures + 1
    pins.count(connection, shown.patron, failures, _locked_until(failures, now))
    return shown, stored.hash


def _locked_until(failures: int, now: datetime) -> datetime | None:
    """After TRIES for a while, after each one more for twice as long."""
    if failures < TRIES:
        return None
    return now + min(FIRST_LOCK * (1 << min(failures - TRIES, 10)), LONGEST_LOCK)


def _matches(office: Office, stored: str, pin: str) -> bool:
    """Takes as long where there is nothing to compare with: the time must not tell which cards there are."""
    try:
        return _hasher.verify(stored or _nobody, office.keys.pin(pin)) and bool(stored)
    except VerifyMismatchError:
        return False


_nobody = _hasher.hash("nobody's")


def _wrong(database: Database, office: Office, context: Context, shown: Shown | None) -> NotAuthenticated:
    """What is answered to a wrong PIN; that it was the last try goes into the journal."""
    if shown is not None:
        with database.write() as connection:
            stored = pins.lock(connection, shown.patron)
            if stored is not None and stored.locked_until is not None:
                tell(connection, office, context, "pin.locked", require(connection, shown.patron), {"failures": stored.failures})
    return NotAuthenticated("card_or_pin_wrong")
