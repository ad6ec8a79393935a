"""The rebuild itself, in place: each stretch of source ids one transaction with its position, so that it goes on wherever it was killed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace

from sqlalchemy import Connection

from union_catalog.clock import Clock, instant_text
from union_catalog.context import Context
from union_catalog.errors import Busy
from union_catalog.services.deciding.anew import conclude, move
from union_catalog.services.deciding.clusters import settle
from union_catalog.services.rebuilding.groups import groups_beginning_in
from union_catalog.services.rebuilding.linking import derive, link
from union_catalog.services.rebuilding.readiness import LEASE, rules_of
from union_catalog.services.rebuilding.renewing import outdated, regroup
from union_catalog.services.rebuilding.report import Changes, Moved, OnMoved, OnProgress, Pace, Report, changes_of, moved_of
from union_catalog.storage import events, leases, matching_state, outbox, stretches, unions
from union_catalog.storage.database import Database, lock_matching
from union_catalog.storage.events import Event
from union_catalog.storage.leases import Lease
from union_catalog.storage.matching_state import MatchingState

LEASE_SECONDS = 120.0
_WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """Whom a run works for: the catalogue, in whose name, under which limit of keys, how many records a transaction."""

    database: Database
    clock: Clock
    context: Context
    key_limit: int
    stretch: int


def rebuild(
    request: Rebuilding,
    progress: OnProgress = lambda advance: None,
    told: OnMoved = lambda moved: None,
    patience: float = _WAIT_SECONDS,
) -> Report:
    """Decides everything anew under the rules of this version; goes on with a run of the same rules that was broken off.

    ``told`` hears of the records that have moved, after each commit. Raises Busy("matching_rebuild_running"), and Busy("loads_running")
    if loads still run after ``patience`` seconds.
    """
    begun = time.monotonic()
    lease, resumed = _begin(request, patience)
    try:
        run = _Run(request, lease)
        run.link_all(progress)
        changes = run.settle_all(progress, told)
        return run.finish(changes, time.monotonic() - begun, resumed=resumed)
    finally:
        with request.database.write() as connection:
            leases.release(connection, lease)


def _begin(request: Rebuilding, patience: float) -> tuple[Lease, bool]:
    holder, until = leases.new_holder(), time.monotonic() + patience
    while True:
        with request.database.write() as connection:
            lock_matching(connection)
            loading = leases.held(connection, "load:", request.clock.now())
            if not loading:
                lease = leases.acquire(connection, LEASE, holder, request.clock.now(), LEASE_SECONDS)
                if lease is None:
                    raise Busy("matching_rebuild_running")
                return lease, _note_begin(connection, request)
        if time.monotonic() > until:
            raise Busy("loads_running", libraries=tuple(name.removeprefix("load:") for name in loading))
        time.sleep(0.2)


def _note_begin(connection: Connection, request: Rebuilding) -> bool:
    """From this transaction on no load adds to the graph. True if an earlier run under the same rules is gone on with."""
    rules, state = rules_of(request.key_limit), matching_state.find(connection)
    if state is not None and state.rules == rules and state.phase != "ready":
        return True
    matching_state.empty_graph(connection)
    matching_state.put(connection, MatchingState(rules, "linking"), instant_text(request.clock.now()))
    return False


class _Run:
    """The stretches of one run."""

    def __init__(self, request: Rebuilding, lease: Lease) -> None:
        self.request = request
        self.lease = lease
        with request.database.read() as connection:
            self.last = stretches.last_id(connection)

    @contextmanager
    def _transaction(self) -> Iterator[tuple[Connection, MatchingState, str]]:
        """Holds the lease on, and answers where the run stands."""
        now = self.request.clock.now()
        with self.request.database.write() as connection:
            if not leases.renew(connection, self.lease, now, LEASE_SECONDS):
                raise Busy("matching_rebuild_running")
            lock_matching(connection)
            state = matching_state.find(connection) or MatchingState(rules_of(self.request.key_limit), "linking")
            yield connection, state, instant_text(now)

    def link_all(self, progress: OnProgress) -> None:
        pace = Pace("linking", self.last, progress)
        going = True
        while going:
            with self._transaction() as (connection, state, now):
                going = state.phase == "linking"
                position, count = self._link(connection, state, now) if going else (self.last, 0)
            pace.reached(position, count)

    def _link(self, connection: Connection, state: MatchingState, now: str) -> tuple[int, int]:
        """One stretch, or the step to the next phase. Answers the position and how many records were dealt with."""
        stretch = stretches.described(connection, state.position, self.request.stretch)
        if not stretch:
            matching_state.put(connection, replace(state, phase="settling", position=0), now)
            return self.last, 0
        derived = derive(connection, stretch)
        features = {source_id: packed for source_id, (packed, _) in derived.items()}
        stretches.keep_features(connection, {found.id: features[found.id] for found in stretch if found.features != features[found.id]})
        link(connection, stretch, derived, self.request.key_limit)
        matching_state.put(connection, replace(state, position=stretch[-1].id), now)
        return stretch[-1].id, len(stretch)

    def settle_all(self, progress: OnProgress, told: OnMoved) -> Changes:
        pace, changes = Pace("settling", self.last, progress), Changes()
        while True:
            with self._transaction() as (connection, state, now):
                ids = stretches.live_ids(connection, state.position, self.request.stretch)
                if not ids:
                    return changes
                moved, by = self._settle(connection, ids, state.position, now)
                matching_state.put(connection, replace(state, position=ids[-1]), now)
            told(moved)
            changes = changes.plus(by)
            pace.reached(ids[-1], len(ids))

    def _settle(self, connection: Connection, ids: list[int], after: int, now: str) -> tuple[list[Moved], Changes]:
        groups = groups_beginning_in(connection, connection, ids, after)
        stale = outdated(connection, groups.nodes)
        regrouped, works = regroup(connection, stale.regrouped)
        carried = unions.move_to_works(connection, works.carried, now)
        outbox.put(connection, outbox.TOPIC_UNION, carried, now, self.request.context.command_id)
        outcome = settle(connection, groups.nodes, (), groups.found, now, stale.described)
        move(connection, groups.nodes, outcome)
        conclude(connection, self.request.context, now, groups.nodes, groups.found, outcome, told=works.events)
        moved = moved_of(groups.nodes, outcome.union_of)
        changes = changes_of(groups.nodes, outcome.union_of, moved)
        return moved, replace(changes, described=len(stale.described), regrouped=regrouped)

    def finish(self, changes: Changes, seconds: float, *, resumed: bool) -> Report:
        with self._transaction() as (connection, state, now):
            records, clusters = stretches.count_live(connection)
            report = Report(
                records=records,
                clusters_before=clusters + changes.merged - changes.split,
                clusters_after=clusters,
                changes=changes,
                seconds=seconds,
                resumed=resumed,
                last_message=outbox.last_message(connection),
            )
            matching_state.put(connection, replace(state, phase="ready", position=0), now)
            events.append(connection, self.request.context, [_event(state, report)], now)
        return report


def _event(state: MatchingState, report: Report) -> Event:
    data = {"rules": state.rules, "records": report.records, "resumed": report.resumed}
    return Event("matching.rebuilt", "matching", data=data | asdict(report.changes))
