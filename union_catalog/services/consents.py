"""Consents as use cases: recorded, withdrawn, looked up. Each works in the transaction of its caller."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from union_catalog.clock import instant_text
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotFound, Refused
from union_catalog.ids import LibraryCode, PatronId, new_id
from union_catalog.patrons.consents import CARD, Consent, fault_of
from union_catalog.storage import consents as rows
from union_catalog.storage import events, network
from union_catalog.storage.events import Event

_EASTERNMOST = timedelta(hours=14)  # there the day begins first: no consent was given on a later one


def record(
    connection: Connection,
    context: Context,
    patron: PatronId,
    purpose: str,
    notice_version: str,
    given_on: date,
    library: LibraryCode | None = None,
    guardian: PatronId | None = None,
) -> Consent:
    """Writes down what was agreed to; the same text for the same purpose again is no change and answers what stands.

    A newer version of the text is a consent of its own; the older one stays as proof. Raises InvalidInput("bad_consent") naming the
    field that is wrong, NotFound for an unknown library.
    """
    latest = (context.occurred_at + _EASTERNMOST).date()
    fault = fault_of(purpose, notice_version, library, given_on, latest)
    if fault:
        raise InvalidInput("bad_consent", name=fault)
    if library is not None:
        network.require_library(connection, library)
    earlier = rows.standing(connection, patron, purpose, library)
    if earlier is not None and (earlier.notice, earlier.guardian) == (notice_version, guardian):
        return earlier
    given = Consent(
        id=new_id(),
        patron=patron,
        purpose=purpose,
        notice=notice_version,
        library=library,
        guardian=guardian,
        given_on=given_on,
        recorded_at=context.occurred_at,
        actor=str(context.actor),
    )
    rows.add(connection, given)
    _tell(connection, context, "consent.given", given)
    return given


def withdraw(connection: Connection, context: Context, patron: PatronId, consent_id: str) -> Consent:
    """Ends one; ending it again changes nothing. Raises NotFound where the reader has none of this id.

    Without the consent of the purpose "card" there can be no card: Refused("consent_of_card"), and erasing is what is meant.
    """
    found = rows.find(connection, patron, consent_id)
    if found is None:
        raise NotFound("unknown_consent", kind="consent", id=consent_id)
    if found.purpose == CARD:
        raise Refused("consent_of_card")
    if found.withdrawn_at is None:
        rows.withdraw(connection, consent_id, instant_text(context.occurred_at))
        _tell(connection, context, "consent.withdrawn", found)
    return rows.find(connection, patron, consent_id) or found


def in_force(connection: Connection, patron: PatronId, purpose: str, library: LibraryCode | None = None) -> Consent | None:
    """The latest that holds for a purpose, and for a library where the purpose is of one; None where there is none."""
    return rows.standing(connection, patron, purpose, library)


def all_of(connection: Connection, patron: PatronId) -> Sequence[Consent]:
    """Every consent of a reader, those withdrawn too, the oldest first."""
    return rows.of(connection, patron)


def _tell(connection: Connection, context: Context, kind: str, consent: Consent) -> None:
    data: dict[str, object] = {"consent": consent.id, "purpose": consent.purpose, "notice": consent.notice}
    told = Event(kind, f"patron:{consent.patron}", consent.library, data)
    events.append(connection, context, [told], instant_text(context.occurred_at))
