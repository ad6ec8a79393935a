"""One batch, one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from union_catalog.clock import Clock, instant_text
from union_catalog.context import Context
from union_catalog.errors import Busy, NotAllowed
from union_catalog.services.deciding import graph
from union_catalog.services.deciding.anew import conclude, move, with_neighbours
from union_catalog.services.deciding.clusters import Node, settle
from union_catalog.services.ingest.intake import Intake, sort_batch
from union_catalog.services.ingest.item_sync import sync_items
from union_catalog.services.prepared import Prepared, prepare_corrected
from union_catalog.services.rebuilding.readiness import make_ready, require_ready
from union_catalog.storage import corrections, items, leases, loads, sources, unions
from union_catalog.storage.database import Database, lock_matching
from union_catalog.storage.events import Event
from union_catalog.storage.leases import Lease
from union_catalog.storage.loads import LoadState, Quarantined
from union_catalog.storage.network import BranchDirectory
from union_catalog.storage.sources import StoredSource
from union_catalog.storage.values import allocate

LEASE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of a file in their order, and those of the same stretch that could not be read. ``positions`` go with ``records``."""

    records: Sequence[Prepared]
    positions: Sequence[int]
    quarantined: Sequence[Quarantined] = ()


@dataclass(slots=True)
class Told:
    """What the batches of one run met that somebody should look at.

    ``oversized``: keys that too many records hold to be of use, each with the key of a record that holds it; ``large``: union records that
    have grown past ``clustering.LARGE``.
    """

    oversized: dict[int, str] = field(default_factory=dict)
    large: dict[str, None] = field(default_factory=dict)


class Ingest:
    """Takes batches of one load. Keeps the branch directory between batches; everything else is read anew each time."""

    def __init__(self, database: Database, clock: Clock, context: Context, lease: Lease, key_limit: int) -> None:
        self.database = database
        self.clock = clock
        self.context = context
        self.lease = lease
        self.key_limit = key_limit
        self.told = Told()

    def take(self, state: LoadState, batch: Batch, seconds: float) -> LoadState:
        """Stores a batch and its checkpoint in one transaction, and answers the state after it.

        Raises NotAllowed if the context may not write for the load's library; StorageUnavailable and Busy as the database does.
        """
        if self.context.library not in ("", state.library):
            raise NotAllowed("other_library", right="load", library=state.library)
        with self._transaction() as connection:
            return self._step(connection, state).run(batch, seconds)

    def _step(self, connection: Connection, state: LoadState) -> "_Step":
        return _Step(connection, self.clock, self.context, state, self.key_limit, self.told)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Holds the library's lease on, so that no second load of it runs beside this one."""
        with self.database.write() as connection:
            if not leases.renew(connection, self.lease, self.clock.now(), LEASE_SECONDS):
                raise Busy("load_running", library=self.lease.name.partition(":")[2])
            lock_matching(connection)
            require_ready(connection, self.clock.now(), self.key_limit)
            yield connection

    def withdraw(self, state: LoadState, record_ids: Mapping[int, str]) -> None:
        """Buries records that the load's file did not hold. ``record_ids`` by source id."""
        with self._transaction() as connection:
            known = {s.record_id: s for s in sources.by_ids(connection, record_ids.keys()).values()}
            self._step(connection, state).bury(list(known.values()))


def take_one(connection: Connection, clock: Clock, context: Context, state: LoadState, record: Prepared, key_limit: int) -> None:
    """Stores one new record outside of any load, in a transaction that is open; ``state`` says whose it is and of which feed.

    Raises as services.rebuilding.readiness while the match graph is not ready.
    """
    lock_matching(connection)
    make_ready(connection, clock.now(), key_limit)
    _Step(connection, clock, context, state, key_limit, Told()).add(record)


