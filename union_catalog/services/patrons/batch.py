"""Readers of a member library enrolled many at a time: linked to who they are already, asked about where that is unsure, never doubled.

One transaction a batch, some fifteen statements each, however many lines. A file that is given again changes nothing. Nobody gets a PIN
here: hashing one takes longer than everything else of a line, and a desk sets it when the reader first comes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from union_catalog.clock import instant_text
from union_catalog.context import Context
from union_catalog.errors import Datum, InvalidInput, Raced
from union_catalog.ids import PatronId, new_id
from union_catalog.patrons.ages import category_for, needs_guardian
from union_catalog.patrons.cards import NETWORK, is_ours, plain_number
from union_catalog.patrons.consents import CARD, Consent
from union_catalog.patrons.enrolment import (
    LONGEST_NAME,
    MOST_CANDIDATES,
    Application,
    born_on,
    check_birth_date,
    check_category,
    read_email,
    read_phone,
)
from union_catalog.patrons.keys import RESIDENT_ID, read_document
from union_catalog.patrons.model import Credential, Patron, Person, plain_name
from union_catalog.services.patrons.cards import new_numbers
from union_catalog.services.patrons.enrol import new_patron, person_of
from union_catalog.services.patrons.office import Office
from union_catalog.storage import consents, credentials, events, network, patrons
from union_catalog.storage.database import Database
from union_catalog.storage.events import Event
from union_catalog.storage.network import BranchDirectory

BATCH = 1000
ATTEMPTS = 5
NEW = "new"  # a decision: this is another person than the candidates
Result = Literal["enrolled", "linked", "present", "asked", "refused"]
_FIELDS = {"document": "document_number"}  # what a use case calls it → the field of a file
RESULTS: tuple[Result, ...] = ("enrolled", "linked", "present", "asked", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a file, as it was typed. ``fault`` is a code where it could not be read, ``column`` the heading at fault.

    ``decision`` answers what was asked of an earlier run: "new", or the id of the reader who it is.
    """

    number: int
    name: str = field(default="", repr=False)
    birth_date: date | None = field(default=None, repr=False)
    document_type: str = ""
    document_number: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    category: str = ""
    branch: str = ""
    card: str = field(default="", repr=False)
    social: str = field(default="", repr=False)
    expires_on: date | None = None
    consent_date: date | None = None
    notice: str = ""
    guardian_card: str = field(default="", repr=False)
    decision: str = ""
    fault: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a line. ``code`` says why it was refused, ``column`` where; ``card`` is the number of a new card of ours.

    ``data`` is the code's: limits and choices, nothing of the reader.
    """

    line: int
    result: Result
    patron: str = ""
    card: str = field(default="", repr=False)
    code: str = ""
    column: str = ""
    candidates: tuple[str, ...] = ()
    data: Mapping[str, Datum] = field(default_factory=dict)


def enrol_file(
    database: Database, office: Office, context: Context, library: str, lines: Iterator[Line], branch: str = ""
) -> Iterator[Sequence[Told]]:
    """Works off the lines, a transaction every BATCH of them; what was answered is stored. Lines without a branch are of ``branch``.

    Raises NotFound("unknown_library"), InvalidInput("unknown_home_branch") for a ``branch`` that is not the library's, and
    InvalidInput("library_without_branches") where none is told and the library has none.
    """
    with database.read() as connection:
        network.require_library(connection, library)
        directory = BranchDirectory(connection, library).codes
    if branch and branch not in directory:
        raise InvalidInput("unknown_home_branch", name="branch", id=branch)
    if not directory:
        raise InvalidInput("library_without_branches", name="library", id=library)
    at = _Intake(office, context, library, directory, directory[branch] if branch else min(directory.values()))
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            yield _once(database, at, batch)
            batch = []
    if batch:
        yield _once(database, at, batch)


def _once(database: Database, at: "_Intake", batch: Sequence[Line]) -> Sequence[Told]:
    """Again from the start where somebody else has enrolled one of them meanwhile, or drawn the same number."""
    for _ in range(ATTEMPTS - 1):
        try:
            with database.write() as connection:
                return _Batch(connection, at, batch).enrol()
        except Raced:
            continue
    with database.write() as connection:
        return _Batch(connection, at, batch).enrol()


@dataclass(frozen=True, slots=True)
class _Intake:
    """Whose readers they are. ``directory``: every code of a branch of the library → the branch."""

    office: Office
    context: Context
    library: str
    directory: Mapping[str, str]
    branch: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A line whose values can stand. ``member_card`` is the number in the library's own series, ``social`` a hash; "" for none."""

    line: Line
    application: Application
    member_card: str
    social: str


