"""What a reader has agreed to, as a desk records and withdraws it, and who stands for a child."""

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from api.idempotency import Acting
from api.pages import shell
from api.pages.sent import typed_day, typed_in
from api.pages.staff_readers import act_on_reader
from api.resources.operation import office
from union_catalog.errors import InvalidInput
from union_catalog.ids import LibraryCode, PatronId
from union_catalog.patrons.ages import needs_guardian
from union_catalog.patrons.consents import CARD, SHARING
from union_catalog.patrons.model import Patron
from union_catalog.services import consents
from union_catalog.services.patrons import lookup, profile
from union_catalog.services.patrons.office import lock
from union_catalog.services.patrons.profile import Changes
from union_catalog.storage import patrons

agreeing = Blueprint("agreeing", __name__)
agreeing.after_request(shell.remember_language)


@agreeing.post("/staff/patrons/<patron_id>/consents")
def record(patron_id: str) -> AnyResponse:
    """Writes down what was agreed to on paper: which version of which text, on which day; of a child under 14 the guardian agrees."""

    def work(acting: Acting) -> None:
        patron = lock(acting.connection, patron_id)
        if typed_in("purpose") == SHARING:
            _record(acting, patron, SHARING, library=typed_in("library"))
        else:
            _record(acting, patron, CARD, guardian=_who_agrees(acting, patron))

    return act_on_reader(patron_id, "sharing" if typed_in("purpose") == SHARING else "consent", work, "consent")


@agreeing.post("/staff/patrons/<patron_id>/consents/<consent_id>/withdraw")
def withdraw(patron_id: str, consent_id: str) -> AnyResponse:
    """Ends a consent; that to have a card ends with the card alone."""

    def work(acting: Acting) -> None:
        patron = lock(acting.connection, patron_id)
        consents.withdraw(acting.connection, acting.context, patron.id, consent_id)

    return act_on_reader(patron_id, "withdraw", work)


@agreeing.post("/staff/patrons/<patron_id>/guardian")
def stand_for(patron_id: str) -> AnyResponse:
    """Another guardian, who agrees at once where that is said."""

    def work(acting: Acting) -> None:
        if not typed_in("card"):
            raise InvalidInput("guardian_invalid", name="card")
        guardian = lookup.by_card(acting.connection, office(), typed_in("card")).patron
        patron = profile.change(acting.connection, office(), acting.context, patron_id, Changes(guardian=guardian))
        if typed_in("agreed"):
            _record(acting, patron, CARD, guardian=guardian)

    return act_on_reader(patron_id, "guardian", work)


def _who_agrees(acting: Acting, patron: Patron) -> PatronId | None:
    """The guardian of a child under 14; None for whoever speaks for themselves. Raises InvalidInput where nobody stands for the child."""
    person = patrons.person_of(acting.connection, patron.id)
    if not needs_guardian(person.birth_date if person else None, patron.category, office().today()):
        return None
    if patron.guardian is None:
        raise InvalidInput("guardian_invalid", name="guardian")
    return patron.guardian


def _record(acting: Acting, patron: Patron, purpose: str, *, library: str = "", guardian: PatronId | None = None) -> None:
    given_on = typed_day("given_on")
    if given_on is None:
        raise InvalidInput("bad_consent", name="given_on")
    to_whom = LibraryCode(library) if library else None
    consents.record(acting.connection, acting.context, patron.id, purpose, typed_in("notice"), given_on, to_whom, guardian)
