"""What stands in a reader's way: who set it, why, since when, until when, what lifts it.

A block holds in the whole network unless its rule says otherwise (一地失信，多地受限). Some are rows, entered and lifted by rule or by
staff; the others follow from the reader's situation and are computed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from union_catalog.ids import LibraryCode, LoanId

Scope = Literal["network", "library"]
Right = Literal["", "circulation", "manager"]


@dataclass(frozen=True, slots=True)
class BlockKind:
    """``entered``: a row that holds until it is lifted; else computed. ``override``: who may go past it; "" for nobody.

    ``lifted_by`` is a code of what makes it end, in words on pages.
    """

    code: str
    override: Right
    lifted_by: str
    entered: bool = False


KINDS: dict[str, BlockKind] = {
    kind.code: kind
    for kind in (
        # the card and the reader
        BlockKind("card_lost", "", "new_card"),
        BlockKind("card_replaced", "", "present_card"),
        BlockKind("card_expired", "manager", "card_renewal"),
        BlockKind("patron_pending", "circulation", "confirmation"),
        BlockKind("guardian_consent_missing", "", "guardian_consent"),
        BlockKind("suspended", "manager", "time", entered=True),
        BlockKind("overdue_loans", "circulation", "return"),
        BlockKind("lost_item", "manager", "compensation", entered=True),
        BlockKind("debt", "manager", "payment"),
        BlockKind("credit_too_low", "manager", "credit_repair"),
        BlockKind("deposit_needed", "manager", "deposit"),
        BlockKind("staff_block", "manager", "staff", entered=True),
        BlockKind("quota_reached", "circulation", "return"),
        BlockKind("rule_quota_reached", "circulation", "return"),
        BlockKind("library_cap_reached", "circulation", "return"),
        # the item
        BlockKind("library_use_only", "manager", "none"),
        BlockKind("online_only", "", "none"),
        BlockKind("lent_to_other", "", "return"),
        BlockKind("lent_to_same", "", "renewal"),
        BlockKind("kept_for_other", "circulation", "hold_end"),
        BlockKind("in_transit", "circulation", "arrival"),
        BlockKind("item_lost", "circulation", "check_in"),
        BlockKind("item_missing", "circulation", "check_in"),
        BlockKind("item_damaged", "manager", "repair"),
        BlockKind("item_withdrawn", "", "cataloguing"),
        BlockKind("remote_item", "", "own_system"),
        # a renewal
        BlockKind("renewals_used", "circulation", "return"),
        BlockKind("hold_waiting", "circulation", "return"),
        BlockKind("claimed_returned", "circulation", "return"),
        BlockKind("not_later", "", "waiting"),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """``library`` set it. ``until`` is the last day on which it holds, None until it is lifted. ``id`` "" where it is computed.

    ``count`` of ``limit``: loans, days, points or fen, as the code has it.
    """

    code: str
    library: LibraryCode
    since: datetime | None = None
    until: date | None = None
    scope: Scope = "network"
    reason: str = ""
    loan: LoanId | None = None
    id: str = ""
    count: int = 0
    limit: int = 0

    @property
    def kind(self) -> BlockKind:
        return KINDS[self.code]

    def holds(self, library: LibraryCode, today: date) -> bool:
        """Whether it stands in the way of a loan by ``library`` today."""
        return (self.until is None or today <= self.until) and (self.scope == "network" or self.library == library)
