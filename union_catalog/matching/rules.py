"""The ordered table of rules that turns findings into a verdict. The first rule whose conditions all hold decides.

The rules are those a cataloguer would give: first what forbids (vetoes), then what joins, from the strongest to the weakest; what no rule
decides is *unsure*. docs/matching.md prints this table.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from union_catalog.matching.evidence import FIELDS, Evidence, Outcomes, evidence_of, outcomes
from union_catalog.matching.features import Features

Kind = Literal["same", "different", "unsure"]

CERTAIN = 900  # so strong that two records of one library are one edition, too
FIRM = 600  # an edge below this joins two clusters only if every pair across them is judged the same
LIGHT = 300  # an edge up to this joins only what has no rival (see clustering)


class Condition(NamedTuple):
    """The outcome of a field lies between two bounds, both included."""

    field: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Rule:
    """``strength`` orders the edges of a cluster; it means nothing for other verdicts than "same"."""

    code: str
    verdict: Kind
    strength: int
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``rule`` is a code of the table, ``evidence`` has one entry a field that was compared, in the order of the fields."""

    verdict: Kind
    rule: str
    strength: int
    evidence: tuple[Evidence, ...]


_MOST = 9


def _is(field: str, low: int, high: int = _MOST) -> Condition:
    return Condition(field, low, high)


def _under(field: str, bound: int) -> Condition:
    return Condition(field, -_MOST, bound - 1)


_NO_OBJECTION = (_is("volume", 0), _is("edition", 0))

RULES: tuple[Rule, ...] = (
    Rule("other_carrier", "different", 0, (_under("carrier", 0),)),
    Rule("other_volume", "different", 0, (_under("volume", -1),)),
    Rule("other_edition", "different", 0, (_under("edition", -1),)),
    Rule("other_language", "different", 0, (_under("language", 0),)),
    Rule("isbn_of_another_title", "different", 0, (_under("title", -1),)),
    Rule(
        "isbn_title",
        "same", 950,
        (_is("isbn", 2), _is("title", 1), _is("names", 0), _is("publisher", 0), *_NO_OBJECTION),
    ),
    Rule("isbn_title_date", "same", 900, (_is("isbn", 2), _is("title", 1), _is("date", -1), _is("volume", 0))),
    Rule("isbn_unclear", "unsure", 0, (_is("isbn", 2),)),
    Rule("other_person", "different", 0, (_under("names", -1),)),
    Rule("other_isbn", "different", 0, (_under("isbn", 0),)),
    Rule("other_title", "different", 0, (_under("title", 0),)),
    Rule("other_year", "different", 0, (_under("date", -1),)),
    Rule("other_extent", "different", 0, (_under("extent", -1),)),
    Rule(
        "title_creator_publisher_month",
        "same", 850,
        (_is("title", 5), _is("names", 1), _is("publisher", 1), _is("date", 4), *_NO_OBJECTION),
    ),
    Rule(
        "title_creator_publisher_year",
        "same", 750,
        (_is("title", 5), _is("names", 1), _is("publisher", 1), _is("date", 2), *_NO_OBJECTION),
    ),
    Rule(
        "title_creator_publisher_reissue",
        "same", 650,
        (_is("title", 5), _is("names", 1), _is("publisher", 2), _is("date", 1), *_NO_OBJECTION),
    ),
    Rule(
        "edition_told_once",
        "same", 620,
        (_is("title", 5), _is("names", 1), _is("publisher", 1), _is("date", 4), _is("volume", 0)),
    ),
    Rule(
        "title_publisher_date",
        "same", 610,
        (_is("title", 5), _is("names", 0), _is("publisher", 2), _is("date", 3), *_NO_OBJECTION),
    ),
    Rule(
        "title_publisher_date_other_creator",
        "same", 450,
        (_is("title", 5), _is("publisher", 2), _is("date", 4), *_NO_OBJECTION),
    ),
    Rule(
        "title_creator_date",
        "same", 550,
        (_is("title", 5), _is("names", 1), _is("publisher", 0, 0), _is("date", 3), *_NO_OBJECTION),
    ),
    Rule(
        "short_title_creator_publisher_date",
        "same", 500,
        (_is("title", 3, 4), _is("names", 1), _is("publisher", 1), _is("date", 3), *_NO_OBJECTION),
    ),
    Rule(
        "title_creator_day",
        "same", 450,
        (
            _is("title", 5),
            _is("names", 2),
            _is("publisher", -1),
            _is("date", 4),
            _is("distinct", 1),
            *_NO_OBJECTION,
        ),
    ),
    Rule(
        "volume_told_once",
        "same", 400,
        (_is("title", 5), _is("names", 2), _is("publisher", 1), _is("date", 4), _is("edition", 0)),
    ),
    Rule("other_creator", "different", 0, (_under("names", 0),)),
    Rule(
        "other_publisher",
        "different",
        0,
        (_under("publisher", 0), _is("date", -9, 3), Condition("date", 1, 3)),
    ),
    Rule(
        "title_creator_publisher",
        "same", 300,
        (_is("title", 5), _is("names", 2), _is("publisher", 1), _is("date", 0, 0), *_NO_OBJECTION),
    ),
    Rule(
        "title_creator",
        "same", 200,
        (
            _is("title", 5),
            _is("names", 2),
            _is("publisher", 0, 0),
            _is("date", 0, 0),
            _is("subject", 0),
            _is("distinct", 1),
            *_NO_OBJECTION,
        ),
    ),
    Rule("undecided", "unsure", 0, ()),
)

_POSITION = {name: place for place, name in enumerate(Outcomes._fields)}
_COMPILED = tuple(
    (rule, tuple((_POSITION[c.field], c.low, c.high) for c in rule.conditions)) for rule in RULES
)


def _finer(found: Outcomes) -> int:
    """What orders the edges of one rule among themselves, 0 to 11: more that agrees, and the same wording."""
    return (found.date == 5) + 2 * (found.names == 3) + 2 * (found.price == 1) + 2 * (found.edition > 0) + found.wording


@lru_cache(maxsize=1 << 14)
def rule_for(found: Outcomes) -> tuple[Rule, int]:
    """The first rule that holds, and the strength of the edge."""
    rule = next(
        rule
        for rule, conditions in _COMPILED
        if all(low <= found[place] <= high for place, low, high in conditions)
    )
    return rule, rule.strength + _finer(
        found
    ) if rule.verdict == "same" and rule.strength > LIGHT else rule.strength


def decide(a: Features, b: Features) -> tuple[Kind, int]:
    """The verdict and strength alone, for the bulk; always those of ``compare``."""
    rule, strength = rule_for(outcomes(a, b))
    return rule.verdict, strength


def compare(a: Features, b: Features) -> Verdict:
    """The verdict on two records with its reasons; ``compare(a, b)`` and ``compare(b, a)`` differ in left and right alone."""
    found = outcomes(a, b)
    rule, strength = rule_for(found)
    return Verdict(rule.verdict, rule.code, strength, evidence_of(a, b, found))
