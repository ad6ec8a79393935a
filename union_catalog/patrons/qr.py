"""The reader's code on the phone: signed, valid for a minute, and good for one desk once.

Its text keeps to the 45 characters that a QR code packs most densely (ISO/IEC 18004, alphanumeric mode) and is read in either case, as
scanners with a pressed shift key send it.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from union_catalog.errors import InvalidInput
from union_catalog.ids import PatronId
from union_catalog.patrons.keys import PersonKeys

VALID_FOR = timedelta(minutes=1)
_MARK = "UC1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"UC1-([0-9A-Z]{1,24})-([0-9A-F]{8,9})-([0-9A-F]{16,32})-([0-9A-F]{32})")


@dataclass(frozen=True, slots=True)
class Code:
    """What a code says. ``nonce`` is never the same twice."""

    patron: PatronId
    issued_at: datetime
    nonce: str

    @property
    def ends_at(self) -> datetime:
        return self.issued_at + VALID_FOR


def write_code(keys: PersonKeys, code: Code) -> str:
    """The text of a code; its instant is kept to the second."""
    said = f"{_MARK}-{code.patron.upper()}-{int(code.issued_at.timestamp()):08X}-{code.nonce.upper()}"
    return f"{said}-{_signature(keys, said)}"


def is_code(text: str) -> bool:
    """Whether it was meant as a code of ours, rather than as the number of a card."""
    return text.strip()[:4].upper() == f"{_MARK}-"


def read_code(keys: PersonKeys, text: str, now: datetime, valid_for: timedelta = VALID_FOR) -> Code:
    """Raises InvalidInput("qr_forged") for what we did not sign, InvalidInput("qr_expired") for what is not of this minute.

    One from the minute to come is taken: a machine's clock may have been set back.
    """
    found = _FORM.fullmatch(text.strip().upper())
    if found is None or not hmac.compare_digest(found.group(4), _signature(keys, found.group().rpartition("-")[0])):
        raise InvalidInput("qr_forged", name="card")
    issued = _EPOCH + timedelta(seconds=int(found.group(2), 16))
    if abs(now - issued) > valid_for:
        raise InvalidInput("qr_expired", name="card")
    return Code(PatronId(found.group(1).lower()), issued, found.group(3))


def _signature(keys: PersonKeys, said: str) -> str:
    return hmac.new(keys.codes, said.encode(), hashlib.sha256).hexdigest()[:32].upper()
