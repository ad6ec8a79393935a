"""PINs: six digits, hashed under a key of the installation, and guessed at a few times only, in the whole network together.

Each try is counted before it is judged, in a transaction of its own: whoever guesses at many desks at once has no more tries than at one.
"""

from sqlalchemy import Connection

from union_catalog.clock import instant_text
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotAuthenticated, NotFound
from union_catalog.ids import PatronId
from union_catalog.patrons.model import Patron
from union_catalog.services import passwords, sessions
from union_catalog.services.patrons import lookup
from union_catalog.services.patrons.lookup import Shown
from union_catalog.services.patrons.office import Office, lock, require, tell, write
from union_catalog.storage import pins
from union_catalog.storage.database import Database

DIGITS = 6


def hashed(office: Office, pin: str) -> str:
    """What is kept of a PIN; takes some tens of milliseconds. Raises InvalidInput("pin_form").

    A million PINs are soon tried by whoever has the database, but not without the installation's key.
    """
    if len(pin) != DIGITS or not pin.isascii() or not pin.isdecimal():
        raise InvalidInput("pin_form", name="pin", digits=DIGITS)
    return passwords.hashed(office.keys.pin(pin))


def reset(connection: Connection, office: Office, context: Context, patron_id: str, pin_hash: str) -> Patron:
    """Sets another PIN for a reader who has shown who it is; a lock is lifted, and who signed in with the old one is signed out.

    Raises as :func:`office.lock`.
    """
    patron = lock(connection, patron_id)
    pins.put(connection, patron.id, pin_hash, instant_text(office.now()))
    sessions.end_all(connection, "patron", patron.id)
    tell(connection, office, context, "pin.set", patron)
    if context.actor.kind != "patron":
        write(connection, office, patron, "pin_reset")
    return patron


def check(database: Database, office: Office, context: Context, card: str, pin: str, issuer: str | None = None) -> PatronId:
    """The reader whose card and PIN these are.

    Raises NotAuthenticated("card_or_pin_wrong"), which does not say which of the two; NotAuthenticated("pin_locked") with ``until`` after
    passwords.TRIES wrong ones, whatever the PIN; NotAuthenticated("card_lost"), "card_damaged" or "card_replaced" for such a card with the
    right PIN; and as :func:`lookup.by_card` for a wrong check digit and an ambiguous number.
    """
    with database.write() as connection:
        shown = _shown(connection, office, card, issuer)
        stored = _claim(connection, office, shown.patron) if shown else ""
    if shown is None:
        passwords.matches("", pin)  # takes as long
        raise NotAuthenticated("card_or_pin_wrong")
    _judge(database, office, context, shown.patron, stored, pin, "card_or_pin_wrong")
    if shown.state != "valid":
        raise NotAuthenticated(f"card_{shown.state}")
    return shown.patron


def check_own(database: Database, office: Office, context: Context, patron_id: PatronId, pin: str) -> None:
    """That somebody signed in still knows the PIN. Raises NotAuthenticated: pin_wrong, pin_locked."""
    with database.write() as connection:
        stored = _claim(connection, office, patron_id)
    _judge(database, office, context, patron_id, stored, pin, "pin_wrong")


def _shown(connection: Connection, office: Office, card: str, issuer: str | None) -> Shown | None:
    try:
        return lookup.by_card(connection, office, card, issuer)
    except NotFound:
        return None


def _claim(connection: Connection, office: Office, patron_id: PatronId) -> str:
    """Counts a try and answers the PIN's hash, "" where there is none. Raises NotAuthenticated("pin_locked")."""
    stored = pins.lock(connection, patron_id)
    if stored is None:
        return ""
    now = office.now()
    if stored.locked_until is not None and stored.locked_until > now:
        raise NotAuthenticated("pin_locked", until=instant_text(stored.locked_until))
    failures = stored.failures + 1
    pins.count(connection, patron_id, failures, passwords.locked_until(failures, now))
    return stored.hash


def _judge(database: Database, office: Office, context: Context, patron_id: PatronId, stored: str, pin: str, wrong: str) -> None:
    """Forgets the tries that were wrong if this one is right; that it was the last goes into the journal."""
    right = passwords.matches(stored, office.keys.pin(pin))
    with database.write() as connection:
        if right:
            pins.count(connection, patron_id, 0, None)
        elif (now := pins.lock(connection, patron_id)) is not None and now.locked_until is not None:
            patron = require(connection, patron_id)
            tell(connection, office, context, "pin.locked", patron, {"failures": now.failures})
            write(connection, office, patron, "pin_locked")
    if not right:
        raise NotAuthenticated(wrong)
