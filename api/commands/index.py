"""``union-catalog index``: is the index true, and making it so."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, fields

import click

from api.commands.following import following, say_behind
from api.commands.runtime import Runtime
from indexers.catching_up import catch_up
from indexers.rebuild import rebuild
from indexers.turns import insisting
from indexers.verify import Verdict, verify
from union_catalog.errors import SearchUnavailable
from union_catalog.search.engine import EngineStatus, SearchEngine

_REMAINING = (
    "{0} 种没有修好：刚在搜索服务器上直接删除的文档，服务器还记得一分钟（index.gc_deletes）。过一分钟再修一次，仍不行就重建 / "
    "{0} not repaired: a search server remembers for a minute (index.gc_deletes) what was deleted on it by hand. "
    "Repair again in a minute; if that does not help: union-catalog index rebuild"
)


@click.group()
def index() -> None:
    """The search index: rebuild, verify, status, dead letters."""


@index.command("rebuild")
def rebuild_index() -> None:
    """Build the index anew beside the live one and switch at the end."""
    runtime = Runtime.from_environment()
    begun = time.monotonic()
    done = rebuild(runtime.relay, lambda count: click.echo(f"{count:,}", err=True), _patience(runtime))
    click.echo(f"{done.documents:,} 种，{time.monotonic() - begun:.1f} 秒 / records, seconds")
    if done.rejected:
        click.echo(f"其中 {done.rejected} 种索引不收，见 / of them not taken, see: union-catalog index dead", err=True)


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
    """Compare database and index in both directions; exit code 4 if they differ, or still do after a repair."""
    runtime = Runtime.from_environment()
    catch_up(runtime.relay, runtime.feed.last_message())
    verdict = _repaired(runtime) if repair else verify(runtime.feed, runtime.engine)
    if as_json:
        click.echo(json.dumps(asdict(verdict) | {"agrees": verdict.agrees}, ensure_ascii=False))
    else:
        click.echo(
            f"{verdict.documents:,} 种：缺 {verdict.missing}，旧 {verdict.stale}，多余 {verdict.orphaned}，超前 {verdict.ahead}，"
            f"已修 {verdict.repaired} / records: missing, stale, orphaned, ahead, repaired"
        )
    if verdict.ahead:
        click.echo("索引比数据库新，须重建 / the index is ahead of the database: union-catalog index rebuild", err=True)
    if verdict.rejected:
        click.echo(f"其中 {verdict.rejected} 种索引不收，见 / of them not taken, see: union-catalog index dead", err=True)
    if verdict.remaining:
        click.echo(_REMAINING.format(verdict.remaining), err=True)
    if verdict.ahead or verdict.rejected or verdict.remaining or (not verdict.agrees and not repair):
        raise click.exceptions.Exit(4)


def _repaired(runtime: Runtime) -> Verdict:
    """Repairs while nobody else writes."""
    with insisting(runtime.feed, runtime.engine, _patience(runtime)):
        return verify(runtime.feed, runtime.engine, repair=True)


@index.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def index_status(as_json: bool) -> None:
    """Show what the index holds and how far it is behind; exit code 4 after all that is known if it cannot be used."""
    runtime = Runtime.from_environment()
    held, error = _status(runtime.engine)
    backlog, writers = runtime.feed.backlog(), runtime.feed.writers()
    facts = {
        "usable": error is None,
        "error": error.code if error else None,
        "engine": runtime.settings.search_engine,
        **held,
        "waiting": backlog.waiting,
        "oldest_waiting": backlog.oldest,
        "oldest_waiting_seconds": round(backlog.oldest_seconds, 1),
        "dead": backlog.dead,
        "writer_active": writers > 0,
        "writers": writers,
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        for name, value in facts.items():
            click.echo(f"{name:<24}{'' if value is None else value}")
    if error is not None:
        raise error


def _status(engine: SearchEngine) -> tuple[dict[str, object], SearchUnavailable | None]:
    """What the engine tells of itself, everything None where it cannot be asked, and why."""
    try:
        return asdict(engine.status()), None
    except SearchUnavailable as error:
        return {field.name: None for field in fields(EngineStatus) if field.name != "engine"}, error


@index.command("dead")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one line each.")
def list_dead(as_json: bool) -> None:
    """List what the index would never take, with the reasons."""
    feed = Runtime.from_environment().feed
    after = 0
    while letters := feed.dead(after):
        for letter in letters:
            if as_json:
                told = asdict(letter)
                click.echo(json.dumps({"id": told.pop("id"), "union_id": told.pop("aggregate"), **told}, ensure_ascii=False))
            else:
                click.echo(f"{letter.id}  {letter.aggregate}  {letter.died_at}  {letter.reason}")
        after = letters[-1].id


@index.command("revive")
@click.argument("ids", metavar="ID...", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="All of them.")
def revive_dead(ids: tuple[int, ...], everything: bool) -> None:
    """Try dead messages again, once what was wrong with them is mended."""
    if bool(ids) == everything:
        raise click.UsageError("要么给编号，要么给 --all / give ids or --all")
    runtime = Runtime.from_environment()
    revived = runtime.feed.revive(None if everything else ids)
    behind = following(runtime, runtime.feed.last_message())
    dead = runtime.feed.backlog().dead
    click.echo(f"又试了 {revived} 条，现有死信 {dead} / {revived} tried again, {dead} dead now")
    say_behind(behind)
