"""The cash sheet of a branch as a page, to be counted against and printed."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Flask, render_template, request

from api.auth import demand_branch
from api.labels import label
from api.language import current_language
from api.money import yuan
from api.pages import shell
from api.resources.editions import named
from api.resources.operation import catalogue, office
from api.resources.standing import Libraries, libraries
from union_catalog.clock import Clock
from union_catalog.context import Language
from union_catalog.patrons.accounts import Entry
from union_catalog.patrons.cash import KindTotal
from union_catalog.services import tills as use_cases
from union_catalog.services.tills import CashSheet
from union_catalog.storage import network

tills = Blueprint("tills", __name__)
tills.after_request(shell.remember_language)


@dataclass(frozen=True, slots=True)
class MethodLine:
    """What came in and went out by one method, in yuan."""

    method: str
    receipts: int
    received: str
    paid_out: str
    net: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of a receipt. ``settled`` is what it took off a debt without money."""

    receipt: str
    time: str
    kind: str
    library: str
    method: str
    cash: str
    settled: str


@dataclass(frozen=True, slots=True)
class KindLine:
    """What entries of one kind came to for one library, in yuan, by which libraries settle with each other."""

    library: str
    kind: str
    entries: int
    cash: str
    settled: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """A day at a till, in words."""

    branch: str
    code: str
    day: date
    methods: tuple[MethodLine, ...]
    received: str
    paid_out: str
    net: str
    kinds: tuple[KindLine, ...]
    lines: tuple[EntryLine, ...]


def install_tills(app: Flask) -> None:
    """Puts the page into ``app``."""
    app.register_blueprint(tills)


@tills.get("/branches/<code>/cash-sheet")
def cash_sheet(code: str) -> str:
    """What the till took and gave, by method and by receipt; today unless ``date`` says another day."""
    language = current_language()
    day = _day(request.args.get("date", "")) or office().today()
    with catalogue().database.read() as connection:
        demand_branch(code, use_cases.library_of(connection, code))
        sheet = use_cases.cash_sheet(connection, code, day, office().timezone)
        name = named(*network.branch_name(connection, code), language)
        among = libraries(connection, language)
    return render_template("cash-sheet.html", view=_view(sheet, name, among, language), printed=_local(office().clock))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _local(clock: Clock) -> str:
    return clock.now().astimezone(office().timezone).strftime("%Y-%m-%d %H:%M")


def _view(sheet: CashSheet, name: str, among: Libraries, language: Language) -> SheetView:
    totals = sheet.totals
    methods = [
        MethodLine(
            label("pay_method", one.method, language),
            one.receipts,
            yuan(one.received_fen, language),
            yuan(one.paid_out_fen, language),
            yuan(one.net_fen, language),
        )
        for one in totals.methods
    ]
    return SheetView(
        branch=name,
        code=sheet.branch,
        day=sheet.day,
        methods=tuple(methods),
        received=yuan(totals.received_fen, language),
        paid_out=yuan(totals.paid_out_fen, language),
        net=yuan(totals.net_fen, language),
        kinds=tuple([_kind(one, among, language) for one in totals.kinds]),
        lines=tuple([_line(entry, among, language) for entry in sheet.entries]),
    )


def _kind(one: KindTotal, among: Libraries, language: Language) -> KindLine:
    cash = yuan(one.cash_fen, language) if one.cash_fen else ""
    settled = "" if one.cash_fen or not one.owed_fen else yuan(-one.owed_fen, language)
    return KindLine(among.name(one.library), label("account_entry", one.kind, language), one.entries, cash, settled)


def _line(entry: Entry, among: Libraries, language: Language) -> EntryLine:
    return EntryLine(
        receipt=entry.receipt or "",
        time=entry.entered_at.astimezone(office().timezone).strftime("%H:%M"),
        kind=label("account_entry", entry.kind, language),
        library=among.name(entry.library),
        method=label("pay_method", entry.method, language),
        cash=yuan(entry.cash_fen, language) if entry.cash_fen else "",
        settled="" if entry.cash_fen else yuan(-entry.owed_fen, language),
    )
