"""The pages of an item for staff: where it is, who has it as far as that may be told, what desks did, and what is said of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, make_response, redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from api import case_words
from api.auth import current_context, current_principal
from api.idempotency import Acting
from api.language import current_language
from api.pages import shell
from api.pages.acting import Went, act_once
from api.pages.desks import Desks, desks_of
from api.pages.reader_views import actor_names, branch_names
from api.pages.sent import NOTHING_SENT, SHOWN_BESIDE, Sent, refused, typed_in, typed_whole
from api.pages.views import StatusView
from api.resources.loans import station
from api.resources.operation import catalogue, clock, key_limit, office
from api.resources.standing import Libraries, libraries
from union_catalog.circulation.plan import Told
from union_catalog.circulation.situation import OpenLoan
from union_catalog.context import Language
from union_catalog.errors import InvalidInput, NotFound
from union_catalog.holdings.words import item_types
from union_catalog.services.circulation.deeds import Deed
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.items import SAID, Said, Saying, rebarcode, say
from union_catalog.services.circulation.quick import QuickItem, add_quick_item
from union_catalog.services.circulation.showing import ItemView, history, item_view
from union_catalog.services.circulation.undoing import WHILE, undo
from union_catalog.services.patrons import profile
from union_catalog.services.patrons.office import require
from union_catalog.services.patrons.profile import Profile
from union_catalog.storage.circulation.actions import Action

items = Blueprint("staff_items", __name__)
items.after_request(shell.remember_language)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneLine:
    """Something that a desk did. ``instruction`` is what the desk was told to do then, ``notes`` what beside it."""

    id: str
    case: str
    about: str
    instruction: str
    notes: tuple[str, ...]
    branch: str
    actor: str
    at: datetime
    undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """``reader`` has it, None where it is not lent or who has it may not be told. ``just`` was done a moment ago and is shown large.

    ``undoable``: it can be taken back from here.
    """

    view: ItemView
    status: StatusView
    names: Libraries
    branches: Mapping[str, str]
    loan: OpenLoan | None
    reader: Profile | None
    history: tuple[DoneLine, ...]
    desks: Desks
    just: DoneLine | None
    undoable: bool


@items.get("/staff/items")
def search() -> AnyResponse:
    """Leads from a barcode to its item; asks back where several libraries have it."""
    barcode, library = request.args.get("barcode", "").strip(), request.args.get("library", "")
    if not barcode:
        return _search(NOTHING_SENT)
    try:
        with catalogue().database.read() as connection:
            found = item_view(connection, ItemReference(barcode, library)).item
    except SHOWN_BESIDE as error:
        several = error.data.get("libraries")
        return _search(refused(error, "find"), several if isinstance(several, tuple) else ())
    return redirect(item_address(found.library, found.barcode), 303)


def _search(sent: Sent, several: tuple[str, ...] = ()) -> AnyResponse:
    with catalogue().database.read() as connection:
        names = libraries(connection, current_language())
    page = render_template("staff/items.html", sent=sent, several=several, names=names, barcode=request.args.get("barcode", ""))
    return make_response(page, sent.status)


@items.get("/staff/items/<library>/<barcode>")
def item(library: str, barcode: str) -> AnyResponse:
    """An item as it stands."""
    return _show(library, barcode, NOTHING_SENT)


@items.get("/staff/items/<library>/<barcode>/<form>")
def back(library: str, barcode: str, form: str) -> AnyResponse:  # noqa: ARG001  # whichever it is
    """The address of a form that was shown again, loaded anew."""
    return redirect(item_address(library, barcode), 303)


@items.post("/staff/items/<library>/<barcode>/say")
def say_of(library: str, barcode: str) -> AnyResponse:
    """Puts down that it is lost, missing, found, claimed returned, damaged, repaired or withdrawn."""

    def work(acting: Acting) -> Deed:
        saying = Saying(_said(), typed_whole("percent"))
        return say(acting.connection, station(acting, typed_in("branch")), ItemReference(barcode, library), saying)

    return _do(library, barcode, "say", work)


@items.post("/staff/items/<library>/<barcode>/barcode")
def relabel(library: str, barcode: str) -> AnyResponse:
    """Gives it another barcode; the old one still finds it."""

    def work(acting: Acting) -> Deed:
        return rebarcode(acting.connection, station(acting, typed_in("branch")), ItemReference(barcode, library), typed_in("barcode"))

    return _do(library, barcode, "barcode", work)


@items.post("/staff/items/<library>/<barcode>/undo")
def take_back(library: str, barcode: str) -> AnyResponse:
    """Takes back what this desk did last."""
    return _do(library, barcode, "undo", lambda acting: undo(acting.connection, office(), acting.context, typed_in("event")))


@items.get("/staff/items/new")
def new() -> AnyResponse:
    """A book without a record."""
    return _new(NOTHING_SENT)


@items.post("/staff/items/new")
def add() -> AnyResponse:
    """Puts it on record, so that it can be lent now."""

    def acted(acting: Acting) -> Went:
        return _went(add_quick_item(acting.connection, station(acting, typed_in("branch")), _quick(), key_limit()))

    try:
        return act_once(acted)
    except SHOWN_BESIDE as error:
        return _new(refused(error, "new"))


def item_address(library: str, barcode: str, event: str = "") -> str:
    """The address of an item's page; ``event`` is the desk's action that was just done."""
    address = shell.page_address("staff_items.item", library=library, barcode=barcode)
    return f"{address}?event={event}" if event else address


def _do(library: str, barcode: str, form: str, work: Callable[[Acting], Deed]) -> AnyResponse:
    try:
        return act_once(lambda acting: _went(work(acting)))
    except SHOWN_BESIDE as error:
        if isinstance(error, NotFound):
            raise
        return _show(library, barcode, refused(error, form))


def _went(deed: Deed) -> Went:
    return Went(item_address(str(deed.told["library"]), str(deed.told["barcode"]), deed.event), deed.patron, (deed.case,))


def _said() -> Said:
    what = next((what for what in SAID if what == typed_in("what")), None)
    if what is None:
        raise InvalidInput("parameter.not_among", name="what", choices=SAID)
    return what


def _quick() -> QuickItem:
    return QuickItem(
        barcode=typed_in("barcode"),
        title=typed_in("title"),
        author=typed_in("author"),
        isbn=typed_in("isbn"),
        item_type=typed_in("item_type") or "book",
        lending="library_use" if typed_in("library_use") else "loan",
        price=typed_in("price"),
        call_number=typed_in("call_number"),
    )


def _new(sent: Sent) -> AnyResponse:
    with catalogue().database.read() as connection:
        desks = desks_of(connection)
    return make_response(render_template("staff/new-item.html", sent=sent, desks=desks, types=sorted(item_types())), sent.status)


def _show(library: str, barcode: str, sent: Sent) -> AnyResponse:
    with catalogue().database.read() as connection:
        page = _page(connection, ItemReference(barcode, library))
    return make_response(render_template("staff/item.html", page=page, sent=sent), sent.status)


def _page(connection: Connection, asked: ItemReference) -> ItemPage:
    view, language = item_view(connection, asked), current_language()
    branches, done = branch_names(connection), history(connection, view.item)
    actors, names = actor_names(connection, {action.actor for action in done}), libraries(connection, language)
    lines = tuple(_line(action, branches, names, actors, language) for action in done)
    just = next((line for line in lines if line.id == request.args.get("event")), None)
    return ItemPage(
        view=view,
        status=StatusView(view.status, view.item.loan.due_date if view.item.loan else None),
        names=names,
        branches=branches,
        loan=view.item.loan,
        reader=_reader(connection, view.item.loan, view.item.library),
        history=lines,
        desks=desks_of(connection),
        just=just,
        undoable=just is not None and not just.undone and lines[0] is just and clock().now() - just.at <= WHILE,
    )


def _reader(connection: Connection, loan: OpenLoan | None, owner: str) -> Profile | None:
    """Who has it is for the item's library and the reader's own; as much of the reader as each may see."""
    if loan is None:
        return None
    patron, principal = require(connection, loan.patron), current_principal()
    if not principal.has("circulation") or not (principal.works_for(owner) or principal.works_for(patron.library)):
        return None
    return profile.show(connection, office(), current_context(clock()), patron)


def _line(action: Action, branches: Mapping[str, str], among: Libraries, actors: Mapping[str, str], language: Language) -> DoneLine:
    said: dict[str, Told] = dict(action.told["told"])
    said |= {name: branches.get(str(said[name]), str(said[name])) for name in ("branch", "to_branch") if said.get(name)}
    return DoneLine(
        id=action.id,
        case=action.case,
        about=case_words.about(action.case, language),
        instruction=case_words.instruction(action.case, said, language),
        notes=tuple([case_words.note_message(code, data, among.names, language) for code, data in action.told.get("notes", ())]),
        branch=branches.get(action.branch, action.branch),
        actor=actors.get(action.actor, ""),
        at=action.recorded_at,
        undone=action.undone_at is not None,
    )
