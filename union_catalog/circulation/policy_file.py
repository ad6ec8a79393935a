"""Reads the policy file (TOML). Every fault is told with the place where it stands; nothing of a faulty file is used.

docs/policies.md describes the file. What JSON says in the same shape is read the same way.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from union_catalog.circulation.policy import (
    EVERY_OTHER,
    OVERDUE_KINDS,
    PRECEDENCE,
    NetworkTerms,
    Overdue,
    PolicyTable,
    Rule,
    Terms,
    criteria_of,
)
from union_catalog.errors import Datum, InvalidInput
from union_catalog.patrons.credit import CreditTerms

LONGEST_ID = 40

Range = tuple[int, int]
_DAYS: Range = (1, 365)
_COUNT: Range = (0, 999)
_FEN: Range = (0, 10_000_000)
_POINTS: Range = (0, 1000)
_TERMS: Mapping[str, Range] = {
    "days": _DAYS,
    "renewals": (0, 99),
    "renewal_days": _DAYS,
    "quota": _COUNT,
    "shelf_days": (1, 60),
    "price_percent": (0, 1000),
    "unpriced_fen": _FEN,
    "lost_after": (0, 3650),
}
_NEEDED = ("days", "renewals", "quota")
_OVERDUE: Mapping[str, Range] = {"grace_days": (0, 90), "per_day": (0, 100_000), "most": _FEN}
_NETWORK: Mapping[str, Range] = {
    "deposit_fen": _FEN,
    "deposit_free_from": _POINTS,
    "limited_below": _POINTS,
    "blocked_below": _POINTS,
    "limited_quota": _COUNT,
    "debt_fen": _FEN,
    "overdue_days": (0, 365),
    "history_days": (0, 3650),
}
_CREDIT: Mapping[str, Range] = {
    "full": (1, 1000),
    "late_per_day": _POINTS,
    "late_most": _POINTS,
    "lost": _POINTS,
    "damaged": _POINTS,
    "repair_points": _POINTS,
    "repair_days": _DAYS,
    "deed_most": _POINTS,
}
_CODES = {"item_library": "libraries", "item_type": "item_types", "patron_category": "categories", "branch": "branches"}
_THRESHOLDS = ("blocked_below", "limited_below", "deposit_free_from")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The codes that rows may name. A table that was in force once may name others, and is read without."""

    libraries: frozenset[str]
    branches: frozenset[str]
    item_types: frozenset[str]
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fault:
    """``place`` such as "rules[3].days"; ``data`` fills the sentence of ``code``."""

    code: str
    place: str
    data: Mapping[str, Datum] = field(default_factory=dict)

    def error(self) -> InvalidInput:
        """As it is raised where nothing but a table without fault will do."""
        return InvalidInput(self.code, name="text", place=self.place, **self.data)


