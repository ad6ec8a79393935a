"""GET /records/{union_id}/matches and GET /matches/explain: why records are or are not one edition."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import Response

from api.auth import current_principal
from api.labels import label
from api.language import current_language
from api.resources.editions import edition, named
from api.resources.operation import blueprint, catalogue, get, json_response
from api.schemas.fields import Arguments, needed
from api.schemas.reasons import (
    EvidenceAnswer,
    JudgedAnswer,
    LinkAnswer,
    MemberAnswer,
    NearAnswer,
    PairAnswer,
    PairKeys,
    ReasonsAnswer,
    VerdictAnswer,
)
from union_catalog.context import Language
from union_catalog.matching.evidence import Evidence
from union_catalog.matching.explanation import WRITTEN, Link
from union_catalog.matching.rules import Verdict
from union_catalog.services.explaining import Member, Near, RecordExplanation, Word, explain_pair, explain_record

group = blueprint("matches", "Why records are or are not one edition")
LONGEST_KEY = 256


class PairArguments(Arguments):
    """Two records by their keys."""

    first = needed("LIBRARY:record_id of a source record.", LONGEST_KEY)
    second = needed("LIBRARY:record_id of another.", LONGEST_KEY)


@get(group, "/records/<union_id>/matches", arguments=Arguments, answer=ReasonsAnswer, problems=(308, 404, 410))
def reasons(_: object, union_id: str) -> Response:
    """Why its records are one edition, and what was kept apart from it

    Members as their libraries wrote them, the strongest links that hold them together with the rule and
    the evidence of each, what staff said, and at most five editions that stand near with what keeps them apart.
    """
    return json_response(reasons_answer(explain_record(catalogue().database, union_id), current_language()))


@get(group, "/matches/explain", arguments=PairArguments, answer=PairAnswer, problems=(404,))
def explain(asked: Mapping[str, str]) -> Response:
    """What is decided on any two source records, and why"""
    language = current_language()
    pair = explain_pair(catalogue().database, asked["first"], asked["second"])
    judged = _judged(pair.first.key, pair.second.key, pair.verdict, language)
    answer = PairAnswer(
        **_fields(judged),
        members=(_member(pair.first, language), _member(pair.second, language)),
        together=pair.together,
        staff=verdict_answer(pair.word, language) if pair.word else None,
    )
    return json_response(answer)


def reasons_answer(found: RecordExplanation, language: Language) -> ReasonsAnswer:
    """An explanation in the reader's language."""
    return ReasonsAnswer(
        union_id=found.union_id,
        total=found.total,
        members=tuple([_member(member, language, found.differs[member.key]) for member in found.members]),
        links=tuple([_link(link, found, language) for link in found.explanation.links]),
        indirect=tuple([PairKeys(*pair) for pair in found.explanation.indirect]),
        untied=found.explanation.untied,
        outdated=found.outdated,
        verdicts=tuple([verdict_answer(word, language) for word in found.words]),
        near=tuple([_near(near, language) for near in found.near]),
    )


def verdict_answer(word: Word, language: Language) -> VerdictAnswer:
    """A word of staff; who said it is told to cataloguers alone."""
    return VerdictAnswer(
        id=word.id,
        first=word.first,
        second=word.second,
        verdict=word.verdict,
        label=label("verdict", word.verdict, language),
        reason=word.reason,
        actor=word.actor if current_principal().has("cataloguing") else "",
        decided_at=word.decided_at,
    )


def _fields(answer: JudgedAnswer) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in answer.__struct_fields__}


def _judged(first: str, second: str, verdict: Verdict, language: Language) -> JudgedAnswer:
    return JudgedAnswer(
        first=first,
        second=second,
        verdict=verdict.verdict,
        verdict_label=label("verdict", verdict.verdict, language),
        rule=verdict.rule,
        rule_label=label("rule", verdict.rule, language),
        strength=verdict.strength,
        evidence=tuple([_evidence(evidence, language) for evidence in verdict.evidence]),
    )


def _evidence(evidence: Evidence, language: Language) -> EvidenceAnswer:
    return EvidenceAnswer(
        field=evidence.field,
        field_label=label("evidence_field", evidence.field, language),
        side=evidence.side,
        code=evidence.code,
        label=label("finding", evidence.code, language),
        first=evidence.left,
        second=evidence.right,
    )


def _link(link: Link, found: RecordExplanation, language: Language) -> LinkAnswer:
    word = found.word_on(link.first, link.second) if link.by_staff else None
    return LinkAnswer(**_fields(_judged(link.first, link.second, link.verdict, language)), staff=word.id if word else None)


def _near(near: Near, language: Language) -> NearAnswer:
    told = near.separation
    return NearAnswer(
        **_fields(_judged(told.first, told.second, told.verdict, language)),
        edition=edition(near.summary, language),
        by=told.by,
        label=label("rule", told.verdict.rule, language) if told.by == "rule" else label("apart", told.by, language),
        field=told.field,
    )


def _member(member: Member, language: Language, differs: Collection[str] = ()) -> MemberAnswer:
    return MemberAnswer(
        key=member.key,
        library=member.library,
        library_name=named(member.library_name, member.library_name_en, language),
        record_id=member.record_id,
        title=member.title,
        responsibility=member.responsibility,
        edition=member.edition,
        publisher=member.publisher,
        date=member.date,
        isbn=member.isbn,
        extent=member.extent,
        format=member.format,
        differs=tuple([field for field in WRITTEN if field in differs]),
    )
