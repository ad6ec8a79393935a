"""/corrections: what cataloguers write over fields of member records."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.idempotency import Acting, Done, command
from api.resources.operation import blueprint, catalogue, get, json_response, key_limit
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


@command(group, "POST", "/corrections", body=CorrectionBody, answer=CorrectionAnswer, status=201, problems=(404,))
def correct(acting: Acting, made: Mapping[str, Any]) -> Done:
    """Write over a field of a member record

    It holds whatever the library sends later, until it is undone; one in force on the same field gives
    way to it. Editions and works are decided anew at once.
    """
    told = (made["key"], made["field"], made["value"], made["reason"])
    return Done(_correction(use_cases.correct(acting.connection, acting.clock, acting.context, *told, key_limit())))


@command(group, "DELETE", "/corrections/<correction_id>", answer=CorrectionAnswer, problems=(404,))
def undo(acting: Acting, _: object, correction_id: str) -> Done:
    """Take a correction back; what the library sends holds again"""
    return Done(_correction(use_cases.undo(acting.connection, acting.clock, acting.context, correction_id, key_limit())))


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
