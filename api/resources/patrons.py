"""/patrons: enrolling readers, finding and changing their records, their cards, PINs and merges."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from sqlalchemy import Connection

from api.auth import current_context
from api.idempotency import Acting, Done, command
from api.labels import label
from api.language import current_language
from api.limits import counted
from api.resources.operation import blueprint, catalogue, clock, faults_called, get, json_response, office
from api.resources.showing_patrons import patron_answer
from api.resources.standing import about, about_either
from api.schemas.patrons import (
    CardBody,
    CardIssuedAnswer,
    ChangeBody,
    CredentialBody,
    EnrolBody,
    EnrolledAnswer,
    EventArguments,
    FindArguments,
    FrozenAnswer,
    MergeBody,
    PatronAnswer,
    PatronEvent,
    PatronEventsAnswer,
    PatronsAnswer,
    PinAnswer,
    PinBody,
    UnmergeBody,
    UnmergedAnswer,
)
from union_catalog.errors import InvalidInput
from union_catalog.patrons.enrolment import Agreement
from union_catalog.patrons.keys import Document, read_document
from union_catalog.patrons.model import Patron
from union_catalog.services.patrons import cards, enrol, lookup, merge, pins, profile
from union_catalog.services.patrons.enrol import Asked, Guardian
from union_catalog.services.patrons.profile import Changes

group = blueprint("patrons", "Readers: enrolling, their records, cards and PINs")


@get(group, "/patrons", arguments=FindArguments, answer=PatronsAnswer, problems=(404, 409), closed=True)
def find(asked: Mapping[str, Any]) -> Response:
    """Find a reader by a card, a document, or name and date of birth

    There is no list of readers. A card that two libraries have issued is answered by 409 with the `issuers`.
    """
    with catalogue().database.read() as connection:
        context = current_context(clock())
        shown = [profile.show(connection, office(), context, patron) for patron in _found(connection, asked)]
    return json_response(PatronsAnswer(tuple([patron_answer(one, current_language()) for one in shown])))


@command(group, "POST", "/patrons", body=EnrolBody, answer=EnrolledAnswer, status=201, problems=(429,), closed=False)
@counted("enrolments")
def enrol_reader(acting: Acting, told: Mapping[str, Any]) -> Done:
    """Enrol a reader

    By staff at a desk, or by anybody online; then a desk confirms it. Somebody with the same document is answered by 409 `patron_exists`
    with the `id` of the record; one of the same name, date of birth and telephone by 409 `possible_duplicate` with `candidates`, until
    staff says `confirmed_new`.
    """
    with faults_called({"given_on": "consent.date", "notice": "consent.notice"}):
        enrolled = enrol.enrol(acting.connection, office(), acting.context, _asked(told), at_desk=acting.principal.has("circulation"))
    return Done(EnrolledAnswer(enrolled.patron.id, enrolled.card, enrolled.patron.state), enrolled.patron.id)


@get(group, "/patrons/<patron_id>", arguments=EventArguments, answer=PatronAnswer, problems=(404,), closed=True)
def patron(_: object, patron_id: str) -> Response:
    """A reader's record

    Staff of other libraries see what a desk needs, but not who it is.
    """
    with catalogue().database.read() as connection:
        found = about(connection, patron_id)
        shown = profile.show(connection, office(), current_context(clock()), found)
    return json_response(patron_answer(shown, current_language()))


@command(group, "PATCH", "/patrons/<patron_id>", body=ChangeBody, answer=PatronAnswer, problems=(404,))
def change(acting: Acting, told: Mapping[str, Any], patron_id: str) -> Done:
    """Change a reader's record: contact, branch, language, category, history, or renew the card"""
    return change_record(acting, told, patron_id)


def change_record(acting: Acting, told: Mapping[str, Any], patron_id: str) -> Done:
    """Changes what is told and answers the record."""
    about(acting.connection, patron_id)
    profile.change(acting.connection, office(), acting.context, patron_id, Changes(**told))
    return _record(acting, patron_id)


@command(group, "POST", "/patrons/<patron_id>/confirm", answer=PatronAnswer, problems=(404,))
def confirm(acting: Acting, _: object, patron_id: str) -> Done:
    """Confirm at a desk, after a look at the document, somebody who enrolled online"""
    about(acting.connection, patron_id)
    enrol.confirm(acting.connection, office(), acting.context, patron_id)
    return _record(acting, patron_id)


@command(group, "POST", "/patrons/<patron_id>/cards", body=CardBody, answer=CardIssuedAnswer, status=201, problems=(404,))
def issue_card(acting: Acting, told: Mapping[str, Any], patron_id: str) -> Done:
    """Issue a card in place of one that was lost or damaged, or the first one

    `lost` freezes every card of the reader at every desk in the same transaction.
    """
    about(acting.connection, patron_id)
    issued = cards.issue(acting.connection, office(), acting.context, patron_id, told["reason"])
    return Done(CardIssuedAnswer(issued.patron.id, issued.card), issued.patron.id)


