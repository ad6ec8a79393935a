"""A desk that loses its line: what its page needs to go on without, and the pages on which people look into what was handed in later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources

from flask import Blueprint, Flask, Response, make_response, render_template
from msgspec import Struct
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from api.auth import current_principal, demand_branch
from api.csrf import csrf_token
from api.idempotency import Acting
from api.labels import label
from api.language import current_language
from api.pages import shell
from api.pages.acting import Went, act_once
from api.pages.desks import desks_of
from api.pages.sent import NOTHING_SENT, SHOWN_BESIDE, Sent, refused, typed_in
from api.resources.editions import named
from api.resources.offline import key_answer, own_batches, verdict_answers
from api.resources.operation import catalogue, json_response, office
from api.resources.standing import libraries
from api.schemas.offline import LineVerdictAnswer, OfflineKeyAnswer
from union_catalog.context import Language
from union_catalog.services.circulation import offline
from union_catalog.services.circulation.offline import Correction, Worker
from union_catalog.storage import network
from union_catalog.storage.circulation.offline import TO_LOOK_INTO, StoredBatch, StoredLine

desk = Blueprint("offline_desk", __name__)
desk.after_request(shell.remember_language)
_LOOKS = {"recorded": "ok", "repeated": "still", "recorded_with_blocks": "wait"}  # anything else has to stop somebody


class LineAnswer(Struct, frozen=True):
    """What a page needs to go on without a line, asked for while there is one: it is also the sign that there is."""

    branch: str
    key: OfflineKeyAnswer
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A line in words. ``card`` is shown to those who have to find out whose it is."""

    answer: LineVerdictAnswer
    at: str
    action: str
    verdict: str
    look: str
    card: str
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    id: str
    branch: str
    device: str
    at: str
    lines: int
    open: int


def install_offline_desk(app: Flask) -> None:
    """Puts the pages into ``app``."""
    app.register_blueprint(desk)


@desk.get("/desk/worker.js")
def worker() -> Response:
    """What answers for the desk's page while there is no line. It is asked for again each time, or no page could ever be mended."""
    response = Response(
        resources.files("api").joinpath("static/desk-worker.js").read_bytes(), content_type="text/javascript; charset=utf-8"
    )
    response.headers["Service-Worker-Allowed"] = shell.page_address("desk.page")
    response.headers["Cache-Control"] = "no-cache"
    return response


@desk.get("/desk/line")
def line() -> Response:
    """That there is a line, at which branch, and the key with which scans are sealed while there is none."""
    with catalogue().database.read() as connection:
        branch = current_principal().branch or desks_of(connection).here
    response = json_response(LineAnswer(branch, key_answer(), csrf_token()))
    response.headers["Cache-Control"] = "no-store"
    return response


@desk.get("/desk/offline")
def list_batches() -> str:
    """What was handed in at one's own desks, the latest first."""
    with catalogue().database.read() as connection:
        views = [_batch_view(connection, one) for one in own_batches()]
    return render_template("offline-batches.html", batches=views)


@desk.get("/desk/offline/<batch_id>")
def batch(batch_id: str) -> AnyResponse:
    """A batch: first what somebody has to look into, then the rest."""
    return _show(batch_id, NOTHING_SENT)


@desk.post("/desk/offline/<batch_id>/<reference>")
def settle(batch_id: str, reference: str) -> AnyResponse:
    """Says whose card or which item it was, or that the line has been looked into."""

    def work(acting: Acting) -> Went:
        context = acting.context
        here = Worker(database=catalogue().database, office=office(), context=context, rights=acting.principal.roles)
        found = Correction(card=typed_in("card"), library=typed_in("library"), barcode=typed_in("barcode"))
        done = offline.settle(acting.connection, here, reference, found)
        return Went(f"{shell.page_address('offline_desk.batch', batch_id=done.batch)}#{done.id}")

    try:
        return act_once(work)
    except SHOWN_BESIDE as error:
        return _show(batch_id, refused(error, reference))


def _show(batch_id: str, sent: Sent) -> AnyResponse:
    """The page, with what was said of a line and not taken."""
    with catalogue().database.read() as connection:
        found, lines = offline.shown(connection, batch_id)
        library = network.library_of_branch(connection, found.branch) or ""
        demand_branch(found.branch, library)
        view = _batch_view(connection, found)
        answers = verdict_answers(connection, lines, found.branch)
        among = libraries(connection, current_language())
    views = [_line_view(*one) for one in zip(lines, answers, strict=True)]
    parts: Sequence[list[LineView]] = ([one for one in views if one.waits], [one for one in views if not one.waits])
    told = {"batch": view, "parts": parts, "libraries": among, "sent": sent, "printed": _local(office().now())}
    page = render_template("offline-batch.html", **told)
    response = make_response(page, sent.status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _batch_view(connection: Connection, found: StoredBatch) -> BatchView:
    name = named(*network.branch_name(connection, found.branch), current_language())
    at = _local(found.received_at)
    return BatchView(id=found.id, branch=name, device=found.device, at=at, lines=found.lines, open=found.open)


def _line_view(found: StoredLine, answer: LineVerdictAnswer) -> LineView:
    language: Language = current_language()
    return LineView(
        answer=answer,
        at=_local(found.taken_at),
        action=label("offline_action", found.action, language),
        verdict=label("offline_verdict", found.verdict, language),
        look=_LOOKS.get(found.verdict, "stop"),
        card=found.card,
        waits=found.settled_at is None and found.verdict in TO_LOOK_INTO,
    )


def _local(instant: datetime) -> str:
    return instant.astimezone(office().timezone).strftime("%Y-%m-%d %H:%M")
