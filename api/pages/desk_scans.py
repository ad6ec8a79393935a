"""What a desk's one field does: recognises what was scanned and carries out what follows, once for each key.

Each of these commands is the very one that the API has, with its transaction, answer and refusal; a form and the page's script send them
alike. What is answered is kept as the API's JSON, so that a scan that is sent again is shown what the first was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
from flask import request
from sqlalchemy import Connection

from api.auth import current_context, current_principal
from api.errors import refusal_of
from api.idempotency import Acting, Done
from api.language import current_language
from api.metrics.desks import count_answer
from api.pages.acting import form_told
from api.resources.loans import station
from api.resources.operation import JSON, catalogue, clock, office
from api.resources.telling import check_in_answer, check_out_answer, deed_answer, renewed_answer
from api.schemas.circulation import RenewalsAnswer
from api.schemas.patrons import DeskSessionAnswer
from union_catalog.circulation.overriding import NO_OVERRIDE, Override
from union_catalog.clock import instant_text
from union_catalog.context import CommandId
from union_catalog.errors import NotFound, UnionCatalogError
from union_catalog.patrons.qr import is_code, read_code
from union_catalog.services import commands
from union_catalog.services.circulation.check_in import check_in
from union_catalog.services.circulation.check_out import CheckOutAsked, check_out
from union_catalog.services.circulation.finding import ItemReference, wanted
from union_catalog.services.circulation.renewals import renew_all, renew_one
from union_catalog.services.circulation.scanning import Scanned, recognise
from union_catalog.services.circulation.undoing import undo, undo_last
from union_catalog.services.commands import Answered, Command, Outcome
from union_catalog.services.patrons import codes, lookup
from union_catalog.storage.circulation import loans
from union_catalog.storage.desk_sessions import DeskSession

MODES = ("auto", "return", "renew")
TAKEN_AS = ("card", "item")
NOTHING = Answered(200, JSON, b"{}", replayed=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What the form of the desk says. ``session`` is the reader who is served, "" for nobody.

    ``taken_as``, ``library`` and ``issuer`` answer what was asked back: a card or an item, whose item, whose card; "card" may be said
    before. ``needed``: the card before was not taken, so nothing is done with items until one is.
    """

    text: str
    mode: str = "auto"
    session: str = ""
    taken_as: str = ""
    library: str = ""
    issuer: str | None = None
    override: Override = NO_OVERRIDE
    event: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """``kind`` is what was done or tried: "reader", "lend", "return", "renew", "renew_all", "undo".

    Or nothing was: "ask" whether a card or an item is meant, "not_an_item" of a card where only items are taken, "held" of an item behind a
    card that was not taken, "scan" of what cannot be read at all. ``answered`` is what the API would answer.
    """

    kind: str
    answered: Answered

    @property
    def refused(self) -> bool:
        return self.answered.status >= 400


def scan_of_form() -> Scan:
    """The scan that the present request is; what a form of ours does not say counts as not said."""
    form = request.form
    mode, taken_as, issuer = form.get("mode", ""), form.get("taken_as", ""), form.get("issuer")
    refused, reason = frozenset(form.getlist("codes")), form.get("reason", "").strip()
    return Scan(
        text=form.get("code", "").strip(),
        mode=mode if mode in MODES else MODES[0],
        session=form.get("session", ""),
        taken_as=taken_as if taken_as in TAKEN_AS else "",
        library=form.get("library", ""),
        issuer=issuer,
        override=Override(refused, reason) if refused and reason else NO_OVERRIDE,
        event=form.get("event", ""),
        needed=form.get("needed") == "1",
    )


def carry_out(told: Scan, branch: str) -> Answer:
    """Recognises what was scanned at a desk of ``branch`` and does what follows. Raises CommandUnnamed, Conflict("busy")."""
    try:
        with catalogue().database.read() as connection:
            what = recognise(connection, office(), told.text)
    except UnionCatalogError as error:
        refused = refusal_of(error)
        if refused is None:
            raise
        return Answer("scan", Answered(refused.status, refused.content_type, refused.body, replayed=False))
    kind = deed_of(told, what)
    return act(kind, told, branch) if kind in _ACTS else Answer(kind, NOTHING)


