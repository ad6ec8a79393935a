"""Whether somebody may become a reader as told, and whether they are one already."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from union_catalog.errors import InvalidInput, Refused
from union_catalog.ids import PatronId
from union_catalog.patrons.ages import OLDEST, age_on, needs_guardian
from union_catalog.patrons.keys import Document
from union_catalog.patrons.model import CATEGORIES, LANGUAGES, plain_phone

LONGEST_NAME = 200
LONGEST_PHONE = 40
LONGEST_EMAIL = 254
MOST_CANDIDATES = 10
AGELESS = "institution"  # the category of readers who were never born
_FEWEST_DIGITS, _MOST_DIGITS = 5, 20  # E.164 has fifteen; an extension may follow
_PHONE = re.compile(r"[0-9\s()+./\u2010-\u2015-]+(?:(?:转|ext\.?|x|#)\s*[0-9]{1,6})?", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@(?:[^@\s.]+\.)+[^@\s.]+")


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
    """Raises InvalidInput naming the first field that cannot stand or is missing. Telephone and e-mail were checked as they were read."""
    if not application.name or len(application.name) > LONGEST_NAME:
        raise InvalidInput("patron_name_needed", name="name", most=LONGEST_NAME)
    check_birth_date(application.birth_date, today)
    check_category(application.category)
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


def read_phone(text: str) -> str:
    """A telephone in its plain form, "" for none. Raises InvalidInput("phone_invalid") for what no message can reach."""
    told = unicodedata.normalize("NFKC", text).strip()
    plain = plain_phone(told)
    if told and not (_PHONE.fullmatch(told) and _FEWEST_DIGITS <= len(plain.lstrip("+")) <= _MOST_DIGITS):
        raise InvalidInput("phone_invalid", name="phone")
    return plain


def read_email(text: str) -> str:
    """An address without blanks around it, "" for none. Raises InvalidInput("email_invalid") for one without a whole domain."""
    told = text.strip()
    if told and (len(told) > LONGEST_EMAIL or not _EMAIL.fullmatch(told)):
        raise InvalidInput("email_invalid", name="email")
    return told


def born_on(birth_date: date | None, document: Document | None, name: str = "birth_date") -> date | None:
    """The date of birth, as it was told or as the document tells it; None where neither does.

    Raises InvalidInput("birth_date_contradicted") for the field ``name`` where the two differ: one of them is somebody else's.
    """
    of_document = document.born if document else None
    if birth_date is not None and of_document is not None and birth_date != of_document:
        raise InvalidInput("birth_date_contradicted", name=name)
    return birth_date or of_document


def check_age_told(born: date | None, category: str) -> None:
    """Nobody is taken for an adult for want of an age. Raises InvalidInput("age_untold")."""
    if born is None and category != AGELESS:
        raise InvalidInput("age_untold", name="birth_date")


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
