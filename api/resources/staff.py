"""/staff: who works at a library, where and with which roles, and letting somebody try a password again."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.auth import current_principal, demand_library
from api.idempotency import Acting, Done, command
from api.resources.operation import blueprint, catalogue, get, json_response
from api.schemas.fields import Arguments
from api.schemas.sessions import StaffAnswer, StaffChangeBody, StaffListAnswer
from union_catalog.clock import instant_text
from union_catalog.errors import NotAllowed
from union_catalog.services import staff as use_cases
from union_catalog.services.staff import Changes
from union_catalog.storage.staff import StaffMember

group = blueprint("staff", "The staff of the libraries")


@get(group, "/staff", arguments=Arguments, answer=StaffListAnswer, closed=True)
def listed(_: object) -> Response:
    """The staff of one's own library, those who were shut out too"""
    with catalogue().database.read() as connection:
        found = use_cases.listed(connection, current_principal().library)
    return json_response(StaffListAnswer(tuple([_answer(member) for member in found])))


@command(group, "PATCH", "/staff/<username>", body=StaffChangeBody, answer=StaffAnswer, problems=(404,))
def change(acting: Acting, told: Mapping[str, Any], username: str) -> Done:
    """Give a member of staff other branches, other roles or another library, from the next request on

    By a manager of their library and of the one to which they go. Nobody changes themselves, and nobody gives or takes a role that they do
    not have.
    """
    branches, roles = (tuple(told[name]) if name in told else None for name in ("branches", "roles"))
    library = (told["library"] or "") if "library" in told else None
    return Done(_answer(change_member(acting, username, Changes(library=library, branches=branches, roles=roles))))


def change_member(acting: Acting, username: str, told: Changes) -> StaffMember:
    """Changes a member of staff on behalf of whoever asks, so that nobody comes by rights that they do not have.

    Raises as ``use_cases.change``; NotAllowed: as ``demand_library``, "own_rights", "role_not_held".
    """
    member = use_cases.require(acting.connection, username)
    moved = use_cases.changed(member, told)
    demand_library(member.library)
    demand_library(moved.library)
    if member.id == acting.principal.actor.id:
        raise NotAllowed("own_rights", right="staff")
    foreign = (set(member.roles) ^ set(moved.roles)) - acting.principal.roles
    if foreign:
        raise NotAllowed("role_not_held", right="staff", role=tuple(sorted(foreign)))
    return use_cases.change(acting.connection, acting.clock, acting.context, username, told)


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
