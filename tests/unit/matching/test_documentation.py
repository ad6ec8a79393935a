"""docs/matching-rules.md prints the rules and findings of the code."""

from pathlib import Path

from union_catalog.matching.evidence import finding_table
from union_catalog.matching.rules import RULES, rule_table

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "matching-rules.md").read_text("utf-8")


def test_the_page_holds_the_table_of_rules() -> None:
    assert rule_table() in PAGE


def test_the_page_holds_the_table_of_findings() -> None:
    assert finding_table() in PAGE


def test_rules_have_codes_of_their_own_and_the_last_always_holds() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert [rule.code for rule in RULES if not rule.conditions] == [RULES[-1].code]
    assert all((rule.strength > 0) is (rule.verdict == "same") for rule in RULES)
