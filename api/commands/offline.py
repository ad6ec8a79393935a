"""``union-catalog offline``: a desk without a line and without a browser. Scanning needs neither database nor network."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import click

from api.languages import language_of_locale
from api.messages import sentence
from api.offline_file import OfflineFile, Scan, create, demand_long, open_file
from api.offline_sending import Told, hand_in
from union_catalog.clock import Clock, SystemClock, instant_text
from union_catalog.errors import InvalidInput
from union_catalog.ids import new_id
from union_catalog.patrons.cards import demand_check_digit, is_ours, plain_number
from union_catalog.patrons.qr import is_code

SECOND_SCAN = timedelta(seconds=10)
_MODES = {":auto": "auto", ":return": "return", ":renew": "renew"}
_SAID = {"check_out": "借出 / lent", "check_in": "归还 / returned", "renew": "续借 / renewed"}


@click.group()
def offline() -> None:
    """A desk without a line: scan into a sealed file, upload it later."""


_passphrase = click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="Read the passphrase from the first line of this file instead of asking."
)


@offline.command()
@click.option("--branch", required=True, help="Code of the branch at whose desk you scan.")
@click.option("--out", "out", type=click.Path(path_type=Path), required=True, help="The sealed file; one that is there is added to.")
@_passphrase
def scan(branch: str, out: Path, passphrase_file: Path | None) -> None:
    """Read scans from standard input, one a line, until it ends.

    A card of ours or a code on a phone makes its reader the one who is served, ":card NUMBER" that of any other card. What follows is
    lent to them until ":next"; with nobody served an item is returned. ":return", ":renew" and ":auto" change what is done with items.
    """
    known = out.exists()
    passphrase = _asked(passphrase_file, confirm=not known)
    opened = open_file(out, passphrase) if known else create(out, branch, new_id(), passphrase)
    if opened.head.branch != branch:
        raise InvalidInput("offline_file_branch", name="--branch", value=opened.head.branch)
    click.echo(f"{out}: {opened.count:,} 条 / scans", err=True)
    desk = _Desk(opened, SystemClock())
    for typed in _typed():
        click.echo(desk.take(typed))
    click.echo(f"{out}: {opened.count:,} 条待传 / scans to upload", err=True)


@offline.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--server", required=True, help="Address of the installation, such as https://catalogue.example.org.")
@click.option("--token-file", type=click.Path(path_type=Path, exists=True), required=True, help="A token of staff of the branch.")
@_passphrase
def upload(file: Path, server: str, token_file: Path, passphrase_file: Path | None) -> None:
    """Hand in what is in FILE and print the verdict on each line. Again is no change, and prints the same.

    Columns: time, action, barcode, verdict, case, what to do, notes.
    """
    opened = open_file(file, _asked(passphrase_file, confirm=False))
    token = token_file.read_text("utf-8").strip()
    lines = list(opened.scans())
    waiting = 0
    for told in hand_in(server, token, opened.head.branch, opened.head.device, lines, SystemClock()):
        click.echo("\t".join(_columns(told)))
        waiting += told.verdict not in ("recorded", "repeated")
    click.echo(f"{len(lines):,} 条已补传，{waiting:,} 条要查 / {len(lines):,} uploaded, {waiting:,} to look into", err=True)


def _columns(told: Told) -> Sequence[str]:
    notes = " ".join(note.message for note in told.notes)
    return (
        told.occurred_at or "",
        told.action or "",
        told.item.barcode if told.item else "",
        told.verdict,
        told.case or "",
        told.instruction,
        notes,
    )


def _asked(passphrase_file: Path | None, *, confirm: bool) -> str:
    if passphrase_file is not None:
        passphrase = passphrase_file.read_text("utf-8").split("\n", 1)[0].rstrip("\r")
    else:
        passphrase = click.prompt("口令 / passphrase", hide_input=True, confirmation_prompt=confirm, err=True)
    demand_long(passphrase)
    return passphrase


def _typed() -> Iterator[str]:
    """Line by line as they come, not in blocks."""
    for line in iter(sys.stdin.readline, ""):
        if line.strip():
            yield line.strip()


@dataclass
class _Desk:
    """Who is served, and what is done with items. ``needed``: a card was misread, so nothing is lent or taken in until one is read."""

    file: OfflineFile
    clock: Clock
    card: str = ""
    mode: str = "auto"
    needed: bool = False
    last: dict[str, str] = field(default_factory=dict)

    def take(self, typed: str) -> str:
        """What became of it, in words."""
        if typed in _MODES:
            self.mode, self.needed = _MODES[typed], False
            return typed
        if typed == ":next":
            self.card, self.needed = "", False
            return "下一位 / next"
        try:
            return self._serve(typed.removeprefix(":card ")) if self._is_card(typed) else self._scan(typed)
        except InvalidInput as error:
            return sentence(error.code, error.data, language_of_locale())

    def _is_card(self, typed: str) -> bool:
        return typed.startswith(":card ") or is_code(typed) or is_ours(plain_number(typed))

    def _serve(self, card: str) -> str:
        """Raises InvalidInput("card_check_digit") for a number of ours that was misread; the reader before is let go of."""
        self.card, self.needed = "", True
        if not is_code(card):
            demand_check_digit(plain_number(card))
        self.card, self.needed = card.strip(), False
        return "读者 / reader"

    def _scan(self, barcode: str) -> str:
        if self.needed and self.mode == "auto":
            return "没有办，先扫卡 / not done: scan the card first"
        action = {"return": "check_in", "renew": "renew"}.get(self.mode, "check_out" if self.card else "check_in")
        now = self.clock.now()
        card = self.card if action != "check_in" else ""
        mark = f"{action} {barcode} {card}"
        if self.last.get(mark, "") < instant_text(now - SECOND_SCAN):
            self.file.add(Scan(id=new_id(), action=action, barcode=barcode, card=card, occurred_at=instant_text(now)))
        self.last = {mark: instant_text(now)}
        return f"{_SAID[action]} {barcode}"
