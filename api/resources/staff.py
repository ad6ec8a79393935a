"""/staff: who works at a library, and letting somebody try a password again."""

from flask import Response

from api.auth import current_principal, demand_library
from api.idempotency import Acting, Done, command
from api.resources.operation import blueprint, catalogue, get, json_response
from api.schemas.fields import Arguments
from api.schemas.sessions import StaffAnswer, StaffListAnswer
from union_catalog.clock import instant_text
from union_catalog.services import staff as use_cases
from union_catalog.storage.staff import StaffMember

group = blueprint("staff", "The staff of the libraries")


@get(group, "/staff", arguments=Arguments, answer=StaffListAnswer, closed=True)
def listed(_: object) -> Response:
    """The staff of one's own library, those who were shut out too"""
    with catalogue().database.read() as connection:
        found = use_cases.listed(connection, current_principal().library)
    return json_response(StaffListAnswer(tuple([_answer(member) for member in found])))


@command(group, "POST", "/staff/<username>/unlock", answer=StaffAnswer, problems=(404,))
def unlock(acting: Acting, _: object, username: str) -> Done:
    """Let a member of staff try the password again at once"""
    demand_library(use_cases.require(acting.connection, username).library)
    return Done(_answer(use_cases.unlock(acting.connection, acting.clock, acting.context, username)))


def _answer(member: StaffMember) -> StaffAnswer:
    return StaffAnswer(
        username=member.username,
        name=member.name,
        library=member.library or None,
        branches=member.branches,
        roles=member.roles,
        has_password=member.has_password,
        locked_until=instant_text(member.locked_until) if member.locked_until else None,
        disabled_at=instant_text(member.disabled_at) if member.disabled_at else None,
    )
