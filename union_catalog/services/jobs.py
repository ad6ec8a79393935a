"""Jobs as use cases: ask for one, perform it, find those whose process is gone, prune.

A job that runs holds the lease "job:<id>", so that it is performed once however often the queue delivers it,
and so that others can tell a long job from a dead one.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

import structlog

from union_catalog.clock import Clock
from union_catalog.context import Context
from union_catalog.errors import NotFound, UnionCatalogError
from union_catalog.ids import new_id
from union_catalog.jobs.model import Job, JobFunction, JobId, JobResult, JobState, Run, id_of_slot
from union_catalog.storage import jobs as rows
from union_catalog.storage import leases
from union_catalog.storage.database import Database

_log = structlog.stdlib.get_logger("jobs")


def ask_for(database: Database, context: Context, name: str) -> JobId:
    """Makes a queued job and returns its id."""
    job_id = JobId(new_id())
    with database.write() as connection:
        rows.add_queued(connection, job_id, name, context.occurred_at)
    return job_id


def ask_for_slot(database: Database, context: Context, name: str, slot: datetime) -> JobId | None:
    """Makes the queued job of a slot and returns its id; None if that slot has been used already."""
    job_id = id_of_slot(name, slot)
    with database.write() as connection:
        return job_id if rows.add_queued(connection, job_id, name, context.occurred_at) else None


def newest_of(database: Database, names: Sequence[str]) -> dict[str, Job]:
    """The newest job of each of these names that has one."""
    with database.read() as connection:
        return rows.newest_of(connection, names)


def find(database: Database, job_id: JobId) -> Job:
    """Raises NotFound."""
    with database.read() as connection:
        job = rows.find(connection, job_id)
    if job is None:
        raise NotFound(kind="job", id=job_id)
    return job


def perform(
    database: Database,
    clock: Clock,
    context: Context,
    job_id: JobId,
    *,
    functions: Mapping[str, JobFunction],
    lease_seconds: float,
) -> Job:
    """Runs a queued job here and now, returns how it ended; one that is not queued any more is left alone."""
    job = find(database, job_id)
    lease = _begin(database, clock, job_id, lease_seconds)
    if lease is None:
        return job
    with _held(database, clock, lease, lease_seconds):
        result, error = _outcome(functions.get(job.name), Run(context, _Reporter(database, job_id)), job)
    with database.write() as connection:
        rows.end(connection, job_id, clock.now(), result=result, error=error)
        leases.forget(connection, lease.name)
    return find(database, job_id)


def _begin(database: Database, clock: Clock, job_id: JobId, seconds: float) -> leases.Lease | None:
    with database.write() as connection:
        lease = leases.acquire(connection, _lease_name(job_id), leases.new_holder(), clock.now(), seconds)
        if lease is None or rows.begin(connection, job_id, clock.now()):
            return lease
        leases.forget(connection, lease.name)
        return None


def _outcome(function: JobFunction | None, run: Run, job: Job) -> tuple[JobResult, str]:
    if function is None:
        return {}, "unknown_job"
    try:
        return function(run), ""
    except UnionCatalogError as error:
        _log.warning("job failed", job=job.id, name=job.name, error=str(error))
        return {}, error.code
    except Exception:  # noqa: BLE001 - the boundary of background work: whatever a job does, its row tells the end
        _log.exception("job failed", job=job.id, name=job.name)
        return {}, "internal"


class _Reporter:
    """Writes progress down only when it has grown by a hundredth, for each writing is a transaction."""

    def __init__(self, database: Database, job_id: JobId) -> None:
        self._database, self._job_id, self._told = database, job_id, 0.0

    def __call__(self, progress: float) -> None:
        if progress < self._told + 0.01:
            return
        with self._database.write() as connection:
            rows.set_progress(connection, self._job_id, min(progress, 1.0))
        self._told = progress


@contextmanager
def _held(database: Database, clock: Clock, lease: leases.Lease, seconds: float) -> Iterator[None]:
    over = Event()
    thread = Thread(target=_renew, args=(database, clock, lease, seconds, over), name=lease.name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _renew(database: Database, clock: Clock, lease: leases.Lease, seconds: float, over: Event) -> None:
    while not over.wait(seconds / 3):
        try:
            with database.write() as connection:
                leases.renew(connection, lease, clock.now(), seconds)
        except UnionCatalogError as error:
            _log.warning("lease not renewed", lease=lease.name, error=str(error))


def _lease_name(job_id: JobId) -> str:
    return f"job:{job_id}"


def recover(database: Database, context: Context) -> list[JobId]:
    """Fails running jobs whose process is gone; returns the queued ones, which the queue may have lost."""
    with database.write() as connection:
        for job in rows.open_jobs(connection, JobState.RUNNING):
            if leases.holder_of(connection, _lease_name(job.id), context.occurred_at) is None:
                rows.end(connection, job.id, context.occurred_at, result={}, error="interrupted")
                leases.forget(connection, _lease_name(job.id))
        return [job.id for job in rows.open_jobs(connection, JobState.QUEUED)]


def prune(database: Database, context: Context, keep: timedelta) -> int:
    """Removes jobs that ended longer ago than ``keep``; returns how many."""
    with database.write() as connection:
        return rows.remove_finished(connection, context.occurred_at - keep)
