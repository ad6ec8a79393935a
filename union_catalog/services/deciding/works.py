"""The works of changed union records: who hangs together with whom by shared keys, and which ids live on.

Only what may have changed is looked at. A work that only gains stands for all its members at once, whatever their number; the members of a
work that may fall apart are decided one by one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from sqlalchemy import Connection

from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.ids import new_id
from union_catalog.matching.features import features_of
from union_catalog.matching.merging import MergedRecord
from union_catalog.matching.work_groups import WorkPlan, assign_works, work_groups
from union_catalog.matching.works import work_keys
from union_catalog.storage import works
from union_catalog.storage.events import Event
from union_catalog.storage.values import allocate, unpack
from union_catalog.storage.works import HeldKey, StoredWork

Keys = Mapping[str, Collection[int]]


@dataclass(slots=True)
class SettledWorks:
    """``work_of`` each changed union record; ``carried``: unchanged ones that come under another work; and what is to be told."""

    work_of: dict[str, str] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


def settle_works(connection: Connection, wanted: Keys, new: Collection[str], retired: Mapping[str, str | None]) -> SettledWorks:
    """``wanted``: the work keys of each changed union record; ``new``: those that were not there before; ``retired``: id → target.

    Stores the keys and the works. The result does not depend on what else was changed before or is going to be changed after.
    """
    known = (wanted.keys() | retired.keys()) - set(new)
    before, stored = works.of_unions(connection, known), works.keys_of(connection, known)
    change = _Change(connection, wanted, retired)
    return change.settle(before, stored, {work.id for union_id, work in before.items() if change.loses(union_id, stored)})


def rederive_works(connection: Connection, union_ids: Collection[str]) -> SettledWorks:
    """Takes the keys of live union records from their descriptions anew, and those of all that share their works.

    Whole works change at once, so that a new version of the keys does not take them apart for a while.
    """
    before = works.of_unions(connection, union_ids)
    by_id = {stored.id: stored for stored in before.values()}
    members = works.live_members(connection, by_id.keys())
    before_all = {union_id: by_id[work_id] for union_id, work_id in members.items()}
    described = works.descriptions(connection, members.keys())
    wanted = {union_id: work_keys(features_of(record), record) for union_id, record in _records(described)}
    change = _Change(connection, wanted, {})
    settled = change.settle(before_all, works.keys_of(connection, wanted), set(by_id))
    moved = {union_id: work_id for union_id, work_id in settled.work_of.items() if members[union_id] != work_id}
    return SettledWorks(settled.work_of, settled.carried | moved, settled.events)


def _records(described: Mapping[str, bytes]) -> Iterator[tuple[str, BibliographicRecord]]:
    for union_id, packed in sorted(described.items()):
        yield union_id, unpack(packed, MergedRecord).record


class _Change:
    """One decision. ``keys`` holds what is to be grouped: union records, and works that stand for all their members at once."""

    def __init__(self, connection: Connection, wanted: Keys, retired: Mapping[str, str | None]) -> None:
        self.connection = connection
        self.wanted = wanted
        self.retired = retired
        self.keys = {union_id: set(keys) for union_id, keys in wanted.items()}
        for old, target in retired.items():  # goes along with the record that it became a part of
            if target is not None and target in wanted:
                self.keys[old] = set(wanted[target])
        self.former: dict[str, str] = {}
        self.born: dict[str, int] = {}
        self.waiting: dict[int, str] = {}
        self.shaken: set[str] = set()

    def settle(self, before: Mapping[str, StoredWork], stored: Mapping[str, set[int]], shaken: set[str]) -> SettledWorks:
        """``before`` and ``stored`` are works and keys as they were; ``shaken`` are works that may fall apart."""
        self.shaken = shaken
        found = works.by_keys(self.connection, {key for keys in self.wanted.values() for key in keys})
        self._gather(before, found)
        groups = work_groups(self.keys)
        plan = assign_works(groups, self.former, self.born)
        owners, met = self._fill(groups, plan)
        redirects = {**plan.redirects, **met}
        works.redirect(self.connection, redirects)
        self._store_keys(before, stored, met.keys() | set(owners))
        owner_of = {holder: owner for group, owner in zip(groups, owners, strict=True) for holder in group}
        return SettledWorks(
            work_of={union_id: owner_of[union_id] for union_id in self.wanted},
            carried=self._carried(owner_of, plan.redirects),
            events=self._events(owner_of, redirects),
        )

    def loses(self, union_id: str, stored: Mapping[str, set[int]]) -> bool:
        """Whether a key is taken away that may have held a work together."""
        return union_id not in self.keys or not stored.get(union_id, set()) <= self.keys[union_id]

    def _gather(self, before: Mapping[str, StoredWork], found: Mapping[int, HeldKey]) -> None:
        """The members of works that may fall apart, and the other works that are met."""
        members = works.live_members(self.connection, self.shaken)
        members = {union_id: work_id for union_id, work_id in members.items() if union_id in self.keys or union_id not in self.retired}
        self.former |= members
        unchanged = members.keys() - self.keys.keys()
        self.keys |= {union_id: set[int]() for union_id in unchanged} | works.keys_of(self.connection, unchanged)
        for union_id, work in before.items():
            self._meet(work, self.keys[union_id] if work.id not in self.shaken else ())
            if not self.keys.get(union_id, (0,)):  # without a title, and so without a key: its work is its own
                self.former[union_id] = work.id
        for key, held in found.items():
            whole = held.live and held.work.id not in self.shaken
            self._meet(held.work, (key,) if whole else ())
            if not whole:
                self.waiting[key] = held.work.id
        filled = set(self.former.values())
        self.waiting = {key: work_id for key, work_id in self.waiting.items() if work_id not in filled}

    def _meet(self, work: StoredWork, keys: Collection[int]) -> None:
        self.born[work.id] = work.born
        if keys:
            self.keys.setdefault(work.id, set()).update(keys)
            self.former[work.id] = work.id

    def _fill(self, groups: Sequence[Sequence[str]], plan: WorkPlan) -> tuple[list[str], dict[str, str]]:
        """Gives every group a work: one that waits for its keys, or a new one. The others that waited lead there."""
        owners, met = list(plan.owners), dict[str, str]()
        for place, group in enumerate(groups if self.waiting else ()):
            hit = {self.waiting[key] for holder in group for key in self.keys[holder] if key in self.waiting} - met.keys() - set(owners)
            for work_id in sorted(hit, key=lambda work_id: (self.born[work_id], work_id)):
                stays = owners[place] = owners[place] or work_id
                if stays != work_id:
                    met[work_id] = stays
        absent = owners.count(None)
        made = [StoredWork(new_id(), born) for born in allocate(self.connection, "revision", absent)]
        works.create(self.connection, made)
        new = iter(made)
        return [owner or next(new).id for owner in owners], met

    def _store_keys(self, before: Mapping[str, StoredWork], stored: Mapping[str, set[int]], standing: Set[str]) -> None:
        """``standing``: works that wait no longer. A work that is left without members waits under the keys of those that are gone."""
        empty = self.shaken - set(self.former.values()) - standing
        added, removed = [], []
        for union_id, keys in self.wanted.items():
            held = stored.get(union_id, set())
            kept = held.intersection(keys) if union_id in before else set()
            added += [(key, union_id) for key in set(keys) - kept]
            removed += [(key, union_id) for key in held - kept]
        for union_id, target in self.retired.items():
            if target or union_id not in before or before[union_id].id not in empty:
                removed += [(key, union_id) for key in stored.get(union_id, ())]
        works.remove_keys(self.connection, removed)
        works.forget_waiting(self.connection, standing & set(self.waiting.values()))
        works.add_keys(self.connection, added)

    def _carried(self, owner_of: Mapping[str, str], redirects: Mapping[str, str]) -> dict[str, str]:
        led = works.live_members(self.connection, redirects.keys() - self.shaken)
        carried = {union_id: redirects[work_id] for union_id, work_id in led.items()}
        carried |= {holder: owner_of[holder] for holder, work_id in self.former.items() if owner_of[holder] != work_id != holder}
        return {union_id: work_id for union_id, work_id in carried.items() if union_id not in self.wanted and union_id not in self.retired}

    def _events(self, owner_of: Mapping[str, str], redirects: Mapping[str, str]) -> list[Event]:
        left = {(work_id, owner_of[holder]) for holder, work_id in self.former.items() if holder not in self.retired}
        split = sorted((old, new) for old, new in left if new not in (old, redirects.get(old)))
        merged = [Event("work.merged", f"work:{old}", data={"into": new}) for old, new in redirects.items()]
        return merged + [Event("work.split", f"work:{old}", data={"into": new}) for old, new in split]
