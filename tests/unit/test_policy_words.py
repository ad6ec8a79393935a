"""Policies in words: every term, criterion and coded value has its name in both languages."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import get_args

import pytest

from api.labels import vocabularies
from api.policy_words import check_words, criteria_words, difference_words, explanation_words, term_name, terms_words
from union_catalog.circulation.policy import OVERDUE_KINDS, PRECEDENCE, Overdue, OverdueKind, PolicyTable, Question, Rule, Terms
from union_catalog.circulation.policy_check import Difference, OpenLoans, OpenReaders, check
from union_catalog.circulation.policy_file import Known, read_table
from union_catalog.circulation.policy_reasons import explain
from union_catalog.circulation.policy_text import table_data
from union_catalog.context import Language
from union_catalog.holdings.words import item_types
from union_catalog.network.file import read_network
from union_catalog.patrons.model import CATEGORIES

LANGUAGES = get_args(Language)
DEMO = Path(__file__).resolve().parents[2] / "demo"
FIRST = resources.files("union_catalog.circulation").joinpath("data/policy.toml").read_text("utf-8")


def demo() -> PolicyTable:
    """The demo's policies, over the demo's network."""
    network = read_network((DEMO / "network.toml").read_text("utf-8"))
    known = Known(
        libraries=frozenset(library.code for library in network.libraries),
        branches=frozenset(branch.code for branch in network.branches),
        item_types=item_types(),
        categories=frozenset(CATEGORIES),
    )
    table, faults = read_table(tomllib.loads((DEMO / "policies.toml").read_text("utf-8")), 2, known)
    assert faults == ()
    return table


def test_every_coded_value_has_a_name() -> None:
    named = vocabularies()
    assert item_types() <= set(named["item_type"])
    assert set(CATEGORIES) <= set(named["patron_category"])
    assert set(PRECEDENCE) == set(named["criterion"])
    assert set(OVERDUE_KINDS) == set(get_args(OverdueKind)) == set(named["overdue_kind"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_has_a_name(language: Language) -> None:
    data = table_data(demo())
    rule = data["rules"][0]
    names = [name for name in rule if name not in ("id", "overdue")] + [f"overdue.{name}" for name in rule["overdue"]]
    names += [name for name in data["network"] if name not in ("quota", "caps")] + [f"credit.{name}" for name in data["credit"]]
    assert [name for name in names if term_name(name, language) == name] == []
    assert term_name("quota.other", "zh") == "可借册数 · 其他各类"
    assert term_name("caps.JD", "en") == "Loans at a time · JD"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", get_args(OverdueKind))
def test_terms_are_told_whole(language: Language, kind: OverdueKind) -> None:
    terms = Terms(days=30, renewals=1, renewal_days=20, quota=4, overdue=Overdue(kind=kind, grace_days=3, per_day=50, most=900))
    told = " ".join(terms_words(terms, language))
    assert "?" not in told
    assert "50.00" in told  # what a loss costs where nobody knows the price
    assert ("9.00" in told) == (kind == "fine")
    assert ("900" in told) == (kind == "suspend")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_is_told_in_sentences(language: Language) -> None:
    question = Question(item_library="JX", item_type="book", patron_category="teacher", branch="JX-MAIN")
    told = explanation_words(explain(demo(), question), language)
    assert "JX-teachers" in told[0]
    assert all(line.endswith(("。", ".")) and "?" not in line for line in told)
    fallback = explain(demo(), Question(item_library="JX", item_type="map", patron_category="adult", branch="JD-MAIN"))
    assert "everything" in explanation_words(fallback, language)[0]
    capped = explain(demo(), Question(item_library="WZ", item_type="map", patron_category="adult", branch="JD-MAIN"))
    assert "6" in explanation_words(capped, language)[-1]


def test_a_check_says_it_as_the_librarian_would() -> None:
    before = demo()
    rules = tuple(Rule(id=rule.id, terms=Terms(days=21, renewals=1, renewal_days=30, quota=10)) for rule in before.rules[:1])
    after = PolicyTable(3, rules, before.network)
    question = Question(item_library="JX", item_type="book", patron_category="adult", branch="JX-XZ")
    found = check(before, after, [OpenLoans(question, 2, "everything", 212)], [OpenReaders("adult", 11, 4)], lambda _: before)
    assert check_words(found, 2, "zh")[:2] == (
        "在借212册，其中212册若按新政策借出，条件会不同；每一册仍按借出时的政策执行。",
        "212册在借图书的借期会变短。",
    )
    english = check_words(found, 2, "en")
    assert english[1] == "These 212 open loans would get a shorter loan period."
    assert english[-1].startswith("Readers with more than their network quota: 4 now, 4 under the new policy")
    assert check_words(check(before, before, (), (), lambda _: before), 2, "zh") == ("与现行第2版没有实质差别。",)


def test_a_difference_is_told_before_and_after() -> None:
    assert difference_words(Difference("days", 30, 21), "zh") == "借期（天）：30 → 21"
    assert difference_words(Difference("caps.JD", None, 3), "en") == "Loans at a time · JD: — → 3"
    assert difference_words(Difference("holdable", True, False), "en") == "Holds: true → false"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_that_comes_with_the_program_says_what_it_is_for(language: Language) -> None:
    table, faults = read_table(tomllib.loads(FIRST), 1)
    assert not faults
    assert all("?" not in criteria_words(rule, language) for rule in table.rules)
    assert [criteria_words(rule, "en") for rule in table.rules] == ["everything (fallback)", "Type of item Audio-visual"]
