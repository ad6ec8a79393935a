"""What another policy table would change: rules and network terms by name, and what open loans would get if they were made under it.

No loan is touched by a new table: each keeps the version under which it was made. What is counted here says how the new one differs in
practice, before it takes effect.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, is_dataclass

from union_catalog.circulation.policy import EVERY_OTHER, PolicyTable, Question, Rule

Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changes: its name as in the file ("days", "overdue.kind", "quota.child"); None where it does not stand."""

    name: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class RuleChange:
    """``action`` "add", "change" or "remove". ``differences`` are of a change: criteria and terms."""

    rule: str
    action: str
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenLoans:
    """So many open loans that were made under the same circumstances by the same rule."""

    question: Question
    version: int
    rule: str
    loans: int


@dataclass(frozen=True, slots=True)
class Moved:
    """So many open loans of the rule ``before`` (of ``version``) would be made by the rule ``after``, with other terms."""

    version: int
    before: str
    after: str
    loans: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class OpenReaders:
    """So many readers of a category who have so many open loans each."""

    category: str
    loans: int
    readers: int


@dataclass(frozen=True, slots=True)
class Check:
    """``loans`` are all that are open, ``affected`` those that would get other terms, by rule in ``moved``, the most first.

    ``less`` and ``more``: term → how many of them would get less or more of it; terms that are no numbers are in neither.
    ``over_quota``: readers who have more than their network quota now, and who would under the new table.
    """

    rules: tuple[RuleChange, ...]
    network: tuple[Difference, ...]
    groups: tuple[Difference, ...]
    loans: int
    moved: tuple[Moved, ...]
    less: Mapping[str, int]
    more: Mapping[str, int]
    over_quota: tuple[int, int]

    @property
    def changes_nothing(self) -> bool:
        return not (self.rules or self.network or self.groups)

    @property
    def affected(self) -> int:
        return sum(moved.loans for moved in self.moved)


def check(
    before: PolicyTable,
    after: PolicyTable,
    open_loans: Iterable[OpenLoans],
    readers: Iterable[OpenReaders],
    table_of: Callable[[int], PolicyTable],
) -> Check:
    """Compares two tables, and counts. ``table_of`` gives the table of a version under which an open loan was made."""
    total, moved = _moved(after, open_loans, table_of)
    less: Counter[str] = Counter()
    more: Counter[str] = Counter()
    for one in moved:
        for difference in one.differences:
            if isinstance(difference.before, int) and isinstance(difference.after, int):
                (less if difference.after < difference.before else more)[difference.name] += one.loans
    return Check(
        rules=compare_rules(before, after),
        network=_differences(_flat(before.network), _flat(after.network)),
        groups=_differences(before.groups, after.groups),
        loans=total,
        moved=moved,
        less=less,
        more=more,
        over_quota=_over_quota(before, after, readers),
    )


def compare_rules(before: PolicyTable, after: PolicyTable) -> tuple[RuleChange, ...]:
    """By id: those of the new table in its order, then those that are gone."""
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    changes = (_changed(old.get(rule.id), rule) for rule in after.rules)
    gone = (RuleChange(rule_id, "remove") for rule_id in old if rule_id not in new)
    return (*(change for change in changes if change is not None), *gone)


def _changed(before: Rule | None, after: Rule) -> RuleChange | None:
    if before is None:
        return RuleChange(after.id, "add")
    differences = _differences(_flat(before), _flat(after))
    return RuleChange(after.id, "change", differences) if differences else None


def _moved(after: PolicyTable, open_loans: Iterable[OpenLoans], table_of: Callable[[int], PolicyTable]) -> tuple[int, tuple[Moved, ...]]:
    counted: Counter[tuple[int, str, str]] = Counter()
    for group in open_loans:
        counted[group.version, group.rule, after.choose(group.question).rule.id] += group.loans
    found = []
    for (version, old, new), loans in counted.items():
        differences = _differences(_flat(table_of(version).rule(old).terms), _flat(after.rule(new).terms))
        if differences:
            found.append(Moved(version, old, new, loans, differences))
    return counted.total(), tuple(sorted(found, key=lambda moved: (-moved.loans, moved.version, moved.before, moved.after)))


def _over_quota(before: PolicyTable, after: PolicyTable, readers: Iterable[OpenReaders]) -> tuple[int, int]:
    now = would_be = 0
    for group in readers:
        now += group.readers if group.loans > before.quota_of(group.category) else 0
        would_be += group.readers if group.loans > after.quota_of(group.category) else 0
    return now, would_be


def _differences(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[Difference, ...]:
    names = dict.fromkeys((*after, *before))
    return tuple(Difference(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name))


def _flat(value: object, prefix: str = "") -> dict[str, Value]:
    """A table or a dataclass as names and plain values; what stands in tables of tables is named with dots. Terms stand beside criteria."""
    found: dict[str, Value] = {}
    named = value if isinstance(value, Mapping) else {name: getattr(value, name) for name in getattr(value, "__dataclass_fields__", ())}
    for name, one in named.items():
        if isinstance(one, Mapping) or is_dataclass(one):
            found |= _flat(one, prefix if name == "terms" else f"{prefix}{name}.")
        else:
            found[f"{prefix}{name or EVERY_OTHER}"] = one
    return found
