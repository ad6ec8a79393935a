"""``union-catalog clusters``, ``explain`` and ``matches``: what the matcher decided, why, and what staff says to it."""

import csv
import json
import sys
from pathlib import Path
from typing import IO

import click

from api.commands.runtime import Runtime, writing
from api.labels import label
from api.language import language_of_locale
from union_catalog.context import Language
from union_catalog.matching.evidence import Evidence
from union_catalog.matching.rules import Verdict
from union_catalog.services import matching as use_cases


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


@click.group()
def matches() -> None:
    """What the matcher leaves to staff: verdicts, doubtful pairs."""


@click.command()
@click.argument("first")
@click.argument("second")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def explain(first: str, second: str, as_json: bool) -> None:
    """Say why FIRST and SECOND (such as JD:JD000000001) are or are not one edition."""
    verdict = use_cases.explain(Runtime.from_environment().database, first, second)
    if as_json:
        click.echo(json.dumps(_as_data(verdict), ensure_ascii=False, indent=2))
        return
    language = language_of_locale()
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
