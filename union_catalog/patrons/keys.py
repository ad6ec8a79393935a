"""Keyed hashes: what a document's number leaves behind, from which the number cannot be had without the installation's key."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import date

from stdnum.cn import ric

from union_catalog.errors import InvalidInput
from union_catalog.identifiers import barcode

RESIDENT_ID = "resident_id"
LONGEST_DOCUMENT = 60
_RESIDENT_ID_LENGTH = 18


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

    Raises InvalidInput("resident_id_invalid") for a resident ID (GB 11643) whose check digit, place or date is wrong, and
    InvalidInput("document_invalid") for an empty or overlong number.
    """
    plain = barcode(number).upper()
    digits = plain.replace("-", "")
    if len(digits) == _RESIDENT_ID_LENGTH and ric.is_valid(digits):
        return Document(RESIDENT_ID, digits, date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14])))
    if kind == RESIDENT_ID:
        raise InvalidInput("resident_id_invalid", name="document")
    if not plain or len(plain) > LONGEST_DOCUMENT:
        raise InvalidInput("document_invalid", name="document")
    return Document(kind, plain)