@command(group, "POST", "/patrons/<patron_id>/freeze", answer=FrozenAnswer, problems=(404,))
def freeze(acting: Acting, _: object, patron_id: str) -> Done:
    """Freeze a reader's cards at every desk at once, without issuing another"""
    about(acting.connection, patron_id)
    return Done(FrozenAnswer(patron_id, cards.freeze(acting.connection, office(), acting.context, patron_id)), patron_id)


@command(group, "POST", "/patrons/<patron_id>/credentials", body=CredentialBody, answer=PatronAnswer, status=201, problems=(404,))
def add_credential(acting: Acting, told: Mapping[str, Any], patron_id: str) -> Done:
    """Let a member library's old card, or a social security card, lead to the reader too"""
    about(acting.connection, patron_id)
    cards.attach(acting.connection, office(), acting.context, patron_id, told["kind"], told["number"], told["issuer"])
    return _record(acting, patron_id)


@command(group, "PUT", "/patrons/<patron_id>/pin", body=PinBody, answer=PinAnswer, problems=(404,))
def reset_pin(acting: Acting, told: Mapping[str, Any], patron_id: str) -> Done:
    """Set another PIN for a reader who has shown who it is; a lock is lifted"""
    about(acting.connection, patron_id)
    pins.reset(acting.connection, office(), acting.context, patron_id, pins.hashed(office(), told["pin"]))
    return Done(PinAnswer(patron_id), patron_id)


@command(group, "POST", "/patrons/<patron_id>/merge", body=MergeBody, answer=PatronAnswer, problems=(404,))
def merge_records(acting: Acting, told: Mapping[str, Any], patron_id: str) -> Done:
    """Make another record of the same person part of this one

    Loans, holds, blocks, debts and credit go with it, and the strictest stands. The other's card leads here as one that was replaced.
    """
    about_either(acting.connection, (patron_id, told["other"]))
    merge.merge(acting.connection, office(), acting.context, patron_id, told["other"])
    return _record(acting, patron_id)


@command(group, "POST", "/patrons/<patron_id>/unmerge", body=UnmergeBody, answer=UnmergedAnswer, problems=(404,))
def part_records(acting: Acting, told: Mapping[str, Any], patron_id: str) -> Done:
    """Undo a merge: each record has again what it had; what was lent since stays with the one that was kept"""
    about_either(acting.connection, (patron_id, told["other"]))
    both = merge.unmerge(acting.connection, office(), acting.context, patron_id, told["other"])
    kept, restored = (_shown(acting, one.id) for one in both)
    return Done(UnmergedAnswer(kept, restored), patron_id)


@get(group, "/patrons/<patron_id>/events", arguments=EventArguments, answer=PatronEventsAnswer, problems=(404,), closed=True)
def events(asked: Mapping[str, Any], patron_id: str) -> Response:
    """What happened to a reader's record, the latest first"""
    with catalogue().database.read() as connection:
        about(connection, patron_id)
        listed = profile.journal(connection, patron_id, asked["before"], asked["per_page"] + 1)
    shown, language = listed[: asked["per_page"]], current_language()
    items = [
        PatronEvent(
            id=one.id,
            kind=one.kind,
            label=label("event", one.kind, language),
            actor=one.actor,
            occurred_at=one.occurred_at,
            recorded_at=one.recorded_at,
            data=one.data,
        )
        for one in shown
    ]
    return json_response(PatronEventsAnswer(tuple(items), shown[-1].id if len(listed) > len(shown) else None))


def _found(connection: Connection, asked: Mapping[str, Any]) -> Sequence[Patron]:
    """Raises InvalidInput("find_by_one") unless exactly one way of finding is told."""
    ways = [asked["card"] is not None, asked["document"] is not None, asked["name"] is not None and asked["birth_date"] is not None]
    if sum(ways) != 1:
        raise InvalidInput("find_by_one", name="card")
    if ways[0]:
        return lookup.holder(connection, office(), asked["card"], asked["issuer"])
    if ways[1]:
        return lookup.by_document(connection, office(), asked["document_type"], asked["document"])
    return lookup.by_name(connection, asked["name"], asked["birth_date"])


def _shown(acting: Acting, patron_id: str) -> PatronAnswer:
    return patron_answer(profile.read(acting.connection, office(), acting.context, patron_id), current_language())


def _record(acting: Acting, patron_id: str) -> Done:
    return Done(_shown(acting, patron_id), patron_id)


def _asked(told: Mapping[str, Any]) -> Asked:
    consent, guardian = told["consent"], told["guardian"]
    return Asked(
        name=told["name"],
        birth_date=told["birth_date"],
        document=_document(told["document"]),
        phone=told["phone"],
        email=told["email"],
        category=told["category"],
        home_branch=told["home_branch"],
        language=told["language"],
        guardian=None if guardian is None else Guardian(**{**guardian, "document": _document(guardian["document"])}),
        consent=None if consent is None else Agreement(notice=consent["notice"], given_on=consent["date"]),
        pin_hash=pins.hashed(office(), told["pin"]),
        confirmed_new=told["confirmed_new"],
    )


def _document(told: Mapping[str, Any] | None) -> Document | None:
    return None if told is None else read_document(told["type"], told["number"])
