"""Enrolling one reader: at a desk, or online and then confirmed at one."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from union_catalog.clock import instant_text
from union_catalog.context import Context
from union_catalog.errors import InvalidInput
from union_catalog.ids import PatronId, new_id
from union_catalog.patrons.ages import ADULT_FROM, age_on, category_for, years_after
from union_catalog.patrons.consents import CARD
from union_catalog.patrons.credit import CreditTerms
from union_catalog.patrons.enrolment import (
    Agreement,
    Application,
    check_age_told,
    check_application,
    read_email,
    read_phone,
    refuse_double,
)
from union_catalog.patrons.keys import Document
from union_catalog.patrons.model import Patron, Person, plain_name
from union_catalog.services import consents
from union_catalog.services.patrons.cards import first_card
from union_catalog.services.patrons.lookup import by_card
from union_catalog.services.patrons.office import Office, lock, tell
from union_catalog.storage import network, patrons, pins

CARD_YEARS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """Who stands for a child: a reader by id or card, or else a person who becomes known by being told here."""

    patron: str = ""
    card: str = ""
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    birth_date: date | None = field(default=None, repr=False)
    document: Document | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is told of somebody, as it was typed. ``category`` "" is told by the age, which must be told then.

    ``pin_hash`` is of :func:`pins.hashed`.
    """

    name: str = field(repr=False)
    birth_date: date | None = field(default=None, repr=False)
    document: Document | None = field(default=None, repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    category: str = ""
    home_branch: str
    language: str = "zh"
    guardian: Guardian | None = None
    consent: Agreement | None = None
    pin_hash: str = field(default="", repr=False)
    confirmed_new: bool = False


@dataclass(frozen=True, slots=True)
class Enrolled:
    """``card`` is the number of the reader's first card."""

    patron: Patron
    card: str


def enrol(connection: Connection, office: Office, context: Context, asked: Asked, *, at_desk: bool) -> Enrolled:
    """A new reader with a card, the consent on record, and a full score; active ``at_desk``, else pending until a desk confirms.

    Raises what the functions of :mod:`union_catalog.patrons.enrolment` raise, InvalidInput("unknown_home_branch"),
    InvalidInput("guardian_invalid") for a guardian who is under age or not there, and InvalidInput("bad_consent").
    """
    application = _application(connection, office, asked, None)
    if asked.guardian is not None:
        guardian = _guardian(connection, office, context, asked)
        application = _application(connection, office, asked, guardian)
    check_application(application, office.today())
    _refuse_double(connection, application, confirmed_new=asked.confirmed_new and at_desk, tells=at_desk)
    patron = new_patron(office, application, "active" if at_desk else "pending")
    _write(connection, context, patron, application)
    if asked.pin_hash:
        pins.put(connection, patron.id, asked.pin_hash, instant_text(office.now()))
    card = first_card(connection, office, patron)
    told = {"by": "desk" if at_desk else "online", "category": patron.category, "branch": patron.home_branch}
    tell(connection, office, context, "patron.enrolled", patron, told)
    return Enrolled(patron, card)


def confirm(connection: Connection, office: Office, context: Context, patron_id: str) -> Patron:
    """A desk has seen the document of somebody who enrolled online; again is no change. Raises as :func:`office.lock`."""
    patron = lock(connection, patron_id)
    if patron.state == "pending":
        patrons.change(connection, patron.id, {"state": "active"})
        tell(connection, office, context, "patron.confirmed", patron)
    return patrons.find(connection, patron_id) or patron


def new_patron(office: Office, application: Application, state: str) -> Patron:
    """The record of a new reader, with a card's whole time before it."""
    today = office.today()
    return Patron(
        id=PatronId(new_id()),
        library=application.library,
        home_branch=application.home_branch,
        category=application.category,
        state=state,
        language=application.language,
        credit=CreditTerms().full,
        guardian=application.guardian,
        expires_on=years_after(today, CARD_YEARS),
        created_at=office.now(),
    )


def person_of(application: Application) -> Person:
    """Who it is."""
    return Person(
        name=application.name,
        birth_date=application.birth_date,
        phone=application.phone,
        email=application.email,
        document_type=application.document_type,
        document_hash=application.document_hash,
    )


def demand_guardian(connection: Connection, office: Office, guardian: str, ward: str = "") -> PatronId:
    """The reader who is to stand for another. Raises InvalidInput("guardian_invalid") for one who is under age, not there, or the same."""
    patron = patrons.find(connection, guardian)
    person = patrons.person_of(connection, guardian)
    if patron is None or person is None or patron.state not in ("active", "pending") or guardian == ward:
        raise InvalidInput("guardian_invalid", name="guardian")
    _demand_age(person.birth_date, office)
    return patron.id


def _application(connection: Connection, office: Office, asked: Asked, guardian: PatronId | None) -> Application:
    library = network.library_of_branch(connection, asked.home_branch)
    if library is None:
        raise InvalidInput("unknown_home_branch", name="home_branch", id=asked.home_branch)
    document = asked.document
    # Where a system that enrols tells two days, the later one counts: nobody passes the rules for children by being older in one of them.
    born = max(filter(None, (asked.birth_date, document.born if document else None)), default=None)
    if not asked.category:
        check_age_told(born, asked.category)
    return Application(
        name=plain_name(asked.name),
        birth_date=born,
        phone=read_phone(asked.phone),
        email=read_email(asked.email),
        category=asked.category or category_for(born, office.today()),
        home_branch=asked.home_branch,
        library=library,
        language=asked.language,
        guardian=guardian,
        consent=asked.consent,
        document_type=document.kind if document else None,
        document_hash=office.keys.document(document.kind, document.number) if document else None,
    )


def _refuse_double(connection: Connection, application: Application, *, confirmed_new: bool, tells: bool) -> None:
    hashed = application.document_hash
    same = patrons.by_documents(connection, [hashed]).get(hashed) if hashed else None
    likeness = application.likeness
    alike = patrons.alike(connection, likeness) if likeness and same is None else ()
    refuse_double(same, alike, confirmed_new=confirmed_new, tells=tells)


def _write(connection: Connection, context: Context, patron: Patron, application: Application) -> None:
    patrons.add(connection, [(patron, person_of(application))])
    patrons.begin_credit(connection, [patron], str(context.actor))
    if application.consent is not None:
        given = application.consent
        consents.record(connection, context, patron.id, CARD, given.notice, given.given_on, guardian=application.guardian)


def _guardian(connection: Connection, office: Office, context: Context, asked: Asked) -> PatronId:
    told = asked.guardian
    if told is None or not (told.patron or told.card or told.name):
        raise InvalidInput("guardian_invalid", name="guardian")
    if told.patron or told.card:
        found = told.patron or by_card(connection, office, told.card).patron
        return demand_guardian(connection, office, found)
    return _new_guardian(connection, office, context, asked, told)


def _demand_age(born: date | None, office: Office) -> None:
    if born is not None and age_on(born, office.today()) < ADULT_FROM:
        raise InvalidInput("guardian_invalid", name="guardian")


def _new_guardian(connection: Connection, office: Office, context: Context, asked: Asked, told: Guardian) -> PatronId:
    """Somebody without a card, pending until asking for one; whoever is known already is taken for the guardian."""
    as_reader = Asked(
        name=told.name,
        birth_date=told.birth_date,
        document=told.document,
        phone=told.phone,
        category="adult",
        home_branch=asked.home_branch,
        language=asked.language,
        consent=asked.consent,
    )
    application = _application(connection, office, as_reader, None)
    check_application(application, office.today())
    _demand_age(application.birth_date, office)
    hashed, likeness = application.document_hash, application.likeness
    known = list(patrons.by_documents(connection, [hashed]).values()) if hashed else []
    known += patrons.alike(connection, likeness) if likeness else ()
    if known:
        return demand_guardian(connection, office, known[0])
    patron = new_patron(office, application, "pending")
    _write(connection, context, patron, application)
    return patron.id
