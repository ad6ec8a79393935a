"""An installation for a test: its own home, commands run in this process or in one of their own, small exports to load.

A command takes seconds to start and milliseconds to run, so that commands are processes only where a test is about processes.
"""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.cli import cli
from demo import cnmarc
from demo.describe import EXPORTS, write_exports
from demo.tables import Record, records

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "api.cli")
PREFIX = "UNION_CATALOG_"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def refused(self, code: int, *words: str) -> bool:
        """Whether it ended with this code, one line on standard error that holds the words, and no traceback."""
        lines = [line for line in self.err.splitlines() if line.strip()]
        told = [line for line in lines if line.startswith(("union-catalog: ", "Error: "))]
        fits = self.code == code and len(told) == 1 and all(word in self.err for word in words)
        assert fits, (self.code, self.out, self.err)
        assert "Traceback" not in self.err + self.out
        return True


@dataclass(frozen=True)
class Installation:
    """``settings`` are variables without their prefix, besides HOME."""

    home: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    def environment(self, **settings: str) -> dict[str, str]:
        """The environment of this installation's commands."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
        told = {f"{PREFIX}{name.upper()}": text for name, text in {**self.settings, **settings}.items()}
        return kept | {"LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), f"{PREFIX}HOME": str(self.home)} | told

    def run(self, *arguments: object, **settings: str) -> Outcome:
        """A command in this process: the same code, options and exit codes."""
        out, err = io.StringIO(), io.StringIO()
        with _environment(self.environment(**settings)), redirect_stdout(out), redirect_stderr(err):
            try:
                cli.main(args=[str(argument) for argument in arguments], prog_name="union-catalog")
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        return Outcome(code, out.getvalue(), err.getvalue())

    def done(self, *arguments: object, **settings: str) -> Outcome:
        """A command that has to succeed."""
        outcome = self.run(*arguments, **settings)
        assert outcome.code == 0, outcome
        return outcome

    def start(self, *arguments: object, **settings: str) -> subprocess.Popen[str]:
        """A command as a process of its own, its output in pipes."""
        command = [*COMMAND, *(str(argument) for argument in arguments)]
        return subprocess.Popen(
            command,
            env=self.environment(**settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=_hear_interrupts,  # noqa: PLW1509 - no threads touch what it does
        )

    def process(self, *arguments: object, **settings: str) -> Outcome:
        """The same, waited for."""
        return ended(self.start(*arguments, **settings))

    def load(self, library: str, file: Path, *options: object, format: str = "cnmarc", encoding: str = "utf-8", **settings: str) -> Outcome:
        """``load`` in this process."""
        return self.run("load", *load_arguments(library, file, *options, format=format, encoding=encoding), **settings)

    def clusters(self) -> dict[str, str]:
        """record key → union id, as ``clusters`` tells it."""
        lines = self.done("clusters").out.splitlines()
        assert lines[0] == "library,record_id,union_id"
        rows = [line.rsplit(",", 1) for line in lines[1:]]
        return {key.replace(",", ":", 1): union_id for key, union_id in rows}

    def partition(self) -> set[frozenset[str]]:
        """The clusters without their names."""
        return partition(self.clusters())

    def index_agrees(self) -> bool:
        """What ``index verify`` says."""
        verdict = self.run("index", "verify", "--json").json
        assert verdict["agrees"], verdict
        return bool(verdict["agrees"])


def partition(union_of: Mapping[str, str]) -> set[frozenset[str]]:
    """The sets of records that share a union id."""
    parts: dict[str, set[str]] = {}
    for key, union_id in union_of.items():
        parts.setdefault(union_id, set()).add(key)
    return {frozenset(part) for part in parts.values()}


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _hear_interrupts() -> None:
    """A shell's background job ignores Ctrl-C and hands that down; a command at a terminal does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def ended(process: subprocess.Popen[str], seconds: float = 120) -> Outcome:
    """Waits for it."""
    out, err = process.communicate(timeout=seconds)
    return Outcome(process.returncode, out, err)


def load_arguments(library: str, file: Path, *options: object, format: str = "cnmarc", encoding: str = "utf-8") -> list[object]:
    """What stands behind ``load``."""
    return ["--library", library, "--format", format, "--encoding", encoding, *options, file]


def demo_loads(folder: Path) -> list[list[object]]:
    """The arguments of the four demo loads, from exports written into ``folder``."""
    paths = write_exports(folder)
    return [
        load_arguments(export.library, path, format=export.format, encoding=export.encoding or "auto")
        for export, path in zip(EXPORTS, paths, strict=True)
    ]


def jiading(count: int) -> tuple[Record, ...]:
    """The first records of the demo's Jiading."""
    return records("JD")[:count]


def write_cnmarc(path: Path, chosen: Sequence[Record], encoding: str = "utf-8") -> Path:
    """A CNMARC export in Jiading's style."""
    path.write_bytes(cnmarc.export(tuple(chosen), cnmarc.JIADING, encoding))
    return path


def frames(path: Path) -> list[bytes]:
    """The ISO 2709 records of a file."""
    return [part + b"\x1d" for part in path.read_bytes().split(b"\x1d")[:-1]]


def iso2709(*fields: tuple[str, str], encoding: str = "utf-8") -> bytes:
    """One record; a field's text is what stands after the directory: indicators and subfields, or a control field's data."""
    bodies = [(tag, text.encode(encoding) + b"\x1e") for tag, text in fields]
    directory, at = b"", 0
    for tag, body in bodies:
        directory += f"{tag}{len(body) % 10_000:04d}{at % 100_000:05d}".encode()
        at += len(body)
    base = 24 + len(directory) + 1
    length = base + at + 1
    leader = f"{min(length, 99_999):05d}nam0 22{base:05d}   450 ".encode()
    return leader + directory + b"\x1e" + b"".join(body for _, body in bodies) + b"\x1d"
