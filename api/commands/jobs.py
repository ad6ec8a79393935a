"""``union-catalog jobs``: what the scheduler does, and doing it by hand."""

import json

import click
import msgspec

from api.commands.runtime import Runtime
from api.jobs.schedule import Schedule
from api.jobs.schedules import schedules
from union_catalog.clock import instant_text
from union_catalog.errors import InvalidInput
from union_catalog.jobs.model import Job, JobState
from union_catalog.services import jobs as use_cases


def _table(runtime: Runtime) -> dict[str, Schedule]:
    table = schedules(runtime.settings, runtime.database, runtime.feed, runtime.engine)
    return {schedule.name: schedule for schedule in table}


@click.group()
def jobs() -> None:
    """Background jobs and their schedules."""


@jobs.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_jobs(as_json: bool) -> None:
    """Show every job: when it is due next, and how it ended last."""
    runtime = Runtime.from_environment()
    table = _table(runtime)
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
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run_job(name: str, as_json: bool) -> None:
    """Run the job NAME here and now and show its result."""
    runtime = Runtime.from_environment()
    table = _table(runtime)
    if name not in table:
        raise InvalidInput("unknown_job", name=name, known=tuple(table))
    context = runtime.context()
    job = use_cases.perform(
        runtime.database,
        runtime.clock,
        context,
        use_cases.ask_for(runtime.database, context, name),
        functions={item.name: item.function for item in table.values()},
        lease_seconds=runtime.settings.lease_seconds,
    )
    click.echo(json.dumps(_as_data(job), ensure_ascii=False) if as_json else f"{job.name} {_as_line(job)}")
    if job.state is JobState.FAILED:
        raise click.exceptions.Exit(4)


def _as_data(job: Job) -> dict[str, object]:
    data: dict[str, object] = msgspec.to_builtins(job)
    instants = {name: getattr(job, name) for name in ("created_at", "started_at", "finished_at")}
    return data | {name: instant_text(instant) if instant else None for name, instant in instants.items()}


def _as_line(job: Job) -> str:
    told = ", ".join(f"{name}={value}" for name, value in job.result.items())
    return " ".join(word for word in (job.state.value, job.error, told) if word)
