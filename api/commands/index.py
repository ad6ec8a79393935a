"""``union-catalog index``: is the index true, and making it so."""

import json
import time
from dataclasses import asdict

import click

from api.commands.runtime import Runtime
from indexers.catching_up import catch_up
from indexers.rebuild import rebuild
from indexers.verify import Verdict, verify
from union_catalog.errors import Busy


@click.group()
def index() -> None:
    """The search index: rebuild, verify, status."""


@index.command("rebuild")
def rebuild_index() -> None:
    """Build the index anew beside the live one and switch at the end."""
    runtime = Runtime.from_environment()
    begun = time.monotonic()

    def wait() -> bool:
        """A relay that stands by or runs lets go within its lease; half a minute is enough for any of them."""
        time.sleep(0.5)
        return time.monotonic() - begun < runtime.settings.lease_seconds * 2

    done = rebuild(runtime.relay, lambda count: click.echo(f"{count:,}", err=True), wait)
    click.echo(f"{done.documents:,} 种，{time.monotonic() - begun:.1f} 秒 / records, seconds")


@index.command("verify")
@click.option("--repair", is_flag=True, help="Mend what differs.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify_index(repair: bool, as_json: bool) -> None:
    """Compare database and index in both directions; exit code 4 if they differ."""
    runtime = Runtime.from_environment()
    catch_up(runtime.relay, runtime.feed.last_message())
    verdict = _repaired(runtime) if repair else verify(runtime.feed, runtime.engine)
    if as_json:
        click.echo(json.dumps(asdict(verdict) | {"agrees": verdict.agrees}, ensure_ascii=False))
    else:
        click.echo(
            f"{verdict.documents:,} 种：缺 {verdict.missing}，旧 {verdict.stale}，多余 {verdict.orphaned}，已修 {verdict.repaired}"
            " / records: missing, stale, orphaned, repaired"
        )
    if not verdict.agrees and not repair:
        raise click.exceptions.Exit(4)


def _repaired(runtime: Runtime) -> Verdict:
    """Repairs under the writer's lease."""
    lease = runtime.feed.acquire()
    if lease is None:
        raise Busy("index_writer_busy")
    try:
        return verify(runtime.feed, runtime.engine, repair=True)
    finally:
        runtime.engine.close()
        runtime.feed.release(lease)


@index.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def index_status(as_json: bool) -> None:
    """Show what the index holds and how far it is behind."""
    runtime = Runtime.from_environment()
    backlog = runtime.feed.backlog()
    facts = asdict(runtime.engine.status()) | {
        "waiting": backlog.waiting,
        "oldest_waiting": backlog.oldest,
        "writer_active": runtime.feed.writer() is not None,
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for name, value in facts.items():
        click.echo(f"{name:<18}{value}")
