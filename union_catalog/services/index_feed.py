"""What the indexers read: messages of the outbox, and union records as they are now. The index itself is theirs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from union_catalog.clock import Clock, instant_text, parse_instant
from union_catalog.errors import Busy
from union_catalog.ids import new_id
from union_catalog.matching.merging import MergedRecord
from union_catalog.search.document import AnalysedText
from union_catalog.search.engine import Rejected
from union_catalog.search.text import ANALYSIS_VERSION, analyse
from union_catalog.storage import dead_letters, items, leases, outbox, reads, unions
from union_catalog.storage.database import Database, lock_matching
from union_catalog.storage.dead_letters import DeadLetter
from union_catalog.storage.items import BranchHolding
from union_catalog.storage.leases import Lease
from union_catalog.storage.outbox import CONSUMER_AVAILABILITY, CONSUMER_INDEX, Message
from union_catalog.storage.reads import UnionRow
from union_catalog.storage.values import pack, unpack

RELAY_LEASE = "index-writer"
REQUEST_LEASE = "index-writer-wanted"
PRESENCE = "index-writer-beside:"


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
    """Messages that wait; since when the oldest does, as text and in seconds; and dead letters, which wait for somebody to look at them."""

    waiting: int
    oldest: str | None
    oldest_seconds: float
    dead: int


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

    def appear(self) -> Lease:
        """Says that this process writes the index beside others, until ``disappear`` or the time of a lease is over."""
        name = f"{PRESENCE}{new_id()}"
        with self.database.write() as connection:
            leases.sweep(connection, PRESENCE, self.clock.now())
            lease = leases.acquire(connection, name, self.holder, self.clock.now(), self.lease_seconds)
        if lease is None:
            raise Busy(name=name)
        return lease

    def disappear(self, presence: Lease) -> None:
        with self.database.write() as connection:
            leases.forget(connection, presence.name)

    def writers(self) -> int:
        """How many processes write the index now: one that has the right to do so alone, or any number beside each other."""
        with self.database.read() as connection:
            alone = leases.holder_of(connection, RELAY_LEASE, self.clock.now()) is not None
            return alone + len(leases.held(connection, PRESENCE, self.clock.now()))

    def follow_items(self, limit: int) -> int:
        """Desks write a message an item. From them come new revisions of the records, each once however often its items were handled, and
        so messages for the index. Answers how many messages of desks there were."""
        with self.database.read() as connection:
            if not outbox.count_open(connection, CONSUMER_AVAILABILITY):
                return 0
        now = self.clock.now()
        with self.database.write() as connection:
            lock_matching(connection)
            told = outbox.claim(connection, CONSUMER_AVAILABILITY, self.holder, now, self.lease_seconds, limit)
            sources = items.sources_of(connection, {message.aggregate for message in told})
            raised = unions.raise_revisions(connection, sources, instant_text(now))
            causes = {message.cause for message in told}
            outbox.put(connection, outbox.TOPIC_UNION, raised, instant_text(now), causes.pop() if len(causes) == 1 else "")
            outbox.finish(connection, CONSUMER_AVAILABILITY, [message.id for message in told], now)
        return len(told)

    def claim(self, limit: int) -> list[Message]:
        """Messages for the index, now this process's to deal with for the time of a lease."""
        with self.database.write() as connection:
            return outbox.claim(connection, CONSUMER_INDEX, self.holder, self.clock.now(), self.lease_seconds, limit)

    def finish(self, messages: Sequence[Message], rejected: Sequence[Rejected] = ()) -> None:
        """The index holds what they told of, but for what it rejected: of each such record the newest message is dead from now on.

        Older dead letters of the same records are superseded either way.
        """
        with self.database.write() as connection:
            self._finish(connection, messages, rejected)

    def settle(self, written: Mapping[str, int], rejected: Sequence[Rejected]) -> None:
        """The index was given records at these revisions without any message, and rejected some of them: those are dead letters now."""
        with self.database.write() as connection:
            dead_letters.supersede(connection, CONSUMER_INDEX, written, self.clock.now())
            self._bury(connection, rejected)

    def replace(self, before: Collection[int], messages: Sequence[Message], rejected: Sequence[Rejected]) -> None:
        """A new index holds everything but what it rejected. ``before`` are the dead letters of before it was begun.

        What the old index would not take meanwhile gets another try.
        """
        with self.database.write() as connection:
            outbox.finish(connection, CONSUMER_INDEX, before, self.clock.now())
            dead_letters.revive(connection, CONSUMER_INDEX, None)
            told = {message.aggregate for message in messages}
            self._bury(connection, [one for one in rejected if one.union_id not in told])
            self._finish(connection, messages, [one for one in rejected if one.union_id in told])

    def _finish(self, connection: Connection, messages: Sequence[Message], rejected: Sequence[Rejected]) -> None:
        now = self.clock.now()
        newest = {message.aggregate: message for message in sorted(messages, key=lambda message: (message.revision, message.id))}
        dead = {newest[one.union_id].id: one.reason for one in rejected}
        outbox.finish(connection, CONSUMER_INDEX, [message.id for message in messages if message.id not in dead], now)
        dead_letters.supersede(connection, CONSUMER_INDEX, {union_id: message.revision for union_id, message in newest.items()}, now)
        dead_letters.bury(connection, CONSUMER_INDEX, dead, now)

    def _bury(self, connection: Connection, rejected: Sequence[Rejected]) -> None:
        """Dead letters for what no message told of."""
        if not rejected:
            return
        now = self.clock.now()
        revisions = {one.union_id: one.revision for one in rejected}
        dead_letters.supersede(connection, CONSUMER_INDEX, revisions, now)
        last = outbox.put(connection, outbox.TOPIC_UNION, list(revisions.items()), instant_text(now), "")
        reasons = {one.union_id: one.reason for one in rejected}
        first = last - len(revisions) + 1
        dead_letters.bury(connection, CONSUMER_INDEX, {first + n: reasons[union_id] for n, union_id in enumerate(revisions)}, now)

    def dead(self, after: int = 0, limit: int = 1000) -> Sequence[DeadLetter]:
        """What the index would never take, in the order of the messages' ids, after one of them."""
        with self.database.read() as connection:
            return dead_letters.listed(connection, CONSUMER_INDEX, after, limit)

    def dead_ids(self) -> list[int]:
        """The messages of all dead letters."""
        with self.database.read() as connection:
            return dead_letters.ids(connection, CONSUMER_INDEX)

    def revive(self, message_ids: Collection[int] | None = None) -> int:
        """Dead letters wait again, these or all of them. Answers how many."""
        with self.database.write() as connection:
            return dead_letters.revive(connection, CONSUMER_INDEX, message_ids)

    def give_back(self, messages: Sequence[Message]) -> None:
        """The index could not be written; they wait again."""
        with self.database.write() as connection:
            outbox.give_back(connection, CONSUMER_INDEX, [message.id for message in messages])

    def backlog(self, up_to: int | None = None) -> Backlog:
        """What waits, of the messages with an id up to the given one."""
        with self.database.read() as connection:
            waiting = outbox.count_open(connection, CONSUMER_INDEX, up_to)
            oldest = outbox.oldest_open(connection, CONSUMER_INDEX) if waiting else None
            waiting += outbox.count_open(connection, CONSUMER_AVAILABILITY, up_to)
            dead = dead_letters.count(connection, CONSUMER_INDEX)
        return Backlog(waiting, oldest, self._age(oldest), dead)

    def _age(self, instant: str | None) -> float:
        return max(0.0, (self.clock.now() - parse_instant(instant)).total_seconds()) if instant else 0.0

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
