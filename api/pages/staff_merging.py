"""Two records of one reader made one, with a look at what would become of them first; and a reader erased for good."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Blueprint, make_response, render_template
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from api.auth import current_context
from api.idempotency import Acting
from api.language import current_language
from api.messages import sentence
from api.money import yuan
from api.pages import shell
from api.pages.acting import Went, act_once
from api.pages.reader_views import reader_view
from api.pages.sent import NOTHING_SENT, SHOWN_BESIDE, Sent, refused, typed_in
from api.pages.staff_readers import reader_address, show_reader
from api.resources.operation import catalogue, clock, office
from api.resources.standing import about, about_either, libraries
from union_catalog.errors import NotAllowed, Refused
from union_catalog.patrons.merging import MergePlan
from union_catalog.services import accounts, erasing
from union_catalog.services.patrons import lookup, merge, profile
from union_catalog.services.patrons.profile import Profile
from union_catalog.storage import blocks
from union_catalog.storage.circulation import loans

merging = Blueprint("merging", __name__)
merging.after_request(shell.remember_language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two records, with what goes with it."""

    profile: Profile
    loans: int
    blocks: int
    owed_fen: int
    deposit_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeView:
    """What would be merged. ``points`` is the score that would be left."""

    kept: Side
    gone: Side
    plan: MergePlan
    points: int


@merging.post("/staff/patrons/<patron_id>/merge")
def merge_records(patron_id: str) -> AnyResponse:
    """Shows what would become of the record whose card was scanned; merges them once that was looked at."""
    other = typed_in("other")
    if other:
        return _act_on_either(patron_id, other, "merge", "merge", merge.merge)
    try:
        with catalogue().database.read() as connection:
            found = lookup.holder(connection, office(), typed_in("card"))
            other = found[0].id if found else ""
            if other == patron_id:  # said of another library's reader, too
                raise Refused("merge_with_itself", id=other)
            about_either(connection, (patron_id, other))
            view, names = _view(connection, patron_id, other), libraries(connection, current_language())
    except SHOWN_BESIDE as error:
        return show_reader(patron_id, refused(error, "merge"))
    except NotAllowed as error:
        return show_reader(patron_id, refused(NotAllowed("merge_elsewhere", **error.data), "merge"))
    return make_response(render_template("staff/merge.html", view=view, names=names))


@merging.post("/staff/patrons/<patron_id>/unmerge")
def part_records(patron_id: str) -> AnyResponse:
    """Undoes a merge: each record has again what it had."""
    return _act_on_either(patron_id, typed_in("other"), f"part-{typed_in('other')}", "part", merge.unmerge)


@merging.get("/staff/patrons/<patron_id>/erase")
def erasing_page(patron_id: str) -> AnyResponse:
    """What goes for good, and what stands in the way."""
    with catalogue().database.read() as connection:
        about(connection, patron_id)
    return _erasing(patron_id, NOTHING_SENT)


@merging.post("/staff/patrons/<patron_id>/erase")
def erase(patron_id: str) -> AnyResponse:
    """Erases a reader for good."""

    def acted(acting: Acting) -> Went:
        about(acting.connection, patron_id)
        erasing.erase(acting.connection, acting.clock, acting.context, patron_id)
        return Went(shell.page_with("staff_start.start", done="erase"), patron_id)

    try:
        return act_once(acted)
    except Refused as error:
        return _erasing(patron_id, replace(refused(error, "erase"), reasons=_open(error)))


def _erasing(patron_id: str, sent: Sent) -> AnyResponse:
    with catalogue().database.read() as connection:
        view = reader_view(connection, patron_id)
    return make_response(render_template("staff/erase.html", view=view, sent=sent), sent.status)


def _open(error: Refused) -> tuple[str, ...]:
    """What is still open, each with its number."""
    counts = {name: len(told) for name in ("loans", "holds", "wards") if isinstance(told := error.data.get(name), tuple)}
    said = {name: str(count) for name, count in counts.items() if count}
    for name in ("owed_fen", "deposit_fen"):
        fen = error.data.get(name)
        if isinstance(fen, int) and fen:
            said[name] = yuan(fen, current_language())
    return tuple([sentence(f"erasure.{name}", {"count": count}, current_language()) for name, count in said.items()])


def _act_on_either(patron_id: str, other: str, form: str, done: str, use_case: Callable[..., object]) -> AnyResponse:
    def acted(acting: Acting) -> Went:
        about_either(acting.connection, (patron_id, other))
        use_case(acting.connection, office(), acting.context, patron_id, other)
        return Went(reader_address(patron_id, done), patron_id)

    try:
        return act_once(acted)
    except SHOWN_BESIDE as error:
        return show_reader(patron_id, refused(error, form))


def _view(connection: Connection, kept_id: str, gone_id: str) -> MergeView:
    context = current_context(clock())
    plan = merge.preview(connection, context, kept_id, gone_id)
    kept, gone = (_side(connection, patron_id) for patron_id in (kept_id, gone_id))
    points = kept.profile.patron.credit + plan.credit_change
    return MergeView(kept=kept, gone=gone, plan=plan, points=points)


def _side(connection: Connection, patron_id: str) -> Side:
    shown = profile.read(connection, office(), current_context(clock()), patron_id)
    ledger = accounts.ledger(connection, shown.patron.id)
    return Side(
        profile=shown,
        loans=len(loans.open_of(connection, shown.patron.id)),
        blocks=len(blocks.in_force(connection, shown.patron.id)),
        owed_fen=ledger.owed_fen,
        deposit_fen=ledger.deposit_fen,
    )
