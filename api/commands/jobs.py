"""``union-catalog jobs``: what the scheduler does, and doing it by hand."""

import json
from dataclasses import replace
from datetime import datetime

import click
import msgspec

from api.commands.runtime import Runtime
from api.jobs.schedule import Schedule
from api.jobs.schedules import schedules
from union_catalog.clock import Clock, SteppingClock, instant_text, parse_instant
from union_catalog.errors import InvalidInput
from union_catalog.jobs.model import Job, JobState
from union_catalog.services import jobs as use_cases
from union_catalog.services.index_feed import IndexFeed


def _table(runtime: Runtime, clock: Clock) -> dict[str, Schedule]:
    feed = IndexFeed(runtime.database, clock, runtime.settings.lease_seconds)
    table = schedules(runtime.settings, runtime.database, feed, runtime.engine)
    return {schedule.name: schedule for schedule in table}


@click.group()
def jobs() -> None:
    """Background jobs and their schedules."""


@jobs.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_jobs(as_json: bool) -> None:
    """Show every job: when it is due next, and how it ended last."""
    runtime = Runtime.from_environment()
    table = _table(runtime, runtime.clock)
    newest = use_cases.newest_of(runtime.database, list(table))
    now = runtime.clock.now()
    lines = [
        {
            "name": name,
            "when": str(schedule.when),
            "next": instant_text(schedule.when.next(now, runtime.settings.timezone)),
            "last": _as_data(newest[name]) if name in newest else None,
        }
        for name, schedule in table.items()
    ]
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False, indent=2))
        return
    for line in lines:
        job = newest.get(str(line["name"]))
        last = f"{instant_text(job.created_at)} {_as_line(job)}" if job else "-"
        click.echo(f"{line['name']:<16}{line['when']:<16}{line['next']}  {last}")


@jobs.command("run")
@click.argument("name")
@click.option("--now", metavar="INSTANT", help="As if it were then: 2026-12-01T09:00:00+08:00. When the job ran is kept as it was.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run_job(name: str, now: str | None, as_json: bool) -> None:
    """Run the job NAME here and now and show its result."""
    runtime = Runtime.from_environment()
    clock = SteppingClock(_instant(now)) if now is not None else runtime.clock
    table = _table(runtime, clock)
    if name not in table:
        raise InvalidInput("unknown_job", name=name, known=tuple(table))
    context = runtime.context()
    job = use_cases.perform(
        runtime.database,
        runtime.clock,
        replace(context, occurred_at=clock.now()),
        use_cases.ask_for(runtime.database, context, name),
        functions={item.name: item.function for item in table.values()},
        lease_seconds=runtime.settings.lease_seconds,
    )
    click.echo(json.dumps(_as_data(job), ensure_ascii=False) if as_json else f"{job.name} {_as_line(job)}")
    if job.state is JobState.FAILED:
        raise click.exceptions.Exit(4)


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise InvalidInput("bad_instant", name="--now", value=text) from error


def _as_data(job: Job) -> dict[str, object]:
    data: dict[str, object] = msgspec.to_builtins(job)
    instants = {name: getattr(job, name) for name in ("created_at", "started_at", "finished_at")}
    return data | {name: instant_text(instant) if instant else None for name, instant in instants.items()}


def _as_line(job: Job) -> str:
    told = ", ".join(f"{name}={value}" for name, value in job.result.items())
    return " ".join(word for word in (job.state.value, job.error, told) if word)
