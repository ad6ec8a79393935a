"""How far a long command is: one line that is rewritten on a terminal, a plain line every few seconds elsewhere."""

import sys
import time
from types import TracebackType

import click

_PLAIN_EVERY = 5.0


class ProgressLine:
    """On standard error; on a terminal it is wiped away at the end."""

    def __init__(self) -> None:
        self.is_terminal = sys.stderr.isatty()
        self.written = time.monotonic()

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.is_terminal:
            click.echo("\r\x1b[K", nl=False, err=True)

    def show(self, text: str) -> None:
        """Puts ``text`` in place of what the line said before."""
        if self.is_terminal:
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)
        elif time.monotonic() - self.written >= _PLAIN_EVERY:
            self.written = time.monotonic()
            click.echo(text, err=True)
