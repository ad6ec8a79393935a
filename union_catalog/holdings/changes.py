"""What an export changes in a library's items: a pure comparison of what is stored with what is reported.

An item is known by (library, barcode), so one that moves to another record stays the same item. An item without a barcode is known
by its place among those of its record. Items are withdrawn, never deleted; one that is reported again comes back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from union_catalog.holdings.model import ReportedItem


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item as stored. ``facts`` are its catalogue fields as an export would report them, ``branch`` resolved."""

    id: str
    source_id: int
    branch: str | None
    withdrawn: bool
    facts: ReportedItem


@dataclass(frozen=True, slots=True)
class ItemWrite:
    """One item as it is to stand from now on; ``id`` None for a new one. ``moved_from``: the record it belonged to before."""

    id: str | None
    source_id: int
    branch: str | None
    facts: ReportedItem
    moved_from: int | None = None
    returned: bool = False


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """``withdrawn`` are ids. ``touched`` are the source records whose items or availability differ from before."""

    writes: tuple[ItemWrite, ...]
    withdrawn: tuple[tuple[str, int], ...]
    touched: frozenset[int]


def plan(stored: Iterable[StoredItem], reported: Mapping[int, Sequence[tuple[str | None, ReportedItem]]]) -> ItemChanges:
    """``reported``: for each source record that came, its items as (branch, facts), all of them; records not named keep theirs.

    ``stored``: at least all items of those records and all items with a reported barcode. The last to report a barcode has the item.
    """
    by_barcode: dict[str, StoredItem] = {}
    unnamed: dict[int, list[StoredItem]] = defaultdict(list)
    for item in sorted(stored, key=lambda item: item.id):
        if item.facts.barcode:
            by_barcode[item.facts.barcode] = item
        else:
            unnamed[item.source_id].append(item)
    return _Planner(by_barcode, unnamed).plan(reported)


class _Planner:
    def __init__(self, by_barcode: dict[str, StoredItem], unnamed: dict[int, list[StoredItem]]) -> None:
        self.by_barcode = by_barcode
        self.unnamed = unnamed
        self.writes: dict[str, ItemWrite] = {}
        self.nameless: list[ItemWrite] = []
        self.kept: set[str] = set()
        self.touched: set[int] = set()

    def plan(self, reported: Mapping[int, Sequence[tuple[str | None, ReportedItem]]]) -> ItemChanges:
        for source_id, items in reported.items():
            waiting = list(self.unnamed.get(source_id, ()))
            for branch, facts in items:
                if facts.barcode:
                    self._place(source_id, branch, facts, self.by_barcode.get(facts.barcode))
                else:
                    self._place(source_id, branch, facts, waiting.pop(0) if waiting else None)
        withdrawn = self._withdrawn(reported)
        return ItemChanges((*self.writes.values(), *self.nameless), withdrawn, frozenset(self.touched))

    def _place(self, source_id: int, branch: str | None, facts: ReportedItem, known: StoredItem | None) -> None:
        if known is None:
            self.touched.add(source_id)
            self._write(ItemWrite(None, source_id, branch, facts))
            return
        self.kept.add(known.id)
        moved = known.source_id if known.source_id != source_id else None
        if moved is None and not known.withdrawn and known.branch == branch and known.facts == facts:
            return
        self.touched.update({source_id, known.source_id})
        self._write(ItemWrite(known.id, source_id, branch, facts, moved, known.withdrawn))

    def _write(self, write: ItemWrite) -> None:
        if write.facts.barcode:
            self.writes[write.facts.barcode] = write
        else:
            self.nameless.append(write)

    def _withdrawn(self, reported: Mapping[int, object]) -> tuple[tuple[str, int], ...]:
        all_stored = [*self.by_barcode.values(), *(item for items in self.unnamed.values() for item in items)]
        gone = [i for i in all_stored if i.source_id in reported and i.id not in self.kept and not i.withdrawn]
        self.touched.update(item.source_id for item in gone)
        return tuple((item.id, item.source_id) for item in gone)
