"""Consents, own data as a file, notices, and erasing a reader."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.auth import current_context
from api.idempotency import Acting, Done, command
from api.labels import label
from api.language import current_language
from api.resources.operation import blueprint, catalogue, clock, faults_called, get, json_response
from api.resources.standing import about
from api.schemas.fields import Arguments
from api.schemas.privacy import (
    ConsentAnswer,
    ConsentBody,
    ConsentsAnswer,
    ErasedAnswer,
    NoticeAnswer,
    NoticesAnswer,
    OwnDataAnswer,
    SectionAnswer,
)
from union_catalog.clock import instant_text
from union_catalog.context import Language
from union_catalog.ids import LibraryCode
from union_catalog.patrons.consents import Consent
from union_catalog.services import consents as consenting
from union_catalog.services import erasing, sending
from union_catalog.services.erasing import OwnData
from union_catalog.services.patrons import office
from union_catalog.services.patrons.lookup import actor_patron
from union_catalog.storage.notices import Fate

group = blueprint("privacy", "Consents, own data, what readers were told, and erasure")


@get(group, "/patrons/<patron_id>/consents", arguments=Arguments, answer=ConsentsAnswer, problems=(404,), closed=True)
def consents(_: object, patron_id: str) -> Response:
    """What a reader agreed to"""
    with catalogue().database.read() as connection:
        patron = about(connection, patron_id)
        found = consenting.all_of(connection, patron.id)
    return json_response(ConsentsAnswer(tuple([_consent(one, current_language()) for one in found])))


@command(group, "POST", "/patrons/<patron_id>/consents", body=ConsentBody, answer=ConsentAnswer, status=201, problems=(404,))
def give_consent(acting: Acting, told: Mapping[str, Any], patron_id: str) -> Done:
    """Record a consent

    The same text for the same purpose again is no change.
    """
    about(acting.connection, patron_id)
    patron = office.lock(acting.connection, patron_id)
    library = LibraryCode(told["library"]) if told["library"] else None
    guardian = office.require(acting.connection, told["guardian"]).id if told["guardian"] else None
    said = (told["purpose"], told["notice"], told["date"], library, guardian)
    with faults_called({"given_on": "date"}):
        given = consenting.record(acting.connection, acting.context, patron.id, *said)
    return Done(_consent(given, current_language()), patron.id)


@command(group, "DELETE", "/patrons/<patron_id>/consents/<consent_id>", answer=ConsentAnswer, problems=(404,))
def withdraw_consent(acting: Acting, _: object, patron_id: str, consent_id: str) -> Done:
    """Withdraw a consent; that to have a card ends with the card alone"""
    about(acting.connection, patron_id)
    patron = office.lock(acting.connection, patron_id)
    ended = consenting.withdraw(acting.connection, acting.context, patron.id, consent_id)
    return Done(_consent(ended, current_language()), patron.id)


@get(group, "/patrons/<patron_id>/notices", arguments=Arguments, answer=NoticesAnswer, problems=(404,), closed=True)
def notices(_: object, patron_id: str) -> Response:
    """What a reader was told, and what could not be told"""
    with catalogue().database.read() as connection:
        found = sending.latest(connection, about(connection, patron_id).id)
    return json_response(NoticesAnswer(tuple([_notice(one, current_language()) for one in found])))


@get(group, "/patrons/<patron_id>/export", arguments=Arguments, answer=OwnDataAnswer, problems=(404, 409), closed=True)
def export(_: object, patron_id: str) -> Response:
    """Everything that is kept of a reader, as a file to hand out"""
    with catalogue().database.write() as connection:
        about(connection, patron_id)
        found = erasing.export(connection, clock(), current_context(clock()), patron_id)
    return _file(found)


@get(group, "/me/export", arguments=Arguments, answer=OwnDataAnswer, closed=True)
def own_export(_: object) -> Response:
    """Everything that is kept of oneself, as a file"""
    context = current_context(clock())
    with catalogue().database.write() as connection:
        found = erasing.export(connection, clock(), context, actor_patron(context))
    return _file(found)


@command(group, "POST", "/patrons/<patron_id>/erase", answer=ErasedAnswer, problems=(404,))
def erase(acting: Acting, _: object, patron_id: str) -> Done:
    """Erase a reader for good

    Refused with 409 `erasure_refused` and all that stands in the way: open `loans` and `holds`, `wards`, what is owed or deposited.
    """
    about(acting.connection, patron_id)
    return Done(ErasedAnswer(erasing.erase(acting.connection, acting.clock, acting.context, patron_id), "erased"))


def _file(data: OwnData) -> Response:
    language = current_language()
    sections = tuple(
        [
            SectionAnswer(name=one.name, label=label("own_data", one.name, language), rows=tuple(map(dict, one.rows)))
            for one in data.sections
        ]
    )
    response = json_response(OwnDataAnswer(patron=data.patron, made_at=instant_text(data.made_at), sections=sections))
    response.headers["Content-Disposition"] = f'attachment; filename="reader-{data.patron}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _consent(one: Consent, language: Language) -> ConsentAnswer:
    return ConsentAnswer(
        id=one.id,
        purpose=one.purpose,
        label=label("consent_purpose", one.purpose, language),
        notice=one.notice,
        library=one.library,
        guardian=one.guardian,
        date=one.given_on.isoformat(),
        recorded_at=instant_text(one.recorded_at),
        withdrawn_at=instant_text(one.withdrawn_at) if one.withdrawn_at else None,
    )


def _notice(one: Fate, language: Language) -> NoticeAnswer:
    return NoticeAnswer(
        kind=one.notice.kind,
        label=label("notice", one.notice.kind, language),
        loan=one.notice.loan,
        state=one.state,
        state_label=label("notice_state", one.state, language),
        channel=one.channel,
        reason=one.reason,
        reason_label=label("notice_reason", one.reason, language) if one.reason else "",
        made_at=instant_text(one.notice.created_at),
        sent_at=instant_text(one.sent_at) if one.sent_at else None,
    )
