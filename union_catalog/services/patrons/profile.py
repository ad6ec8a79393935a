"""A reader's record as it is shown and changed."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from sqlalchemy import Connection

from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotAllowed
from union_catalog.patrons.ages import ADULT_FROM, age_band, age_on, needs_guardian, years_after
from union_catalog.patrons.cards import masked
from union_catalog.patrons.consents import CARD
from union_catalog.patrons.enrolment import LONGEST_NAME, check_category, check_language, read_email, read_phone
from union_catalog.patrons.model import Credential, Patron, Person, masked_name, plain_name
from union_catalog.services import consents, privacy
from union_catalog.services.patrons.enrol import demand_guardian
from union_catalog.services.patrons.office import Office, demand_home, is_at_home, lock, require, tell
from union_catalog.storage import credentials, events, network, patrons
from union_catalog.storage.events import StoredEvent

LONGEST_YEARS = 10  # for which a card is renewed at a time
READERS_OWN: Final = frozenset({"phone", "email", "language", "keeps_history", "home_branch"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """``person`` is None for whoever may not see who it is; ``name`` is then all but its first character hidden, card numbers all but the
    last four. ``guardian_missing``: of a child for whom nobody stands; ``consent_missing``: nobody has agreed yet to keep what a card
    needs. ``expired``: the last day of the card is over.
    """

    patron: Patron
    name: str = field(repr=False)
    person: Person | None
    cards: tuple[Credential, ...]
    age_band: str
    expired: bool
    guardian_missing: bool
    consent_missing: bool
    wards: tuple[str, ...]

    @property
    def state(self) -> str:
        """Of the record; "expired" for one that is active but for its last day."""
        return "expired" if self.expired and self.patron.state == "active" else self.patron.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is to become of a record; None leaves it as it is."""

    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    category: str | None = None
    home_branch: str | None = None
    language: str | None = None
    keeps_history: bool | None = None
    expires_on: date | None = None
    guardian: str | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The fields that are to be changed."""
        return tuple(name for name in self.__dataclass_fields__ if getattr(self, name) is not None)


def read(connection: Connection, office: Office, context: Context, patron_id: str) -> Profile:
    """As much of a record as the actor may see. Raises NotFound("unknown_patron")."""
    return show(connection, office, context, require(connection, patron_id))


def show(connection: Connection, office: Office, context: Context, patron: Patron) -> Profile:
    """As much of it as the actor may see; a desk of another library sees enough to check a card against whoever shows it."""
    person = patrons.person_of(connection, patron.id)
    name, born = (person.name, person.birth_date) if person else ("", None)
    at_home = is_at_home(context, patron)
    today = office.today()
    return Profile(
        patron=patron,
        name=name if at_home else masked_name(name),
        person=person if at_home else None,
        cards=tuple(_shown(card, at_home=at_home) for card in credentials.of(connection, patron.id)),
        age_band=age_band(born, today),
        expired=patron.expires_on is not None and patron.expires_on < today,
        guardian_missing=patron.guardian is None and needs_guardian(born, patron.category, today),
        consent_missing=consents.in_force(connection, patron.id, CARD) is None,
        wards=patrons.wards(connection, patron.id) if at_home else (),
    )


def name_of_ward(connection: Connection, office: Office, context: Context, ward: str) -> str:
    """The whole name of a child to the reader who acts and is its guardian: who consented for it has told the name, and tells two children
    apart by it. Masked from the age of eighteen on, and to anybody else. Raises NotFound("unknown_patron").
    """
    patron = require(connection, ward)
    person = patrons.person_of(connection, patron.id)
    if person is None:
        return ""
    born, guarded = person.birth_date, context.actor.kind == "patron" and patron.guardian == context.actor.id
    grown = born is not None and age_on(born, office.today()) >= ADULT_FROM
    return person.name if guarded and not grown else masked_name(person.name)


def change(connection: Connection, office: Office, context: Context, patron_id: str, changes: Changes) -> Patron:
    """Changes what is named. The event says which fields, not what they held or hold.

    Readers may change what is theirs to choose (READERS_OWN), the home library's staff everything. Raises NotAllowed for others,
    InvalidInput naming the field that cannot stand, NotFound and Refused as :func:`office.lock`.
    """
    patron = lock(connection, patron_id)
    demand_home(context, patron)
    if context.actor.kind == "patron" and not READERS_OWN.issuperset(changes.named):
        raise NotAllowed("not_readers_own", right=", ".join(sorted(READERS_OWN)))
    record = _record_values(connection, office, patron, changes)
    person = _person_values(changes)
    patrons.change(connection, patron.id, record)
    patrons.change_person(connection, patron.id, person)
    if changes.keeps_history is False:
        privacy.forget_now(connection, patron.id, office.now(), office.today())
    if record or person:
        tell(connection, office, context, "patron.changed", patron, {"fields": list(changes.named)})
    return require(connection, patron_id)


def journal(connection: Connection, patron_id: str, before: int | None, limit: int) -> list[StoredEvent]:
    """What happened to the reader's record, the latest first; ``before`` is the id of the last one seen. Raises NotFound."""
    require(connection, patron_id)
    return events.of_subject(connection, f"patron:{patron_id}", before, limit)


def _shown(card: Credential, *, at_home: bool) -> Credential:
    """Hashes are nobody's business; a number is enough to be lent books on."""
    if card.kind == "social":
        return replace(card, number="")
    return card if at_home else replace(card, number=masked(card.number))


def _record_values(connection: Connection, office: Office, patron: Patron, changes: Changes) -> dict[str, object]:
    values: dict[str, object] = {}
    if changes.category is not None:
        check_category(changes.category)
        values["category"] = changes.category
    if changes.language is not None:
        check_language(changes.language)
        values["language"] = changes.language
    if changes.keeps_history is not None:
        values["keeps_history"] = changes.keeps_history
    if changes.expires_on is not None:
        if changes.expires_on > years_after(office.today(), LONGEST_YEARS):
            raise InvalidInput("expiry_too_far", name="expires_on", years=LONGEST_YEARS)
        values["expires_on"] = changes.expires_on.isoformat()
    if changes.home_branch is not None:
        values |= _home_values(connection, changes.home_branch)
    if changes.guardian is not None:
        values["guardian_id"] = demand_guardian(connection, office, changes.guardian, patron.id)
    return values


def _home_values(connection: Connection, branch: str) -> dict[str, object]:
    library = network.library_of_branch(connection, branch)
    if library is None:
        raise InvalidInput("unknown_home_branch", name="home_branch", id=branch)
    return {"home_branch": branch, "library": library}


def _person_values(changes: Changes) -> dict[str, object]:
    values: dict[str, object] = {}
    if changes.name is not None:
        values["name"] = plain_name(changes.name)
        if not values["name"] or len(changes.name) > LONGEST_NAME:
            raise InvalidInput("patron_name_needed", name="name", most=LONGEST_NAME)
    values |= {} if changes.phone is None else {"phone": read_phone(changes.phone)}
    return values | ({} if changes.email is None else {"email": read_email(changes.email)})
