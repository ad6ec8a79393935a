"""``union-catalog index``: is the index true, and making it so."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict

import click

from api.commands.runtime import Runtime
from indexers.catching_up import catch_up
from indexers.rebuild import rebuild
from indexers.turns import insisting
from indexers.verify import Verdict, verify


@click.group()
def index() -> None:
    """The search index: rebuild, verify, status."""


@index.command("rebuild")
def rebuild_index() -> None:
    """Build the index anew beside the live one and switch at the end."""
    runtime = Runtime.from_environment()
    begun = time.monotonic()
    done = rebuild(runtime.relay, lambda count: click.echo(f"{count:,}", err=True), _patience(runtime))
    click.echo(f"{done.documents:,} 种，{time.monotonic() - begun:.1f} 秒 / records, seconds")


def _patience(runtime: Runtime) -> Callable[[], bool]:
    """A relay lets go after the batch it is at; two leases are enough for that, and for one that is dead."""
    until = time.monotonic() + runtime.settings.lease_seconds * 2

    def wait() -> bool:
        time.sleep(0.2)
        return time.monotonic() < until

    return wait


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
    """Repairs while nobody else writes."""
    with insisting(runtime.feed, runtime.engine, _patience(runtime)):
        return verify(runtime.feed, runtime.engine, repair=True)


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
