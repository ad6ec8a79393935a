"""/policies: the rules of lending, what a change of them would do, and why a loan has its terms."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response

from api.idempotency import Acting, Done, command
from api.labels import label
from api.language import current_language
from api.messages import sentence
from api.policy_words import (
    beaten_words,
    check_words,
    criteria_words,
    criterion_value,
    effect_words,
    explanation_words,
    term_name,
    terms_words,
)
from api.resources.operation import blueprint, catalogue, get, json_response
from api.schemas.policies import (
    ChangesAnswer,
    CheckAnswer,
    CheckBody,
    CriterionAnswer,
    DifferenceAnswer,
    EffectAnswer,
    ExplainBody,
    ExplanationAnswer,
    FaultAnswer,
    MovedAnswer,
    OtherRuleAnswer,
    PolicyAnswer,
    PolicyBody,
    PutAnswer,
    RuleAnswer,
    RuleChangeAnswer,
    TermsAnswer,
    VersionAnswer,
    VersionArguments,
)
from union_catalog.circulation.policy import PRECEDENCE
from union_catalog.circulation.policy_check import Check, Difference
from union_catalog.circulation.policy_reasons import Explanation
from union_catalog.circulation.policy_text import table_data
from union_catalog.context import Language
from union_catalog.services import lending_terms
from union_catalog.services import policies as use_cases
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.storage.policies import Version

group = blueprint("policies", "The rules of lending")


@get(group, "/policies", arguments=VersionArguments, answer=PolicyAnswer, problems=(404,), closed=True)
def policy(asked: Mapping[str, Any]) -> Response:
    """The policy in force, or an earlier version"""
    language = current_language()
    with catalogue().database.read() as connection:
        found = use_cases.in_force(connection, asked["version"])
    rules = (RuleAnswer(rule.id, criteria_words(rule, language), terms_words(rule.terms, language)) for rule in found.table.rules)
    answer = PolicyAnswer(
        version=_version(found.version),
        text=found.text,
        table=table_data(found.table),
        rules=tuple(rules),
        versions=tuple(map(_version, found.versions)),
    )
    return json_response(answer)


@command(group, "POST", "/policies/check", body=CheckBody, answer=CheckAnswer)
def check(acting: Acting, told: Mapping[str, Any]) -> Done:
    """What a policy would change if it took effect now; nothing is changed

    Open loans are counted by rule. A policy with faults is answered with all of them.
    """
    language = current_language()
    found = use_cases.check_policy(acting.connection, _told(told))
    faults = (FaultAnswer(fault.code, fault.place, sentence(fault.code, fault.error().data, language)) for fault in found.faults)
    changes = _changes(found.check, found.based_on, language) if found.check else None
    return Done(CheckAnswer(found.based_on, tuple(faults), changes))


@command(group, "PUT", "/policies", body=PolicyBody, answer=PutAnswer)
def put(acting: Acting, told: Mapping[str, Any]) -> Done:
    """Bring a policy in force as the next version

    Loans that are open keep the version under which they were made. A policy with a fault is not taken.
    """
    done = use_cases.put_policy(acting.connection, acting.clock, acting.context, _told(told), told["based_on"], told["note"])
    return Done(PutAnswer(done.version, done.changed, _changes(done.check, told["based_on"], current_language())))


@command(group, "POST", "/policies/explain", body=ExplainBody, answer=ExplanationAnswer, problems=(404,))
def explain(acting: Acting, asked: Mapping[str, Any]) -> Done:
    """Which rule decides a loan of this item to this reader at this branch, and why"""
    circumstances = lending_terms.Asked(
        branch=asked["branch"],
        patron=asked["patron"],
        category=asked["category"],
        item=ItemReference(**asked["item"]) if asked["item"] else None,
        item_library=asked["item_library"],
        item_type=asked["item_type"],
        version=asked["version"],
    )
    found = lending_terms.explained(acting.connection, circumstances)
    return Done(_explanation(found, current_language()), asked["patron"])


def _told(told: Mapping[str, Any]) -> use_cases.Told:
    text: str | None = told["text"]
    table: Mapping[str, Any] = told["table"] or {}
    return table if text is None else text


def _version(version: Version) -> VersionAnswer:
    return VersionAnswer(version.version, version.in_force_from, version.actor, version.note)


def _changes(found: Check, based_on: int, language: Language) -> ChangesAnswer:
    now, then = found.over_quota
    effects = ((way, term, loans) for way, counted in (("less", found.less), ("more", found.more)) for term, loans in counted.items())
    return ChangesAnswer(
        rules=tuple(
            RuleChangeAnswer(one.rule, one.action, label("rule_action", one.action, language), _differences(one.differences, language))
            for one in found.rules
        ),
        network=_differences(found.network, language),
        groups=_differences(found.groups, language),
        open_loans=found.loans,
        affected=found.affected,
        effects=tuple(EffectAnswer(term, way, loans, effect_words(way, term, loans, language)) for way, term, loans in effects),
        by_rule=tuple(
            MovedAnswer(
                version=one.version,
                before=one.before,
                after=one.after,
                loans=one.loans,
                differences=_differences(one.differences, language),
            )
            for one in found.moved
        ),
        readers_over_quota=now,
        readers_over_new_quota=then,
        summary=check_words(found, based_on, language),
    )


def _differences(differences: Iterable[Difference], language: Language) -> tuple[DifferenceAnswer, ...]:
    return tuple(DifferenceAnswer(one.name, term_name(one.name, language), one.before, one.after) for one in differences)


def _explanation(told: Explanation, language: Language) -> ExplanationAnswer:
    terms = told.rule.terms
    return ExplanationAnswer(
        version=told.version,
        rule=told.rule.id,
        because=explanation_words(told, language),
        circumstances=tuple(_criterion(told, name, language) for name in PRECEDENCE),
        terms=TermsAnswer(
            days=terms.days,
            renewals=terms.renewals,
            renewal_days=terms.renewal_days,
            quota=terms.quota,
            network_quota=told.quota,
            library_cap=told.cap,
            holdable=terms.holdable,
            shelf_days=terms.shelf_days,
            overdue=terms.overdue.kind,
            lost_after=terms.lost_after,
        ),
        others=_others(told, language),
    )


def _criterion(told: Explanation, name: str, language: Language) -> CriterionAnswer:
    value = told.given[name]
    return CriterionAnswer(
        name=name,
        label=label("criterion", name, language),
        value=value,
        value_label=criterion_value(name, value, language),
        matched=name in told.choice.matched,
    )


def _others(told: Explanation, language: Language) -> tuple[OtherRuleAnswer, ...]:
    words = beaten_words(told, language)
    beaten = ((one.rule.id, True, one.by) for one in told.beaten)
    unfit = ((one.rule.id, False, one.criterion) for one in told.unfit)
    return tuple(
        OtherRuleAnswer(rule=rule, fits=fits, criterion=criterion, message=words[rule]) for rule, fits, criterion in (*beaten, *unfit)
    )
