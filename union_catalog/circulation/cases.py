"""Every case of every action of a desk, numbered once. docs/circulation.md tells them in words, api/data/cases.toml says what to do.

A number that was given stays with its case for good: desks, logs and readers' letters name it.
"""

from collections.abc import Mapping
from enum import StrEnum

from union_catalog.patrons.blocks import KINDS


class CheckOut(StrEnum):
    """What can become of a check-out that is carried out."""

    LENT = "CO-1"
    LENT_FROM_HOLD = "CO-2"
    LENT_ON_ARRIVAL = "CO-3"
    LENT_WHEN_FOUND = "CO-4"
    LENT_PAST_BLOCKS = "CO-5"
    RECORDED = "CO-6"
    RECORDED_WITH_BLOCKS = "CO-7"
    RECORDED_AFTER_RETURN = "CO-8"
    ALREADY_LENT = "CO-9"
    LENT_ON_SINCE = "CO-10"


class Recorded(StrEnum):
    """What else can become of a check-out that is put on record later, numbered after the refusals."""

    UNKNOWN_READER = "CO-37"
    RETURNED_SINCE = "CO-38"
    UNKNOWN_ITEM = "CO-39"


class CheckIn(StrEnum):
    """What can become of an item that is handed in, or of a barcode."""

    HOME = "CI-1"
    SENT_HOME = "CI-2"
    FLOATS = "CI-3"
    HOLD_SHELF = "CI-4"
    TO_PICKUP = "CI-5"
    TO_PICKUP_FAR = "CI-6"
    ARRIVED_HOME = "CI-7"
    ARRIVED_FOR_HOLD = "CI-8"
    PASSING_HOME = "CI-9"
    PASSING_TO_PICKUP = "CI-10"
    NOBODYS_HOME = "CI-11"
    NOBODYS_SENT_HOME = "CI-12"
    NOBODYS_FLOATS = "CI-13"
    FOUND_HOME = "CI-14"
    FOUND_SENT_HOME = "CI-15"
    FOUND_FLOATS = "CI-16"
    FOUND_FOR_HOLD = "CI-17"
    FOUND_TO_PICKUP = "CI-18"
    REPEATED = "CI-19"
    UNKNOWN = "CI-20"
    AMBIGUOUS = "CI-21"
    LENT_SINCE = "CI-22"
    ON_SHELF_ALREADY = "CI-23"
    TO_REPAIR = "CI-24"
    WITHDRAWN = "CI-25"
    SEEN_SINCE = "CI-26"


class Renewal(StrEnum):
    """What can become of a renewal that is carried out."""

    RENEWED = "RN-1"
    RENEWED_PAST_BLOCKS = "RN-2"


class ItemCase(StrEnum):
    """What a desk can say of an item that nobody brings or takes. From IT-21 on: it does not hold."""

    LOST_ON_LOAN = "IT-1"
    LOST = "IT-2"
    MISSING = "IT-3"
    FOUND_LOAN = "IT-4"
    FOUND = "IT-5"
    CLAIMED = "IT-6"
    CLAIM_WITHDRAWN = "IT-7"
    DAMAGED_ON_LOAN = "IT-8"
    DAMAGED = "IT-9"
    REPAIRED = "IT-10"
    REBARCODED = "IT-11"
    WITHDRAWN = "IT-12"
    QUICK = "IT-13"
    LOST_OVERDUE = "IT-14"
    NOT_ON_LOAN = "IT-21"
    NOT_LOST = "IT-22"
    LOST_ALREADY = "IT-23"
    BARCODE_TAKEN = "IT-24"
    IN_USE = "IT-25"
    NOT_DAMAGED = "IT-26"
    CLAIMED_ALREADY = "IT-27"
    WITHDRAWN_ALREADY = "IT-28"
    DAMAGED_ALREADY = "IT-29"


class Undoing(StrEnum):
    """What can become of taking an action back. From UN-2 on: it stays."""

    UNDONE = "UN-1"
    NOT_THE_LAST = "UN-2"
    TOO_LATE = "UN-3"
    FOR_GOOD = "UN-4"
    UNDONE_ALREADY = "UN-5"


