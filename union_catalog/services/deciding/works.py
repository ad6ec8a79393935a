"""The works of changed union records: who stands under which, and which ids live on."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from union_catalog.ids import new_id
from union_catalog.matching.works import WorkHolder, WorkPlan, assign_works
from union_catalog.storage import works
from union_catalog.storage.events import Event
from union_catalog.storage.values import allocate
from union_catalog.storage.works import StoredWork


@dataclass(slots=True)
class SettledWorks:
    """``work_of`` each changed union record; ``carried``: unchanged ones that come under another work; and what is to be told."""

    work_of: dict[str, str] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


def settle_works(
    connection: Connection, wanted: Mapping[str, int], new: Collection[str], retired: Mapping[str, str | None]
) -> SettledWorks:
    """``wanted``: the work key of each changed union record; ``new``: those that were not there before; ``retired``: id → target."""
    before = works.of_unions(connection, (wanted.keys() | retired.keys()) - set(new))
    by_key = works.by_keys(connection, set(wanted.values()))
    leaving: dict[str, Counter[int | None]] = defaultdict(Counter)
    for union_id, held in before.items():
        key = wanted.get(union_id) if union_id not in retired else wanted.get(retired[union_id] or "")
        if key != held.key:
            leaving[held.id][key] += 1
        elif union_id in retired:
            leaving[held.id][None] += 1
    settled = SettledWorks()
    owners = {key: entry.id for key, entry in by_key.items()}
    if leaving:
        concerned = {entry.id: entry for entry in (*before.values(), *by_key.values())}
        owners = _change_hands(connection, concerned, leaving, settled)  # a work that moves away holds its old key no more
    owners |= _create(connection, sorted(set(wanted.values()) - owners.keys()))
    settled.work_of = {union_id: owners[key] for union_id, key in wanted.items()}
    settled.carried = {u: w for u, w in settled.carried.items() if u not in wanted and u not in retired}
    return settled


def _change_hands(
    connection: Connection, concerned: Mapping[str, StoredWork], leaving: Mapping[str, Counter[int | None]], settled: SettledWorks
) -> dict[int, str]:
    """Decides who holds which key, and carries members along. Answers the holder of each key concerned."""
    counts = works.live_counts(connection, concerned.keys())
    holders = [
        WorkHolder(
            id=entry.id,
            key=entry.key,
            born=entry.born,
            stays=counts.get(entry.id, 0) - leaving[entry.id].total() if entry.id in leaving else counts.get(entry.id, 0),
            leaving={key: count for key, count in leaving.get(entry.id, Counter()).items() if key is not None},
        )
        for entry in concerned.values()
    ]
    plan = assign_works(holders)
    rekeyed = {work_id: key for key, work_id in plan.owners.items() if concerned[work_id].key != key}
    if not rekeyed and not plan.redirects:
        return dict(plan.owners)
    moving = rekeyed.keys() | plan.redirects.keys()
    members = works.live_members(connection, moving)
    works.change(connection, rekeyed, plan.redirects)
    left_behind = {concerned[work_id].key for work_id in moving} - plan.owners.keys()
    stayed = {holder.key for holder in holders if holder.stays > 0}
    owners = dict(plan.owners) | _create(connection, sorted(left_behind & stayed))
    for union_id, work_id in members.items():  # those who have not changed stay under their key, whoever holds it now
        settled.carried[union_id] = owners.get(concerned[work_id].key, plan.redirects.get(work_id, work_id))
    settled.events += _events(plan, {work_id: owners.get(concerned[work_id].key) for work_id in rekeyed})
    return owners


def _events(plan: WorkPlan, left: Mapping[str, str | None]) -> list[Event]:
    merged = [Event("work.merged", f"work:{old}", data={"into": new}) for old, new in plan.redirects.items()]
    return merged + [Event("work.split", f"work:{old}", data={"into": new}) for old, new in left.items() if new and new != old]


def _create(connection: Connection, keys: Collection[int]) -> dict[int, str]:
    """New works for keys that nobody holds."""
    made = [StoredWork(new_id(), key, born) for key, born in zip(keys, allocate(connection, "revision", len(keys)), strict=True)]
    works.create(connection, made)
    return {entry.key: entry.id for entry in made}
