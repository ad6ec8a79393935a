"""The pages of a reader for staff: finding one, everything that is known, and what is done at a desk."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import Blueprint, make_response, redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from api.auth import current_context, current_principal
from api.idempotency import Acting
from api.language import current_language
from api.messages import sentence
from api.pages import shell
from api.pages.acting import Went, act_once
from api.pages.join_notice import notice_of
from api.pages.new_cards import new_card
from api.pages.reader_views import reader_view
from api.pages.sent import NOTHING_SENT, SHOWN_BESIDE, Sent, refused, typed_day, typed_in, typed_whole
from api.resources.loans import station
from api.resources.operation import catalogue, clock, office
from api.resources.standing import Libraries, about, libraries
from union_catalog.errors import InvalidInput, NotFound, UnionCatalogError
from union_catalog.ids import LoanId, PatronId
from union_catalog.patrons.blocks import Scope
from union_catalog.patrons.consents import PURPOSES
from union_catalog.patrons.credit import DEEDS
from union_catalog.patrons.keys import RESIDENT_ID
from union_catalog.patrons.model import CATEGORIES, Patron
from union_catalog.services import blocks, credit
from union_catalog.services.circulation.renewals import Renewed, renew_all, renew_one
from union_catalog.services.credit import Change
from union_catalog.services.patrons import cards, enrol, lookup, pins, profile
from union_catalog.services.patrons.profile import Changes, Profile

readers = Blueprint("readers", __name__)
readers.after_request(shell.remember_language)
_CHANGED = ("name", "phone", "email", "category", "language")


@readers.get("/staff/patrons")
def search() -> str:
    """By a card, a document, or name and date of birth: there is no list of readers."""
    return _search(NOTHING_SENT)


@readers.post("/staff/patrons")
def find() -> AnyResponse:
    """Looks for a reader and goes there where only one is found. What is asked tells who somebody is, so it never stands in an address."""
    try:
        with catalogue().database.read() as connection:
            context = current_context(clock())
            found = [profile.show(connection, office(), context, patron) for patron in _found(connection)]
            names = libraries(connection, current_language())
    except SHOWN_BESIDE as error:
        sent = refused(error, "find")
        return make_response(_search(sent), sent.status)
    if len(found) == 1:
        return redirect(reader_address(found[0].patron.id), 303)
    nobody = sentence("nobody_found", {}, current_language()) if not found else ""
    return make_response(_search(Sent("find", nobody, typed={}), found, names), 200 if found else 404)


def _search(sent: Sent, found: Sequence[Profile] = (), names: Libraries | None = None) -> str:
    return render_template("staff/readers.html", sent=sent, found=found, names=names)


def _found(connection: Connection) -> Sequence[Patron]:
    """Raises InvalidInput("find_by_one") where none of the three ways is told."""
    if card := typed_in("card"):
        return lookup.holder(connection, office(), card)
    if document := typed_in("document"):
        return lookup.by_document(connection, office(), typed_in("document_type") or RESIDENT_ID, document)
    born = typed_day("birth_date")
    if typed_in("name") and born is not None:
        return lookup.by_name(connection, typed_in("name"), born)
    raise InvalidInput("find_by_one", name="card")


@readers.get("/staff/patrons/<patron_id>")
def reader(patron_id: str) -> AnyResponse:
    """Everything of a reader for the home library's staff; what stands in the way and own items for others."""
    with catalogue().database.read() as connection:
        about(connection, patron_id)
    return show_reader(patron_id, NOTHING_SENT)


def show_reader(patron_id: str, sent: Sent) -> AnyResponse:
    """The page, with what was sent and not taken."""
    with catalogue().database.read() as connection:
        view = reader_view(connection, patron_id)
        making = new_card(connection, view.patron)
    done, network_wide = request.args.get("done", ""), not current_principal().library
    choices: dict[str, object] = {"deeds": DEEDS, "categories": CATEGORIES, "done": done, "making": making, "network_wide": network_wide}
    choices |= {"notices": {purpose: notice_of(purpose) for purpose in PURPOSES}, "today": office().today().isoformat()}
    return make_response(render_template("staff/reader.html", view=view, sent=sent, **choices), sent.status)


def reader_address(patron_id: str, done: str = "") -> str:
    """The address of a reader's page; ``done`` is the code of what was just done."""
    values = {"patron_id": patron_id}
    return shell.page_address("readers.reader", **values) + (f"?done={done}" if done else "")


def act_on_reader(patron_id: str, form: str, work: Callable[[Acting], object], done: str = "") -> AnyResponse:
    """Does something with a reader and goes on to the page: to that of ``work``'s answer where it is an address, else to the reader's.

    Asks the matrix first. What is refused is shown beside its form.
    """

    def acted(acting: Acting) -> Went:
        about(acting.connection, patron_id)
        way = work(acting)
        return way if isinstance(way, Went) else Went(reader_address(patron_id, done or form), patron_id)

    try:
        return act_once(acted)
    except SHOWN_BESIDE as error:
        return _shown_again(patron_id, form, error)


