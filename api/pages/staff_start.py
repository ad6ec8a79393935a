"""Where staff begin: what there is to do, the objections that wait, and who works here."""

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from api.auth import current_context, current_principal, demand_library
from api.idempotency import Acting
from api.pages import shell
from api.pages.acting import Went, act_once
from api.pages.desks import desks_of, may
from api.pages.sent import NOTHING_SENT, SHOWN_BESIDE, Sent, refused, typed_in
from api.resources.offline import own_batches
from api.resources.operation import catalogue, clock
from api.resources.staff import change_member
from union_catalog.errors import NotFound
from union_catalog.services import objections
from union_catalog.services import staff as use_cases
from union_catalog.services.circulation import strays
from union_catalog.services.staff import Changes
from union_catalog.storage import objections as rows

staff_start = Blueprint("staff_start", __name__)
staff_start.after_request(shell.remember_language)
_MOST = 100


@staff_start.get("/staff")
def start() -> str:
    """What whoever is signed in may do, and the desks at which it can be done."""
    principal = current_principal()
    with catalogue().database.read() as connection:
        desks = desks_of(connection)
        manages = principal.has("manager")
        waiting = len(rows.waiting(connection, principal.library, "", _MOST)) if manages else 0
        lying = len(strays.waiting(connection, current_context(clock()), "", _MOST)) if may("staff_strays.waiting") else 0
    unsettled = sum(batch.open for batch in own_batches()) if may("offline_desk.list_batches") else 0
    counts = {"waiting": waiting, "unsettled": unsettled, "lying": lying}
    return render_template("staff/start.html", desks=desks, done=request.args.get("done", ""), **counts)


@staff_start.get("/staff/objections")
def waiting() -> AnyResponse:
    """What readers objected to and one's own library has to decide, the oldest first."""
    return show_waiting(NOTHING_SENT)


def show_waiting(sent: Sent) -> AnyResponse:
    """The page, with a decision that was sent and not taken."""
    with catalogue().database.read() as connection:
        found = rows.waiting(connection, current_principal().library, "", _MOST)
        told_of = {one.id: objections.subject(connection, one) for one in found}
    page = render_template("staff/objections.html", found=found, told_of=told_of, sent=sent, done=request.args.get("done", ""))
    return make_response(page, sent.status)


@staff_start.get("/staff/objections/<objection_id>")
def back(objection_id: str) -> AnyResponse:
    """The address of a decision that was shown again, loaded anew."""
    return redirect(f"{shell.page_address('staff_start.waiting')}#o-{objection_id}", 303)


@staff_start.post("/staff/objections/<objection_id>")
def decide(objection_id: str) -> AnyResponse:
    """Decides of an objection, with the answer that the reader gets."""

    def acted(acting: Acting) -> Went:
        found = objections.require(acting.connection, objection_id)
        demand_library(found.library)
        upheld = typed_in("decision") == "upheld"
        objections.decide(acting.connection, acting.clock, acting.context, objection_id, typed_in("answer"), upheld=upheld)
        return Went(shell.page_with("staff_start.waiting", done="decide"), found.patron)

    try:
        return act_once(acted)
    except SHOWN_BESIDE as error:
        if isinstance(error, NotFound):
            raise
        return show_waiting(refused(error, f"decide-{objection_id}"))


@staff_start.get("/staff/people")
def people() -> str:
    """Who works at one's own library, those who were shut out too."""
    principal = current_principal()
    with catalogue().database.read() as connection:
        found = use_cases.listed(connection, principal.library)
    own, now = principal.actor.id, clock().now()
    shown = [replace(member, locked_until=None) if member.locked_until and member.locked_until <= now else member for member in found]
    return render_template("staff/people.html", members=shown, own=own, done=request.args.get("done", ""))


@staff_start.get("/staff/people/<username>")
def member(username: str) -> AnyResponse:
    """Where somebody works and with which roles, to be changed."""
    return _show_member(username, NOTHING_SENT)


def _show_member(username: str, sent: Sent) -> AnyResponse:
    """The page, with a change that was sent and not taken."""
    with catalogue().database.read() as connection:
        found = use_cases.find(connection, username)
        if found is None:
            raise NotFound("unknown_staff", kind="staff", id=username)
        demand_library(found.library)
        places = [place for place in desks_of(connection).choices if place.library == found.library]
    chosen = (request.form.getlist("role"), request.form.getlist("branch")) if sent.form else (found.roles, found.branches)
    told = {"member": found, "places": places, "roles": use_cases.ROLES, "held": current_principal().roles, "sent": sent}
    page = render_template("staff/member.html", **told, chosen_roles=chosen[0], chosen_branches=chosen[1])
    return make_response(page, sent.status)


@staff_start.post("/staff/people/<username>")
def change(username: str) -> AnyResponse:
    """Gives somebody other roles or other branches of their library; a role that is not for this form to take stays."""

    def acted(acting: Acting) -> Went:
        kept = set(use_cases.require(acting.connection, username).roles) - acting.principal.roles
        roles = tuple([role for role in use_cases.ROLES if role in kept or role in request.form.getlist("role")])
        change_member(acting, username, Changes(branches=tuple(request.form.getlist("branch")), roles=roles))
        return Went(shell.page_with("staff_start.people", done="staff"))

    try:
        return act_once(acted)
    except SHOWN_BESIDE as error:
        if isinstance(error, NotFound):
            raise
        return _show_member(username, refused(error, "change"))


@staff_start.post("/staff/people/<username>/unlock")
def unlock(username: str) -> AnyResponse:
    """Lets somebody try the password again at once."""
    return _act_on(username, "unlock", lambda acting: use_cases.unlock(acting.connection, acting.clock, acting.context, username))


@staff_start.post("/staff/people/<username>/disable")
def disable(username: str) -> AnyResponse:
    """Shuts somebody out from the next request on."""
    return _act_on(username, "disable", lambda acting: use_cases.disable(acting.connection, acting.clock, acting.context, username))


def _act_on(username: str, done: str, work: Callable[[Acting], object]) -> AnyResponse:
    def acted(acting: Acting) -> Went:
        demand_library(use_cases.require(acting.connection, username).library)
        work(acting)
        return Went(shell.page_with("staff_start.people", done=done))

    return act_once(acted)
