"""Where in a policy file a fault is: its line, or that of what it belongs to."""

import pytest

from union_catalog.circulation.policy_file import Known, parse, read_table
from union_catalog.circulation.policy_lines import line_of
from union_catalog.errors import InvalidInput

FILE = """# rules
[network]
debt_fen = 2000
quota = { other = 10 }

[network.caps]  # of one library
"JD" = 3

[groups]
delta = [
  "JD",
]

[[rules]]
id = "everything"
days = 30
overdue = { kind = "suspend" }

[[ rules ]]
id = "films"
days = 7

[rules.overdue]
kind = "fine"
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("network", 2),
        ("network.debt_fen", 3),
        ("network.quota.other", 4),
        ("network.caps.JD", 7),
        ("network.history_days", 2),
        ("groups.delta", 10),
        ("rules[0]", 14),
        ("rules[0].days", 16),
        ("rules[0].overdue.kind", 17),
        ("rules[0].renewals", 14),
        ("rules[1]", 19),
        ("rules[1].id", 20),
        ("rules[1].overdue.kind", 24),
        ("rules[1].overdue.most", 23),
        ("rules[7].days", None),
        ("credit.full", None),
        ("", None),
    ],
)
def test_a_place_is_found_or_what_it_would_stand_in(place: str, line: int | None) -> None:
    assert line_of(FILE, place) == line


@pytest.mark.parametrize(("text", "line"), [("[network]\ndebt_fen 2000\n", 2), ("a = 1\nb = [1,\n", 2)])
def test_what_cannot_be_read_at_all_is_at_the_line_of_the_parser(text: str, line: int) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse(text)
    assert line_of(text, str(raised.value.data["place"])) == line


def test_two_equal_rows_are_both_found() -> None:
    known = Known(libraries=frozenset(), branches=frozenset(), item_types=frozenset(), categories=frozenset())
    text = FILE.replace('id = "films"', 'id = "other"').replace("[network.caps]", "[network.caps] #").replace('"JD"', '"KS"')
    [fault] = [fault for fault in read_table(parse(text), 1, known)[1] if fault.code == "policy_equal_rows"]
    assert (line_of(text, fault.place), line_of(text, str(fault.data["other"]))) == (19, 14)
