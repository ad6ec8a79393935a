"""How a network file differs from what is known. Nothing is ever removed by a file: a branch with items cannot go by omission."""

from collections.abc import Iterable
from dataclasses import fields

from union_catalog.network.model import Branch, Change, Library, Network, Region

_Entry = Region | Library | Branch


def compare(before: Network, after: Network) -> tuple[Change, ...]:
    """Additions and changes in the order of the file. Equal entries, and those the file does not name, give nothing."""
    return (
        *_compare("region", before.regions, after.regions),
        *_compare("library", before.libraries, after.libraries),
        *_compare("branch", before.branches, after.branches),
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
    names = (field.name for field in fields(after))
    pairs = ((name, _comparable(getattr(before, name)), _comparable(getattr(after, name))) for name in names)
    return tuple((name, _told(old), _told(new)) for name, old, new in pairs if old != new)


def _told(value: object) -> str:
    return "" if value is None else str(value)


def _comparable(value: object) -> object:
    return " ".join(sorted(value)) if isinstance(value, tuple) else value
