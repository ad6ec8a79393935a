"""``union-catalog clusters``, ``explain`` and ``matches``: what the matcher decided, why, and what staff says to it."""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click
import msgspec

from api.commands.following import following, say_behind
from api.commands.runtime import Runtime, writing
from api.labels import label
from api.languages import language_of_locale
from union_catalog.context import Language
from union_catalog.matching.evidence import Evidence
from union_catalog.matching.explanation import Separation
from union_catalog.matching.rules import Verdict
from union_catalog.services import matching as use_cases
from union_catalog.services import verdicts
from union_catalog.services.explaining import explain_pair
from union_catalog.services.matching import Told
from union_catalog.services.verdicts import Given
from union_catalog.storage.verdicts import Said, VerdictRow


@click.command()
@click.option("--output", type=click.Path(path_type=Path), help="CSV file to write; standard output without it.")
def clusters(output: Path | None) -> None:
    """Write library, record_id and union_id of every live source record."""
    runtime = Runtime.from_environment()
    if output is None:
        _write_clusters(runtime, sys.stdout)
        return
    with writing(output), output.open("w", encoding="utf-8", newline="") as file:
        _write_clusters(runtime, file)


def _write_clusters(runtime: Runtime, file: IO[str]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("library", "record_id", "union_id"))
    with use_cases.clusters(runtime.database) as rows:
        writer.writerows(rows)


@click.command()
@click.argument("first")
@click.argument("second")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def explain(first: str, second: str, as_json: bool) -> None:
    """Say why FIRST and SECOND (such as JD:JD000000001) are or are not one edition."""
    database = Runtime.from_environment().database
    verdict, said = explain_pair(database, first, second).verdict, verdicts.between(database, first, second)
    if as_json:
        told = _as_data(verdict) | ({"staff": msgspec.to_builtins(said)} if said is not None else {})
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    language = language_of_locale()
    if said is not None:
        click.echo(_line(said, language))
    click.echo(f"{label('verdict', verdict.verdict, language)}  ({verdict.rule})")
    for evidence in verdict.evidence:
        side, field = label("evidence_side", evidence.side, language), label("evidence_field", evidence.field, language)
        click.echo(f"  {side}\t{field}\t{_detail(evidence, language)}")


def _as_data(verdict: Verdict) -> dict[str, object]:
    """The side of each field is told both as a value and as a key, so that either may be looked for."""
    language = language_of_locale()
    evidence = [{"field": e.field, "side": e.side, e.side: True, "code": e.code, "detail": _detail(e, language)} for e in verdict.evidence]
    return {"verdict": verdict.verdict, "rule": verdict.rule, "evidence": evidence}


def _detail(evidence: Evidence, language: Language) -> str:
    found = label("finding", evidence.code, language)
    compared = f"{evidence.left or '—'} | {evidence.right or '—'}" if evidence.left or evidence.right else ""
    return f"{found}: {compared}" if compared else found


@click.group()
def matches() -> None:
    """What staff says to the matcher: verdicts on two records, and the pairs that wait for one."""


