"""The ordered table of rules that turns findings into a verdict; it lies in ``data/rules.tsv`` and is printed in docs/matching.md.

The rules are those a cataloguer would give: first what forbids (vetoes), then what joins, from the strongest to the weakest; what no rule
decides is *unsure*.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple, get_args

from union_catalog.errors import ConfigurationError
from union_catalog.matching.comparisons import Outcomes, outcomes
from union_catalog.matching.evidence import FIELDS, Evidence, evidence_of
from union_catalog.matching.features import Features

Kind = Literal["same", "different", "unsure"]

CERTAIN = 900  # so strong that two records of one library are one edition, too
FIRM = 600  # a link below this joins two clusters only if every pair across them is judged the same
LIGHT = 300  # a link up to this joins only what has no rival (see clustering)
_MOST = 9


class Condition(NamedTuple):
    """The finding on a field lies between two bounds, both included; ``text`` is the condition as the table words it."""

    field: str
    low: int
    high: int
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """``strength`` orders the links of a cluster; it is 0 for other verdicts than "same"."""

    code: str
    verdict: Kind
    strength: int
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``rule`` is a code of the table, ``evidence`` has one entry a field, in the order of the fields."""

    verdict: Kind
    rule: str
    strength: int
    evidence: tuple[Evidence, ...]


def _condition(text: str) -> Condition:
    found = re.fullmatch(r"(\w+)(<=|>=|=)(\w+)", text)
    findings = {code: outcome for outcome, code in FIELDS[found[1]].codes.items()} if found and found[1] in FIELDS else {}
    if not found or found[3] not in findings:
        raise ConfigurationError("matching_rule", condition=text)
    outcome = findings[found[3]]
    low, high = -_MOST if found[2] == "<=" else outcome, _MOST if found[2] == ">=" else outcome
    return Condition(found[1], low, high, text)


def _rule(line: str) -> Rule:
    code, verdict, strength, conditions = line.split("\t")
    kind = next((kind for kind in get_args(Kind) if kind == verdict), None)
    if kind is None:
        raise ConfigurationError("matching_rule", condition=line)
    return Rule(code, kind, int(strength), tuple(_condition(text) for text in conditions.split()))


def _read_rules() -> tuple[Rule, ...]:
    lines = files("union_catalog.matching").joinpath("data/rules.tsv").read_text("utf-8").splitlines()
    return tuple(_rule(line) for line in lines if not line.startswith("#"))


RULES = _read_rules()
_PLACE = {name: place for place, name in enumerate(Outcomes._fields)}
_COMPILED = tuple((rule, tuple((_PLACE[c.field], c.low, c.high) for c in rule.conditions)) for rule in RULES)


def _finer(found: Outcomes) -> int:
    """What orders the links of one rule among themselves, 0 to 11: more that agrees, and the same wording."""
    agreeing = (found.names == 3) + (found.price > 0) + (found.edition > 0)
    return (found.date == 5) + 2 * agreeing + found.wording


@lru_cache(maxsize=1 << 14)
def rule_for(found: Outcomes) -> tuple[Rule, int]:
    """The first rule that holds, and the strength of the link; light links are all alike, for they are taken together."""
    rule = next(r for r, conditions in _COMPILED if all(low <= found[place] <= high for place, low, high in conditions))
    return rule, rule.strength + _finer(found) if rule.strength > LIGHT else rule.strength


def decide(a: Features, b: Features) -> tuple[Kind, int]:
    """The verdict and strength alone, for the bulk; always those of ``compare``."""
    rule, strength = rule_for(outcomes(a, b))
    return rule.verdict, strength


def compare(a: Features, b: Features) -> Verdict:
    """The verdict on two records with its reasons; ``compare(a, b)`` and ``compare(b, a)`` differ in left and right alone."""
    found = outcomes(a, b)
    rule, strength = rule_for(found)
    return Verdict(rule.verdict, rule.code, strength, evidence_of(a, b, found))


def rule_table() -> str:
    """The rules as a Markdown table, one line a rule, in the order in which they are tried; docs/matching.md holds it."""
    rows = ["| rule | verdict | strength | holds if |", "|---|---|---|---|"]
    for rule in RULES:
        conditions = ", ".join(f"`{condition.text}`" for condition in rule.conditions) or "nothing above decided"
        rows.append(f"| {rule.code} | {rule.verdict} | {rule.strength or ''} | {conditions} |")
    return "\n".join(rows)
