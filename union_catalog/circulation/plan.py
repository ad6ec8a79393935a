"""What was decided: a numbered case, what it changes, and what is said about it. A plan is carried out whole or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from union_catalog.ids import BranchCode, HoldId, ItemId, LibraryCode, LoanId, PatronId, TransitId
from union_catalog.patrons.blocks import Block

Told = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLoanEffect:
    """A new loan; the writer gives it its id. ``ended``: it was returned before it is recorded, nobody knows where."""

    item: ItemId
    item_library: LibraryCode
    patron: PatronId
    patron_library: LibraryCode
    patron_category: str
    age_band: str
    due_date: date
    policy_version: int
    policy_rule: str
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLoan:
    """An event of the loan machine, in the state in which the loan was found; a return is at ``branch``."""

    loan: LoanId
    state: str
    event: str
    branch: BranchCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendLoan:
    """``renewals``: so many there were before this one."""

    loan: LoanId
    renewals: int
    due_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTransitEffect:
    """On its way from the desk at once, or as soon as somebody fetches it."""

    item: ItemId
    to_branch: BranchCode
    purpose: str
    hold: HoldId | None = None
    dispatched: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTransit:
    transit: TransitId
    state: str
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepHold:
    """Events of the hold machine, one after another. ``item`` is that to which it is allocated."""

    hold: HoldId
    state: str
    events: tuple[str, ...]
    item: ItemId | None = None
    shelf_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceItem:
    """Where the item is from now on, and in what condition; None leaves it as it is."""

    item: ItemId
    branch: BranchCode | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterBlock:
    patron: PatronId
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftBlocks:
    """Ends the blocks in force of one code that a loan brought."""

    patron: PatronId
    code: str
    loan: LoanId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCredit:
    patron: PatronId
    points: int
    cause: str
    loan: LoanId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """``kind`` "fine" or "compensation"; a negative amount gives back what was charged."""

    patron: PatronId
    library: LibraryCode
    kind: str
    amount_fen: int
    loan: LoanId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStray:
    """A barcode that nobody knows was handed in."""

    barcode: str


Effect = (
    OpenLoanEffect
    | StepLoan
    | ExtendLoan
    | OpenTransitEffect
    | StepTransit
    | StepHold
    | PlaceItem
    | EnterBlock
    | LiftBlocks
    | ChangeCredit
    | Charge
    | TakeStray
)


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say beside the instruction: a code of api/data/cases.toml and what fills it."""

    code: str
    data: Mapping[str, Told] = field(default_factory=dict)


def flagged(blocks: Iterable[Block]) -> tuple[Note, ...]:
    """What stood in the way of something that had happened all the same, each with its dates and counts."""
    return tuple(
        Note(
            "flagged",
            {
                "block": block.code,
                "library": block.library,
                "until": block.until.isoformat() if block.until else None,
                "count": block.count,
                "limit": block.limit,
            },
        )
        for block in blocks
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``case`` is a number of circulation.cases; ``told`` fills its instruction: codes, dates and counts, never personal values.

    ``blocks`` are all that stand in the way: then there are no effects. ``overridden`` are those that somebody with the right went past.
    """

    case: str
    effects: tuple[Effect, ...] = ()
    told: Mapping[str, Told] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    overridden: tuple[Block, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def refused(self) -> bool:
        return bool(self.blocks)
