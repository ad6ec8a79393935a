"""``union-catalog matches rebuild`` and ``matches status``: deciding everything anew, and whether that is due."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from api.commands.following import following, say_behind
from api.commands.matching import matches
from api.commands.progress import ProgressLine
from api.commands.runtime import Runtime, writing
from loaders.preparing import spare_the_collector
from union_catalog.services.rebuilding.preview import preview
from union_catalog.services.rebuilding.rebuild import Rebuilding
from union_catalog.services.rebuilding.rebuild import rebuild as rebuild_all
from union_catalog.services.rebuilding.report import Advance, Moved, OnMoved, OnProgress, Report
from union_catalog.services.rebuilding.status import MatchingStatus, matching_status

_PHASES = {"ready": "已就绪 / ready", "linking": "比对 / linking", "settling": "归并 / settling"}


@matches.command()
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
@click.option("--output", type=click.Path(path_type=Path), help="CSV file: one line a record that comes under another union record.")
@click.option("--no-wait", is_flag=True, help="Do not wait until the changes are searchable.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rebuild(dry_run: bool, output: Path | None, no_wait: bool, as_json: bool) -> None:
    """Decide everything anew under the rules of this version; ids are kept. One that was broken off goes on where it was."""
    runtime = Runtime.from_environment()
    spare_the_collector()
    with _listing(output, goes_on=not dry_run and _status(runtime).phase == "settling") as told, ProgressLine() as line:
        done = _run(runtime, dry_run, lambda advance: line.show(_how_far(advance)), told)
        waits = not dry_run and not no_wait
        behind = following(runtime, done.last_message, lambda waiting: line.show(f"建索引 / indexing: {waiting:,}")) if waits else None
    if as_json:
        click.echo(json.dumps(_as_data(done) | {"dry_run": dry_run}))
    else:
        _tell(done, dry_run)
    say_behind(behind)


def _run(runtime: Runtime, dry_run: bool, progress: OnProgress, told: OnMoved) -> Report:
    limit, stretch = runtime.settings.match_key_limit, runtime.settings.load_batch
    if dry_run:
        return preview(runtime.database, limit, stretch, progress, told)
    return rebuild_all(Rebuilding(runtime.database, runtime.clock, runtime.context(), limit, stretch), progress, told)


@contextmanager
def _listing(output: Path | None, *, goes_on: bool) -> Iterator[OnMoved]:
    """Writes what has moved; a rebuild that goes on adds to the list that it began."""
    if output is None:
        yield lambda moved: None
        return
    with writing(output):
        file = output.open("a" if goes_on else "w", encoding="utf-8", newline="")
    with file:
        writer = csv.writer(file, lineterminator="\n")

        def write(moved: Sequence[Moved]) -> None:
            with writing(output):
                writer.writerows((m.library, m.record_id, m.before, m.after) for m in moved)
                file.flush()

        if not file.tell():
            writer.writerow(("library", "record_id", "before", "after"))
        yield write


def _how_far(advance: Advance) -> str:
    return f"{_PHASES[advance.phase]}  {advance.fraction:>4.0%}  {advance.rate:,.0f}/s"


def _as_data(done: Report) -> dict[str, object]:
    counts = {"records": done.records, "clusters_before": done.clusters_before, "clusters_after": done.clusters_after}
    return counts | asdict(done.changes) | {"resumed": done.resumed, "seconds": round(done.seconds, 3)}


def _tell(done: Report, dry_run: bool) -> None:
    would = "试算，没有改动 / a dry run, nothing was changed\n" if dry_run else ""
    changes = done.changes
    click.echo(
        f"{would}{done.records:,} 条，{done.clusters_before:,} → {done.clusters_after:,} 种：并 {changes.merged:,}，拆 {changes.split:,}，"
        f"{changes.moved:,} 条换了归属，{done.seconds:.1f} 秒 / records, editions: merged, split; records moved; seconds"
    )


def _status(runtime: Runtime) -> MatchingStatus:
    return matching_status(runtime.database, runtime.clock, runtime.settings.match_key_limit)


@matches.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(as_json: bool) -> None:
    """Say under which rules the catalogue was decided, and where a rebuild stands."""
    found = _status(Runtime.from_environment())
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    click.echo(f"{_PHASES[found.phase]}  {found.fraction:.0%}" + ("  运行中 / running" if found.running else ""))
    if not found.is_current or (found.phase != "ready" and not found.running):
        click.echo("请运行 / run: union-catalog matches rebuild")
