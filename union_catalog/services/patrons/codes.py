"""The code on a reader's phone, and the session that it opens at a desk."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection

from union_catalog.clock import instant_text
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotFound, Refused
from union_catalog.ids import PatronId, new_id
from union_catalog.patrons.qr import Code, is_code, read_code, write_code
from union_catalog.services.patrons import lookup
from union_catalog.services.patrons.office import Office, demand_desk, lock
from union_catalog.storage import desk_sessions, network
from union_catalog.storage.database import Database
from union_catalog.storage.desk_sessions import DeskSession

SESSION = timedelta(minutes=15)  # enough for a trolley of books
_NONCE_BYTES = 12


def new_code(office: Office, patron_id: PatronId) -> tuple[str, Code]:
    """A code for the reader's phone and what it says. Nothing is written: a code that is never shown leaves no trace."""
    code = Code(patron_id, office.now().replace(microsecond=0), secrets.token_hex(_NONCE_BYTES).upper())
    return write_code(office.keys, code), code


def open_session(
    connection: Connection, office: Office, context: Context, shown: str, branch: str, issuer: str | None = None
) -> DeskSession:
    """Uses up a code, or reads a card, and lets the desk of ``branch`` work for its reader for a while.

    Raises InvalidInput: qr_forged, qr_expired, and "unknown_desk" for a branch that is not there; Refused("qr_used"); and as
    :func:`lookup.by_card`, :func:`office.lock` and :func:`office.demand_desk`. A card that was lost, damaged or replaced opens none:
    Refused("card_lost") and so on.
    """
    _demand_desk(connection, context, branch)
    patron_id = _used(connection, office, shown) if is_code(shown) else _by_card(connection, office, shown, issuer)
    patron = lock(connection, patron_id)
    now = office.now()
    session = DeskSession(new_id(), patron.id, branch, str(context.actor), now, now + SESSION)
    desk_sessions.add(connection, session)
    return session


def close_session(connection: Connection, context: Context, session_id: str) -> None:
    """The desk lets go of the reader. Raises NotFound("unknown_session"), NotAllowed("other_desk")."""
    found = desk_sessions.find(connection, session_id)
    if found is None:
        raise NotFound("unknown_session", kind="session", id="")
    _demand_desk(connection, context, found.branch)
    desk_sessions.close(connection, session_id)


def prune(database: Database, now: datetime) -> int:
    """Forgets codes and sessions that have ended for a day, which is longer than any clock is set back; says how many."""
    with database.write() as connection:
        return desk_sessions.prune(connection, instant_text(now - timedelta(days=1)))


def _demand_desk(connection: Connection, context: Context, branch: str) -> None:
    library = network.library_of_branch(connection, branch)
    if library is None:
        raise InvalidInput("unknown_desk", name="branch", id=branch)
    demand_desk(context, library, branch)


def _used(connection: Connection, office: Office, shown: str) -> PatronId:
    code = read_code(office.keys, shown, office.now())
    if not desk_sessions.use_up(connection, code.nonce, instant_text(code.ends_at)):
        raise Refused("qr_used")
    return code.patron


def _by_card(connection: Connection, office: Office, card: str, issuer: str | None) -> PatronId:
    shown = lookup.by_card(connection, office, card, issuer)
    if shown.state != "valid":
        raise Refused(f"card_{shown.state}")
    return shown.patron