class _Refused(Exception):
    """A line that cannot be taken: why, and which field."""

    def __init__(self, code: str, column: str, **data: Datum) -> None:
        super().__init__(code)
        self.code, self.column, self.data = code, column, data


def read_line(at: _Intake, line: Line) -> _Read | Told:
    """The line's values in their plain forms, or why they cannot stand."""
    try:
        if line.fault:
            raise _Refused(line.fault, line.column)
        return _read(at, line)
    except _Refused as refused:
        return Told(line.number, "refused", code=refused.code, column=refused.column, data=refused.data)
    except InvalidInput as error:
        name = str(error.data.get("name", ""))
        return Told(line.number, "refused", code=error.code, column=_FIELDS.get(name, name), data=error.data)


def _read(at: _Intake, line: Line) -> _Read:
    document = read_document(line.document_type or RESIDENT_ID, line.document_number) if line.document_number else None
    born, today = born_on(line.birth_date, document), at.office.today()
    application = Application(
        name=plain_name(line.name),
        birth_date=born,
        phone=read_phone(line.phone),
        email=read_email(line.email),
        category=line.category or category_for(born, today),
        home_branch=_branch(at, line.branch),
        library=at.library,
        document_type=document.kind if document else None,
        document_hash=at.office.keys.document(document.kind, document.number) if document else None,
    )
    if not application.name or len(application.name) > LONGEST_NAME:
        raise _Refused("patron_name_needed", "name", most=LONGEST_NAME)
    check_birth_date(born, today)
    check_category(application.category)
    if needs_guardian(born, application.category, today) and not line.guardian_card:
        raise _Refused("guardian_needed", "guardian_card")
    member_card, social = plain_number(line.card), plain_number(line.social).upper()
    if is_ours(member_card):
        raise _Refused("credential_invalid", "card")
    if not member_card and document is None:
        raise _Refused("known_by_nothing", "document_number")
    return _Read(line, application, member_card, at.office.keys.social_card(social) if social else "")


def _branch(at: _Intake, code: str) -> str:
    if code and code not in at.directory:
        raise _Refused("unknown_home_branch", "branch", id=code)
    return at.directory[code] if code else at.branch


