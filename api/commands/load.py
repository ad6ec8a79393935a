"""``union-catalog load``: a member library's export into the catalogue."""

import json
from dataclasses import fields
from pathlib import Path

import click

from api.commands.following import following, say_behind
from api.commands.progress import ProgressLine
from api.commands.runtime import Runtime, writing
from api.logging import logged_command
from loaders.formats.encodings import ENCODINGS
from loaders.formats.reader import FORMATS
from loaders.pipeline import Advance, LoadOptions, Report, run_load
from loaders.preparing import spare_the_collector


@click.command()
@click.option("--library", required=True, help="Code of the library whose export it is.")
@click.option("--format", "format_", required=True, type=click.Choice(FORMATS), help="Format of the export.")
@click.option("--encoding", type=click.Choice((*ENCODINGS, "auto")), default="auto", show_default=True, help="Encoding of its text.")
@click.option("--mapping", type=click.Path(path_type=Path), help="TOML file: which heading of a table means what.")
@click.option("--full", is_flag=True, help="The file is everything the library has: withdraw what it does not hold.")
@click.option("--allow-withdrawals", is_flag=True, help="With --full: withdraw even more than a fifth of the records.")
@click.option("--report", type=click.Path(path_type=Path), help="Write the counts to this JSON file.")
@click.option("--no-wait", is_flag=True, help="Do not wait until the records are searchable.")
@click.argument("file", type=click.Path(path_type=Path))
def load(
    library: str,
    format_: str,
    encoding: str,
    mapping: Path | None,
    full: bool,
    allow_withdrawals: bool,
    report: Path | None,
    no_wait: bool,
    file: Path,
) -> None:
    """Load FILE, an export of a library. A load that was broken off goes on where it was."""
    if allow_withdrawals and not full:
        raise click.UsageError("--allow-withdrawals 只与 --full 同用 / --allow-withdrawals goes with --full")
    runtime = Runtime.from_environment()
    options = LoadOptions(
        library=library,
        path=file,
        format=format_,
        encoding=encoding,
        mapping=mapping,
        is_full=full,
        allow_withdrawals=allow_withdrawals,
    )
    if report is not None:
        with writing(report), report.open("a", encoding="utf-8"):
            pass  # said before hours of work, not after
    spare_the_collector()
    context = runtime.context()
    with logged_command(runtime.settings, "load", context) as tell, ProgressLine() as line:
        told = _Progress(library, line)
        done = run_load(runtime.database, runtime.clock, context, runtime.settings, options, told.advance)
        tell("stored", **_counts(done))
        if report is not None:
            _write(report, done)  # the records are stored, whatever the index will say
        behind = None if no_wait else following(runtime, done.last_message, told.indexing)
    _tell(done)
    if done.refusal is not None:
        raise done.refusal
    say_behind(behind)


class _Progress:
    """What the line says of a load."""

    def __init__(self, library: str, line: ProgressLine) -> None:
        self.library = library
        self.line = line

    def advance(self, advance: Advance) -> None:
        state = advance.state
        left = _left(advance)
        again = " 续载/resumed" if advance.resumed else ""
        self.line.show(
            f"{self.library} {advance.fraction:>4.0%}  {state.position:,} 条/records  {advance.rate:,.0f}/s{left}"
            f"  待修/quarantined {state.quarantined:,}{again}"
        )

    def indexing(self, waiting: int) -> None:
        self.line.show(f"{self.library} 建索引 / indexing: {waiting:,}")


def _left(advance: Advance) -> str:
    """Time left, by the share of the file and the rate so far."""
    if not 0 < advance.fraction < 1 or advance.rate <= 0:
        return ""
    remaining = advance.state.position / advance.fraction - advance.state.position
    seconds = int(remaining / advance.rate)
    return f"  还要/left {seconds // 60}:{seconds % 60:02d}"


def _tell(done: Report) -> None:
    if done.read and done.read == done.unchanged and not done.withdrawn:
        click.echo(f"{done.library}: {done.read:,} 条都没有变化 / all {done.read:,} records unchanged")
    else:
        _tell_counts(done)
    if done.provisional_branches:
        named = " ".join(done.provisional_branches[:20]) + (" …" if len(done.provisional_branches) > 20 else "")
        click.echo(f"这些分馆网络文件里还没有，暂以代码为名 / branches not in the network file yet, named by their codes: {named}")
    _tell_matching(done)


def _tell_matching(done: Report) -> None:
    """What a cataloguer should look at."""
    if done.oversized_keys:
        examples = " ".join(done.oversized_examples)
        click.echo(
            f"有 {done.oversized_keys:,} 个比对键太常见，没有用来找同一版本 / match keys held by too many records were not used, "
            f"for example of: {examples}"
        )
    if done.large_clusters:
        click.echo(
            f"警告：{len(done.large_clusters)} 条联合书目聚了500条以上的记录，请看 / clusters of more than 500 records, see: "
            f"union-catalog matches list --large"
        )


def _tell_counts(done: Report) -> None:
    if done.resumed:
        click.echo("接着上次断开的地方读的（续载） / resumed where the load before was broken off")
    click.echo(
        f"{done.library}: 读 {done.read:,}，存 {done.stored:,}，未变 {done.unchanged:,}，删 {done.deleted:,}，"
        f"撤 {done.withdrawn:,}，待修 {done.quarantined:,}，{done.seconds:.1f} 秒 / read, stored, unchanged, deleted, "
        f"withdrawn, quarantined, seconds"
    )
    if done.quarantined:
        click.echo(f"待修的看 / see what is in quarantine: union-catalog quarantine list --library {done.library}")


def _counts(done: Report) -> dict[str, object]:
    names = ("library", "format", "read", "stored", "unchanged", "deleted", "withdrawn", "quarantined", "resumed")
    return {name: getattr(done, name) for name in names}


def _write(path: Path, done: Report) -> None:
    facts = {field.name: getattr(done, field.name) for field in fields(done) if field.name not in ("last_message", "refusal")}
    facts["guard"] = done.refusal.code if done.refusal else None
    with writing(path):
        path.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", "utf-8")