# Refused for that reason first; every other that stands in the way is listed beside it.
_RENEWAL_BLOCKS = (
    "card_expired", "patron_pending", "guardian_consent_missing", "suspended", "overdue_loans", "lost_item", "debt", "credit_too_low",
    "staff_block", "renewals_used", "hold_waiting", "claimed_returned", "not_later", "remote_item",
)  # fmt: skip
_RENEWAL_ALONE = ("renewals_used", "hold_waiting", "claimed_returned", "not_later")
REFUSED_CHECK_OUT = {code: f"CO-{number}" for number, code in enumerate([code for code in KINDS if code not in _RENEWAL_ALONE], 11)}
REFUSED_RENEWAL = {code: f"RN-{number}" for number, code in enumerate(_RENEWAL_BLOCKS, 11)}

OUTCOMES: Mapping[str, str] = {
    CheckIn.HOME: "home_shelf",
    CheckIn.SENT_HOME: "transit_home",
    CheckIn.FLOATS: "floats_here",
    CheckIn.HOLD_SHELF: "hold_shelf",
    CheckIn.TO_PICKUP: "transit_pickup",
    CheckIn.TO_PICKUP_FAR: "transit_pickup",
    CheckIn.ARRIVED_HOME: "transit_received",
    CheckIn.ARRIVED_FOR_HOLD: "hold_shelf",
    CheckIn.PASSING_HOME: "transit_home",
    CheckIn.PASSING_TO_PICKUP: "transit_pickup",
    CheckIn.NOBODYS_HOME: "not_on_loan",
    CheckIn.NOBODYS_SENT_HOME: "not_on_loan",
    CheckIn.NOBODYS_FLOATS: "not_on_loan",
    CheckIn.FOUND_HOME: "found_lost",
    CheckIn.FOUND_SENT_HOME: "found_lost",
    CheckIn.FOUND_FLOATS: "found_lost",
    CheckIn.FOUND_FOR_HOLD: "found_lost",
    CheckIn.FOUND_TO_PICKUP: "found_lost",
    CheckIn.REPEATED: "repeated",
    CheckIn.UNKNOWN: "unknown_item",
    CheckIn.LENT_SINCE: "not_on_loan",
    CheckIn.ON_SHELF_ALREADY: "hold_shelf",
    CheckIn.TO_REPAIR: "home_shelf",
    CheckIn.WITHDRAWN: "home_shelf",
    CheckIn.SEEN_SINCE: "not_on_loan",
}
"""What a check-in answers: every case but AMBIGUOUS, which is asked back."""

OUTCOME_NAMES: tuple[str, ...] = tuple(dict.fromkeys(OUTCOMES.values()))

UNDOABLE: frozenset[str] = frozenset(
    {
        *(case for case in CheckOut if case not in (CheckOut.ALREADY_LENT, CheckOut.LENT_ON_SINCE)),
        *(case for case in OUTCOMES if case not in (CheckIn.REPEATED, CheckIn.LENT_SINCE, CheckIn.SEEN_SINCE)),
        *Renewal,
        ItemCase.LOST_ON_LOAN,
        ItemCase.LOST,
        ItemCase.MISSING,
        ItemCase.FOUND_LOAN,
        ItemCase.FOUND,
        ItemCase.CLAIMED,
        ItemCase.CLAIM_WITHDRAWN,
        ItemCase.DAMAGED_ON_LOAN,
        ItemCase.DAMAGED,
        ItemCase.REPAIRED,
    }
)
"""Cases that the desk may take back."""

UNCHANGING: frozenset[str] = frozenset({CheckOut.ALREADY_LENT, CheckIn.LENT_SINCE, CheckIn.SEEN_SINCE})
"""Cases that are written down although nothing is otherwise than before."""

NUMBERS: tuple[str, ...] = (
    *CheckOut,
    *REFUSED_CHECK_OUT.values(),
    *Recorded,
    *CheckIn,
    *Renewal,
    *REFUSED_RENEWAL.values(),
    *ItemCase,
    *Undoing,
)
"""All of them."""