_no_wait = click.option("--no-wait", is_flag=True, help="Do not wait until the change is searchable.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_reason = click.option("--reason", default="", help="Why; kept with the verdict.")


@matches.command()
@click.argument("first")
@click.argument("second")
@_reason
@_no_wait
@_as_json
def same(first: str, second: str, reason: str, no_wait: bool, as_json: bool) -> None:
    """Say that FIRST and SECOND (such as JD:JD000000001) are one edition, whatever the rules say."""
    _give(first, second, "same", reason, no_wait, as_json)


@matches.command()
@click.argument("first")
@click.argument("second")
@_reason
@_no_wait
@_as_json
def different(first: str, second: str, reason: str, no_wait: bool, as_json: bool) -> None:
    """Say that FIRST and SECOND are different editions, whatever the rules say."""
    _give(first, second, "different", reason, no_wait, as_json)


@matches.command()
@click.argument("first")
@click.argument("second", required=False)
@_no_wait
@_as_json
def undo(first: str, second: str | None, no_wait: bool, as_json: bool) -> None:
    """Take back what was said of FIRST and SECOND, or the verdict with the id FIRST."""
    runtime = Runtime.from_environment()
    with runtime.database.write() as connection:
        where = (connection, runtime.clock, runtime.context())
        done = verdicts.undo(*where, first) if second is None else verdicts.undo_pair(*where, first, second)
    _tell(runtime, done, "已撤销 / undone", no_wait, as_json)


def _give(first: str, second: str, verdict: Said, reason: str, no_wait: bool, as_json: bool) -> None:
    runtime = Runtime.from_environment()
    with runtime.database.write() as connection:
        done = verdicts.give(connection, runtime.clock, runtime.context(), first, second, verdict, reason)
    _tell(runtime, done, "已记下 / noted" if done.changed else "早已如此，没有变化 / said before, nothing changed", no_wait, as_json)


def _tell(runtime: Runtime, done: Given, outcome: str, no_wait: bool, as_json: bool) -> None:
    behind = None if no_wait else following(runtime, done.last_message)
    _tell_given(done, outcome, as_json)
    say_behind(behind)


def _tell_given(done: Given, outcome: str, as_json: bool) -> None:
    language = language_of_locale()
    if as_json:
        apart = [{"first": a.first, "second": a.second, "by": a.by, "rule": a.verdict.rule, "told": _why(a, language)} for a in done.apart]
        clusters = [{"union_id": cluster.union_id, "records": cluster.records} for cluster in done.clusters]
        told = {"verdict": msgspec.to_builtins(done.verdict), "changed": done.changed, "clusters": clusters, "apart": apart}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(f"{outcome}: {_line(done.verdict, language)}")
    for cluster in done.clusters:
        click.echo(f"  {cluster.union_id}  {' '.join(cluster.records[:20])}{' …' if len(cluster.records) > 20 else ''}")
    for separation in done.apart:
        click.echo(f"  ≠ {separation.first} {separation.second}  {_why(separation, language)}")


def _why(separation: Separation, language: Language) -> str:
    return label("rule", separation.verdict.rule, language) if separation.by == "rule" else label("apart", separation.by, language)


def _line(said: VerdictRow, language: Language) -> str:
    undone = f"  ↶ {said.undone_at} {said.undone_by}" if said.undone_at else ""
    asleep = "  (记录已撤，暂不起作用 / a record is gone, it rests)" if said.asleep and not said.undone_at else ""
    verdict = f"馆员 / staff: {label('verdict', said.verdict, language)}"
    return f"{said.id}  {said.first} {said.second}  {verdict}  {said.decided_at} {said.actor}  {said.reason}".rstrip() + asleep + undone


@matches.command("list")
@click.option("--all", "history", is_flag=True, help="Also what has been undone.")
@click.option("--large", is_flag=True, help="Instead, the clusters that have grown larger than any edition should be.")
@_as_json
def list_matches(history: bool, large: bool, as_json: bool) -> None:
    """Show what staff has said."""
    database = Runtime.from_environment().database
    if large:
        crowded = use_cases.large(database)
        told = json.dumps([{"union_id": union_id, "records": count} for union_id, count in crowded]) if as_json else ""
        click.echo(told or "\n".join(f"{union_id}  {count:,}" for union_id, count in crowded) or "没有过大的聚类 / no cluster is too large")
        return
    rows = list(_every_verdict(history))
    if as_json:
        click.echo(json.dumps([msgspec.to_builtins(row) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(_line(row, language_of_locale()))
    if not rows:
        click.echo("没有裁定 / no verdicts")


def _every_verdict(history: bool) -> Iterator[VerdictRow]:
    database, after = Runtime.from_environment().database, ""
    while page := verdicts.listed(database, after, history=history):
        yield from page
        after = page[-1].id


@matches.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many.")
@click.option("--library", default="", help="Only pairs in which this library has a record.")
@_as_json
def doubtful(limit: int, library: str, as_json: bool) -> None:
    """Show the pairs whose decision by staff is worth most."""
    found = use_cases.doubtful(Runtime.from_environment().database, None, limit, library)
    if as_json:
        click.echo(json.dumps([msgspec.to_builtins(pair) for pair in found], ensure_ascii=False, indent=2))
        return
    language = language_of_locale()
    for pair in found:
        click.echo(f"{pair.worth}  {label('doubt', pair.kind, language)}\n  {_cited(pair.first)}\n  {_cited(pair.second)}")
    if not found:
        click.echo("没有存疑的记录 / no doubtful pairs")


def _cited(told: Told) -> str:
    parts = (told.title, told.responsibility, told.publisher, told.date)
    return f"{told.key}  " + " / ".join(part for part in parts if part)
