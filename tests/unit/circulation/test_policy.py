"""Which row wins, and why."""

from dataclasses import replace
from importlib import resources
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_catalog.circulation.policy import PRECEDENCE, NetworkTerms, PolicyTable, Question, Rule, Terms, criteria_of, decided_by
from union_catalog.circulation.policy_file import Known, read_policy
from union_catalog.circulation.policy_reasons import explain, given_of
from union_catalog.holdings.words import item_types
from union_catalog.patrons.model import CATEGORIES

TERMS = Terms(days=30, renewals=1, renewal_days=30, quota=10)
NETWORK = NetworkTerms(quota={"": 10, "child": 6}, caps={"JD": 5})
FALLBACK = Rule(id="everything", terms=TERMS)
GROUPS = {"JD": "delta", "KS": "delta"}


def rule(**criteria: str) -> Rule:
    return Rule(id=" ".join(criteria.values()), terms=TERMS, **criteria)


def table(*rules: Rule) -> PolicyTable:
    return PolicyTable(2, (*rules, FALLBACK), NETWORK, GROUPS)


BOOK = Question(item_library="JD", item_type="book", patron_category="adult", branch="JX-MAIN")

# Each row is beaten by all that stand above it.
LADDER = (
    rule(item_library="JD", item_type="book"),
    rule(item_library="JD", patron_category="adult", branch="JX-MAIN"),
    rule(item_library="JD"),
    rule(item_group="delta", item_type="book"),
    rule(item_group="delta"),
    rule(item_type="book", patron_category="adult"),
    rule(item_type="book", branch="JX-MAIN"),
    rule(item_type="book"),
    rule(patron_category="adult", branch="JX-MAIN"),
    rule(patron_category="adult"),
    rule(branch="JX-MAIN"),
)


def test_the_library_decides_before_the_group_the_type_the_category_and_the_branch() -> None:
    found = table(*LADDER[::-1]).choose(BOOK)
    assert (found.rule.id, *found.beaten) == (*(one.id for one in LADDER), "everything")


@pytest.mark.parametrize("place", range(len(LADDER) - 1))
def test_of_two_rows_the_one_with_the_more_significant_criterion_wins(place: int) -> None:
    better, worse = LADDER[place : place + 2]
    assert table(worse, better).choose(BOOK).rule == better
    assert getattr(better, decided_by(better, worse))


def test_what_does_not_match_is_not_taken() -> None:
    others = (rule(item_library="KS"), rule(item_group="lake"), rule(item_type="av"), rule(patron_category="child"), rule(branch="JD-MAIN"))
    found = table(*others).choose(BOOK)
    assert (found.rule, found.matched, found.beaten) == (FALLBACK, (), ())


def test_a_library_in_no_group_is_in_none() -> None:
    assert table(rule(item_group="delta")).choose(replace(BOOK, item_library="WZ")).rule == FALLBACK


def test_the_reader_s_quota_is_that_of_the_category_or_of_every_other() -> None:
    assert (table().quota_of("child"), table().quota_of("institution")) == (6, 10)


def test_every_row_has_its_reason() -> None:
    rows = (rule(item_library="JD"), rule(item_type="book"), rule(item_type="av"), rule(item_library="JD", patron_category="child"))
    told = explain(table(*rows), BOOK)
    assert (told.rule.id, told.choice.matched, told.given["item_group"], told.version) == ("JD", ("item_library",), "delta", 2)
    assert (told.quota, told.cap) == (10, 5)
    assert [(one.rule.id, one.by) for one in told.beaten] == [("book", "item_library"), ("everything", "item_library")]
    assert [(one.rule.id, one.criterion, one.wanted, one.given) for one in told.unfit] == [
        ("av", "item_type", "av", "book"),
        ("JD child", "patron_category", "child", "adult"),
    ]


VALUES = {"item_library": ["JD", "KS", "WZ"], "item_group": ["delta", "lake"], "item_type": ["book", "av"]}
VALUES |= {"patron_category": ["adult", "child"], "branch": ["JD-MAIN", "JX-MAIN"]}
CRITERIA = st.fixed_dictionaries({name: st.sampled_from(["", *values]) for name, values in VALUES.items()}).filter(
    lambda criteria: not (criteria["item_library"] and criteria["item_group"])
)
TABLES = st.lists(CRITERIA, unique_by=lambda criteria: tuple(sorted(criteria.items())), max_size=40).map(
    lambda rows: PolicyTable(
        1,
        (*(Rule(id=str(index), terms=TERMS, **row) for index, row in enumerate(rows) if any(row.values())), FALLBACK),
        NETWORK,
        GROUPS | {"WZ": "lake"},
    )
)
QUESTIONS = st.builds(
    Question,
    item_library=st.sampled_from(["JD", "KS", "WZ", "JX"]),
    item_type=st.sampled_from(["book", "av", "map"]),
    patron_category=st.sampled_from(["adult", "child", "senior"]),
    branch=st.sampled_from(["JD-MAIN", "JX-MAIN", "KS-HQ"]),
)


@given(TABLES, QUESTIONS, st.randoms())
def test_a_policy_always_resolves_whatever_the_order_of_its_rows(rules: PolicyTable, question: Question, random: Random) -> None:
    choice = rules.choose(question)
    shuffled = list(rules.rules)
    random.shuffle(shuffled)
    assert replace(rules, rules=tuple(shuffled)).choose(question) == choice
    asked = given_of(rules, question)
    matching = [one for one in rules.rules if all(getattr(one, name) in ("", asked[name]) for name in PRECEDENCE)]
    assert {choice.rule.id, *choice.beaten} == {one.id for one in matching}
    assert choice.beaten[-1:] == ("everything",) or choice.rule.id == "everything"


@given(TABLES, QUESTIONS)
def test_precedence_is_total_and_agrees_with_the_order_told(rules: PolicyTable, question: Question) -> None:
    choice = rules.choose(question)
    ranks = [[name in criteria_of(rules.rule(one)) for name in PRECEDENCE] for one in (choice.rule.id, *choice.beaten)]
    assert all(better > worse for better, worse in pairwise(ranks))
    told = explain(rules, question)
    assert [one.rule.id for one in told.beaten] == list(choice.beaten)
    assert {choice.rule.id, *choice.beaten, *(one.rule.id for one in told.unfit)} == {one.id for one in rules.rules}


def test_the_policy_of_a_new_installation_fits_every_network() -> None:
    text = resources.files("union_catalog.circulation").joinpath("data/policy.toml").read_text("utf-8")
    nothing: frozenset[str] = frozenset()
    known = Known(libraries=nothing, branches=nothing, item_types=item_types(), categories=frozenset(CATEGORIES))
    found = read_policy(text, 1, known)
    assert found.choose(BOOK).rule.terms.overdue.kind == "suspend"
