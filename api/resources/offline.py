"""/offline-batches: what desks did while they had no line, a verdict a line; and what people find out about those that need it."""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from flask import Flask, Response, request
from sqlalchemy import Connection

from api.auth import current_context, current_principal, demand_branch
from api.errors import refusal_of
from api.idempotency import Acting, Done, command, current_command, respond, routed_command
from api.language import current_language
from api.offline_words import unreadable_answer, verdict_answer
from api.resources.operation import JSON, blueprint, catalogue, clock, get, json_response, office
from api.resources.standing import libraries
from api.resources.telling import way_names
from api.schemas.offline import (
    BatchRow,
    LineTold,
    LineVerdictAnswer,
    OfflineArguments,
    OfflineBatchAnswer,
    OfflineBatchBody,
    OfflineBatchesAnswer,
    OfflineKeyAnswer,
    SettlingBody,
    read_line,
)
from union_catalog.circulation.sealing import about_line, unseal
from union_catalog.clock import instant_text
from union_catalog.context import CommandId
from union_catalog.errors import InvalidInput
from union_catalog.ids import BranchCode, new_id
from union_catalog.services import commands
from union_catalog.services.circulation import offline
from union_catalog.services.circulation.carrying import LineAsked
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.offline import Correction, OfflineBatch, OfflineLine, Worker
from union_catalog.services.commands import Outcome
from union_catalog.storage.circulation.offline import StoredBatch, StoredLine

group = blueprint("offline", "What desks did without a line")
LARGEST_UPLOAD = 4 * 1024 * 1024  # 5,000 sealed lines
MOST_BATCHES = 200
LONGEST_ID = 80


def allow_long_uploads(app: Flask) -> None:
    """Batches alone may be larger than what the application takes."""

    @app.before_request
    def allow() -> None:
        if request.endpoint == "offline.upload":
            request.max_content_length = LARGEST_UPLOAD


@routed_command(
    group, "POST", "/offline-batches", body=OfflineBatchBody, answer=OfflineBatchAnswer, status=200, problems=(404, 413), closed=True
)
def upload(told: Mapping[str, Any]) -> Response:
    """Hand in what a desk did without a line

    Nothing is refused and nothing dropped. Each line is carried out by itself, in the order in which things happened; one that was
    handed in before, in whichever batch, is not carried out again and gets its first verdict. An upload that breaks off is sent again.
    """
    database, asked = catalogue().database, current_command()
    known = commands.recall(database, asked)
    if known is not None:
        return respond(known)
    branch = BranchCode(told["branch"])
    demand_branch(branch, offline.library_of(database, branch))
    opened = _opened(told["lines"], branch, told["device"])
    lines = [line for line in opened if isinstance(line, OfflineLine)]
    taken = offline.take(_worker(), OfflineBatch(branch=branch, device=told["device"], lines=lines, sent_at=told["sent_at"]))
    with database.read() as connection:
        verdicts = iter(verdict_answers(connection, taken.lines, branch))
    answers = tuple([line if isinstance(line, LineVerdictAnswer) else next(verdicts) for line in opened])
    body = msgspec.json.encode(OfflineBatchAnswer(id=taken.batch, branch=branch, device=told["device"], lines=answers))
    return respond(commands.run(database, clock(), asked, lambda _: Outcome(200, body, JSON), refusal_of))


@get(group, "/offline-batches", arguments=OfflineArguments, answer=OfflineBatchesAnswer, closed=True)
def batches(_: object) -> Response:
    """The latest batches of one's own desks"""
    return json_response(OfflineBatchesAnswer(tuple([_row(one) for one in own_batches()])))


def _row(one: StoredBatch) -> BatchRow:
    received = instant_text(one.received_at)
    return BatchRow(id=one.id, branch=one.branch, device=one.device, received_at=received, lines=one.lines, open=one.open)


@get(group, "/offline-batches/key", arguments=OfflineArguments, answer=OfflineKeyAnswer, closed=True)
def key(_: object) -> Response:
    """The key with which a device seals its lines, so that nobody reads them who takes the device away"""
    return json_response(key_answer())


