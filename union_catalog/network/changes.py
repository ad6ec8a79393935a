"""How a network file differs from what is known. Nothing is ever removed by a file: a branch with items cannot go by omission, and one
whose hours the file does not tell keeps its calendar.
"""

from collections.abc import Iterable
from dataclasses import fields

from union_catalog.network.couriers import Route
from union_catalog.network.model import Branch, Change, Library, Network, Region

_Entry = Region | Library | Branch | Route


def compare(before: Network, after: Network) -> tuple[Change, ...]:
    """Additions and changes in the order of the file. Equal entries, and those the file does not name, give nothing."""
    return (
        *_compare("region", before.regions, after.regions),
        *_compare("library", before.libraries, after.libraries),
        *_compare("branch", before.branches, after.branches),
        *_compare("route", before.routes, after.routes),
    )


def _compare(kind: str, before: Iterable[_Entry], after: Iterable[_Entry]) -> list[Change]:
    known = {entry.code: entry for entry in before}
    changes = []
    for entry in after:
        if entry.code not in known:
            changes.append(Change(kind, entry.code, "add"))
        elif differing := _differing(known[entry.code], entry):
            changes.append(Change(kind, entry.code, "change", differing))
    return changes


def _differing(before: _Entry, after: _Entry) -> tuple[tuple[str, str, str], ...]:
    names = (field.name for field in fields(after) if field.name != "hours" or getattr(after, field.name) is not None)
    pairs = ((name, _comparable(getattr(before, name)), _comparable(getattr(after, name))) for name in names)
    return tuple((name, _told(old), _told(new)) for name, old, new in pairs if old != new)


def _told(value: object) -> str:
    return "" if value is None else str(value)


def _comparable(value: object) -> object:
    """Codes are a set; the stops of a route have their order."""
    if not isinstance(value, tuple):
        return value
    return " ".join(sorted(value)) if all(isinstance(one, str) for one in value) else " → ".join(map(str, value))
