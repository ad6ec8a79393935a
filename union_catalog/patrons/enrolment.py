"""Whether somebody may become a reader as told, and whether they are one already."""

from dataclasses import dataclass, field
from datetime import date

from union_catalog.errors import InvalidInput, Refused
from union_catalog.ids import PatronId
from union_catalog.patrons.ages import OLDEST, age_on, needs_guardian
from union_catalog.patrons.model import CATEGORIES, LANGUAGES

LONGEST_NAME = 200
LONGEST_PHONE = 40
LONGEST_EMAIL = 254
MOST_CANDIDATES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """``notice`` is the version of the text that was agreed to, on ``given_on``."""

    notice: str
    given_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What is told of somebody who wants a card. Names and numbers are in their plain forms already."""

    name: str = field(repr=False)
    birth_date: date | None = field(default=None, repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    category: str
    home_branch: str
    library: str
    language: str = "zh"
    guardian: PatronId | None = None
    consent: Agreement | None = None
    document_type: str | None = None
    document_hash: str | None = field(default=None, repr=False)

    @property
    def likeness(self) -> tuple[str, date, str] | None:
        """Name, date of birth and telephone; None where one of them is missing, for then nobody is alike."""
        return (self.name, self.birth_date, self.phone) if self.name and self.birth_date and self.phone else None


def check_application(application: Application, today: date) -> None:
    """Raises InvalidInput naming the first field that cannot stand or is missing."""
    if not application.name or len(application.name) > LONGEST_NAME:
        raise InvalidInput("patron_name_needed", name="name", most=LONGEST_NAME)
    check_birth_date(application.birth_date, today)
    check_category(application.category)
    check_contact(application.phone, application.email)
    check_language(application.language)
    if application.consent is None:
        raise InvalidInput("consent_needed", name="consent")
    if application.guardian is None and needs_guardian(application.birth_date, application.category, today):
        raise InvalidInput("guardian_needed", name="guardian")


def check_birth_date(born: date | None, today: date) -> None:
    """Raises InvalidInput("birth_date_impossible")."""
    if born is not None and (born > today or age_on(born, today) > OLDEST):
        raise InvalidInput("birth_date_impossible", name="birth_date")


def check_category(category: str) -> None:
    """Raises InvalidInput("unknown_category")."""
    if category not in CATEGORIES:
        raise InvalidInput("unknown_category", name="category", known=CATEGORIES)


def check_contact(phone: str, email: str) -> None:
    """Raises InvalidInput for what no message can reach: "phone_invalid", "email_invalid"."""
    if phone and (len(phone) > LONGEST_PHONE or len(phone.lstrip("+")) < 5):
        raise InvalidInput("phone_invalid", name="phone")
    local, at, domain = email.rpartition("@")
    spaced = any(char.isspace() for char in email)
    if email and (not local or not at or not domain.strip(".") or spaced or len(email) > LONGEST_EMAIL):
        raise InvalidInput("email_invalid", name="email")


def check_language(language: str) -> None:
    """Raises InvalidInput("unknown_language")."""
    if language not in LANGUAGES:
        raise InvalidInput("unknown_language", name="language", known=LANGUAGES)


def refuse_double(same: PatronId | None, alike: tuple[PatronId, ...], *, confirmed_new: bool, tells: bool) -> None:
    """Nobody is enrolled twice. ``same`` holds the same document, ``alike`` have the same name, date of birth and telephone.

    Raises Refused("patron_exists") with ``patron``, which nothing confirms away; Refused("possible_duplicate") with ``candidates`` unless
    somebody has looked and confirmed that this is another person. Who is not staff is not told (``tells``) whom was found.
    """
    if same is not None:
        raise Refused("patron_exists", patron=same if tells else "")
    if alike and not confirmed_new:
        raise Refused("possible_duplicate", candidates=alike[:MOST_CANDIDATES] if tells else ())
