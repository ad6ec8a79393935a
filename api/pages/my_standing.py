"""What a reader owes and has deposited, the credit points with their log, and objecting to any of it."""

from collections.abc import Mapping
from typing import cast

from flask import Blueprint, Flask, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from api.idempotency import Acting
from api.labels import label
from api.language import current_language
from api.money import yuan
from api.pages import shell
from api.pages.acting import Went, act_once
from api.pages.my_blocks import objected, objection_lines
from api.pages.my_card import me
from api.pages.my_forms import Filled, shown_again
from api.pages.my_views import AccountView, CreditView, LogLine
from api.pages.my_words import day_of, near_day, what_stands
from api.pages.sent import told
from api.resources.operation import catalogue, office
from api.resources.standing import Libraries, libraries
from api.translations import gettext
from union_catalog.errors import InvalidInput, NotFound, Refused
from union_catalog.patrons.accounts import Entry
from union_catalog.patrons.credit import BALANCING
from union_catalog.services import accounts, blocks, credit, objections
from union_catalog.services.patrons.lookup import actor_patron
from union_catalog.storage.credit import CreditEntry
from union_catalog.storage.objections import About

my_standing = Blueprint("my_standing", __name__)
my_standing.after_request(shell.remember_language)
LONGEST_TEXT = 2000


def install_my_standing(app: Flask) -> None:
    """Puts the pages into ``app``."""
    app.register_blueprint(my_standing)


@my_standing.get("/me/account")
def account() -> str:
    """Money: owed, deposited, and every line behind it."""
    with catalogue().database.read() as connection:
        view = _account(connection)
    return render_template("my-account.html", view=view)


@my_standing.get("/me/credit")
def credit_points() -> str:
    """The lending score and what changed it."""
    with catalogue().database.read() as connection:
        view = _credit(connection)
    return render_template("my-credit.html", view=view)


@my_standing.get("/me/objections")
def objections_made() -> str:
    """What the reader objected to, and the answers."""
    with catalogue().database.read() as connection:
        lines = objection_lines(connection, me())
    return render_template("my-objections.html", lines=lines)


@my_standing.get("/me/objections/new")
def object_to() -> str:
    """Say what is wrong with a block, a charge or a loss of points."""
    about, about_id = request.args.get("about", ""), request.args.get("id", "")
    with catalogue().database.read() as connection:
        what = _what(connection, about, about_id)
    return render_template("my-object.html", what=what, about=about, about_id=about_id, form=Filled())


@my_standing.post("/me/objections")
def object_() -> AnyResponse:
    """Writes the objection down; 422 with the same form where nothing is said, 409 where it has been said before."""
    about, about_id = request.form.get("about", ""), request.form.get("id", "")
    text = request.form.get("text", "")

    def work(acting: Acting) -> Went:
        reader = actor_patron(acting.context)
        objections.make(acting.connection, acting.clock, acting.context, reader, cast(About, about), about_id, text[:LONGEST_TEXT])
        return Went(f"{shell.page_address('my_standing.objections_made')}?made=1", reader)

    with catalogue().database.read() as connection:
        around = {"what": _what(connection, about, about_id), "about": about, "about_id": about_id}
    try:
        return act_once(work)
    except InvalidInput as error:
        return shown_again("my-object.html", {"text": told(error)}, around)
    except Refused as error:
        return shown_again("my-object.html", {"": told(error)}, around, 409)


def _what(connection: Connection, about: str, about_id: str) -> str:
    """What is objected to, in a sentence. Raises NotFound for what is not the reader's own."""
    names = libraries(connection, current_language())
    if about == "block":
        return what_stands(blocks.require(connection, me(), about_id).block, names)
    if about == "credit":
        log = credit.told_of(connection, me(), office().timezone).log
        found = next((_credit_line(one, {}) for one in log if one.id == about_id), None)
    else:
        entries = accounts.account_of(connection, me()).entries
        found = next((_entry_line(one, names, {}) for one in entries if one.id == about_id), None)
    if found is None:
        raise NotFound("unknown_objected", kind=about, id=about_id)
    return gettext("%(day)s　%(what)s　%(amount)s", day=found.day, what=found.what, amount=found.amount)


def _account(connection: Connection) -> AccountView:
    language, patron = current_language(), me()
    names, said, found = libraries(connection, language), objected(connection, patron), accounts.account_of(connection, patron)
    ledger = found.ledger
    return AccountView(
        owed=yuan(ledger.owed_fen, language) if ledger.owed_fen > 0 else "",
        deposit=yuan(ledger.deposit_fen, language) if ledger.deposit_fen else "",
        charges=tuple(
            (names.name(one.library), label("charge_cause", one.cause, language), yuan(one.owed_fen, language)) for one in ledger.charges
        ),
        deposits=tuple((names.name(one.library), yuan(one.fen, language)) for one in ledger.deposits),
        entries=tuple(_entry_line(entry, names, said) for entry in found.entries),
    )


def _entry_line(entry: Entry, names: Libraries, said: Mapping[str, str]) -> LogLine:
    language = current_language()
    cause = label("charge_cause", entry.cause, language) if entry.cause else ""
    what = label("account_entry", entry.kind, language)
    charge = entry.kind == "charge" and entry.owed_fen > 0
    return LogLine(
        day=near_day(day_of(entry.entered_at)),
        what=f"{what}·{cause}" if cause and entry.kind == "charge" else what,
        library=names.name(entry.library),
        amount=yuan(abs(entry.cash_fen or entry.owed_fen or entry.deposit_fen), language),
        worse=charge,
        detail=gettext("收据%(number)s", number=entry.receipt) if entry.receipt else entry.reason,
        about_id=entry.id if charge and entry.id not in said else "",
        objection=said.get(entry.id, ""),
    )


def _credit(connection: Connection) -> CreditView:
    patron = me()
    found, said = credit.told_of(connection, patron, office().timezone), objected(connection, patron)
    undone = {entry.reverses for entry in found.log}
    return CreditView(
        points=found.points,
        full=found.full,
        standing=label("credit_standing", found.standing, current_language()),
        deposit_free_from=found.thresholds.deposit_free_from,
        limited_below=found.thresholds.limited_below,
        blocked_below=found.thresholds.blocked_below,
        mends=near_day(found.mends_on) if found.mends_on else "",
        log=tuple(_credit_line(entry, said, undone=entry.id in undone) for entry in found.log),
    )


def _credit_line(entry: CreditEntry, said: Mapping[str, str], *, undone: bool = False) -> LogLine:
    taken = entry.points < 0 and entry.cause not in BALANCING
    return LogLine(
        day=near_day(day_of(entry.entered_at)),
        what=label("credit_cause", entry.cause, current_language()),
        amount=f"{'+' if entry.points > 0 else '−' if entry.points < 0 else ''}{abs(entry.points)}",
        worse=taken,
        detail=entry.reason,
        about_id=entry.id if taken and not undone and entry.id not in said else "",
        objection=said.get(entry.id, ""),
    )
