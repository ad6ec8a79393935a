"""/patrons/{id}/blocks: what stands in a reader's way, set and lifted by staff."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.case_words import block_message
from api.idempotency import Acting, Done, command
from api.labels import label
from api.language import current_language
from api.resources.operation import blueprint, catalogue, get, json_response, office
from api.resources.standing import Libraries, about, libraries, sees_all_of
from api.schemas.fields import Arguments
from api.schemas.standing import BlockAnswer, BlockBody, BlocksAnswer, EndedBlockAnswer, LiftBody
from union_catalog.clock import instant_text
from union_catalog.context import Language
from union_catalog.patrons.blocks import Block
from union_catalog.services import blocks as use_cases
from union_catalog.services.blocks import Asked

group = blueprint("blocks", "What stands in a reader's way")


@get(group, "/patrons/<patron_id>/blocks", arguments=Arguments, answer=BlocksAnswer, problems=(404,), closed=True)
def blocks(_: object, patron_id: str) -> Response:
    """Everything that stands in a reader's way today, whichever library set it"""
    language = current_language()
    with catalogue().database.read() as connection:
        patron = about(connection, patron_id)
        found = use_cases.standing_of(connection, office(), patron.id)
        names = libraries(connection, language)
    return json_response(BlocksAnswer(tuple([block_answer(block, patron.id, names, language) for block in found])))


@command(group, "POST", "/patrons/<patron_id>/blocks", body=BlockBody, answer=BlockAnswer, status=201, problems=(404,))
def enter(acting: Acting, said: Mapping[str, Any], patron_id: str) -> Done:
    """Set a block, with its reason; the reader is written to

    It holds in the whole network unless its scope is the library.
    """
    about(acting.connection, patron_id)
    asked = Asked(reason=said["reason"], library=said["library"], until=said["until"], scope=said["scope"])
    made = use_cases.enter(acting.connection, acting.clock, acting.context, office().timezone, patron_id, asked)
    language = current_language()
    names = libraries(acting.connection, language)
    return Done(block_answer(made.block, patron_id, names, language), patron_id)


@command(group, "DELETE", "/patrons/<patron_id>/blocks", body=LiftBody, answer=EndedBlockAnswer, problems=(404,))
def lift(acting: Acting, said: Mapping[str, Any], patron_id: str) -> Done:
    """Lift a block before its time, with a reason

    By the library that set it; what a rule set, by a manager.
    """
    about(acting.connection, patron_id)
    told = (acting.principal.roles, patron_id, said["block"], said["reason"])
    ended = use_cases.lift(acting.connection, acting.clock, acting.context, *told)
    return Done(
        EndedBlockAnswer(
            id=ended.block.id,
            code=ended.block.code,
            library=ended.block.library,
            ended_at=instant_text(ended.ended_at) if ended.ended_at else "",
            ended_by=ended.ended_by or "",
            reason=ended.ended_reason,
        ),
        patron_id,
    )


def block_answer(block: Block, patron_id: str, names: Libraries, language: Language) -> BlockAnswer:
    """A block in the reader's language; which loan brought it is for its reader and the library that set it."""
    told = {
        "code": block.code,
        "library": names.name(block.library),
        "until": block.until.isoformat() if block.until else None,
        "count": block.count,
        "limit": block.limit,
    }
    return BlockAnswer(
        id=block.id or None,
        code=block.code,
        message=block_message(told, language),
        library=block.library,
        library_name=names.name(block.library),
        scope=block.scope,
        reason=block.reason,
        since=instant_text(block.since) if block.since else None,
        until=block.until.isoformat() if block.until else None,
        lifted_by=block.kind.lifted_by,
        how=label("lifted_by", block.kind.lifted_by, language),
        override=block.kind.override,
        loan=block.loan if sees_all_of(patron_id, block.library) else None,
    )
