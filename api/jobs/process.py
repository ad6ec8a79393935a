"""The scheduler's process: it works off the queue, and if it holds the leader's lease it also says what is
due.

Any number may run; one leads. A leader that dies is followed by another when its lease has run out.
"""

from collections.abc import Mapping
from datetime import datetime
from threading import Event

import structlog

from api.jobs.queue import JobQueue
from api.jobs.schedule import Schedule
from union_catalog.clock import Clock
from union_catalog.context import Actor, CommandId, Context
from union_catalog.errors import UnionCatalogError
from union_catalog.ids import new_id
from union_catalog.jobs.model import JobFunction, JobId
from union_catalog.jobs.schedule import due_slot
from union_catalog.services import jobs
from union_catalog.settings import Settings
from union_catalog.storage import leases
from union_catalog.storage.database import Database

LEADER = "scheduler"
TICK_SECONDS = 1.0
_THREADS = 1
_log = structlog.stdlib.get_logger("scheduler")


def system_context(clock: Clock) -> Context:
    """The context of work that nobody asked for but the calendar."""
    actor = Actor(kind="system", id="scheduler")
    return Context(actor=actor, occurred_at=clock.now(), command_id=CommandId(new_id()))


class Scheduler:
    """One process's share: :meth:`tick` is called about once a second."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, schedules: tuple[Schedule, ...]) -> None:
        self._settings, self._database, self._clock = settings, database, clock
        self._schedules = {schedule.name: schedule for schedule in schedules}
        self._functions: Mapping[str, JobFunction] = {item.name: item.function for item in schedules}
        self._holder = leases.new_holder()
        self._lease: leases.Lease | None = None
        self._watching_since: datetime = clock.now()
        self.queue = JobQueue(settings, self.perform)

    def perform(self, job_id: JobId) -> None:
        """Runs a job in the calling thread; its row tells how it ended."""
        context = system_context(self._clock)
        jobs.perform(
            self._database,
            self._clock,
            context,
            job_id,
            functions=self._functions,
            lease_seconds=self._settings.lease_seconds,
        )

    def tick(self) -> None:
        """Takes or keeps the lead; a leader makes the jobs that are due and delivers again those that were
        lost."""
        if not self._leads():
            return
        context = system_context(self._clock)
        for job_id in self._due(context):
            _log.info("job due", job=job_id)
        waiting = self.queue.waiting()
        for job_id in jobs.recover(self._database, context):
            if job_id not in waiting:
                self.queue.put(job_id)

    def _leads(self) -> bool:
        now, seconds = self._clock.now(), self._settings.lease_seconds
        with self._database.write() as connection:
            if self._lease and leases.renew(connection, self._lease, now, seconds):
                return True
            self._lease = leases.acquire(connection, LEADER, self._holder, now, seconds)
        if self._lease:
            self._watching_since = now
            _log.info("leading", holder=self._holder)
        return self._lease is not None

    def _due(self, context: Context) -> list[JobId]:
        newest = jobs.newest_of(self._database, list(self._schedules))
        made = []
        for name, schedule in self._schedules.items():
            latest = newest[name].created_at if name in newest else None
            slot = due_slot(
                schedule.when,
                context.occurred_at,
                self._settings.timezone,
                latest=latest,
                watching_since=self._watching_since,
            )
            if slot and (job_id := jobs.ask_for_slot(self._database, context, name, slot)):
                made.append(job_id)
        return made

    def leave(self) -> None:
        """Gives the lead to whoever comes next and lets go of the queue."""
        self.queue.close()
        if self._lease:
            with self._database.write() as connection:
                leases.release(connection, self._lease)
            self._lease = None


def run(scheduler: Scheduler, stop: Event) -> None:
    """Works and, when leading, schedules, until ``stop``; a running job is finished first. A failed tick is
    tried again."""
    worker = scheduler.queue.worker(_THREADS)
    worker.start()
    while not stop.is_set():
        try:
            scheduler.tick()
        except UnionCatalogError as error:
            _log.warning("tick failed", error=str(error))
        stop.wait(TICK_SECONDS)
    worker.stop(graceful=True)
    scheduler.leave()
