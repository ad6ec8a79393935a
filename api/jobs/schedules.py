"""The table of schedules: what is done, when, by which function. docs/operations.md lists it; a test
compares."""

from datetime import timedelta

from api.jobs.reader_jobs import reader_schedules
from api.jobs.schedule import Schedule
from api.jobs.standing_jobs import standing_schedules
from indexers.verify import verify
from union_catalog.jobs.model import JobResult, Run
from union_catalog.jobs.schedule import Cron, Every
from union_catalog.search.engine import SearchEngine
from union_catalog.services import commands, jobs, sessions
from union_catalog.services.index_feed import IndexFeed
from union_catalog.services.patrons import codes
from union_catalog.settings import Settings
from union_catalog.storage.database import Database


def schedules(settings: Settings, database: Database, feed: IndexFeed, engine: SearchEngine) -> tuple[Schedule, ...]:
    """Every job there is; each can also be started by hand."""

    def prune_outbox(_: Run) -> JobResult:
        return {"removed": feed.prune(settings.outbox_keep_days)}

    def prune_jobs(run: Run) -> JobResult:
        return {"removed": jobs.prune(database, run.context, timedelta(days=settings.job_keep_days))}

    def prune_commands(run: Run) -> JobResult:
        return {"removed": commands.prune(database, run.context.occurred_at)}

    def prune_sessions(run: Run) -> JobResult:
        now = run.context.occurred_at
        return {"removed": sessions.prune(database, now) + codes.prune(database, now)}

    def verify_index(_: Run) -> JobResult:
        found = verify(feed, engine)
        counts = {"missing": found.missing, "stale": found.stale, "orphaned": found.orphaned, "ahead": found.ahead}
        return {"documents": found.documents, **counts}

    return (
        Schedule("prune-outbox", Every(timedelta(hours=1)), prune_outbox),
        Schedule("prune-jobs", Cron("40 3 * * *"), prune_jobs),
        Schedule("prune-commands", Every(timedelta(hours=1)), prune_commands),
        Schedule("prune-sessions", Every(timedelta(hours=1)), prune_sessions),
        Schedule("verify-index", Cron("20 4 * * *"), verify_index),
        *reader_schedules(settings, database),
        *standing_schedules(settings, database),
    )