def _shown_again(patron_id: str, form: str, error: UnionCatalogError) -> AnyResponse:
    if isinstance(error, NotFound) and error.code == "unknown_patron":
        raise error
    return show_reader(patron_id, refused(error, form))


@readers.get("/staff/patrons/<patron_id>/<path:form>")
def back(patron_id: str, form: str) -> AnyResponse:  # noqa: ARG001  # whichever it is
    """The address of a form that was shown again, loaded anew: in another language, say."""
    return redirect(reader_address(patron_id), 303)


@readers.post("/staff/patrons/<patron_id>/renewals")
def renew(patron_id: str) -> AnyResponse:
    """Renews one loan or all; the page says of each what became of it."""

    def work(acting: Acting) -> Went:
        here = station(acting, typed_in("branch"))
        loan = LoanId(typed_in("loan"))
        done = renew_one(acting.connection, here, loan) if loan else renew_all(acting.connection, here, PatronId(patron_id))
        query = "&".join(f"renewed={_renewed(one)}" for one in done)
        return Went(f"{reader_address(patron_id, 'renew')}&{query}#loans", patron_id)

    return act_on_reader(patron_id, "renew", work)


def _renewed(one: Renewed) -> str:
    return f"{one.loan}~{','.join(block.code for block in one.plan.blocks)}" if one.plan.blocks else one.loan


@readers.post("/staff/patrons/<patron_id>/blocks")
def block(patron_id: str) -> AnyResponse:
    """Sets a block, with its reason."""

    def work(acting: Acting) -> None:
        scope: Scope = "library" if typed_in("scope") == "library" else "network"
        asked = blocks.Asked(reason=typed_in("reason"), library=typed_in("library"), until=typed_day("until"), scope=scope)
        blocks.enter(acting.connection, acting.clock, acting.context, office().timezone, patron_id, asked)

    return act_on_reader(patron_id, "block", work)


@readers.post("/staff/patrons/<patron_id>/blocks/<block_id>/lift")
def lift(patron_id: str, block_id: str) -> AnyResponse:
    """Lifts a block before its time, with a reason."""

    def work(acting: Acting) -> None:
        asked = acting.principal.roles, patron_id, block_id, typed_in("reason")
        blocks.lift(acting.connection, acting.clock, acting.context, *asked)

    return act_on_reader(patron_id, f"lift-{block_id}", work, "lift")


@readers.post("/staff/patrons/<patron_id>/cards")
def issue_card(patron_id: str) -> AnyResponse:
    """Another card in place of one that was lost or damaged, or the first one."""
    return act_on_reader(
        patron_id, "card", lambda acting: cards.issue(acting.connection, office(), acting.context, patron_id, typed_in("reason"))
    )


@readers.post("/staff/patrons/<patron_id>/freeze")
def freeze(patron_id: str) -> AnyResponse:
    """No desk takes any card of the reader from now on."""
    return act_on_reader(patron_id, "freeze", lambda acting: cards.freeze(acting.connection, office(), acting.context, patron_id))


@readers.post("/staff/patrons/<patron_id>/pin")
def reset_pin(patron_id: str) -> AnyResponse:
    """Another PIN for a reader who has shown who it is."""
    try:
        hashed = pins.hashed(office(), typed_in("pin"))
    except InvalidInput as error:
        return _shown_again(patron_id, "pin", error)
    return act_on_reader(patron_id, "pin", lambda acting: pins.reset(acting.connection, office(), acting.context, patron_id, hashed))


@readers.post("/staff/patrons/<patron_id>/confirm")
def confirm(patron_id: str) -> AnyResponse:
    """The document of somebody who enrolled online was seen."""
    return act_on_reader(patron_id, "confirm", lambda acting: enrol.confirm(acting.connection, office(), acting.context, patron_id))


@readers.post("/staff/patrons/<patron_id>")
def change(patron_id: str) -> AnyResponse:
    """Changes the record, or renews the card: what the form has no field for stays."""

    def work(acting: Acting) -> None:
        name, phone, email, category, language = (typed_in(name) if name in request.form else None for name in _CHANGED)
        words = Changes(name=name, phone=phone, email=email, category=category, language=language)
        changes = replace(words, expires_on=typed_day("expires_on"))
        profile.change(acting.connection, office(), acting.context, patron_id, changes)

    return act_on_reader(patron_id, "expiry" if "expires_on" in request.form else "change", work)


@readers.post("/staff/patrons/<patron_id>/credit")
def enter_credit(patron_id: str) -> AnyResponse:
    """Enters a deed that mends the score, or conduct that harms it."""

    def work(acting: Acting) -> None:
        points, cause = abs(typed_whole("points")), typed_in("cause")
        changed = Change(points=-points if cause == "conduct" else points, cause=cause, reason=typed_in("reason"))
        credit.enter_deed(acting.connection, acting.clock, acting.context, patron_id, changed)

    return act_on_reader(patron_id, "credit", work)
