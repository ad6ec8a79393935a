"""``union-catalog patrons``: readers of member libraries, many at a time."""

import csv
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from api.commands.progress import ProgressLine
from api.commands.runtime import Runtime, writing
from api.languages import language_of_locale
from api.logging import logged_command
from api.messages import sentence
from api.wiring import open_office
from loaders.formats.encodings import ENCODINGS
from loaders.patrons.batch_file import BatchFile, open_batch, read_lines
from union_catalog.services.patrons.batch import RESULTS, Told, counted, enrol_file

_HEADINGS = ("line", "result", "patron", "card", "code", "column", "message", "candidates")
_SAID = {
    "enrolled": "新办 / enrolled",
    "linked": "认出已有读者 / linked",
    "present": "早已登记 / present",
    "asked": "待核对 / asked",
    "refused": "未收 / refused",
}


@click.group()
def patrons() -> None:
    """Readers of member libraries."""


@patrons.command("enrol-batch")
@click.option("--library", required=True, help="Code of the library whose readers they are.")
@click.option("--branch", default="", help="Branch of lines that name none; else the library's first.")
@click.option("--encoding", type=click.Choice((*ENCODINGS, "auto")), default="auto", show_default=True, help="Encoding of the file.")
@click.option("--leave-out", multiple=True, metavar="HEADING", help="A column that is not to be read; may be given several times.")
@click.option("--result", type=click.Path(path_type=Path), help="Write what became of every line to this CSV file; else FILE.result.csv.")
@click.argument("file", type=click.Path(path_type=Path))
def enrol_batch(library: str, branch: str, encoding: str, leave_out: tuple[str, ...], result: Path | None, file: Path) -> None:
    """Enrol the readers of FILE, a CSV table; who is known already is linked, who may be is asked about. Again is no change."""
    runtime = Runtime.from_environment()
    batch = open_batch(file, encoding, leave_out)
    office, context = open_office(runtime.settings, runtime.clock), runtime.context()
    written = result or file.with_name(f"{file.name}.result.csv")
    counts: Counter[str] = Counter()
    with logged_command(runtime.settings, "enrol-batch", context) as tell, ExitStack() as stack, ProgressLine() as line:
        with writing(written):
            out = csv.writer(stack.enter_context(written.open("w", encoding="utf-8-sig", newline="")))
        out.writerow(_HEADINGS)
        for told in enrol_file(runtime.database, office, context, library, read_lines(batch), branch):
            out.writerows([_row(one, batch) for one in told])
            counts += counted(told)
            line.show(f"{library} {sum(counts.values()):,} 行/lines")
        tell("enrolled", **counts)
    _say(counts, written)


def _row(told: Told, batch: BatchFile) -> Sequence[Any]:
    column = batch.heading(told.column)
    message = sentence(told.code, {**told.data, "name": column}, language_of_locale()) if told.code else ""
    return (told.line, told.result, told.patron, told.card, told.code, column, message, " ".join(told.candidates))


def _say(counts: Counter[str], written: Path) -> None:
    for result in RESULTS:
        if counts[result]:
            click.echo(f"{_SAID[result]}: {counts[result]:,}")
    click.echo(f"逐行结果 / line by line: {written}")
