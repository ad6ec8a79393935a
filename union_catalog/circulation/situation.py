"""What a desk's decision is made from: frozen, read under lock in one transaction, holding no more than decisions need."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from union_catalog.circulation.policy import PolicyTable, Terms
from union_catalog.ids import BranchCode, HoldId, ItemId, LibraryCode, LoanId, PatronId, TransitId, UnionId
from union_catalog.network.hours import OpeningHours
from union_catalog.patrons.blocks import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLoan:
    """A loan that binds an item; ``patron`` is always known while it does."""

    id: LoanId
    item: ItemId
    patron: PatronId
    state: str
    item_library: LibraryCode
    item_type: str
    lending_branch: BranchCode
    lent_at: datetime
    due_date: date
    renewals: int
    policy_version: int
    policy_rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTransit:
    id: TransitId
    from_branch: BranchCode
    to_branch: BranchCode
    purpose: str
    state: str
    hold: HoldId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOnItem:
    """A hold to which the item is allocated, or the first of the queue that it could serve."""

    id: HoldId
    patron: PatronId
    pickup_branch: BranchCode
    pickup_library: LibraryCode
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSituation:
    """``branch`` is where it is or was last seen. ``home_branch`` None for what lies nowhere.

    ``remote``: its library's own system lends it. ``hold`` is allocated to it; ``waiting`` is the first in the queue that it could
    serve. ``lost_loan``: the loan that ended with its loss; ``charged_fen`` and ``points_taken`` are what that loss took and still holds.
    """

    id: ItemId
    library: LibraryCode
    barcode: str
    union_id: UnionId
    item_type: str
    lending: str
    home_branch: BranchCode | None
    branch: BranchCode | None
    condition: str = "good"
    withdrawn: bool = False
    remote: bool = False
    price_fen: int | None = None
    loan: OpenLoan | None = None
    transit: OpenTransit | None = None
    hold: HoldOnItem | None = None
    waiting: HoldOnItem | None = None
    lost_loan: OpenLoan | None = None
    charged_fen: int = 0
    points_taken: int = 0
    floats: bool = False


@dataclass(frozen=True, slots=True)
class UnknownBarcode:
    """What was scanned and belongs to no library."""

    barcode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronSituation:
    """``card_state``: of the credential that was shown. ``loans`` are all that are open; ``blocks`` the rows in force, of every library.

    ``owed_fen`` and ``deposit_fen`` are sums over the whole network. ``guardian_consent`` is True for whoever needs none.
    """

    id: PatronId
    library: LibraryCode
    category: str
    age_band: str
    state: str
    card_state: str
    expires_on: date | None
    credit: int
    guardian_consent: bool = True
    loans: tuple[OpenLoan, ...] = ()
    blocks: tuple[Block, ...] = ()
    owed_fen: int = 0
    deposit_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where and when: ``now`` is the moment at which it happens or happened, ``today`` its day in the network's calendar.

    ``hours``: of every branch whose days a decision counts; one that is not named is open every day.
    ``versions`` are the tables under which the loans in question were made.
    """

    branch: BranchCode
    library: LibraryCode
    now: datetime
    today: date
    policies: PolicyTable
    hours: Mapping[BranchCode, OpeningHours | None]
    versions: Mapping[int, PolicyTable] = field(default_factory=dict)
    rights: frozenset[str] = frozenset()  # of whoever stands there: "circulation", "manager"

    def terms_of(self, loan: OpenLoan) -> Terms:
        """Those under which it was made."""
        return self.versions.get(loan.policy_version, self.policies).rule(loan.policy_rule).terms
