"""Writes a policy table as a file, as policy_file reads it: what was given as JSON is kept as a file too."""

from collections.abc import Iterator, Mapping
from typing import Any

from union_catalog.circulation.policy import EVERY_OTHER, PRECEDENCE, PolicyTable, Rule

_OF_RULE = ("days", "renewals", "renewal_days", "quota", "holdable", "shelf_days", "price_percent", "unpriced_fen", "lost_after")
_OF_NETWORK = (
    "deposit_fen", "deposit_free_from", "limited_below", "limited_quota", "blocked_below", "debt_fen", "overdue_days", "history_days",
)  # fmt: skip


def table_data(table: PolicyTable) -> dict[str, Any]:
    """The table in the shape of the file, every value told; a rule's criteria stand before its terms."""
    network = table.network
    quota = {name: count for name, count in network.quota.items() if name} | {EVERY_OTHER: network.quota[""]}
    return {
        "network": {name: getattr(network, name) for name in _OF_NETWORK} | {"quota": quota, "caps": dict(network.caps)},
        "credit": {name: getattr(network.credit, name) for name in network.credit.__dataclass_fields__},
        "groups": _members(table.groups),
        "rules": [dict(_row(rule)) for rule in table.rules],
    }


def write_policy(table: PolicyTable) -> str:
    """A file that reads as this table."""
    data = table_data(table)
    network = data["network"]
    return "\n".join(
        (
            _section("[network]", {name: network[name] for name in _OF_NETWORK}),
            _section("[network.quota]", network["quota"]),
            _section("[network.caps]", network["caps"]),
            _section("[credit]", data["credit"]),
            _section("[groups]", data["groups"]),
            *(_section("[[rules]]", rule) for rule in data["rules"]),
        )
    )


def _row(rule: Rule) -> Iterator[tuple[str, object]]:
    yield "id", rule.id
    for name in PRECEDENCE:
        if told := getattr(rule, name):
            yield name, told
    for name in _OF_RULE:
        yield name, getattr(rule.terms, name)
    overdue = rule.terms.overdue
    yield "overdue", {name: getattr(overdue, name) for name in overdue.__dataclass_fields__}


def _members(groups: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for library, group in groups.items():
        found.setdefault(group, []).append(library)
    return found


def _section(head: str, values: Mapping[str, object]) -> str:
    return "\n".join((head, *(f"{_text(name) if not _is_bare(name) else name} = {_value(value)}" for name, value in values.items()))) + "\n"


def _is_bare(name: str) -> bool:
    return name.isascii() and name.replace("-", "").replace("_", "").isalnum()


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return f"{{ {', '.join(f'{name} = {_value(one)}' for name, one in value.items())} }}"
        case _:
            return str(value)


def _text(told: str) -> str:
    """A basic string of TOML."""
    escaped = (f"\\u{ord(char):04X}" if ord(char) < 32 or char in '"\\\x7f' else char for char in told)
    return f'"{"".join(escaped)}"'
