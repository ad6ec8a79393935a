"""Who stands there: the reader of a card, of a desk session, or of what a desk is told."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotFound, Refused
from union_catalog.ids import PatronId
from union_catalog.patrons.cards import demand_check_digit, plain_number
from union_catalog.patrons.keys import read_document
from union_catalog.patrons.model import Credential, Patron, plain_name
from union_catalog.patrons.qr import is_code
from union_catalog.services.patrons.office import Office
from union_catalog.storage import credentials, desk_sessions, patrons
from union_catalog.storage.desk_sessions import DeskSession

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """By what somebody is known. ``state`` is the credential's: a lost or replaced card still tells whose it is."""

    patron: PatronId
    kind: str
    state: str


def by_card(connection: Connection, office: Office, text: str, issuer: str | None = None) -> Shown:
    """Whose card this is: one of ours, a member library's old one, or a social security card. One statement.

    ``issuer`` tells which library's, where a number alone does not ("" is the network). Raises InvalidInput("card_check_digit") for a
    number of ours that was misread, before the database is asked; InvalidInput("card_is_code") for the code on a phone, which opens a desk
    session; NotFound("unknown_card"); Refused("ambiguous_card") with ``issuers`` where two libraries gave the number to two readers.
    """
    if is_code(text):
        raise InvalidInput("card_is_code", name="card")
    number = plain_number(text)
    if issuer is None:
        demand_check_digit(number)
    found = _shown(connection, office, number)
    of_issuer = [one for one in found if issuer in (None, one.issuer)]
    if not of_issuer:
        raise NotFound("unknown_card", kind="card", id="")
    if len({one.patron for one in of_issuer}) > 1:
        raise Refused("ambiguous_card", issuers=tuple(one.issuer for one in of_issuer))
    best = min(of_issuer, key=lambda one: one.state != "valid")
    return Shown(best.patron, best.kind, best.state)


def _shown(connection: Connection, office: Office, number: str) -> list[Credential]:
    """A hash is found as a hash only: who has read it in the database cannot show it as a card."""
    if not number:
        return []
    hashed = office.keys.social_card(number.upper())
    found = credentials.shown(connection, (number, hashed))
    return [one for one in found if one.number == (hashed if one.kind == "social" else number)]


def is_known(connection: Connection, office: Office, text: str) -> bool:
    """Whether anybody has a card of this number, a valid one or not. One statement."""
    return bool(_shown(connection, office, plain_number(text)))


def by_session(connection: Connection, office: Office, session_id: str, branch: str) -> DeskSession:
    """The reader who has shown a code at this desk. One statement.

    Raises NotFound("unknown_session") for one that is not open, has ended, or is another branch's.
    """
    found = desk_sessions.find(connection, session_id)
    if found is None or found.branch != branch or found.expires_at <= office.now():
        raise NotFound("unknown_session", kind="session", id="")
    return found


def by_document(connection: Connection, office: Office, kind: str, number: str) -> tuple[Patron, ...]:
    """The reader with this document, if there is one. Raises InvalidInput as ``keys.read_document``."""
    document = read_document(kind, number)
    hashed = office.keys.document(document.kind, document.number)
    return _existing(connection, tuple(patrons.by_documents(connection, [hashed]).values()))


def by_name(connection: Connection, name: str, born: date) -> tuple[Patron, ...]:
    """Readers of exactly this name who were born on this day, of every library, MOST_FOUND at most: no list of readers can be had."""
    return _existing(connection, patrons.named(connection, plain_name(name), born, MOST_FOUND))


def holder(connection: Connection, office: Office, card: str, issuer: str | None = None) -> tuple[Patron, ...]:
    """The reader of a card. Raises as :func:`by_card`."""
    return _existing(connection, (by_card(connection, office, card, issuer).patron,))


def _existing(connection: Connection, ids: tuple[PatronId, ...]) -> tuple[Patron, ...]:
    found = (patrons.find(connection, patron_id) for patron_id in ids)
    return tuple(one for one in found if one is not None and one.state != "erased")


def actor_patron(context: Context) -> PatronId:
    """The reader who acts. Raises NotFound("unknown_patron") where staff or a program does."""
    if context.actor.kind != "patron":
        raise NotFound("unknown_patron", kind="patron", id="")
    return PatronId(context.actor.id)
