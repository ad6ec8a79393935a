"""Keyed hashes: what a document's number leaves behind, from which the number cannot be had without the installation's key."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

from union_catalog.errors import InvalidInput
from union_catalog.identifiers import barcode

RESIDENT_ID = "resident_id"
LONGEST_DOCUMENT = 60
_RESIDENT_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")


@dataclass(frozen=True, slots=True)
class PersonKeys:
    """One key a purpose, all from the installation's secret: what one of them signs the others do not take."""

    documents: bytes = field(repr=False)
    social: bytes = field(repr=False)
    codes: bytes = field(repr=False)
    pins: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: str) -> "PersonKeys":
        """The keys of an installation. Another secret finds no reader by a document any more."""
        purposes = ("document", "social", "qr", "pin")
        return cls(*(hmac.digest(secret.encode(), f"union-catalog {purpose}".encode(), "sha256") for purpose in purposes))

    def document(self, kind: str, number: str) -> str:
        """What is kept of a document: 64 hexadecimal digits."""
        return hmac.new(self.documents, f"{kind}\x00{number}".encode(), hashlib.sha256).hexdigest()

    def social_card(self, number: str) -> str:
        """What is kept of a social security card's number."""
        return hmac.new(self.social, number.encode(), hashlib.sha256).hexdigest()

    def pin(self, pin: str) -> str:
        """What is given to argon2: a million PINs are soon tried by whoever has the database, but not without this key."""
        return hmac.new(self.pins, pin.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it is hashed. ``born`` is the date of birth that its number tells, where it does."""

    kind: str
    number: str = field(repr=False)
    born: date | None = field(default=None, repr=False)


def read_document(kind: str, number: str) -> Document:
    """A document of identity in its one form: the same card is the same reader, however its kind was named.

    Raises InvalidInput("resident_id_invalid") for a resident ID (GB 11643) whose check digit or date is wrong, and
    InvalidInput("document_invalid") for an empty or overlong number. Its place is that of the registration, perhaps years after the birth,
    when a county had become a district: it proves nothing. Residence permits of Hong Kong, Macao, Taiwan and foreigners have the same form.
    """
    plain = barcode(number).upper()
    digits = plain.replace("-", "")
    born = _born(digits)
    if born is not None:
        return Document(RESIDENT_ID, digits, born)
    if kind == RESIDENT_ID:
        raise InvalidInput("resident_id_invalid", name="document")
    if not plain or len(plain) > LONGEST_DOCUMENT:
        raise InvalidInput("document_invalid", name="document")
    return Document(kind, plain)


def _born(digits: str) -> date | None:
    """The date of birth in a resident ID; None where it is none."""
    if not _RESIDENT_ID.fullmatch(digits) or ric.calc_check_digit(digits) != digits[-1]:
        return None
    try:
        born: date = ric.get_birth_date(digits)
    except InvalidComponent:
        return None
    return born
