"""docs/matching-rules.md prints the rules and findings of the code."""

from tools.matching_rules import PAGE, page
from union_catalog.matching.rules import RULES


def test_the_page_holds_the_rules_and_findings_of_the_code() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it anew: python -m tools.matching_rules"


def test_rules_have_codes_of_their_own_and_the_last_always_holds() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert [rule.code for rule in RULES if not rule.conditions] == [RULES[-1].code]
    assert all((rule.strength > 0) is (rule.verdict == "same") for rule in RULES)
