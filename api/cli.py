"""``union-catalog``: puts the commands together and turns failures into one clear sentence and an exit code.

0 done · 2 wrong usage · 3 the file cannot be used · 4 database, index or disk · 5 a guard stopped it
"""

import errno
import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click
import structlog

from api.languages import language_of_locale
from api.messages import sentence
from union_catalog import errors
from union_catalog.errors import UnionCatalogError

EXIT_CODES: tuple[tuple[type[UnionCatalogError], int], ...] = (
    (errors.SourceError, 3),
    (errors.StorageUnavailable, 4),
    (errors.SearchUnavailable, 4),
    (errors.Conflict, 4),
    (errors.IllegalTransition, 4),
    (errors.Refused, 5),
    (UnionCatalogError, 2),
)


# A command's module in api.commands and what the overview says of it. A module is only loaded for a command of it: what one of them
# needs (dictionaries, file formats, a web server) takes longer to load than most others take to run.
COMMANDS = {
    "clusters": ("matching", "Write library, record_id and union_id of every live source record."),
    "corrections": ("corrections", "Corrections of member records: they hold whatever the library sends later, until they are undone."),
    "explain": ("matching", "Say why FIRST and SECOND (such as JD:JD000000001) are or are not one edition."),
    "index": ("index", "The search index: rebuild, verify, status, dead letters."),
    "init": ("setup", "Make or migrate the database and an empty index; again is no change."),
    "jobs": ("jobs", "Background jobs and their schedules."),
    "libraries": ("setup", "Member libraries."),
    "load": ("load", "Load FILE, an export of a library."),
    "matches": ("rebuilding", "What staff says to the matcher: verdicts on two records, and the pairs that wait for one."),
    "network": ("setup", "Regions, libraries and branches."),
    "notices": ("notices", "Messages to readers: what waits, and what could not be delivered."),
    "offline": ("offline", "A desk without a line: scan into a sealed file, upload it later."),
    "policies": ("policies", "The rules of lending: show, check, apply, explain."),
    "patrons": ("patrons", "Readers of member libraries."),
    "quarantine": ("quarantine", "Records that could not be taken: why, their bytes, and another try."),
    "relay": ("processes", "Keep the index true; started by serve."),
    "scheduler": ("processes", "Work off background jobs and, for one of them, say what is due; started by serve."),
    "search": ("search", "Search the union catalogue for QUERY; without one, everything."),
    "serve": ("processes", "Serve the catalogue: web server, relay and scheduler, until Ctrl-C."),
    "staff": ("staff", "Staff of the libraries: who they are, what they may do, how they come in."),
    "tokens": ("tokens", "Access tokens of programs."),
}


class _Commands(click.Group):
    """Loads the command that is asked for and renders what it raises."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        gc.disable()  # loading modules leaves no cycles behind, and looking for them among the dictionaries is a quarter of the start
        try:
            command: click.Command = getattr(import_module(f"api.commands.{COMMANDS[cmd_name][0]}"), cmd_name)
        finally:
            gc.enable()
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()  # here, where a full disk or a reader that has gone can still be dealt with
            return answer
        except UnionCatalogError as error:
            click.echo(f"union-catalog: {told(error)}", err=True)
            raise click.exceptions.Exit(exit_code(error)) from error
        except KeyboardInterrupt as interrupt:
            click.echo("union-catalog: 已中断；已提交的都在，再运行一次会接着做 / interrupted; what was committed stays", err=True)
            raise click.exceptions.Exit(130) from interrupt
        except OSError as error:
            _close_stdout()
            if error.errno == errno.EPIPE:
                raise click.exceptions.Exit(0) from error
            code = "disk_full" if error.errno == errno.ENOSPC else "system_failed"
            click.echo(f"union-catalog: {sentence(code, {'reason': error.strerror or ''}, language_of_locale())}", err=True)
            raise click.exceptions.Exit(4) from error


def _close_stdout() -> None:
    """Whoever read our output has had enough, or cannot take more: what is left in the buffer must not fail again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def told(error: UnionCatalogError) -> str:
    """The error's sentence in the language of the terminal."""
    return sentence(error.code, error.data, language_of_locale())


def exit_code(error: UnionCatalogError) -> int:
    """The first class of EXIT_CODES that the error is one of."""
    return next(code for kind, code in EXIT_CODES if isinstance(error, kind))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="union-catalog")
def cli() -> None:
    """The union catalogue and one-card service: set up, load, search, serve."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script. What a terminal's encoding does not have is shown as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # standard output is for answers
    cli.main(args=arguments, prog_name="union-catalog")


if __name__ == "__main__":
    main()
