"""From the plan of a search to tantivy's queries, kind by kind."""

import re
from collections.abc import Iterable

import tantivy
from tantivy import FieldType, Occur, Query

from indexers.embedded.numbers import NUMBERED
from indexers.embedded.schema import LIVE, build
from union_catalog.search.matches import AllOf, AnyOf, AnyToken, AtLeast, Between, Lacking, Match, Prefix, Sequence, Token, Weighed
from union_catalog.search.plan import Plan
from union_catalog.search.scoring import Scoring

SCHEMA = build()


def to_query(match: Match) -> Query:  # noqa: PLR0911 - a table: one line for each kind of match
    """The documents for which a match holds. The score of the query means nothing."""
    match match:
        case Token(field, token):
            return Query.term_query(SCHEMA, field, token, "basic")
        case AnyToken(field, tokens):
            return Query.term_set_query(SCHEMA, field, list(tokens)) if tokens else Query.empty_query()
        case Prefix(field, beginning):
            return Query.regex_query(SCHEMA, field, re.escape(beginning) + ".*")
        case Sequence(field, tokens):
            return Query.phrase_query(SCHEMA, field, list(tokens))
        case Between(field, low, high):
            return Query.range_query(SCHEMA, field, FieldType.Integer, low, high)
        case AllOf(matches):
            return Query.boolean_query([(Occur.Must, to_query(one)) for one in matches]) if matches else live()
        case AnyOf(matches):
            return Query.boolean_query([(Occur.Should, to_query(one)) for one in matches]) if matches else Query.empty_query()
        case AtLeast(count, matches):
            return Query.boolean_query([(Occur.Should, to_query(one)) for one in matches], minimum_number_should_match=count)
        case Lacking(unwanted):
            return Query.boolean_query([(Occur.Must, live()), (Occur.MustNot, to_query(unwanted))])


def live() -> Query:
    """Every document that is not a tombstone."""
    return Query.term_query(SCHEMA, "live", LIVE, "basic")


def selecting(plan: Plan, conditions: Iterable[Match]) -> Query:
    """The set that a plan and the reader's filters let through; every one scores the same."""
    wanted = [to_query(match) for match in (*plan.required, *conditions)] or [live()]
    unwanted = [(Occur.MustNot, to_query(match)) for match in plan.excluded]
    return Query.const_score_query(Query.boolean_query([*((Occur.Must, query) for query in wanted), *unwanted]), 1.0)


def scoring(selected: Query, scored: Scoring) -> Query:
    """The same set, each document with its whole-number score."""
    groups = [(Occur.Should, _best(group)) for group in scored.groups]
    return Query.boolean_query([(Occur.Must, Query.const_score_query(selected, float(scored.base))), *groups])


def _best(group: tuple[Weighed, ...]) -> Query:
    return Query.disjunction_max_query([Query.const_score_query(to_query(one.match), float(one.weight)) for one in group])


def both(first: Query, second: Query) -> Query:
    """The documents of both queries."""
    return Query.boolean_query([(Occur.Must, first), (Occur.Must, second)])


def numbered(field: str, numbers: Iterable[int]) -> Query:
    """The documents with one of some values of a field of NUMBERED, by their numbers. A set of terms would go through all documents."""
    terms = [Query.term_query(SCHEMA, NUMBERED[field], number, "basic") for number in numbers]
    return Query.boolean_query([(Occur.Should, one) for one in terms])


def after_title(index: tantivy.Index, key: str) -> Query:
    """Titles after a key.

    tantivy offers ranges over text only through its query language; keys hold none of its special characters.
    """
    return index.parse_query(f"title_key:{{{key} TO *}}")
