"""The rule table: which terms a loan has, which row won, and why.

A row names some of item library, group of libraries, item type, patron category and lending branch; what it leaves out ("") matches
everything. Of the rows that match, the one that names the most significant criterion wins (PRECEDENCE, first is most significant), then
the next, as in a dictionary; so the item's library always decides before the reader's category does. The row that names nothing is the
fallback and must exist. Two rows that name the same are a fault of the file and never get here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal

from union_catalog.patrons.credit import CreditTerms, Thresholds

PRECEDENCE = ("item_library", "item_group", "item_type", "patron_category", "branch")
EVERY_OTHER = "other"  # how files and answers name what holds for every category that is not named
OVERDUE_KINDS = ("none", "suspend", "fine")
OverdueKind = Literal["none", "suspend", "fine"]
_criteria = attrgetter(*PRECEDENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """What a late return brings: so many days without borrowing, or so many fen, for each open day of the lending branch, up to ``most``.

    The first ``grace_days`` open days bring nothing.
    """

    kind: OverdueKind = "suspend"
    grace_days: int = 0
    per_day: int = 1
    most: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a rule grants. ``quota``: loans at a time under this rule; ``price_percent``: of the price, for what is lost.

    ``lost_after``: late for more open days than these, a loan counts as lost; 0 for never.
    """

    days: int
    renewals: int
    renewal_days: int
    quota: int
    holdable: bool = True
    shelf_days: int = 5
    overdue: Overdue = Overdue()
    price_percent: int = 100
    unpriced_fen: int = 5000  # what is asked for an item whose price nobody knows
    lost_after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row. ``id`` is unique in its table and stays in the loans made under it. It names a library or a group, not both."""

    id: str
    item_library: str = ""
    item_group: str = ""
    item_type: str = ""
    patron_category: str = ""
    branch: str = ""
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkTerms:
    """What holds for every loan of the network. ``caps``: loans at a time of one library's items, where that library set one.

    ``blocked_below`` ≤ ``limited_below`` ≤ ``deposit_free_from`` are credit points; a limited reader has ``limited_quota``.
    ``overdue_days``: so many open days late and nothing more is lent. ``history_days``: then a returned loan loses its reader.
    """

    quota: dict[str, int]  # by patron category; "" for every other
    caps: dict[str, int]
    deposit_fen: int = 10000
    deposit_free_from: int = 60
    limited_below: int = 60
    blocked_below: int = 20
    limited_quota: int = 2
    debt_fen: int = 2000  # who owes more borrows nothing
    overdue_days: int = 0
    history_days: int = 180
    credit: CreditTerms = field(default_factory=CreditTerms)

    @property
    def thresholds(self) -> Thresholds:
        """Of the credit points."""
        return Thresholds(deposit_free_from=self.deposit_free_from, limited_below=self.limited_below, blocked_below=self.blocked_below)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Under which circumstances a loan would be made."""

    item_library: str
    item_type: str
    patron_category: str
    branch: str


@dataclass(frozen=True, slots=True)
class Choice:
    """``rule`` won; ``matched`` are the criteria that it names, ``beaten`` the ids of others that matched, the next best first."""

    rule: Rule
    matched: tuple[str, ...]
    beaten: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """A whole table as it was or is in force. ``rules`` hold one that names nothing; ``groups``: library → the group it is in."""

    version: int
    rules: tuple[Rule, ...]
    network: NetworkTerms
    groups: Mapping[str, str] = field(default_factory=dict)
    _rows: Mapping[tuple[str, ...], Rule] = field(init=False, repr=False, compare=False)
    _kinds: tuple[tuple[bool, ...], ...] = field(init=False, repr=False, compare=False)  # which criteria rows name, the strongest first
    _by_id: Mapping[str, Rule] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rows = {_criteria(rule): rule for rule in self.rules}
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_kinds", tuple(sorted({tuple(map(bool, row)) for row in rows}, reverse=True)))
        object.__setattr__(self, "_by_id", {rule.id: rule for rule in self.rules})

    def choose(self, question: Question) -> Choice:
        """The row for these circumstances. There always is one."""
        library = question.item_library
        asked = (library, self.groups.get(library, ""), question.item_type, question.patron_category, question.branch)
        usable = (kind for kind in self._kinds if all(map(_may_match, asked, kind)))
        keys = (tuple(value if named else "" for value, named in zip(asked, kind, strict=True)) for kind in usable)
        found = [self._rows[key] for key in keys if key in self._rows]
        return Choice(found[0], criteria_of(found[0]), tuple(rule.id for rule in found[1:]))

    def rule(self, rule_id: str) -> Rule:
        """Raises KeyError for an id that this version does not have."""
        return self._by_id[rule_id]

    def quota_of(self, category: str) -> int:
        """How many loans a reader of this category may have in the whole network."""
        return self.network.quota.get(category, self.network.quota[""])

    def allowance(self, category: str, credit: int) -> int:
        """The same of a reader with so many credit points: a limited one has less."""
        quota = self.quota_of(category)
        return min(quota, self.network.limited_quota) if credit < self.network.limited_below else quota


def criteria_of(rule: Rule) -> tuple[str, ...]:
    """What a row names, the most significant first."""
    return tuple(name for name in PRECEDENCE if getattr(rule, name))


def _may_match(asked: str, named: bool) -> bool:
    """A row that names a group does not match a library in none."""
    return bool(asked) or not named


def decided_by(winner: Rule, beaten: Rule) -> str:
    """The criterion for which ``winner`` was taken before ``beaten``: the most significant that only the winner names."""
    return next(name for name in PRECEDENCE if getattr(winner, name) and not getattr(beaten, name))
