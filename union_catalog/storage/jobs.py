"""Rows of ``job`` to and from values."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, text, update

from union_catalog.clock import instant_text, parse_instant
from union_catalog.jobs.model import Job, JobId, JobResult, JobState
from union_catalog.storage.tables import job as table
from union_catalog.storage.tables.journal import OPEN_JOB


def _instant(text: str | None) -> datetime | None:
    return parse_instant(text) if text else None


def _job(row: RowMapping) -> Job:
    return Job(
        id=JobId(row["id"]),
        name=row["name"],
        state=JobState(row["state"]),
        progress=row["progress"],
        result=row["result"] or {},
        error=row["error"] or "",
        created_at=parse_instant(row["created_at"]),
        started_at=_instant(row["started_at"]),
        finished_at=_instant(row["finished_at"]),
    )


def add_queued(connection: Connection, job_id: JobId, name: str, now: datetime) -> bool:
    """False if there is a job of that id already. To be called in a writing transaction."""
    if find(connection, job_id) is not None:
        return False
    queued = {"id": job_id, "name": name, "state": JobState.QUEUED, "progress": 0.0}
    connection.execute(insert(table).values(created_at=instant_text(now), **queued))
    return True


def find(connection: Connection, job_id: JobId) -> Job | None:
    """The job, or None."""
    row = connection.execute(select(table).where(table.c.id == job_id)).mappings().first()
    return _job(row) if row else None


def open_jobs(connection: Connection, state: JobState) -> list[Job]:
    """All that are queued, or all that run, oldest first. Asked every second, so those that have ended are not looked at."""
    statement = select(table).where(text(OPEN_JOB), table.c.state == state).order_by(table.c.created_at, table.c.id)
    return [_job(row) for row in connection.execute(statement).mappings()]


def newest_of(connection: Connection, names: Sequence[str]) -> dict[str, Job]:
    """The newest job of each of these names that has one: a look at the index for each, however many there were."""
    statement = select(table).where(table.c.name == bindparam("name")).order_by(table.c.created_at.desc(), table.c.id.desc()).limit(1)
    rows = (connection.execute(statement, {"name": name}).mappings().first() for name in names)
    return {row["name"]: _job(row) for row in rows if row is not None}


def newest_success_of(connection: Connection, names: Sequence[str]) -> dict[str, datetime]:
    """When each of these names was last done, of those that ever were and of which that is still kept."""
    done = (table.c.name == bindparam("name"), table.c.state == JobState.DONE)
    statement = select(table.c.finished_at).where(*done).order_by(table.c.created_at.desc()).limit(1)
    found = ((name, connection.execute(statement, {"name": name}).scalar()) for name in names)
    return {name: parse_instant(ended) for name, ended in found if ended}


def begin(connection: Connection, job_id: JobId, now: datetime) -> bool:
    """queued → running. False if it is not queued (any more)."""
    queued = update(table).where(table.c.id == job_id, table.c.state == JobState.QUEUED)
    return connection.execute(queued.values(state=JobState.RUNNING, started_at=instant_text(now))).rowcount == 1


def set_progress(connection: Connection, job_id: JobId, progress: float) -> None:
    """Only of a job that runs."""
    running = update(table).where(table.c.id == job_id, table.c.state == JobState.RUNNING)
    connection.execute(running.values(progress=progress))


def end(connection: Connection, job_id: JobId, now: datetime, *, result: JobResult, error: str) -> None:
    """running → done, or failed where there is an error."""
    running = update(table).where(table.c.id == job_id, table.c.state == JobState.RUNNING)
    ended = running.values(result=dict(result), finished_at=instant_text(now))
    failed, done = {"state": JobState.FAILED, "error": error}, {"state": JobState.DONE, "progress": 1.0}
    connection.execute(ended.values(failed if error else done))


def remove_finished(connection: Connection, before: datetime) -> int:
    """Removes what ended before an instant, but of every name the newest job stays: schedules look at it."""
    old, same = table.alias(), table.alias()
    newest = select(func.max(same.c.created_at)).where(same.c.name == old.c.name).scalar_subquery()
    removable = select(old.c.id).where(old.c.finished_at < instant_text(before), old.c.created_at < newest)
    return connection.execute(delete(table).where(table.c.id.in_(removable))).rowcount
