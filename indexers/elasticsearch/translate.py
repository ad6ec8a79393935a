"""From the plan of a search to Elasticsearch's queries, kind by kind."""

from collections.abc import Iterable

from union_catalog.search.matches import AllOf, AnyOf, AnyToken, AtLeast, Between, Lacking, Match, Prefix, Sequence, Token, Weighed
from union_catalog.search.plan import Plan
from union_catalog.search.scoring import Scoring

Query = dict[str, object]

LIVE: Query = {"term": {"live": True}}
_FURTHEST = (1 << 63) - 1


def to_query(match: Match) -> Query:  # noqa: PLR0911 - a table: one line for each kind of match
    """The documents for which a match holds. The score of the query means nothing."""
    match match:
        case Token(field, token):
            return {"term": {field: token}}
        case AnyToken(field, tokens):
            return {"terms": {field: tokens}}
        case Prefix(field, beginning):
            return {"prefix": {field: beginning}}
        case Sequence(field, tokens):
            return {"match_phrase": {field: " ".join(tokens)}}
        case Between(field, low, high):
            bounds = {"gte": low, "lte": high}
            return {"range": {field: {name: _bounded(value) for name, value in bounds.items() if value is not None}}}
        case AllOf(matches):
            return {"bool": {"filter": [to_query(one) for one in matches]}} if matches else LIVE
        case AnyOf(matches):
            return {"bool": {"should": [to_query(one) for one in matches]}} if matches else {"match_none": {}}
        case AtLeast(count, matches):
            return {"bool": {"should": [to_query(one) for one in matches], "minimum_should_match": count}}
        case Lacking(unwanted):
            return {"bool": {"filter": [LIVE], "must_not": [to_query(unwanted)]}}


def selecting(plan: Plan, conditions: Iterable[Match]) -> Query:
    """The set that a plan and conditions let through, without scores."""
    wanted = [to_query(match) for match in (*plan.required, *conditions)] or [LIVE]
    return {"bool": {"filter": wanted, "must_not": [to_query(match) for match in plan.excluded]}}


def scoring(selected: Query, scored: Scoring) -> Query:
    """The same set, each document with its whole-number score."""
    groups = [{"dis_max": {"queries": [_worth(one) for one in group]}} for group in scored.groups]
    return {"bool": {"must": [{"constant_score": {"filter": selected, "boost": scored.base}}], "should": groups}}


def _worth(one: Weighed) -> Query:
    return {"constant_score": {"filter": to_query(one.match), "boost": one.weight}}


def _bounded(number: int) -> int:
    return min(max(number, -_FURTHEST), _FURTHEST)
