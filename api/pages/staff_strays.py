"""The shelf of what was handed in under barcodes that nobody knew: what lies there, and what it turns out to be."""

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from api.auth import current_context
from api.idempotency import Acting
from api.language import current_language
from api.pages import shell
from api.pages.acting import Went, act_once
from api.pages.reader_views import branch_names
from api.pages.sent import NOTHING_SENT, SHOWN_BESIDE, Sent, refused, typed_in
from api.pages.staff_items import item_address
from api.resources.operation import catalogue, clock, office
from api.resources.standing import libraries
from api.resources.strays import found_out
from union_catalog.errors import InvalidInput
from union_catalog.holdings.words import item_types
from union_catalog.services.circulation import strays
from union_catalog.services.circulation.strays import REASONS, RESOLUTIONS

shelf = Blueprint("staff_strays", __name__)
shelf.after_request(shell.remember_language)
_A_PAGE = 50
_FIELDS = (
    "barcode", "library", "title", "author", "isbn", "item_type", "library_use", "price", "call_number", "to_branch", "reason",
)  # fmt: skip


@shelf.get("/staff/strays")
def waiting() -> AnyResponse:
    """What lies at one's own desks and nobody knows, the oldest first."""
    return _show(NOTHING_SENT)


@shelf.get("/staff/strays/<stray_id>")
def back(stray_id: str) -> AnyResponse:
    """The address of a form that was shown again, loaded anew."""
    return redirect(f"{shell.page_address('staff_strays.waiting')}#s-{stray_id}", 303)


@shelf.post("/staff/strays/<stray_id>")
def resolve(stray_id: str) -> AnyResponse:
    """Says what it is, or where it went; an item's page then tells what to do with it."""
    how = request.form.get("how", "")

    def acted(acting: Acting) -> Went:
        if how not in RESOLUTIONS:
            raise InvalidInput("parameter.not_among", name="how", choices=RESOLUTIONS)
        told = {name: typed_in(name) for name in _FIELDS}
        done = strays.resolve(acting.connection, office(), acting.context, stray_id, found_out({"how": how, **told}))
        if done.deed is None:
            return Went(shell.page_with("staff_strays.waiting", done=how))
        at = done.deed.told
        return Went(item_address(str(at["library"]), str(at["barcode"]), done.deed.event), done.deed.patron, (done.deed.case,))

    try:
        return act_once(acted)
    except SHOWN_BESIDE as error:
        return _show(refused(error, f"{how}-{stray_id}"))


def _show(sent: Sent) -> AnyResponse:
    after = request.args.get("after", "")
    with catalogue().database.read() as connection:
        found = strays.waiting(connection, current_context(clock()), after, _A_PAGE + 1)
        branches, names = branch_names(connection), libraries(connection, current_language())
    told: dict[str, object] = {"found": found[:_A_PAGE], "following": found[_A_PAGE - 1].id if len(found) > _A_PAGE else ""}
    told |= {"branches": branches, "names": names, "reasons": REASONS, "types": sorted(item_types())}
    page = render_template("staff/strays.html", sent=sent, done=request.args.get("done", ""), **told)
    return make_response(page, sent.status)
