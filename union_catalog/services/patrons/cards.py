"""Cards of ours and other credentials: issued, frozen, replaced, added."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from union_catalog.clock import instant_text, parse_instant
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, Refused
from union_catalog.identifiers import LONGEST_CODE
from union_catalog.ids import PatronId
from union_catalog.patrons.cards import FREE_DIGITS, NETWORK, card_number, is_ours, plain_number
from union_catalog.patrons.model import CARD_REASONS, Credential, Patron
from union_catalog.services.patrons.office import Office, lock, tell, write
from union_catalog.storage import credentials, desk_sessions, events, network

PLASTIC = ("card", "member_card")  # what is lost with a purse; a social security card is frozen by whoever issued it
MAKING = timedelta(minutes=15)  # for so long whoever issued a card is shown its number, of which other libraries see four digits
_ISSUING = ("card.issued", "patron.enrolled", "patron.confirmed")
_LATEST = 20
_ENDS = {"lost": "lost", "damaged": "damaged", "new": "replaced"}


@dataclass(frozen=True, slots=True)
class Issued:
    """``card`` is the number of the new card."""

    patron: Patron
    card: str


def new_numbers(connection: Connection, count: int) -> list[str]:
    """Numbers of ours that nobody has. They are drawn at random, so that nobody can tell one from another.

    Two transactions may draw the same one, about once in ten thousand million cards; the database's constraint then lets one of them win.
    """
    drawn: list[str] = []
    while len(drawn) < count:
        fresh = {card_number(secrets.randbelow(10**FREE_DIGITS)) for _ in range(count - len(drawn))}.difference(drawn)
        drawn += fresh - credentials.taken(connection, NETWORK, fresh)
    return drawn


def first_card(connection: Connection, office: Office, patron: Patron) -> str:
    """Gives a reader who has none a card, and answers its number."""
    number = new_numbers(connection, 1)[0]
    credentials.add(connection, [Credential(issuer=NETWORK, number=number, kind="card", patron=patron.id, issued_at=office.now())])
    return number


def issue(connection: Connection, office: Office, context: Context, patron_id: str, reason: str) -> Issued:
    """A new card in place of one that was lost or damaged, or the first one. Loans, holds and blocks are the reader's, not the card's.

    "lost" freezes every card of the reader, old ones of member libraries too, at every desk from this transaction on. "new" replaces a
    valid card of ours, if there is one. Raises InvalidInput("unknown_card_reason"), and as :func:`office.lock`.
    """
    if reason not in CARD_REASONS:
        raise InvalidInput("unknown_card_reason", name="reason", known=CARD_REASONS)
    patron = lock(connection, patron_id)
    if reason == "lost":
        _freeze(connection, office, context, patron)
    else:
        credentials.end(connection, patron.id, ("card",), _ENDS[reason], instant_text(office.now()))
        write(connection, office, patron, "card_issued")
    number = first_card(connection, office, patron)
    tell(connection, office, context, "card.issued", patron, {"reason": reason})
    return Issued(patron, number)


def number_to_make(connection: Connection, office: Office, context: Context, patron: Patron) -> str:
    """The whole number of the valid card that whoever acts has just issued, by enrolling or confirming the reader too: without it no card
    can be made. "" for anybody else, and when MAKING is over.
    """
    latest = (one for one in events.of_subject(connection, f"patron:{patron.id}", None, _LATEST) if one.kind in _ISSUING)
    last = next(latest, None)
    if last is None or last.actor != str(context.actor) or office.now() - parse_instant(last.recorded_at) > MAKING:
        return ""
    return next((one.number for one in credentials.of(connection, patron.id) if (one.kind, one.state) == ("card", "valid")), "")


def freeze(connection: Connection, office: Office, context: Context, patron_id: str) -> int:
    """Reported lost: from this transaction on no desk takes any of the reader's cards. Answers how many were frozen now.

    The reader stays signed in on the phone, whose code is no card. Raises as :func:`office.lock`.
    """
    return _freeze(connection, office, context, lock(connection, patron_id))


def _freeze(connection: Connection, office: Office, context: Context, patron: Patron) -> int:
    count = credentials.end(connection, patron.id, PLASTIC, "lost", instant_text(office.now()))
    desk_sessions.close_of(connection, patron.id)
    if count:
        tell(connection, office, context, "card.frozen", patron, {"cards": count})
        write(connection, office, patron, "card_frozen")
    return count


def attach(
    connection: Connection, office: Office, context: Context, patron_id: str, kind: str, number: str, issuer: str = NETWORK
) -> Credential:
    """Another thing to be known by: the card of a member library (``issuer``), or a social security card, whose number is not kept.

    One that the reader has already is no change. Raises InvalidInput("credential_invalid") for a number that is empty, overlong or of our
    own form, NotFound for an unknown library, Refused("credential_taken") where it is another reader's, and as :func:`office.lock`.
    """
    patron = lock(connection, patron_id)
    shown = stored_number(office, kind, number)
    issued_by = NETWORK if kind == "social" else issuer
    if kind != "social":
        network.require_library(connection, issuer)
    owner = credentials.holders(connection, issued_by, [shown]).get(shown)
    if owner is not None and owner != patron.id:
        raise Refused("credential_taken", kind=kind)
    made = Credential(issuer=issued_by, number=shown, kind=kind, patron=patron.id, issued_at=office.now())
    if owner is None:
        credentials.add(connection, [made])
        tell(connection, office, context, "credential.added", patron, {"kind": kind, "issuer": issued_by})
    return made


def stored_number(office: Office, kind: str, number: str) -> str:
    """A number as it is kept. Raises InvalidInput("credential_invalid")."""
    plain = plain_number(number)
    if not plain or len(plain) >= LONGEST_CODE or (kind == "member_card" and is_ours(plain)):
        raise InvalidInput("credential_invalid", name="number")
    return office.keys.social_card(plain.upper()) if kind == "social" else plain


def numbers_of(connection: Connection, patron_id: PatronId) -> list[Credential]:
    """All that a reader has or had to be known by, the oldest first."""
    return credentials.of(connection, patron_id)
