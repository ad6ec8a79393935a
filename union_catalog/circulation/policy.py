"""The rule table: which terms a loan has, which row won, and why.

A row names some of item library, item type, patron category and lending branch; what it leaves out ("") matches everything. Of the rows
that match, the one that names the most significant criterion wins (PRECEDENCE, first is most significant), then the next, as in a
dictionary; so the item's library always decides before the reader's category does. The row that names nothing is the fallback and must
exist. Two rows that name the same are a fault of the file and never get here.
"""

from dataclasses import dataclass
from typing import Literal

PRECEDENCE = ("item_library", "item_type", "patron_category", "branch")
OverdueKind = Literal["none", "suspend", "fine"]


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
    """What a rule grants. ``quota``: loans at a time under this rule; ``price_percent``: of the price, for what is lost."""

    days: int
    renewals: int
    renewal_days: int
    quota: int
    holdable: bool = True
    shelf_days: int = 5
    overdue: Overdue = Overdue()
    price_percent: int = 100
    unpriced_fen: int = 5000  # what is asked for an item whose price nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row. ``id`` is unique in its table and stays in the loans made under it."""

    id: str
    item_library: str = ""
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
    """A whole table as it was or is in force. ``rules`` hold one that names nothing."""

    version: int
    rules: tuple[Rule, ...]
    network: NetworkTerms

    def choose(self, question: Question) -> Choice:
        """The row for these circumstances. There always is one."""
        found = sorted((rule for rule in self.rules if _matches(rule, question)), key=_weight, reverse=True)
        return Choice(found[0], criteria_of(found[0]), tuple(rule.id for rule in found[1:]))

    def rule(self, rule_id: str) -> Rule:
        """Raises KeyError for an id that this version does not have."""
        return next((rule for rule in self.rules if rule.id == rule_id), None) or _missing(rule_id)

    def quota_of(self, category: str) -> int:
        """How many loans a reader of this category may have in the whole network."""
        return self.network.quota.get(category, self.network.quota[""])


def criteria_of(rule: Rule) -> tuple[str, ...]:
    """What a row names, the most significant first."""
    return tuple(name for name in PRECEDENCE if getattr(rule, name))


def _matches(rule: Rule, question: Question) -> bool:
    return all(not getattr(rule, name) or getattr(rule, name) == getattr(question, name) for name in PRECEDENCE)


def _weight(rule: Rule) -> tuple[bool, ...]:
    return tuple(bool(getattr(rule, name)) for name in PRECEDENCE)


def _missing(rule_id: str) -> Rule:
    raise KeyError(rule_id)