def parse(text: str) -> dict[str, Any]:
    """What the file's text says, unchecked. Raises InvalidInput("policy_syntax") with the parser's words as ``place``."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Fault("policy_syntax", str(error)).error() from error


def read_policy(text: str, version: int, known: Known | None = None) -> PolicyTable:
    """The table of a file without fault. Raises InvalidInput for the first fault that :func:`read_table` finds."""
    table, faults = read_table(parse(text), version, known)
    if faults:
        raise faults[0].error()
    return table


def read_table(data: Mapping[str, Any], version: int, known: Known | None = None) -> tuple[PolicyTable, tuple[Fault, ...]]:
    """The table, and every fault; with a fault the table is of no use.

    Codes: policy_unknown_key, policy_missing_key, policy_bad_value, policy_out_of_range (``least``, ``most``), policy_not_among
    (``choices``), policy_unknown_code (``value``), policy_no_fallback, policy_equal_rows and policy_twice (``other``: the row before),
    policy_two_groups, policy_library_and_group, policy_thresholds.
    """
    reading = _Reading(known)
    reading.keys("", data, ("network", "credit", "groups", "rules"))
    credit = CreditTerms(**reading.numbers("credit", reading.table("", data, "credit"), _CREDIT))
    network = _network(reading, reading.table("", data, "network"), credit)
    groups = _groups(reading, reading.table("", data, "groups"))
    rules = tuple(_rule(reading, f"rules[{index}]", row, set(groups.values())) for index, row in enumerate(reading.rows(data, "rules")))
    _check_rules(reading, rules)
    return PolicyTable(version, rules, network, groups), tuple(reading.faults)


class _Reading:
    """Takes values out of tables and notes what is wrong with them; a wrong value reads as if it were not there."""

    def __init__(self, known: Known | None) -> None:
        self.known = known
        self.faults: list[Fault] = []

    def fault(self, code: str, place: str, **data: Datum) -> None:
        self.faults.append(Fault(code, place, data))

    def keys(self, place: str, row: Mapping[str, Any], known: Collection[str]) -> None:
        for name in sorted(row.keys() - set(known)):
            self.fault("policy_unknown_key", _at(place, name), choices=tuple(known))

    def table(self, place: str, row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        value = row.get(name, {})
        if isinstance(value, dict):
            return value
        self.fault("policy_bad_value", _at(place, name))
        return {}

    def rows(self, data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
        value = data.get(name, [])
        if isinstance(value, list) and all(isinstance(row, dict) for row in value):
            return value
        self.fault("policy_bad_value", name)
        return []

    def number(self, place: str, value: object, allowed: Range) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault("policy_bad_value", place)
        elif not allowed[0] <= value <= allowed[1]:
            self.fault("policy_out_of_range", place, least=allowed[0], most=allowed[1])
        else:
            return value
        return None

    def numbers(self, place: str, row: Mapping[str, Any], ranges: Mapping[str, Range], others: Collection[str] = ()) -> dict[str, int]:
        """Those of ``ranges`` that are given; ``others`` are read elsewhere."""
        self.keys(place, row, (*ranges, *others))
        read = {name: self.number(_at(place, name), row[name], allowed) for name, allowed in ranges.items() if name in row}
        return {name: value for name, value in read.items() if value is not None}

    def text(self, place: str, row: Mapping[str, Any], name: str) -> str:
        value = row.get(name, "")
        if isinstance(value, str) and value == value.strip():
            return value
        self.fault("policy_bad_value", _at(place, name))
        return ""

    def code(self, place: str, value: str, kind: str) -> str:
        """``kind`` is a field of Known, or "" for what is not a code of the network."""
        if self.known is not None and value and value not in getattr(self.known, kind):
            self.fault("policy_unknown_code", place, value=value)
        return value


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _network(reading: _Reading, row: Mapping[str, Any], credit: CreditTerms) -> NetworkTerms:
    numbers = reading.numbers("network", row, _NETWORK, ("quota", "caps"))
    quota = _counts(reading, "network.quota", reading.table("network", row, "quota"), "categories")
    caps = _counts(reading, "network.caps", reading.table("network", row, "caps"), "libraries")
    if EVERY_OTHER not in quota:
        reading.fault("policy_no_fallback", f"network.quota.{EVERY_OTHER}")
    quota[""] = quota.pop(EVERY_OTHER, 0)
    terms = NetworkTerms(quota=quota, caps=caps, credit=credit, **numbers)
    limits = [getattr(terms, name) for name in _THRESHOLDS]
    if limits != sorted(limits) or limits[-1] > credit.full:
        reading.fault("policy_thresholds", "network", full=credit.full)
    return terms


def _counts(reading: _Reading, place: str, row: Mapping[str, Any], kind: str) -> dict[str, int]:
    found = {}
    for name, value in row.items():
        if name != EVERY_OTHER or kind != "categories":
            reading.code(_at(place, name), name, kind)
        count = reading.number(_at(place, name), value, _COUNT)
        if count is not None:
            found[name] = count
    return found


def _groups(reading: _Reading, row: Mapping[str, Any]) -> dict[str, str]:
    """Library → group."""
    found: dict[str, str] = {}
    for group, libraries in row.items():
        place = f"groups.{group}"
        if not isinstance(libraries, list) or not libraries or not all(isinstance(code, str) and code for code in libraries):
            reading.fault("policy_bad_value", place)
            continue
        for library in libraries:
            reading.code(place, library, "libraries")
            if library in found:
                reading.fault("policy_two_groups", place, value=library)
            found[library] = group
    return found


def _rule(reading: _Reading, place: str, row: Mapping[str, Any], groups: Collection[str]) -> Rule:
    rule_id = reading.text(place, row, "id")
    if not rule_id:
        reading.fault("policy_missing_key", f"{place}.id")
    elif len(rule_id) > LONGEST_ID or rule_id.split() != [rule_id]:
        reading.fault("policy_bad_value", f"{place}.id")
    named = {name: reading.text(place, row, name) for name in PRECEDENCE}
    for name, kind in _CODES.items():
        reading.code(_at(place, name), named[name], kind)
    if named["item_group"] and named["item_group"] not in groups:
        reading.fault("policy_unknown_code", f"{place}.item_group", value=named["item_group"])
    if named["item_group"] and named["item_library"]:
        reading.fault("policy_library_and_group", f"{place}.item_group")
    return Rule(id=rule_id, **named, terms=_terms(reading, place, row))


def _terms(reading: _Reading, place: str, row: Mapping[str, Any]) -> Terms:
    numbers = reading.numbers(place, row, _TERMS, ("id", "holdable", "overdue", *PRECEDENCE))
    for name in _NEEDED:
        if name not in row:
            reading.fault("policy_missing_key", _at(place, name))
    holdable = row.get("holdable", True)
    if not isinstance(holdable, bool):
        reading.fault("policy_bad_value", f"{place}.holdable")
    days = numbers.get("days", 1)
    defaults = {"days": days, "renewals": 0, "renewal_days": days, "quota": 0}
    overdue = _overdue(reading, f"{place}.overdue", reading.table(place, row, "overdue"))
    return Terms(holdable=bool(holdable), overdue=overdue, **{**defaults, **numbers})


def _overdue(reading: _Reading, place: str, row: Mapping[str, Any]) -> Overdue:
    numbers = reading.numbers(place, row, _OVERDUE, ("kind",))
    kind = row.get("kind", "suspend")
    if kind not in OVERDUE_KINDS:
        reading.fault("policy_not_among", f"{place}.kind", choices=OVERDUE_KINDS)
        return Overdue()
    return Overdue(kind=kind, **numbers)


def _check_rules(reading: _Reading, rules: tuple[Rule, ...]) -> None:
    """That one matches everything, and no two have the same id or match the same."""
    if not any(not criteria_of(rule) for rule in rules):
        reading.fault("policy_no_fallback", "rules")
    ids: dict[str, int] = {}
    criteria: dict[tuple[str, ...], int] = {}
    for index, rule in enumerate(rules):
        place = f"rules[{index}]"
        if rule.id and (other := ids.setdefault(rule.id, index)) != index:
            reading.fault("policy_twice", f"{place}.id", value=rule.id, other=f"rules[{other}]")
        if (other := criteria.setdefault(tuple(getattr(rule, name) for name in PRECEDENCE), index)) != index:
            reading.fault("policy_equal_rows", place, value=rule.id, other=f"rules[{other}]")
