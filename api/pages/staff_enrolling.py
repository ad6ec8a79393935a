"""Enrolling a reader at a desk: one column; who may be the same person is shown before anything is saved."""

from collections.abc import Sequence

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from api.auth import current_context
from api.idempotency import Acting
from api.language import current_language
from api.pages import shell
from api.pages.acting import Went, act_once
from api.pages.desks import desks_of
from api.pages.join_notice import notice_of
from api.pages.sent import NOTHING_SENT, SHOWN_BESIDE, Sent, refused, typed_day, typed_in
from api.pages.staff_readers import reader_address
from api.resources.operation import catalogue, clock, office
from api.resources.standing import libraries
from union_catalog.errors import UnionCatalogError
from union_catalog.patrons.consents import CARD
from union_catalog.patrons.enrolment import Agreement, born_on, check_age_told
from union_catalog.patrons.keys import RESIDENT_ID, Document, read_document
from union_catalog.patrons.model import CATEGORIES
from union_catalog.services.patrons import enrol, pins, profile
from union_catalog.services.patrons.enrol import Asked, Guardian

enrolling = Blueprint("enrolling", __name__)
enrolling.after_request(shell.remember_language)
_FORM = "enrol"


@enrolling.get("/staff/enrol")
def form() -> AnyResponse:
    """One column, from top to bottom."""
    return _page(NOTHING_SENT)


@enrolling.post("/staff/enrol")
def save() -> AnyResponse:
    """Enrols a reader and shows the record with its new card; asks back where it may be somebody who has one."""
    try:
        asked = _asked()

        def acted(acting: Acting) -> Went:
            enrolled = enrol.enrol(acting.connection, office(), acting.context, asked, at_desk=True)
            return Went(reader_address(enrolled.patron.id, _FORM), enrolled.patron.id)

        return act_once(acted)
    except SHOWN_BESIDE as error:
        return _page(refused(error, _FORM), _candidates(error), same=error.code == "patron_exists")


def _page(sent: Sent, candidates: Sequence[str] = (), *, same: bool = False) -> AnyResponse:
    with catalogue().database.read() as connection:
        context = current_context(clock())
        shown = {
            "desks": desks_of(connection),
            "names": libraries(connection, current_language()),
            "alike": [profile.read(connection, office(), context, patron_id) for patron_id in candidates],
        }
    choices = {"categories": CATEGORIES, "notice": notice_of(CARD).version, "today": office().today().isoformat()}
    return make_response(render_template("staff/enrol.html", sent=sent, same=same, **shown, **choices), sent.status)


def _candidates(error: UnionCatalogError) -> tuple[str, ...]:
    """Who it may be: somebody with the same document, or the same name, date of birth and telephone."""
    if error.code == "patron_exists":
        return (str(error.data["patron"]),)
    found = error.data.get("candidates")
    return found if error.code == "possible_duplicate" and isinstance(found, tuple) else ()


def _asked() -> Asked:
    """What was filled in. Raises InvalidInput for a day, a document or a PIN that cannot be, and where nothing tells the age: a desk, which
    has the reader before it, takes nobody for an adult unseen.
    """
    notice, given_on = typed_in("notice"), typed_day("consent_date")
    document = _document("document_type", "document")
    born = born_on(typed_day("birth_date"), document)
    check_age_told(born, typed_in("category"))
    return Asked(
        name=typed_in("name"),
        birth_date=born,
        document=document,
        phone=typed_in("phone"),
        email=typed_in("email"),
        category=typed_in("category"),
        home_branch=typed_in("home_branch"),
        language=typed_in("language") or "zh",
        guardian=_guardian(),
        consent=Agreement(notice=notice, given_on=given_on) if typed_in("agreed") and notice and given_on else None,
        pin_hash=pins.hashed(office(), typed_in("pin")),
        confirmed_new=typed_in("confirmed_new") == "true",
    )


def _document(kind: str, number: str) -> Document | None:
    return read_document(typed_in(kind) or RESIDENT_ID, typed_in(number)) if typed_in(number) else None


def _guardian() -> Guardian | None:
    card, name = typed_in("guardian_card"), typed_in("guardian_name")
    if not card and not name:
        return None
    document = _document("guardian_document_type", "guardian_document")
    born = born_on(typed_day("guardian_birth_date"), document, "guardian_birth_date")
    return Guardian(card=card, name=name, phone=typed_in("guardian_phone"), birth_date=born, document=document)
