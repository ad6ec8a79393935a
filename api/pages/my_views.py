"""What the reader's own pages show. All of it is one reader's: no page of these is kept anywhere."""

from dataclasses import dataclass

from markupsafe import Markup

from api.pages.my_words import Look
from api.pages.views import CoverView


@dataclass(frozen=True, slots=True)
class CodeView:
    """The code as a drawing; ``lasts``: for so many seconds from now, until ``ends``, as the clock on the wall says it."""

    drawing: Markup
    lasts: int
    ends: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanLine:
    """``union_id`` "" where the catalogue has no such edition now. ``reasons``: why it was not renewed; ``all_well``: nothing amiss."""

    id: str
    title: str
    title_language: str
    volume: str
    union_id: str
    cover: CoverView | None
    look: Look
    place: str
    renewals_left: int
    renewable: bool
    reasons: tuple[str, ...] = ()
    all_well: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockLine:
    """``id`` "" for what follows from loans, money or points; then ``see`` is the page on which that stands.

    ``everywhere``: it stands in the way in the whole network. ``objection`` says what became of one that was made; "" where there is none.
    """

    id: str
    message: str
    everywhere: bool
    library: str
    reason: str
    since: str
    until: str
    how: str
    see: str
    objection: str


@dataclass(frozen=True, slots=True)
class WardLine:
    """A child for whom the reader stands."""

    name: str
    loans: int
    look: Look | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """``left``: how many more can be borrowed; None where nothing can be. ``frozen``: no card of the reader is taken any more."""

    name: str
    number: str
    expires: str
    expired: bool
    expiring: bool
    left: int | None
    frozen: bool
    code: CodeView
    blocks: tuple[BlockLine, ...]
    loans: tuple[LoanLine, ...]
    renewed: str
    some_refused: bool
    wards: tuple[WardLine, ...]
    keeps_history: bool
    points: int
    standing: str
    owed: str


@dataclass(frozen=True, slots=True)
class DueView:
    """What the home page says to a reader: how many are out, how many of them late, and what is due next."""

    loans: int
    late: int
    look: Look | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line of the account or of the credit log. ``about_id`` is what can be objected to, "" for what cannot."""

    day: str
    what: str
    library: str = ""
    amount: str
    worse: bool
    detail: str
    about_id: str
    objection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """``charges`` and ``deposits`` are (library, what, amount)."""

    owed: str
    deposit: str
    charges: tuple[tuple[str, str, str], ...]
    deposits: tuple[tuple[str, str], ...]
    entries: tuple[LogLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditView:
    """``mends``: the day on which time gives back next, "" for never."""

    points: int
    full: int
    standing: str
    deposit_free_from: int
    limited_below: int
    blocked_below: int
    mends: str
    log: tuple[LogLine, ...]


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """What was objected to and what came of it. ``look`` is the state."""

    made: str
    text: str
    look: Look
    answer: str


@dataclass(frozen=True, slots=True)
class PastLine:
    """A loan of the past."""

    title: str
    volume: str
    union_id: str
    place: str
    lent: str
    ended: str
    lost: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """What was told or will be, in words. ``when`` is of the state that ``look`` says; ``way`` "" for what has none yet, ``why``: not sent.

    ``mendable``: other contact details would help.
    """

    subject: str
    text: str
    look: Look
    when: str
    way: str
    why: str
    mendable: bool


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """``id`` "" where it cannot be withdrawn, or is no more."""

    id: str
    label: str
    library: str
    notice: str
    given: str
    withdrawn: str


@dataclass(frozen=True, slots=True)
class StandsInTheWay:
    """Of an erasure: open loans, holds, children, money. Nothing of it, and the reader can be erased."""

    loans: int = 0
    holds: int = 0
    wards: int = 0
    owed: str = ""
    deposit: str = ""

    @property
    def anything(self) -> bool:
        return bool(self.loans or self.holds or self.wards or self.owed or self.deposit)
