"""``union-catalog jobs``: what the scheduler does, and doing it by hand."""

import json

import click
import msgspec

from api.jobs.schedules import Schedule, schedules
from api.wiring import open_database, open_engine
from union_catalog.clock import SystemClock, instant_text
from union_catalog.context import command_line
from union_catalog.errors import InvalidInput
from union_catalog.jobs.model import Job, JobState
from union_catalog.services import jobs as use_cases
from union_catalog.services.index_feed import IndexFeed
from union_catalog.settings import Settings
from union_catalog.storage.database import Database


def _table(settings: Settings, database: Database) -> dict[str, Schedule]:
    feed = IndexFeed(database, SystemClock(), settings.lease_seconds)
    return {
        schedule.name: schedule for schedule in schedules(settings, database, feed, open_engine(settings))
    }


@click.group()
def jobs() -> None:
    """Background jobs and their schedules."""


@jobs.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_jobs(as_json: bool) -> None:
    """Show every job: when it is due next, and how it ended last."""
    settings = Settings.from_environment()
    database = open_database(settings)
    table = _table(settings, database)
    newest = use_cases.newest_of(database, list(table))
    now = SystemClock().now()
    lines = [
        {
            "name": name,
            "when": str(schedule.when),
            "next": instant_text(schedule.when.next(now, settings.timezone)),
            "last": _as_data(newest[name]) if name in newest else None,
        }
        for name, schedule in table.items()
    ]
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False, indent=2))
        return
    for line in lines:
        job = newest.get(str(line["name"]))
        last = f"{job.state} {instant_text(job.created_at)} {job.error}".rstrip() if job else "-"
        click.echo(f"{line['name']:<16}{line['when']:<22}{line['next']}  {last}")


@jobs.command("run")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run_job(name: str, as_json: bool) -> None:
    """Run the job NAME here and now and show its result."""
    settings = Settings.from_environment()
    database, clock = open_database(settings), SystemClock()
    table = _table(settings, database)
    if name not in table:
        raise InvalidInput("unknown_job", name=name, known=tuple(table))
    context = command_line(clock)
    job_id = use_cases.ask_for(database, context, name)
    functions = {item.name: item.function for item in table.values()}
    job = use_cases.perform(
        database, clock, context, job_id, functions=functions, lease_seconds=settings.lease_seconds
    )
    click.echo(json.dumps(_as_data(job), ensure_ascii=False) if as_json else _as_line(job))
    if job.state is JobState.FAILED:
        raise click.exceptions.Exit(4)


def _as_data(job: Job) -> dict[str, object]:
    data: dict[str, object] = msgspec.to_builtins(job)
    instants = {name: getattr(job, name) for name in ("created_at", "started_at", "finished_at")}
    return data | {name: instant_text(instant) if instant else None for name, instant in instants.items()}


def _as_line(job: Job) -> str:
    told = ", ".join(f"{name}={value}" for name, value in job.result.items())
    return " ".join(word for word in (job.name, job.state.value, job.error, told) if word)
