"""The desk: one field takes cards and items, one panel says what to do.

Every button is a form that works by itself. The page's script sends the same forms one after another, and puts the parts of the answer
that ``desk-answer.html`` holds in their places.
"""

from http import HTTPStatus

import msgspec
from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from api.auth import IN_PARTS, current_context, current_principal
from api.pages import shell
from api.pages.desk_outcomes import elsewhere_view, outcome_view
from api.pages.desk_scans import MODES, Answer, Scan, act, carry_out, scan_of_form
from api.pages.desk_views import OutcomeView, ReaderView, log_lines, place_at, reader_view, receipt_view
from api.pages.desks import desks_of
from api.resources.operation import catalogue, clock, office
from api.schemas.patrons import DeskSessionAnswer
from union_catalog.errors import NotFound
from union_catalog.services import sessions
from union_catalog.services.circulation import deskside
from union_catalog.services.patrons import codes

desk = Blueprint("desk", __name__)
desk.after_request(shell.remember_language)


def install_desk(app: Flask) -> None:
    """Puts the pages into ``app``."""
    app.register_blueprint(desk)


@desk.get("/desk")
def page() -> AnyResponse:
    """The desk at which whoever asks stands, or the choice of one."""
    branch = _here()
    if not branch or "choose" in request.args:
        return _chooser()
    mode = request.args.get("mode", "")
    return _shown(branch, mode if mode in MODES else MODES[0], request.args.get("session", ""))


@desk.post("/desk")
def work() -> AnyResponse:
    """A scan, or another of the desk's buttons; who has not said at which branch they stand is asked."""
    branch = _here()
    if not branch and IN_PARTS not in request.headers:
        return _chooser()
    told, do, at = scan_of_form(), request.form.get("do", "scan"), request.form.get("at", branch)
    if not branch or at != branch:
        return _elsewhere(told, at, branch)
    if do == "end":
        _let_go(told.session)
        return _shown(branch, told.mode, "")
    if do == "scan" and not told.text:
        return _shown(branch, told.mode, told.session)
    answer = act(do, told, branch) if do in ("undo", "renew_all") else carry_out(told, branch)
    return _answered(told, answer, branch)


@desk.post("/desk/branch")
def stand() -> AnyResponse:
    """Stands at another desk from now on."""
    with catalogue().database.write() as connection:
        sessions.stand_at(connection, current_context(clock()), current_principal().session, request.form.get("branch", ""))
    return redirect(shell.page_address("desk.page"), 303)


@desk.get("/desk/receipt")
def receipt() -> str:
    """What the reader who is served takes home."""
    with catalogue().database.read() as connection:
        told = deskside.receipt(connection, current_context(clock()), request.args.get("session", ""))
        view = receipt_view(connection, told)
    return render_template("desk-receipt.html", view=view)


def _answered(told: Scan, answer: Answer, branch: str) -> AnyResponse:
    session = _served_next(told, answer)
    with catalogue().database.read() as connection:
        outcome = outcome_view(connection, told, answer, session, branch)
    mode = told.mode
    status = answer.answered.status if answer.refused else 200
    return _shown(branch, mode, session, outcome, status)


def _elsewhere(told: Scan, at: str, branch: str) -> AnyResponse:
    """Nothing is done: the page shows the desk of ``at``, and whoever signed in by another window stands at that of ``branch``, or none."""
    with catalogue().database.read() as connection:
        view = elsewhere_view(connection, told, at, branch)
    if IN_PARTS not in request.headers:
        return _shown(branch, told.mode, "", view, HTTPStatus.CONFLICT)
    response: Response = make_response(view.detail, HTTPStatus.CONFLICT)
    response.mimetype = "text/plain"
    response.headers[IN_PARTS] = "elsewhere"
    return response


def _served_next(told: Scan, answer: Answer) -> str:
    """Who is served from now on: a card that is not taken lets go of whoever was served before, so that nothing is lent to them."""
    if answer.kind == "reader":
        return "" if answer.refused else msgspec.json.decode(answer.answered.body, type=DeskSessionAnswer).session
    return "" if answer.kind in ("ask", "held") else told.session


def _let_go(session: str) -> None:
    with catalogue().database.write() as connection:
        try:
            codes.close_session(connection, current_context(clock()), session)
        except NotFound:
            return  # it has ended by itself


def _shown(branch: str, mode: str, session: str, outcome: OutcomeView | None = None, status: int = 200) -> AnyResponse:
    in_parts = IN_PARTS in request.headers
    with catalogue().database.read() as connection:
        reader = _reader(connection, session, branch)
        log = () if in_parts else log_lines(connection, branch)
        place = "" if in_parts else place_at(connection, branch)
    template = "desk-answer.html" if in_parts else "desk.html"
    around = {"standing_at": branch, "zone": office().timezone.key}
    drawn = render_template(template, outcome=outcome, reader=reader, log=log, mode=mode, place=place, **around)
    response: Response = make_response(drawn, status)
    if in_parts:
        response.headers[IN_PARTS] = "answered"
    return response


def _reader(connection: Connection, session: str, branch: str) -> ReaderView | None:
    """None where nobody is served any more."""
    if not session:
        return None
    try:
        reader = deskside.reader_at_desk(connection, office(), session, branch)
    except NotFound:
        return None
    return reader_view(connection, reader, session)


def _here() -> str:
    """The branch at whose desk whoever asks stands; "" where there are several to choose from."""
    standing = current_principal().branch
    if standing:
        return standing
    with catalogue().database.read() as connection:
        return desks_of(connection).here


def _chooser() -> AnyResponse:
    with catalogue().database.read() as connection:
        desks = desks_of(connection)
    return make_response(render_template("desk-branch.html", desks=desks))
