"""/matches/verdicts and /matches/doubtful: what staff say of pairs of records, and which pairs are worth a word."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Response

from api.idempotency import Acting, Done, command
from api.labels import label
from api.language import current_language
from api.resources.operation import blueprint, catalogue, get, json_response
from api.schemas.verdicts import (
    ApartAnswer,
    ClusterAnswer,
    DoubtfulAnswer,
    DoubtfulArguments,
    DoubtfulRecord,
    GivenAnswer,
    QueueAnswer,
    SaidAnswer,
    VerdictArguments,
    VerdictBody,
    VerdictsAnswer,
)
from union_catalog.context import Language
from union_catalog.errors import InvalidInput
from union_catalog.matching.explanation import Separation
from union_catalog.services import verdicts as use_cases
from union_catalog.services.matching import Doubtful, Place, Told, doubtful
from union_catalog.services.verdicts import Given
from union_catalog.storage.verdicts import VerdictRow

group = blueprint("verdicts", "What staff say of pairs of records, and which pairs are worth a word")
_PLACE = re.compile(r"(\d{1,18})-(\d{1,18})-(\d{1,18})")


@get(group, "/matches/doubtful", arguments=DoubtfulArguments, answer=QueueAnswer, closed=True)
def queue(asked: Mapping[str, Any]) -> Response:
    """Pairs of records that stay apart although much speaks for one edition

    Ordered by what a decision is worth. Those that staff has decided are left out.
    """
    found = doubtful(catalogue().database, _place(asked["cursor"]), asked["per_page"] + 1, asked["library"] or "")
    shown = found[: asked["per_page"]]
    following = "-".join(map(str, shown[-1].place)) if len(found) > len(shown) else None
    return json_response(QueueAnswer(tuple([_doubtful(pair) for pair in shown]), following))


@get(group, "/matches/verdicts", arguments=VerdictArguments, answer=VerdictsAnswer, closed=True)
def verdicts(asked: Mapping[str, Any]) -> Response:
    """What staff said of pairs of records"""
    language = current_language()
    history = asked["state"] == "all"
    found = use_cases.listed(catalogue().database, asked["cursor"] or "", asked["per_page"] + 1, history=history)
    shown = found[: asked["per_page"]]
    following = shown[-1].id if len(found) > len(shown) else None
    return json_response(VerdictsAnswer(tuple([_said(row, language) for row in shown]), following))


@command(group, "POST", "/matches/verdicts", body=VerdictBody, answer=GivenAnswer, status=201, problems=(404,))
def give(acting: Acting, said: Mapping[str, Any]) -> Done:
    """Say that two records are one edition, or are not

    It holds whatever the rules say and the libraries send, until it is undone. One that contradicts
    others in force is answered by 409 with these in `chain`.
    """
    told = (said["first"], said["second"], said["verdict"], said["reason"].strip())
    return Done(_given(use_cases.give(acting.connection, acting.clock, acting.context, *told), current_language()))


@command(group, "DELETE", "/matches/verdicts/<verdict_id>", answer=GivenAnswer, problems=(404,))
def undo(acting: Acting, _: object, verdict_id: str) -> Done:
    """Take back what was said; the editions stand as if it had never been said"""
    return Done(_given(use_cases.undo(acting.connection, acting.clock, acting.context, verdict_id), current_language()))


def _place(cursor: str | None) -> Place | None:
    """Raises InvalidInput for what is no place in the queue."""
    if cursor is None:
        return None
    found = _PLACE.fullmatch(cursor)
    if found is None:
        raise InvalidInput("bad_cursor", name="cursor")
    worth, a, b = map(int, found.groups())
    return worth, a, b


def _doubtful(pair: Doubtful) -> DoubtfulAnswer:
    return DoubtfulAnswer(first=_told(pair.first), second=_told(pair.second), kind=pair.kind, doubt=pair.doubt, worth=pair.worth)


def _told(told: Told) -> DoubtfulRecord:
    return DoubtfulRecord(
        key=told.key,
        union_id=told.union_id,
        title=told.title,
        responsibility=told.responsibility,
        publisher=told.publisher,
        date=told.date,
    )


def _given(given: Given, language: Language) -> GivenAnswer:
    return GivenAnswer(
        verdict=_said(given.verdict, language),
        changed=given.changed,
        clusters=tuple([ClusterAnswer(cluster.union_id, cluster.records) for cluster in given.clusters]),
        apart=tuple([_apart(separation, language) for separation in given.apart]),
    )


def _said(row: VerdictRow, language: Language) -> SaidAnswer:
    return SaidAnswer(
        id=row.id,
        first=row.first,
        second=row.second,
        verdict=row.verdict,
        label=label("verdict", row.verdict, language),
        reason=row.reason,
        actor=row.actor,
        decided_at=row.decided_at,
        asleep=row.asleep,
        undone_by=row.undone_by,
        undone_at=row.undone_at,
    )


def _apart(told: Separation, language: Language) -> ApartAnswer:
    rule = told.verdict.rule
    why = label("rule", rule, language) if told.by == "rule" else label("apart", told.by, language)
    return ApartAnswer(first=told.first, second=told.second, by=told.by, rule=rule, label=why)