@get(group, "/offline-batches/<batch_id>", arguments=OfflineArguments, answer=OfflineBatchAnswer, problems=(404,), closed=True)
def batch(_: object, batch_id: str) -> Response:
    """The verdicts of a batch, and what was found out since"""
    with catalogue().database.read() as connection:
        found, lines = offline.shown(connection, batch_id)
        answers = tuple(verdict_answers(connection, lines, found.branch))
    demand_branch(found.branch, offline.library_of(catalogue().database, found.branch))
    response = json_response(OfflineBatchAnswer(id=found.id, branch=found.branch, device=found.device, lines=answers))
    response.headers["Cache-Control"] = "no-store"
    return response


@command(group, "POST", "/offline-lines/<reference>/settle", body=SettlingBody, answer=LineVerdictAnswer, problems=(404,))
def settle(acting: Acting, told: Mapping[str, Any], reference: str) -> Done:
    """Say whose card or which item it was, or that a line has been looked into

    With something found out the line is recorded anew, as of when it happened; without anything it is done with as it is.
    """
    worker = Worker(database=catalogue().database, office=office(), context=acting.context, rights=acting.principal.roles)
    correction = Correction(card=told["card"], library=told["library"], barcode=told["barcode"])
    line = offline.settle(acting.connection, worker, reference, correction)
    return Done(verdict_answers(acting.connection, [line], line.branch)[0])


def own_batches() -> list[StoredBatch]:
    """Those of the desks at which whoever asks may work, the latest first."""
    context = current_context(clock())
    with catalogue().database.read() as connection:
        return offline.latest(connection, context, MOST_BATCHES)


def key_answer() -> OfflineKeyAnswer:
    """The key of the day, made where there is none."""
    made = offline.sealing_key(catalogue().database, clock())
    return OfflineKeyAnswer(id=made.id, public=base64.urlsafe_b64encode(made.public).decode().rstrip("="))


def _worker() -> Worker:
    principal = current_principal()
    context = current_context(clock(), CommandId(new_id()))
    return Worker(database=catalogue().database, office=office(), context=context, rights=principal.roles)


def _opened(told: Sequence[object], branch: str, device: str) -> list[OfflineLine | LineVerdictAnswer]:
    """Each line as it can be taken, or the verdict that it cannot be."""
    keys: dict[str, bytes] = {}
    opened: list[OfflineLine | LineVerdictAnswer] = []
    for line in (one if isinstance(one, dict) else {} for one in told):
        line_id = line.get("id")
        known = isinstance(line_id, str) and 0 < len(line_id) <= LONGEST_ID and line_id.isascii() and line_id.isprintable()
        try:
            about = about_line(branch, device, str(line_id))
            opened.append(_line(str(line_id), _read(line, about, keys)) if known else _unreadable(""))
        except (InvalidInput, msgspec.MsgspecError, UnicodeDecodeError):
            opened.append(_unreadable(str(line_id)))
    return opened


def _read(line: Mapping[str, Any], about: str, keys: dict[str, bytes]) -> LineTold:
    if "sealed" not in line:
        return read_line(line)
    key_id = str(line.get("key") or "")
    if key_id not in keys:
        with catalogue().database.read() as connection:
            keys[key_id] = offline.private_key(connection, key_id)
    return read_line(unseal(keys[key_id], str(line["sealed"]), about))


def _line(line_id: str, told: LineTold) -> OfflineLine:
    item = ItemReference(told.item.barcode, told.item.library or "")
    asked = LineAsked(action=told.action, item=item, card=told.card or "", issuer=told.issuer)
    return OfflineLine(id=line_id, asked=asked, occurred_at=_utc(told.occurred_at))


def _utc(told: datetime) -> datetime:
    """Raises InvalidInput for what is outside of the calendar once it is UTC."""
    try:
        return told.astimezone(office().now().tzinfo)
    except OverflowError as error:
        raise InvalidInput("parameter.not_an_instant", name="occurred_at") from error


def _unreadable(line_id: str) -> LineVerdictAnswer:
    return unreadable_answer(line_id, current_language())


def verdict_answers(connection: Connection, lines: Sequence[StoredLine], at: str) -> list[LineVerdictAnswer]:
    """What became of lines of one branch, in words."""
    language = current_language()
    branches = way_names(connection, [line.told for line in lines], at, language)
    names = libraries(connection, language).names
    return [verdict_answer(line, branches, names, language) for line in lines]