class _Step:
    """The steps of one transaction, in their order."""

    def __init__(self, connection: Connection, clock: Clock, context: Context, state: LoadState, key_limit: int, told: Told) -> None:
        self.connection = connection
        self.context = context
        self.told = told
        self.key_limit = key_limit
        self.state = state
        self.now = instant_text(clock.now())
        self.events: list[Event] = []

    def add(self, record: Prepared) -> None:
        """One that nobody has seen before."""
        self._store(Intake({}, new={record.record_id: record}))

    def run(self, batch: Batch, seconds: float) -> LoadState:
        known = sources.find(self.connection, self.state.library, {record.record_id for record in batch.records})
        intake = sort_batch(batch.records, known, self.state.feed_id, self.state.id)
        sources.mark_seen(self.connection, [known[i].id for i in intake.seen if i in known], self.state.id)
        self._store(intake)
        twice = [self._duplicate(batch, index) for index in intake.duplicates]
        loads.isolate(self.connection, self.state.id, [*batch.quarantined, *twice], self.now)
        taken = [*intake.new, *intake.changed, *intake.deleted]
        loads.settle_quarantine(self.connection, self.state, taken, self.now)
        after = self.state.plus(
            stored=len(intake.new) + len(intake.changed),
            unchanged=intake.unchanged,
            deleted=len(intake.deleted),
            quarantined=len(batch.quarantined) + len(twice),
        )
        after = replace(after, seconds=seconds)
        loads.checkpoint(self.connection, after)
        return after

    def bury(self, gone: Sequence[StoredSource]) -> None:
        """Tombstones for records that are gone without a word."""
        intake = Intake({record.record_id: record for record in gone})
        self._store(intake, gone)

    def _store(self, intake: Intake, missing: Sequence[StoredSource] = ()) -> None:
        removed = [intake.known[record_id] for record_id in intake.deleted] + list(missing)
        if not (intake.new or intake.changed or removed):
            return
        ids = self._number(intake)
        self._lay_over(intake, ids)
        arrived = {ids[p.record_id]: (p.features, p.keys) for p in (*intake.new.values(), *intake.changed.values())}
        stood = [record_id for record_id in intake.changed if not intake.known[record_id].deleted]  # of a tombstone nothing is linked
        replaced = [ids[record_id] for record_id in stood] + [record.id for record in removed]
        found = graph.refresh(self.connection, arrived, replaced, self.key_limit)
        nodes = with_neighbours(self.connection, self._arrived(intake, ids), found)
        gone = [Node(record.id, record.key, record.union_id) for record in removed]
        outcome = settle(self.connection, nodes, gone, found, self.now)
        self._write_sources(intake, ids, outcome.union_of)
        move(self.connection, nodes, outcome)
        self._bury(removed)
        robbed = self._sync_items(intake, ids)
        conclude(self.connection, self.context, self.now, nodes, found, outcome, robbed=robbed, told=self.events)
        self.told.oversized |= {key: nodes[source_id].key for key, source_id in found.oversized.items()}
        self.told.large |= dict.fromkeys(event.subject.removeprefix("union:") for event in outcome.events if event.kind == "union.large")

    def _number(self, intake: Intake) -> dict[str, int]:
        """Source ids by record id: those of known records, and new numbers for new ones."""
        new = allocate(self.connection, "source_record", len(intake.new))
        return dict(zip(intake.new, new, strict=True)) | {record_id: known.id for record_id, known in intake.known.items()}

    def _lay_over(self, intake: Intake, ids: Mapping[str, int]) -> None:
        """What a cataloguer corrected holds whatever the library sends now."""
        made = corrections.in_force(self.connection, [ids[record_id] for record_id in intake.changed])
        for record_id in [record_id for record_id in intake.changed if ids[record_id] in made]:
            key = f"{self.state.library}:{record_id}"
            intake.changed[record_id] = prepare_corrected(key, intake.changed[record_id], made[ids[record_id]])

    def _arrived(self, intake: Intake, ids: Mapping[str, int]) -> dict[int, Node]:
        """A record that returns takes up its former union record again if nobody else stands in it."""
        returned = {known.union_id for known in intake.known.values() if known.deleted and known.union_id}
        held = unions.live_of(self.connection, returned)
        nodes = {}
        for record_id, prepared in (*intake.new.items(), *intake.changed.items()):
            known = intake.known.get(record_id)
            former = None if known is None or (known.deleted and known.union_id in held) else known.union_id
            nodes[ids[record_id]] = Node(ids[record_id], f"{self.state.library}:{record_id}", former, prepared)
        return nodes

    def _write_sources(self, intake: Intake, ids: Mapping[str, int], union_of: Mapping[int, str]) -> None:
        new = [(ids[p.record_id], p) for p in intake.new.values()]
        sources.add(
            self.connection,
            [self._header(p, union_of[i]) | {"id": i, "library": self.state.library, "record_id": p.record_id} for i, p in new],
            [self._content(p) | {"source_id": i} for i, p in new],
        )
        changed = [(ids[p.record_id], p) for p in intake.changed.values()]
        sources.change(
            self.connection,
            [self._header(p, union_of[i]) | {"id": i} for i, p in changed],
            [self._content(p) | {"source_id": i} for i, p in changed],
        )

    def _header(self, p: Prepared, union_id: str) -> sources.Row:
        return {
            "feed_id": self.state.feed_id,
            "digest": p.digest,
            "version": p.version,
            "received_at": self.now,
            "deleted_at": None,
            "seen_load": self.state.id,
            "union_id": union_id,
        }

    def _content(self, p: Prepared) -> sources.Row:
        return {
            "format": self.state.format,
            "encoding": self.state.encoding,
            "raw_z": p.raw_z,
            "record_z": p.record_z,
            "features": p.features,
            "call_numbers": "\x1f".join(p.call_numbers),
        }

    def _bury(self, removed: Sequence[StoredSource]) -> None:
        sources.bury(self.connection, [record.id for record in removed], self.now, self.state.id)
        withdrawn = items.withdraw_of(self.connection, [record.id for record in removed], self.now)
        self.events += [Event("source.deleted", f"source:{record.key}", record.library) for record in removed]
        self.events += [Event("item.withdrawn", f"item:{item_id}", self.state.library) for item_id, _ in withdrawn]

    def _sync_items(self, intake: Intake, ids: Mapping[str, int]) -> frozenset[int]:
        """Answers the source records that lost an item to one of this batch without being in it."""
        reported = {ids[p.record_id]: p.items for p in (*intake.new.values(), *intake.changed.values())}
        known = [ids[record_id] for record_id in intake.changed]
        directory = BranchDirectory(self.connection, self.state.library)
        found, robbed = sync_items(self.connection, self.state.library, directory, reported, known, self.now)
        self.events += found
        return robbed

    def _duplicate(self, batch: Batch, index: int) -> Quarantined:
        """The second description of an id in one file, set aside with its bytes."""
        return loads.set_aside(self.state, batch.records[index].record_id, batch.positions[index], batch.records[index].raw_z)
