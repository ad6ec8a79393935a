"""The table of schedules: what is done, when, by which function. docs/operations.md lists it; a test
compares."""

from dataclasses import dataclass
from datetime import timedelta

from union_catalog.jobs.model import JobFunction, JobResult, Run
from union_catalog.jobs.schedule import Cron, When
from union_catalog.services import jobs
from union_catalog.settings import Settings
from union_catalog.storage.database import Database


@dataclass(frozen=True, slots=True)
class Schedule:
    """``function`` is idempotent: it may be run twice for one slot, and is run once for many that were
    missed."""

    name: str
    when: When
    function: JobFunction


def schedules(settings: Settings, database: Database) -> tuple[Schedule, ...]:
    """Every job there is; each can also be started by hand."""

    def prune_jobs(run: Run) -> JobResult:
        return {"removed": jobs.prune(database, run.context, timedelta(days=settings.job_keep_days))}

    return (Schedule("prune-jobs", Cron("40 3 * * *"), prune_jobs),)