class _Batch:
    """One transaction: everything that the lines need is read at once, each is decided in its order, everything new is written at once."""

    def __init__(self, connection: Connection, at: _Intake, lines: Sequence[Line]) -> None:
        self.connection, self.at, self.lines = connection, at, lines
        self.read = [read_line(at, line) for line in lines]
        good = [one for one in self.read if isinstance(one, _Read)]
        cards = {one.member_card for one in good} | {plain_number(one.line.guardian_card) for one in good}
        self.by_card = credentials.holders(connection, at.library, cards - {""})
        self.by_social = credentials.holders(connection, NETWORK, {one.social for one in good} - {""})
        self.by_document = patrons.by_documents(
            connection, {one.application.document_hash for one in good if one.application.document_hash}
        )
        self.alike = patrons.all_alike(connection, {one.application.likeness for one in good if one.application.likeness})
        self.known = patrons.present(connection, {one.line.decision for one in good} - {"", NEW})
        self.people = patrons.people(connection, {*self.by_card.values(), *self.by_document.values(), *self.known.values()})
        self.new: list[tuple[Patron, Person]] = []
        self.credentials: list[Credential] = []
        self.consents: list[Consent] = []
        self.events: list[Event] = []

    def enrol(self) -> Sequence[Told]:
        """Decides and writes; answers line by line."""
        count = sum(isinstance(one, _Read) for one in self.read)
        self.numbers = iter(new_numbers(self.connection, count))
        told = [one if isinstance(one, Told) else self._decide(one) for one in self.read]
        now = instant_text(self.at.office.now())
        patrons.add(self.connection, self.new)
        patrons.begin_credit(self.connection, [patron for patron, _ in self.new], str(self.at.context.actor))
        credentials.add(self.connection, self.credentials)
        consents.add_all(self.connection, self.consents)
        events.append(self.connection, self.at.context, self.events, now)
        return told

    def _decide(self, one: _Read) -> Told:
        """Who it is: by the library's own card, by the document, by what staff said; a namesake of the same day and telephone is asked."""
        number, card = one.line.number, self.by_card.get(one.member_card) if one.member_card else None
        document = self.by_document.get(one.application.document_hash or "")
        if card is not None and document is not None and card != document:
            return Told(number, "refused", code="credential_taken", column="card", candidates=(card, document))
        if one.line.decision not in ("", NEW) and one.line.decision not in self.known:
            return Told(number, "refused", code="unknown_patron", column="decision")
        if card is not None and document is None and one.line.decision != card and self._is_another(card, one.application):
            return Told(number, "asked", code="card_of_another", column="card", candidates=(card,))
        same = card or document or self.known.get(one.line.decision)
        if same is not None:
            return self._link(one, same)
        alike = self.alike.get(one.application.likeness, ()) if one.application.likeness else ()
        if alike and one.line.decision != NEW:
            return Told(number, "asked", code="possible_duplicate", candidates=alike[:MOST_CANDIDATES])
        return self._add(one)

    def _is_another(self, holder: PatronId, told: Application) -> bool:
        """Whether the holder of a card is told to be somebody else: by a document of the same kind, else by name and date of birth both."""
        kept = self.people.get(holder)
        if kept is None:
            return False
        if kept.document_hash and told.document_hash and kept.document_type == told.document_type:
            return kept.document_hash != told.document_hash
        return told.name != kept.name and None not in (told.birth_date, kept.birth_date) and told.birth_date != kept.birth_date

    def _link(self, one: _Read, patron: PatronId) -> Told:
        added = self._credentials(one, patron)
        if added is None:
            return Told(one.line.number, "refused", patron, code="credential_taken", column="social")
        for credential in added:
            data: dict[str, object] = {"kind": credential.kind, "issuer": credential.issuer}
            self.events.append(Event("credential.added", f"patron:{patron}", self.at.library, data))
        return Told(one.line.number, "linked" if added else "present", patron)

    def _add(self, one: _Read) -> Told:
        guardian = self.by_card.get(plain_number(one.line.guardian_card)) if one.line.guardian_card else None
        if one.line.guardian_card and guardian is None:
            return Told(one.line.number, "refused", code="guardian_invalid", column="guardian_card")
        if one.social and one.social in self.by_social:
            return Told(one.line.number, "refused", code="credential_taken", column="social")
        patron = new_patron(self.at.office, replace(one.application, guardian=guardian), "active")
        patron = replace(patron, expires_on=one.line.expires_on) if one.line.expires_on else patron
        number = next(self.numbers)
        who = person_of(one.application)
        self.new.append((patron, who))
        self.people[patron.id] = who
        self.credentials.append(self._credential(NETWORK, number, "card", patron.id))
        self._credentials(one, patron.id)
        self._remember(one, patron.id)
        self._consent(one, patron)
        told: dict[str, object] = {"by": "batch", "category": patron.category, "branch": patron.home_branch}
        self.events.append(Event("patron.enrolled", f"patron:{patron.id}", self.at.library, told))
        return Told(one.line.number, "enrolled", patron.id, number)

    def _credentials(self, one: _Read, patron: PatronId) -> list[Credential] | None:
        """Those of the line that the reader has not yet; None where the social security card is somebody else's."""
        if one.social and self.by_social.get(one.social, patron) != patron:
            return None
        made = []
        if one.member_card and one.member_card not in self.by_card:
            made.append(self._credential(self.at.library, one.member_card, "member_card", patron))
            self.by_card[one.member_card] = patron
        if one.social and one.social not in self.by_social:
            made.append(self._credential(NETWORK, one.social, "social", patron))
            self.by_social[one.social] = patron
        self.credentials += made
        return made

    def _credential(self, issuer: str, number: str, kind: str, patron: PatronId) -> Credential:
        return Credential(issuer=issuer, number=number, kind=kind, patron=patron, issued_at=self.at.office.now())

    def _remember(self, one: _Read, patron: PatronId) -> None:
        """Further lines of the batch may be the same person's."""
        application = one.application
        if application.document_hash:
            self.by_document[application.document_hash] = patron
        if application.likeness:
            self.alike[application.likeness] = (*self.alike.get(application.likeness, ()), patron)

    def _consent(self, one: _Read, patron: Patron) -> None:
        """What the library says was agreed to; the reader without it is asked at the first desk."""
        line = one.line
        if line.consent_date is None or not line.notice:
            return
        given = Consent(
            id=new_id(),
            patron=patron.id,
            purpose=CARD,
            notice=line.notice,
            library=None,
            guardian=patron.guardian,
            given_on=line.consent_date,
            recorded_at=self.at.office.now(),
            actor=str(self.at.context.actor),
        )
        self.consents.append(given)
        data: dict[str, object] = {"consent": given.id, "purpose": CARD, "notice": given.notice}
        self.events.append(Event("consent.given", f"patron:{patron.id}", None, data))


def counted(told: Sequence[Told]) -> Counter[str]:
    """How many lines became what."""
    return Counter(one.result for one in told)
