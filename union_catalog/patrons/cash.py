"""What a till must hold at the end of its day, from the entries made at it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from union_catalog.patrons.accounts import METHODS, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodTotal:
    """What came in and went out by one method, in fen, both positive; ``receipts`` that moved money by it."""

    method: str
    received_fen: int
    paid_out_fen: int
    receipts: int

    @property
    def net_fen(self) -> int:
        return self.received_fen - self.paid_out_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTotal:
    """What entries of one kind came to for one library, in fen; ``cash_fen`` as the till sees it, ``owed_fen`` as the readers do."""

    library: str
    kind: str
    entries: int
    cash_fen: int
    owed_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """A day at a till. Methods stand in the order of the list of them, kinds by library."""

    methods: tuple[MethodTotal, ...]
    kinds: tuple[KindTotal, ...]

    @property
    def received_fen(self) -> int:
        return sum(one.received_fen for one in self.methods)

    @property
    def paid_out_fen(self) -> int:
        return sum(one.paid_out_fen for one in self.methods)

    @property
    def net_fen(self) -> int:
        return self.received_fen - self.paid_out_fen


def totals(entries: Iterable[Entry]) -> Totals:
    """Of everything that was done at one till on one day."""
    by_method: dict[str, list[Entry]] = defaultdict(list)
    by_kind: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.library, entry.kind].append(entry)
        if entry.cash_fen:
            by_method[entry.method].append(entry)
    methods = tuple([_of_method(method, by_method[method]) for method in METHODS if method in by_method])
    return Totals(methods=methods, kinds=tuple([_of_kind(*key, found) for key, found in sorted(by_kind.items())]))


def _of_method(method: str, entries: list[Entry]) -> MethodTotal:
    return MethodTotal(
        method=method,
        received_fen=sum(entry.cash_fen for entry in entries if entry.cash_fen > 0),
        paid_out_fen=-sum(entry.cash_fen for entry in entries if entry.cash_fen < 0),
        receipts=len({entry.receipt for entry in entries}),
    )


def _of_kind(library: str, kind: str, entries: list[Entry]) -> KindTotal:
    cash, owed = sum(entry.cash_fen for entry in entries), sum(entry.owed_fen for entry in entries)
    return KindTotal(library=library, kind=kind, entries=len(entries), cash_fen=cash, owed_fen=owed)
