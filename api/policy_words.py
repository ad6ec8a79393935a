"""Policies in the reader's language: what a rule is for, what it grants, why it won, and what a new policy would change.

Libraries, branches and rules go by their codes.
"""

from api.labels import label
from api.messages import sentence
from api.money import yuan
from union_catalog.circulation.policy import PRECEDENCE, Rule, Terms
from union_catalog.circulation.policy_check import Check, Difference
from union_catalog.circulation.policy_reasons import Explanation
from union_catalog.context import Language
from union_catalog.errors import Datum

_CODED = ("item_type", "patron_category")  # the others are codes of the network


def criterion_value(name: str, value: str, language: Language) -> str:
    """What a rule names, in words where it is a coded value."""
    return label(name, value, language) if name in _CODED else value


def criteria_words(rule: Rule, language: Language) -> str:
    """What a rule names ("所属馆 JD、文献类型 音像资料"); of the fallback that it is one."""
    named = tuple(
        f"{label('criterion', name, language)} {criterion_value(name, getattr(rule, name), language)}"
        for name in PRECEDENCE
        if getattr(rule, name)
    )
    if not named:
        return sentence("policy.everything", {}, language)
    return ("、" if language == "zh" else ", ").join(named)


def terms_words(terms: Terms, language: Language) -> tuple[str, ...]:
    """What a rule grants, a sentence each."""
    loan: dict[str, Datum] = {"days": terms.days, "renewals": terms.renewals, "renewal_days": terms.renewal_days}
    shelf = "policy.holdable" if terms.holdable else "policy.not_holdable"
    price: dict[str, Datum] = {"price_percent": terms.price_percent, "unpriced": yuan(terms.unpriced_fen, language)}
    return (
        sentence("policy.loan", loan, language),
        sentence("policy.quota", {"quota": terms.quota}, language),
        sentence(shelf, {"shelf_days": terms.shelf_days}, language),
        _overdue_words(terms, language),
        *((sentence("policy.lost_after", {"lost_after": terms.lost_after}, language),) if terms.lost_after else ()),
        sentence("policy.price", price, language),
    )


def explanation_words(told: Explanation, language: Language) -> tuple[str, ...]:
    """Why the row won and what it grants, a sentence each."""
    code = "policy.won" if told.choice.matched else "policy.fallback"
    criteria = criteria_words(told.rule, language)
    won = sentence(code, {"rule": told.rule.id, "version": told.version, "criteria": criteria}, language)
    reader = sentence("policy.network_quota", {"quota": told.quota}, language)
    library = told.given["item_library"]
    cap = () if told.cap is None else (sentence("policy.cap", {"cap": told.cap, "library": library}, language),)
    return (won, *terms_words(told.rule.terms, language), reader, *cap)


def beaten_words(told: Explanation, language: Language) -> dict[str, str]:
    """Rule → why it did not win although it fits, or why it does not fit."""
    found = {}
    for beaten in told.beaten:
        data = {"rule": beaten.rule.id, "winner": told.rule.id, "criterion": label("criterion", beaten.by, language)}
        found[beaten.rule.id] = sentence("policy.beaten", data, language)
    for unfit in told.unfit:
        wanted, given = (criterion_value(unfit.criterion, value, language) for value in (unfit.wanted, unfit.given))
        data = {"rule": unfit.rule.id, "criterion": label("criterion", unfit.criterion, language), "wanted": wanted, "given": given or "—"}
        found[unfit.rule.id] = sentence("policy.unfit", data, language)
    return found


def check_words(found: Check, based_on: int, language: Language) -> tuple[str, ...]:
    """What a new policy would do, a sentence each; the most frequent effect first."""
    if found.changes_nothing:
        return (sentence("policy.no_effect", {"version": based_on}, language),)
    effects = [(loans, way, term) for way, counted in (("less", found.less), ("more", found.more)) for term, loans in counted.items()]
    effects.sort(key=lambda effect: (-effect[0], effect[1], effect[2]))
    now, then = found.over_quota
    return (
        sentence("policy.loans", {"loans": found.loans, "affected": found.affected}, language),
        *(effect_words(way, term, loans, language) for loans, way, term in effects),
        *((sentence("policy.over_quota", {"now": now, "then": then}, language),) if now or then else ()),
    )


def effect_words(way: str, term: str, loans: int, language: Language) -> str:
    """How many open loans would get ``way`` ("less" or "more") of a term."""
    code = f"policy.{way}.days" if term == "days" else f"policy.{way}"
    return sentence(code, {"loans": loans, "term": term_name(term, language)}, language)


def term_name(name: str, language: Language) -> str:
    """A term of a rule or of the network by its name in the file; a quota or a cap with whose it is."""
    kind, _, whose = name.partition(".")
    if kind == "quota" and whose:
        return f"{label('term', 'quota', language)} · {label('patron_category', whose, language)}"
    if kind == "caps":
        return f"{label('term', 'quota', language)} · {whose}"
    return label("criterion", name, language) if name in PRECEDENCE else label("term", name, language)


def difference_words(difference: Difference, language: Language) -> str:
    """A value before and after ("借期（天）：30 → 21")."""
    mark = "：" if language == "zh" else ": "
    return f"{term_name(difference.name, language)}{mark}{_shown(difference.before)} → {_shown(difference.after)}"


def _shown(value: object) -> str:
    if value is None or value == "":
        return "—"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _overdue_words(terms: Terms, language: Language) -> str:
    overdue = terms.overdue
    money = overdue.kind == "fine"
    per_day, most = (yuan(value, language) if money else value for value in (overdue.per_day, overdue.most))
    data: dict[str, Datum] = {"grace_days": overdue.grace_days, "per_day": per_day, "most": most}
    return sentence(f"policy.overdue.{overdue.kind}", data, language)