def deed_of(told: Scan, what: Scanned) -> str:
    """What follows from what was scanned, by the desk's mode and whether a reader is served.

    Only what nobody has as a card is taken in unknown: the number of a card never gets among the books.
    """
    if what == "either":
        what = told.taken_as or ("item" if told.mode == "return" else what)  # type: ignore[assignment]  # read from TAKEN_AS
    if what in ("code", "card") or told.taken_as == "card":
        return "not_an_item" if told.mode == "return" else "reader"
    if what == "either":
        return "ask"
    if told.needed and told.mode == "auto":
        return "held"
    if told.mode == "renew":
        return "renew"
    return "lend" if told.session and told.mode == "auto" else "return"


def act(kind: str, told: Scan, branch: str) -> Answer:
    """Carries out one of the commands of a desk."""
    now, principal = clock(), current_principal()
    form_key, filled = form_told()
    context = current_context(now, CommandId(form_key))

    def acted(connection: Connection) -> Outcome:
        done = _ACTS[kind](Acting(connection, now, context, principal), told, branch)
        return Outcome(200, msgspec.json.encode(done.answer), JSON, done.patron_id)

    asked = Command(str(principal.actor), f"desk-{form_key}-{filled[:32]}", filled)
    answered = commands.run(catalogue().database, now, asked, acted, refusal_of)
    count_answer(answered)
    return Answer(kind, answered)


def _open(acting: Acting, told: Scan, branch: str) -> Done:
    """A phone that is read twice is the same reader still, though its code is used up."""
    session = _served(acting, told, branch) if told.session and is_code(told.text) else None
    if session is None or read_code(office().keys, told.text, office().now()).patron != session.patron:
        session = codes.open_session(acting.connection, office(), acting.context, told.text, branch, told.issuer)
    return Done(DeskSessionAnswer(session.id, session.patron, instant_text(session.expires_at)), session.patron)


def _served(acting: Acting, told: Scan, branch: str) -> DeskSession | None:
    try:
        return lookup.by_session(acting.connection, office(), told.session, branch)
    except NotFound:
        return None


def _lend(acting: Acting, told: Scan, branch: str) -> Done:
    asked = CheckOutAsked(item=ItemReference(told.text, told.library), session=told.session, override=told.override)
    deed = check_out(acting.connection, station(acting, branch), asked)
    return Done(check_out_answer(acting.connection, deed, current_language()), deed.patron)


def _take_in(acting: Acting, told: Scan, branch: str) -> Done:
    deed = check_in(acting.connection, station(acting, branch), ItemReference(told.text, told.library))
    return Done(check_in_answer(acting.connection, deed, branch, current_language()), deed.patron)


def _renew(acting: Acting, told: Scan, branch: str) -> Done:
    item = wanted(acting.connection, ItemReference(told.text, told.library))
    loan = loans.of_item(acting.connection, item.id)
    if loan is None:
        raise NotFound("unknown_loan", kind="loan", id=item.barcode)
    done = renew_one(acting.connection, station(acting, branch), loan, told.override)
    results = tuple([renewed_answer(acting.connection, one, current_language()) for one in done])
    return Done(RenewalsAnswer(results), item.patron or "")


def _renew_all(acting: Acting, told: Scan, branch: str) -> Done:
    session = lookup.by_session(acting.connection, office(), told.session, branch)
    done = renew_all(acting.connection, station(acting, branch), session.patron)
    results = tuple([renewed_answer(acting.connection, one, current_language()) for one in done])
    return Done(RenewalsAnswer(results), session.patron)


def _take_back(acting: Acting, told: Scan, branch: str) -> Done:
    """What the page knows to be the last, so that nobody takes back unseen what another window did; else what is."""
    if told.event:
        deed = undo(acting.connection, office(), acting.context, told.event)
    else:
        deed = undo_last(acting.connection, office(), acting.context, branch)
    return Done(deed_answer(acting.connection, deed, current_language()), deed.patron)


_ACTS: Mapping[str, Callable[[Acting, Scan, str], Done]] = {
    "reader": _open,
    "lend": _lend,
    "return": _take_in,
    "renew": _renew,
    "renew_all": _renew_all,
    "undo": _take_back,
}
