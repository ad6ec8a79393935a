"""The ordered table of rules that turns findings into a verdict; it lies in ``data/rules.tsv`` and is printed in docs/matching-rules.md.

The rules are those a cataloguer would give: first what forbids (vetoes), then what joins, from the strongest to the weakest; what no rule
decides is *unsure*.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Literal, NamedTuple, get_args

from union_catalog.errors import ConfigurationError
from union_catalog.matching.compared_imprints import SAME_DAY
from union_catalog.matching.compared_people import NAMES_EQUAL
from union_catalog.matching.comparisons import COMPARISONS, Outcomes, outcomes
from union_catalog.matching.evidence import FIELDS, Evidence, evidence_of
from union_catalog.matching.features import MATCHING_VERSION, Features
from union_catalog.matching.keys import KEY_LIMIT

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


_PLACE = {name: place for place, name in enumerate(Outcomes._fields)}
_NAMES, _EDITION, _DATE, _PRICE, _WORDING = (_PLACE[name] for name in ("names", "edition", "date", "price", "wording"))
_Asked = tuple[int, int, int]  # a field by its place in Outcomes, and the bounds of its finding
_Left = tuple[tuple[Rule, tuple[_Asked, ...]], ...]  # rules in order, each with the conditions still open


class _Step:
    """A state of the table while a pair is judged: the rules not yet refuted, each with what it still asks.

    A step that asks for nothing has decided. What follows a finding is worked out when a pair first leads there; equal steps are one.
    """

    __slots__ = ("asks", "following", "left", "rule")

    def __init__(self, left: _Left) -> None:
        self.rule, conditions = left[0]
        self.left = left
        self.asks = conditions[0][0] if conditions else -1
        self.following: dict[int, _Step] = {}

    def follow(self, finding: int) -> "_Step":
        """The step after ``finding`` on the field that this one asks for."""
        left: list[tuple[Rule, tuple[_Asked, ...]]] = []
        for rule, conditions in self.left:
            if all(low <= finding <= high for place, low, high in conditions if place == self.asks):
                still_open = tuple(condition for condition in conditions if condition[0] != self.asks)
                left.append((rule, still_open))
                if not still_open:
                    break  # what comes after is never reached
        step = self.following[finding] = _step(tuple(left))
        return step


@cache
def _step(left: _Left) -> _Step:
    return _Step(left)


class Table:
    """Rules in their order; the last must hold for every pair."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._first = _step(tuple((rule, tuple((_PLACE[c.field], c.low, c.high) for c in rule.conditions)) for rule in self.rules))

    def judge(self, a: Features, b: Features) -> tuple[Rule, int]:
        """The first rule that holds, and the strength of the link. Only what the rules ask for on the way is compared.

        Links of one rule are ordered among themselves by 0 to 11: more that agrees, and the same wording; light links of a rule are all
        alike, for they are taken together.
        """
        step = self._first
        known: dict[int, int] = {}
        while step.asks >= 0:
            finding = known[step.asks] = COMPARISONS[step.asks](a, b)
            step = step.following.get(finding) or step.follow(finding)
        rule = step.rule
        if rule.strength <= LIGHT:
            return rule, rule.strength
        names, price, edition, date, wording = (
            known[place] if place in known else COMPARISONS[place](a, b) for place in (_NAMES, _PRICE, _EDITION, _DATE, _WORDING)
        )
        agreeing = (names == NAMES_EQUAL) + (price > 0) + (edition > 0)
        return rule, rule.strength + (date == SAME_DAY) + 2 * agreeing + wording


TABLE = Table(_read_rules())
RULES = TABLE.rules


def decide(a: Features, b: Features) -> tuple[Kind, int]:
    """The verdict and strength alone, for the bulk; always those of ``compare``."""
    rule, strength = TABLE.judge(a, b)
    return rule.verdict, strength


def compare(a: Features, b: Features) -> Verdict:
    """The verdict on two records with its reasons; ``compare(a, b)`` and ``compare(b, a)`` differ in left and right alone."""
    rule, strength = TABLE.judge(a, b)
    return Verdict(rule.verdict, rule.code, strength, evidence_of(a, b, outcomes(a, b)))


@cache
def rules_digest() -> str:
    """64 hexadecimal digits that change with whatever decides which records are joined: the version, the rules, the limit of keys."""
    table = [(rule.code, rule.verdict, rule.strength, *rule.conditions) for rule in RULES]
    return sha256(repr((MATCHING_VERSION, KEY_LIMIT, CERTAIN, FIRM, LIGHT, table)).encode()).hexdigest()


def rule_table() -> str:
    """The rules as a Markdown table, one line a rule, in the order in which they are tried; docs/matching-rules.md holds it."""
    rows = ["| rule | verdict | strength | holds if |", "|---|---|---|---|"]
    for rule in RULES:
        conditions = ", ".join(f"`{condition.text}`" for condition in rule.conditions) or "nothing above decided"
        rows.append(f"| {rule.code} | {rule.verdict} | {rule.strength or ''} | {conditions} |")
    return "\n".join(rows)
