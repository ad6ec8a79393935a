"""/patrons/{id}/credit: the lending score, the log behind it, and deeds that change it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response

from api.idempotency import Acting, Done, command
from api.labels import label
from api.language import current_language
from api.resources.operation import blueprint, catalogue, get, json_response, office
from api.resources.standing import about, sees_all_of
from api.schemas.fields import Arguments
from api.schemas.standing import CreditAnswer, CreditEntryAnswer, DeedBody
from union_catalog.clock import instant_text
from union_catalog.context import Language
from union_catalog.services import credit as use_cases
from union_catalog.services.credit import Change, Told
from union_catalog.storage.credit import CreditEntry

group = blueprint("credit", "The lending score of readers")


@get(group, "/patrons/<patron_id>/credit", arguments=Arguments, answer=CreditAnswer, problems=(404,), closed=True)
def credit(_: object, patron_id: str) -> Response:
    """A reader's lending score and what it allows; what changed it is told the reader and the reader's own library"""
    with catalogue().database.read() as connection:
        patron = about(connection, patron_id)
        told = use_cases.told_of(connection, patron.id, office().timezone)
    shown = told if sees_all_of(patron.id, patron.library) else replace(told, log=())
    return json_response(_credit(shown, current_language()))


@command(group, "POST", "/patrons/<patron_id>/credit", body=DeedBody, answer=CreditAnswer, status=201, problems=(404,))
def deed(acting: Acting, said: Mapping[str, Any], patron_id: str) -> Done:
    """Enter a deed that mends the score, or conduct that harms it, with a reason"""
    about(acting.connection, patron_id)
    change = Change(points=said["points"], cause=said["cause"], reason=said["reason"].strip())
    use_cases.enter_deed(acting.connection, acting.clock, acting.context, patron_id, change)
    told = use_cases.told_of(acting.connection, patron_id, office().timezone)
    return Done(_credit(told, current_language()), patron_id)


def _credit(told: Told, language: Language) -> CreditAnswer:
    return CreditAnswer(
        points=told.points,
        full=told.full,
        standing=told.standing,
        label=label("credit_standing", told.standing, language),
        deposit_free_from=told.thresholds.deposit_free_from,
        limited_below=told.thresholds.limited_below,
        blocked_below=told.thresholds.blocked_below,
        mends_on=told.mends_on.isoformat() if told.mends_on else None,
        log=tuple([_entry(entry, language) for entry in told.log]),
    )


def _entry(entry: CreditEntry, language: Language) -> CreditEntryAnswer:
    return CreditEntryAnswer(
        id=entry.id,
        points=entry.points,
        cause=entry.cause,
        label=label("credit_cause", entry.cause, language),
        reason=entry.reason,
        loan=entry.loan,
        reverses=entry.reverses,
        entered_at=instant_text(entry.entered_at),
    )
