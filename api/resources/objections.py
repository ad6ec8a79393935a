"""/patrons/{id}/objections, /me/objections, /objections: what readers object to, and what a person decides."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.auth import current_context, current_principal, demand_library
from api.idempotency import Acting, Done, command
from api.labels import label
from api.language import current_language
from api.resources.operation import blueprint, catalogue, clock, get, json_response
from api.resources.standing import about
from api.schemas.fields import Arguments
from api.schemas.standing import DecisionBody, ObjectionAnswer, ObjectionArguments, ObjectionBody, ObjectionsAnswer
from union_catalog.clock import instant_text
from union_catalog.context import Language
from union_catalog.services import objections as use_cases
from union_catalog.services.patrons.lookup import actor_patron
from union_catalog.storage import objections as rows
from union_catalog.storage.objections import Objection

group = blueprint("objections", "What readers object to, and what becomes of it")


@get(group, "/patrons/<patron_id>/objections", arguments=Arguments, answer=ObjectionsAnswer, problems=(404,), closed=True)
def of_reader(_: object, patron_id: str) -> Response:
    """What a reader of one's own library objected to, the newest first"""
    with catalogue().database.read() as connection:
        return _listed(rows.of_patron(connection, about(connection, patron_id).id))


@get(group, "/me/objections", arguments=Arguments, answer=ObjectionsAnswer, closed=True)
def mine(_: object) -> Response:
    """What I objected to, and the answers"""
    with catalogue().database.read() as connection:
        return _listed(rows.of_patron(connection, actor_patron(current_context(clock()))))


@get(group, "/objections", arguments=ObjectionArguments, answer=ObjectionsAnswer, closed=True)
def waiting(asked: Mapping[str, Any]) -> Response:
    """The objections that wait for a decision of one's own library, the oldest first"""
    with catalogue().database.read() as connection:
        found = rows.waiting(connection, current_principal().library, asked["cursor"] or "", asked["per_page"] + 1)
    shown = found[: asked["per_page"]]
    return _listed(shown, shown[-1].id if len(found) > len(shown) else None)


@command(group, "POST", "/patrons/<patron_id>/objections", body=ObjectionBody, answer=ObjectionAnswer, status=201, problems=(404,))
def take_down(acting: Acting, said: Mapping[str, Any], patron_id: str) -> Done:
    """Write down what a reader says at a desk against a block, a charge or a change of the score"""
    about(acting.connection, patron_id)
    return _made(acting, said, patron_id)


@command(group, "POST", "/me/objections", body=ObjectionBody, answer=ObjectionAnswer, status=201, problems=(404,))
def make(acting: Acting, said: Mapping[str, Any]) -> Done:
    """Object to a block, a charge or a change of the score; a person decides"""
    return _made(acting, said, actor_patron(acting.context))


@command(group, "POST", "/objections/<objection_id>/decision", body=DecisionBody, answer=ObjectionAnswer, problems=(404,))
def decide(acting: Acting, said: Mapping[str, Any], objection_id: str) -> Done:
    """Decide of an objection, with an answer; what is upheld is taken back at once

    By a manager of the library that set the block or asked the money, and not by who set it.
    """
    demand_library(use_cases.require(acting.connection, objection_id).library)
    upheld = said["decision"] == "upheld"
    done = use_cases.decide(acting.connection, acting.clock, acting.context, objection_id, said["answer"], upheld=upheld)
    return Done(_answer(done, current_language()), done.patron)


def _made(acting: Acting, said: Mapping[str, Any], patron_id: str) -> Done:
    told = (patron_id, said["about"], said["about_id"], said["text"])
    made = use_cases.make(acting.connection, acting.clock, acting.context, *told)
    return Done(_answer(made, current_language()), patron_id)


def _listed(found: list[Objection], following: str | None = None) -> Response:
    language = current_language()
    return json_response(ObjectionsAnswer(tuple([_answer(one, language) for one in found]), following))


def _answer(found: Objection, language: Language) -> ObjectionAnswer:
    return ObjectionAnswer(
        id=found.id,
        patron=found.patron,
        about=found.about,
        about_id=found.about_id,
        library=found.library,
        text=found.text,
        state=found.state,
        label=label("objection_state", found.state, language),
        made_at=instant_text(found.made_at),
        answer=found.answer,
        decided_at=instant_text(found.decided_at) if found.decided_at else None,
    )
