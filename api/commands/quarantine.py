"""``union-catalog quarantine``: what could not be taken, and trying it again."""

import json
from itertools import chain
from pathlib import Path

import click

from api.commands.following import following, say_behind
from api.commands.runtime import Runtime, writing
from api.messages import sentence
from loaders.retrying import ReadAs, retry_quarantined
from union_catalog.services import quarantine as use_cases
from union_catalog.storage.loads import Quarantined


@click.group()
def quarantine() -> None:
    """Records that could not be taken: why, their bytes, and another try."""


@quarantine.command("list")
@click.option("--library", default="", help="Only this library's.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_quarantine(library: str, as_json: bool) -> None:
    """Show the open cases."""
    cases = use_cases.open_cases(Runtime.from_environment().database, library)
    if as_json:
        rows = [_as_data(case) for case in cases]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    first = next(cases, None)
    if first is None:
        click.echo("没有待修的记录 / nothing in quarantine")
        return
    for case in chain((first,), cases):
        click.echo(f"{case.id}  {case.library} {case.file}#{case.position} {case.record_id or '—'}  {case.code}: {_reason(case)}")


def _as_data(case: Quarantined) -> dict[str, object]:
    return {
        "id": case.id,
        "library": case.library,
        "file": case.file,
        "position": case.position,
        "record_id": case.record_id,
        "code": case.code,
        "reason": _reason(case),
        "bytes_sha256": case.bytes_sha256,
    }


def _reason(case: Quarantined) -> str:
    return sentence(case.code, {name: value for name, value in case.data.items() if isinstance(value, str | int | float)}, "zh")


@quarantine.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--library", default="", help="Only this library's.")
def export(folder: Path, library: str) -> None:
    """Write the bytes of each case to FOLDER, and what is wrong with them to cases.json there."""
    rows = []
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for case in use_cases.open_cases(Runtime.from_environment().database, library):
            name = f"{case.library}-{case.position}-{case.bytes_sha256[:12]}.bin"
            (folder / name).write_bytes(case.raw)
            rows.append(_as_data(case) | {"bytes_file": name, "format": case.format, "encoding": case.encoding})
        (folder / "cases.json").write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", "utf-8")
    click.echo(f"已写出 {len(rows)} 条 / {len(rows)} written: {folder}")


@quarantine.command("retry")
@click.argument("ids", nargs=-1)
@click.option("--library", default="", help="All open cases of this library.")
@click.option("--format", "format_", default="", help="Read them as this format instead.")
@click.option("--encoding", default="", help="Read them in this encoding instead.")
@click.option("--mapping", type=click.Path(path_type=Path), help="A corrected mapping for tables.")
def retry(ids: tuple[str, ...], library: str, format_: str, encoding: str, mapping: Path | None) -> None:
    """Try IDS (or all cases of a library) again; what can be read now is taken. A duplicate_id named by its id replaces the first."""
    if not ids and not library:
        raise click.UsageError("要么给编号，要么给 --library / give ids or --library")
    runtime = Runtime.from_environment()
    read_as = ReadAs.checked(format_, encoding, mapping)
    outcome = retry_quarantined(runtime.database, runtime.clock, runtime.context(), runtime.settings, ids, library, read_as)
    behind = following(runtime, outcome.last_message)
    click.echo(f"收下 {outcome.taken}，仍待修 {outcome.left} / {outcome.taken} taken, {outcome.left} still in quarantine")
    say_behind(behind)
