"""What the indexers read: messages of the outbox, and union records as they are now. The index itself is theirs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from union_catalog.clock import Clock
from union_catalog.matching.merging import MergedRecord
from union_catalog.search.document import AnalysedText
from union_catalog.search.text import ANALYSIS_VERSION, analyse
from union_catalog.storage import items, leases, outbox, reads, unions
from union_catalog.storage.database import Database
from union_catalog.storage.items import BranchHolding
from union_catalog.storage.leases import Lease
from union_catalog.storage.outbox import CONSUMER_INDEX, Message
from union_catalog.storage.reads import UnionRow
from union_catalog.storage.values import pack, unpack

RELAY_LEASE = "index-writer"
REQUEST_LEASE = "index-writer-wanted"


@dataclass(frozen=True, slots=True)
class IndexedRecord:
    """A live union record with everything an index document is made of."""

    union_id: str
    revision: int
    work_id: str
    merged: MergedRecord
    analysed: AnalysedText
    holdings: tuple[BranchHolding, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a set of messages comes to: records to write, and (id, revision) of those that are no more."""

    records: tuple[IndexedRecord, ...]
    retired: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """Messages that wait, and since when the oldest does."""

    waiting: int
    oldest: str | None


class IndexFeed:
    """The indexers' side of the outbox and the database."""

    def __init__(self, database: Database, clock: Clock, lease_seconds: float) -> None:
        self.database = database
        self.clock = clock
        self.lease_seconds = lease_seconds
        self.holder = leases.new_holder()

    def acquire(self) -> Lease | None:
        """The right to write the index; None while somebody else has it or has asked for it first."""
        with self.database.write() as connection:
            if leases.holder_of(connection, REQUEST_LEASE, self.clock.now()) not in (None, self.holder):
                return None
            return leases.acquire(connection, RELAY_LEASE, self.holder, self.clock.now(), self.lease_seconds)

    def ask(self) -> Lease | None:
        """Asks whoever writes the index to stop for a while; to be asked again before the lease runs out. None: another asks already."""
        with self.database.write() as connection:
            return leases.acquire(connection, REQUEST_LEASE, self.holder, self.clock.now(), self.lease_seconds)

    def is_asked(self) -> bool:
        """Whether another process wants to write the index: the relay then lets go, and takes it up again afterwards."""
        with self.database.read() as connection:
            return leases.holder_of(connection, REQUEST_LEASE, self.clock.now()) not in (None, self.holder)

    def renew(self, lease: Lease) -> bool:
        """False: it has gone to somebody else, and the index must be left alone."""
        with self.database.write() as connection:
            return leases.renew(connection, lease, self.clock.now(), self.lease_seconds)

    def release(self, lease: Lease) -> None:
        with self.database.write() as connection:
            leases.release(connection, lease)

    def writer(self) -> str | None:
        """Who holds the right to write the index now."""
        with self.database.read() as connection:
            return leases.holder_of(connection, RELAY_LEASE, self.clock.now())

    def claim(self, limit: int) -> list[Message]:
        """Messages for the index, now this process's to deal with for the time of a lease."""
        with self.database.write() as connection:
            return outbox.claim(connection, CONSUMER_INDEX, self.holder, self.clock.now(), self.lease_seconds, limit)

    def finish(self, messages: Sequence[Message]) -> None:
        """The index holds what they told of."""
        with self.database.write() as connection:
            outbox.finish(connection, CONSUMER_INDEX, [message.id for message in messages], self.clock.now())

    def give_back(self, messages: Sequence[Message]) -> None:
        """The index could not be written; they wait again."""
        with self.database.write() as connection:
            outbox.give_back(connection, CONSUMER_INDEX, [message.id for message in messages])

    def backlog(self, up_to: int | None = None) -> Backlog:
        """What waits, of the messages with an id up to the given one."""
        with self.database.read() as connection:
            waiting = outbox.count_open(connection, CONSUMER_INDEX, up_to)
            return Backlog(waiting, outbox.oldest_open(connection, CONSUMER_INDEX))

    def last_message(self) -> int:
        """The highest message id that has been written so far."""
        with self.database.read() as connection:
            return outbox.last_message(connection)

    def changes(self, messages: Sequence[Message]) -> Changes:
        """The present state of every record that the messages name, each once."""
        return self.current(list(dict.fromkeys(message.aggregate for message in messages)))

    def current(self, union_ids: Sequence[str]) -> Changes:
        """The present state of these records."""
        with self.database.read() as connection:
            rows = reads.unions(connection, union_ids)
            held = items.holdings(connection, union_ids)
        live = [row for row in rows.values() if row.state == "live"]
        retired = tuple((row.id, row.revision) for row in rows.values() if row.state != "live")
        return Changes(tuple(self._records(live, held)), retired)

    def everything(self, page: int = 5000) -> Iterator[list[IndexedRecord]]:
        """All live records by id, a page at a time, each page as of its own moment."""
        after = ""
        while True:
            with self.database.read() as connection:
                rows = reads.live_unions(connection, after, page)
                held = items.holdings(connection, [row.id for row in rows])
            if not rows:
                return
            yield self._records(rows, held)
            after = rows[-1].id

    @contextmanager
    def revisions(self) -> Iterator[Iterator[tuple[str, int]]]:
        """(id, revision) of every live record ordered by id, on one snapshot."""
        with self.database.read() as connection:
            yield reads.live_revisions(connection)

    def prune(self, keep_days: int) -> int:
        """Removes delivered messages older than that; answers how many. Safe to repeat."""
        before = self.clock.now() - timedelta(days=keep_days)
        removed = 0
        while True:
            with self.database.write() as connection:
                count = outbox.prune(connection, before)
            removed += count
            if not count:
                return removed

    def _records(self, rows: Sequence[UnionRow], held: dict[str, list[BranchHolding]]) -> list[IndexedRecord]:
        outdated = [row for row in rows if row.analysis_version != ANALYSIS_VERSION]
        fresh = self._analyse_again(outdated) if outdated else {}
        return [
            IndexedRecord(
                union_id=row.id,
                revision=row.revision,
                work_id=row.work_id or "",
                merged=unpack(row.merged_z, MergedRecord),
                analysed=fresh.get(row.id) or unpack(row.analysed_z, AnalysedText),
                holdings=tuple(held.get(row.id, ())),
            )
            for row in rows
        ]

    def _analyse_again(self, rows: Sequence[UnionRow]) -> dict[str, AnalysedText]:
        """Text that an older version of the analysis has seen is analysed anew, once, and kept."""
        with self.database.write() as connection:
            numbers = items.call_numbers(connection, [row.id for row in rows])
            fresh = {row.id: analyse(unpack(row.merged_z, MergedRecord).record, numbers.get(row.id, ())) for row in rows}
            unions.keep_analysis(connection, {union_id: pack(text) for union_id, text in fresh.items()}, ANALYSIS_VERSION)
        return fresh
