"""A notice: one thing to tell a reader. Several of a kind go out as one message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from union_catalog.context import Language
from union_catalog.ids import LoanId, PatronId

# Every kind; api/templates/notices holds the words of each. ``kind`` + ``about`` is told once.
DUE_SOON, DUE_TODAY, OVERDUE = "due_soon", "due_today", "overdue"
LOAN_KINDS = (DUE_SOON, DUE_TODAY, OVERDUE)
CARD_EXPIRING, BLOCK_SET = "card_expiring", "block_set"
KINDS = (
    *LOAN_KINDS,
    CARD_EXPIRING,
    "card_issued",
    "card_frozen",
    "pin_reset",
    "pin_locked",
    "credit_limited",
    "credit_blocked",
    "credit_restored",
    BLOCK_SET,
    "objection_decided",
)

# Why a notice was not sent; api/data/labels.toml names them.
REASONS = (
    "no_address",  # neither an e-mail address nor a telephone number, of the reader or the guardian
    "no_channel",  # there is an address, and nothing is set up that reaches it
    "no_longer_true",  # the book came back, its date was moved, or the block ended, before the message went
    "refused",  # whoever carries messages will not take this one
    "gave_up",  # it could not be handed over after the last attempt
    "interrupted",  # it may or may not have gone out: told twice is worse than not
)

Value = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """``about`` tells it from others of its kind: a loan and a day. ``data`` holds ids, codes and dates, nothing that tells who."""

    id: str
    patron: PatronId
    kind: str
    about: str
    created_at: datetime
    loan: LoanId | None = None
    data: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who is written to, known at this moment and kept nowhere. ``name`` is the reader's, the addresses may be a guardian's."""

    name: str
    language: Language
    email: str = ""
    phone: str = ""
