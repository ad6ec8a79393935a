"""Writes docs/matching-rules.md anew from the code: ``python -m tools.matching_rules``."""

from pathlib import Path

from union_catalog.matching.evidence import finding_table
from union_catalog.matching.rules import rule_table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "matching-rules.md"

_TEXT = """# Findings and rules of matching

Printed from the code by `python -m tools.matching_rules`. What they mean is told in [matching.md](matching.md).

## What the comparisons can find

From the strongest against to the strongest for.

{findings}

`telling`, `wording` and `script` qualify other findings: whether a title tells much, how much is written letter for letter alike, whether
both are in one script.

## The rules

Tried from the top; the first whose conditions all hold decides. `=` the finding itself, `>=` that finding or a stronger one, `<=` that or a
weaker one. The strength says which links are taken first: 900 and more are certain, 600 and more firm, 300 and less light.

{rules}
"""


def page() -> str:
    """The whole page as it should stand."""
    return _TEXT.format(findings=finding_table(), rules=rule_table())


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
