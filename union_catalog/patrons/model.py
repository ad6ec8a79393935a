"""A reader as values: the record, the person behind it, and what is shown to be known by."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime

from union_catalog.ids import PatronId

CATEGORIES = ("adult", "child", "senior", "student", "teacher", "staff", "institution")
PATRON_STATES = ("pending", "active", "merged", "erased")
CREDENTIAL_KINDS = ("card", "member_card", "social")
CREDENTIAL_STATES = ("valid", "lost", "damaged", "replaced")
CARD_REASONS = ("lost", "damaged", "new")
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patron:
    """What the network keeps of a reader, without anything that tells who it is."""

    id: PatronId
    library: str
    home_branch: str
    category: str
    state: str = "active"
    language: str = "zh"
    keeps_history: bool = True
    credit: int
    guardian: PatronId | None = None
    expires_on: date | None = None
    merged_into: PatronId | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who it is: never in an event, a log line or an answer to somebody who has no part in it. ``document_hash`` is keyed."""

    name: str = field(repr=False)
    birth_date: date | None = field(default=None, repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    document_type: str | None = None
    document_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """``issuer`` "" is the network. ``number`` of a social security card is its keyed hash."""

    issuer: str
    number: str = field(repr=False)
    kind: str
    patron: PatronId
    state: str = "valid"
    issued_at: datetime
    ended_at: datetime | None = None


def plain_name(text: str) -> str:
    """A name in the form in which two spellings of it are one: compatibility forms resolved, blanks squeezed, "·" as it should be, and
    nothing in it that cannot be seen."""
    seen = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    name = " ".join(seen.split())
    return name.replace("•", "·").replace("・", "·").replace("‧", "·")


def plain_phone(text: str) -> str:
    """Digits alone, with "+" before a foreign country's number; China's own prefix goes."""
    told = unicodedata.normalize("NFKC", text).strip()
    digits = "".join(char for char in told if char.isascii() and char.isdecimal())
    abroad = told.startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00") if abroad else digits
    if digits.startswith("86") and (abroad or len(digits) == 13):
        return digits[2:]
    return f"+{digits}" if abroad and digits else digits


def masked_name(name: str) -> str:
    """Enough to check a card against whoever shows it: the first character."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""
