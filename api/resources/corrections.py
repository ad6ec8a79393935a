"""/corrections: what cataloguers write over fields of member records."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.auth import current_context
from api.resources.operation import blueprint, catalogue, cataloguing, delete, get, json_response, post
from api.schemas.verdicts import CorrectionAnswer, CorrectionArguments, CorrectionBody, CorrectionsAnswer
from union_catalog.clock import instant_text
from union_catalog.services import corrections as use_cases
from union_catalog.services.views import CorrectionView

group = blueprint("corrections", "What cataloguers write over fields of member records")


@get(group, "/corrections", arguments=CorrectionArguments, answer=CorrectionsAnswer, problems=(404,), closed=True)
def corrections(asked: Mapping[str, Any]) -> Response:
    """The corrections of one record, of one library or of all, the latest first"""
    undone = asked["state"] == "all"
    found = use_cases.listed(catalogue().database, asked["key"] or "", asked["library"] or "", undone=undone)
    return json_response(CorrectionsAnswer(tuple([_correction(one) for one in found])))


@post(group, "/corrections", body=CorrectionBody, answer=CorrectionAnswer, problems=(404,))
def correct(_: object, made: Mapping[str, Any]) -> Response:
    """Write over a field of a member record

    It holds whatever the library sends later, until it is undone; one in force on the same field gives
    way to it. Editions and works are decided anew at once.
    """
    over = cataloguing()
    context = current_context(over.clock)
    told = (made["key"], made["field"], made["value"], made["reason"])
    return json_response(_correction(use_cases.correct(over.database, over.clock, context, *told, over.key_limit)), 201)


@delete(group, "/corrections/<correction_id>", answer=CorrectionAnswer, problems=(404,))
def undo(_: object, correction_id: str) -> Response:
    """Take a correction back; what the library sends holds again"""
    over = cataloguing()
    context = current_context(over.clock)
    return json_response(_correction(use_cases.undo(over.database, over.clock, context, correction_id, over.key_limit)))


def _correction(one: CorrectionView) -> CorrectionAnswer:
    return CorrectionAnswer(
        id=one.id,
        key=one.key,
        library=one.library,
        field=one.field,
        value=one.value,
        sent=one.sent,
        reason=one.reason,
        actor=one.actor,
        made_at=instant_text(one.made_at),
        undone_by=one.undone_by or None,
        undone_at=instant_text(one.undone_at) if one.undone_at else None,
        asleep=one.asleep,
    )
