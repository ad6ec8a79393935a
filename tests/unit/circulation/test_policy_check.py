"""What another policy would change: told by rule, counted by open loan."""

from dataclasses import replace

from union_catalog.circulation.policy import NetworkTerms, PolicyTable, Question, Rule, Terms
from union_catalog.circulation.policy_check import Difference, OpenLoans, OpenReaders, RuleChange, check

TERMS = Terms(days=30, renewals=1, renewal_days=30, quota=10)
SHORT = Terms(days=14, renewals=1, renewal_days=7, quota=3)
NOW = PolicyTable(
    2, (Rule(id="all", terms=TERMS), Rule(id="av", item_type="av", terms=SHORT)), NetworkTerms(quota={"": 10, "child": 6}, caps={"JD": 4})
)


def loans(kind: str, rule: str, count: int, *, version: int = 2, library: str = "JD") -> OpenLoans:
    question = Question(item_library=library, item_type=kind, patron_category="adult", branch="JD-MAIN")
    return OpenLoans(question, version, rule, count)


OPEN = (loans("book", "all", 200), loans("book", "all", 12, library="JX"), loans("av", "av", 30))


def test_the_same_table_changes_nothing() -> None:
    found = check(NOW, replace(NOW, version=3), OPEN, (), lambda _: NOW)
    assert found.changes_nothing
    assert (found.loans, found.affected, found.moved, found.less, found.more) == (242, 0, (), {}, {})


def test_shorter_loans_are_counted() -> None:
    after = replace(NOW, version=3, rules=(Rule(id="all", terms=replace(TERMS, days=21, renewals=2)), NOW.rules[1]))
    found = check(NOW, after, OPEN, (), lambda _: NOW)
    assert found.rules == (RuleChange("all", "change", (Difference("days", 30, 21), Difference("renewals", 1, 2))),)
    assert (found.loans, found.affected, found.less, found.more) == (242, 212, {"days": 212}, {"renewals": 212})
    (moved,) = found.moved
    assert (moved.before, moved.after, moved.loans) == ("all", "all", 212)


def test_a_new_row_takes_over_from_another() -> None:
    after = replace(NOW, version=3, rules=(*NOW.rules, Rule(id="JX", item_library="JX", terms=replace(TERMS, days=60, holdable=False))))
    found = check(NOW, after, OPEN, (), lambda _: NOW)
    assert found.rules == (RuleChange("JX", "add"),)
    assert [(one.before, one.after, one.loans) for one in found.moved] == [("all", "JX", 12)]
    assert (found.more, found.less) == ({"days": 12}, {"holdable": 12})


def test_a_row_that_is_gone_leaves_its_loans_to_the_next() -> None:
    found = check(NOW, replace(NOW, version=3, rules=NOW.rules[:1]), OPEN, (), lambda _: NOW)
    assert found.rules == (RuleChange("av", "remove"),)
    assert found.more == {
        "days": 30,
        "renewal_days": 30,
        "quota": 30,
    }


def test_loans_are_compared_with_the_version_under_which_they_were_made() -> None:
    older = replace(NOW, version=1, rules=(Rule(id="all", terms=replace(TERMS, days=60)),))
    found = check(NOW, replace(NOW, version=3), (loans("book", "all", 5, version=1), *OPEN), (), {1: older, 2: NOW}.__getitem__)
    assert found.changes_nothing
    assert [(one.version, one.loans, one.differences) for one in found.moved] == [(1, 5, (Difference("days", 60, 30),))]


def test_terms_of_the_network_and_groups_are_told_by_name() -> None:
    network = replace(NOW.network, quota={"": 8, "child": 6}, caps={}, deposit_fen=0)
    found = check(NOW, replace(NOW, version=3, network=network, groups={"JD": "delta"}), (), (), lambda _: NOW)
    assert found.network == (Difference("quota.other", 10, 8), Difference("deposit_fen", 10000, 0), Difference("caps.JD", 4, None))
    assert found.groups == (Difference("JD", None, "delta"),)
    assert not found.changes_nothing


def test_readers_over_their_quota_are_counted_by_category() -> None:
    after = replace(NOW, version=3, network=replace(NOW.network, quota={"": 5, "child": 6}))
    readers = (OpenReaders("adult", 5, 100), OpenReaders("adult", 6, 40), OpenReaders("adult", 11, 2), OpenReaders("child", 7, 1))
    assert check(NOW, after, (), readers, lambda _: NOW).over_quota == (3, 43)
