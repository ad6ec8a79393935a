"""Reading a policy file: what it says, and every fault with its place; and writing one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.messages import sentence, sentences
from union_catalog.circulation.policy import OVERDUE_KINDS, NetworkTerms, Overdue, PolicyTable, Rule, Terms
from union_catalog.circulation.policy_file import Fault, Known, parse, read_policy, read_table
from union_catalog.circulation.policy_text import write_policy
from union_catalog.errors import InvalidInput
from union_catalog.patrons.credit import CreditTerms

WHOLE = """
[network]
deposit_fen = 5000
deposit_free_from = 70
limited_below = 50
blocked_below = 10

[network.quota]
other = 8
child = 4

[network.caps]
JD = 3

[credit]
lost = 30

[groups]
delta = ["JD", "KS"]

[[rules]]
id = "everything"
days = 30
renewals = 1
quota = 8

[[rules]]
id = "JD-films"
item_library = "JD"
item_type = "video"
patron_category = "adult"
branch = "JD-MAIN"
days = 7
renewals = 2
renewal_days = 3
quota = 2
holdable = false
shelf_days = 3
price_percent = 150
unpriced_fen = 8000
lost_after = 120
overdue = { kind = "fine", grace_days = 2, per_day = 10, most = 500 }

[[rules]]
id = "delta"
item_group = "delta"
days = 28
renewals = 0
quota = 5
"""
KNOWN = Known(
    libraries=frozenset({"JD", "KS"}),
    branches=frozenset({"JD-MAIN"}),
    item_types=frozenset({"book", "video"}),
    categories=frozenset({"adult", "child"}),
)


def test_everything_that_is_said_is_read() -> None:
    found = read_policy(WHOLE, 3, KNOWN)
    assert (found.version, found.groups) == (3, {"JD": "delta", "KS": "delta"})
    network = found.network
    assert (network.quota, network.caps, network.deposit_fen) == ({"": 8, "child": 4}, {"JD": 3}, 5000)
    assert (network.deposit_free_from, network.limited_below, network.blocked_below, network.credit.lost) == (70, 50, 10, 30)
    films = found.rule("JD-films")
    assert (films.item_library, films.item_type, films.patron_category, films.branch) == ("JD", "video", "adult", "JD-MAIN")
    assert films.terms == Terms(
        days=7,
        renewals=2,
        renewal_days=3,
        quota=2,
        holdable=False,
        shelf_days=3,
        price_percent=150,
        unpriced_fen=8000,
        lost_after=120,
        overdue=Overdue(kind="fine", grace_days=2, per_day=10, most=500),
    )


def test_what_is_not_said_is_the_default_and_a_renewal_as_long_as_a_loan() -> None:
    terms = read_policy(WHOLE, 3, KNOWN).rule("everything").terms
    assert terms == Terms(days=30, renewals=1, renewal_days=30, quota=8)


FAULTS = [
    ("other = 8", "", "policy_no_fallback", "network.quota.other"),
    ('id = "everything"', 'id = "everything"\nbranch = "JD-MAIN"', "policy_no_fallback", "rules"),
    ("[network.quota]", "[network.quotas]", "policy_unknown_key", "network.quotas"),
    ("[groups]", "[circles]", "policy_unknown_key", "circles"),
    ("days = 7", "days = 7\ncolour = 1", "policy_unknown_key", "rules[1].colour"),
    ("grace_days = 2", "grace = 2", "policy_unknown_key", "rules[1].overdue.grace"),
    ("days = 30", "", "policy_missing_key", "rules[0].days"),
    ("renewals = 1", "", "policy_missing_key", "rules[0].renewals"),
    ("quota = 8", "", "policy_missing_key", "rules[0].quota"),
    ('id = "everything"', "", "policy_missing_key", "rules[0].id"),
    ("days = 30", "days = 0", "policy_out_of_range", "rules[0].days"),
    ("days = 30", "days = 366", "policy_out_of_range", "rules[0].days"),
    ("days = 30", "days = 30.0", "policy_bad_value", "rules[0].days"),
    ("days = 30", "days = true", "policy_bad_value", "rules[0].days"),
    ("days = 30", 'days = "30"', "policy_bad_value", "rules[0].days"),
    ("holdable = false", "holdable = 0", "policy_bad_value", "rules[1].holdable"),
    ("renewals = 2", "renewals = -1", "policy_out_of_range", "rules[1].renewals"),
    ("per_day = 10", "per_day = -1", "policy_out_of_range", "rules[1].overdue.per_day"),
    ('"fine"', '"prison"', "policy_not_among", "rules[1].overdue.kind"),
    ('"fine"', "[]", "policy_not_among", "rules[1].overdue.kind"),
    ("overdue = {", "overdue = [{", "policy_syntax", ""),
    ('item_type = "video"', 'item_type = "film"', "policy_unknown_code", "rules[1].item_type"),
    ('item_library = "JD"', 'item_library = "XX"', "policy_unknown_code", "rules[1].item_library"),
    ('item_library = "JD"', "item_library = 1", "policy_bad_value", "rules[1].item_library"),
    ('branch = "JD-MAIN"', 'branch = "JD-MIAN"', "policy_unknown_code", "rules[1].branch"),
    ('"adult"', '"adlut"', "policy_unknown_code", "rules[1].patron_category"),
    ("child = 4", "chlid = 4", "policy_unknown_code", "network.quota.chlid"),
    ("JD = 3", "XX = 3", "policy_unknown_code", "network.caps.XX"),
    ("JD = 3", "other = 3", "policy_unknown_code", "network.caps.other"),
    ("JD = 3", "JD = 1000", "policy_out_of_range", "network.caps.JD"),
    ('["JD", "KS"]', '["JD", "XX"]', "policy_unknown_code", "groups.delta"),
    ('["JD", "KS"]', '["JD", "JD"]', "policy_two_groups", "groups.delta"),
    ('["JD", "KS"]', '"JD"', "policy_bad_value", "groups.delta"),
    ('["JD", "KS"]', "[[]]", "policy_bad_value", "groups.delta"),
    ('item_group = "delta"', 'item_group = "lake"', "policy_unknown_code", "rules[2].item_group"),
    ('item_group = "delta"', 'item_group = "delta"\nitem_library = "JD"', "policy_library_and_group", "rules[2].item_group"),
    ('item_group = "delta"', "", "policy_equal_rows", "rules[2]"),
    ('id = "delta"', 'id = "JD-films"', "policy_twice", "rules[2].id"),
    ('id = "delta"', 'id = "two words"', "policy_bad_value", "rules[2].id"),
    ('id = "delta"', f'id = "{"x" * 41}"', "policy_bad_value", "rules[2].id"),
    ("limited_below = 50", "limited_below = 5", "policy_thresholds", "network"),
    ("limited_below = 50", "limited_below = 80", "policy_thresholds", "network"),
    ("deposit_free_from = 70", "deposit_free_from = 101", "policy_thresholds", "network"),
    ("[credit]", "[[credit]]", "policy_bad_value", "credit"),
    ("[[rules]]", "[rules]", "policy_syntax", ""),
    ("lost = 30", "full = 0", "policy_out_of_range", "credit.full"),
    ("deposit_fen = 5000", "deposit_fen = ", "policy_syntax", "line 3"),
]


@pytest.mark.parametrize(("said", "instead", "code", "place"), FAULTS)
def test_a_fault_is_told_with_its_place_in_both_languages(said: str, instead: str, code: str, place: str) -> None:
    assert said in WHOLE
    with pytest.raises(InvalidInput) as refusal:
        read_policy(WHOLE.replace(said, instead, 1), 1, KNOWN)
    assert refusal.value.code == code
    assert place in str(refusal.value.data["place"])
    for language in ("zh", "en"):
        told = sentence(code, refusal.value.data, "zh" if language == "zh" else "en")
        assert str(refusal.value.data["place"]) in told
        assert "?" not in told
    assert code in sentences()


def test_all_faults_are_told_at_once() -> None:
    worse = WHOLE.replace("days = 30", "days = 0").replace("other = 8", "").replace('id = "delta"', 'id = "JD-films"')
    _, faults = read_table(parse(worse), 1, KNOWN)
    assert [(fault.code, fault.place) for fault in faults] == [
        ("policy_no_fallback", "network.quota.other"),
        ("policy_out_of_range", "rules[0].days"),
        ("policy_twice", "rules[2].id"),
    ]


def test_an_empty_file_has_two_holes() -> None:
    assert [fault.place for fault in read_table({}, 1)[1]] == ["network.quota.other", "rules"]


def test_a_version_that_names_what_is_gone_is_still_read() -> None:
    gone = Known(libraries=frozenset(), branches=frozenset(), item_types=frozenset(), categories=frozenset())
    assert any(fault.code == "policy_unknown_code" for fault in read_table(parse(WHOLE), 1, gone)[1])
    assert read_policy(WHOLE, 1).rule("JD-films").branch == "JD-MAIN"


def test_what_is_written_reads_as_what_was_read() -> None:
    found = read_policy(WHOLE, 4, KNOWN)
    assert read_policy(write_policy(found), 4, KNOWN) == found


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
IDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=8).filter(lambda told: told.split() == [told])
TERMS = st.builds(
    Terms,
    days=st.integers(1, 365),
    renewals=st.integers(0, 99),
    renewal_days=st.integers(1, 365),
    quota=st.integers(0, 999),
    holdable=st.booleans(),
    shelf_days=st.integers(1, 60),
    lost_after=st.integers(0, 3650),
    overdue=st.builds(Overdue, kind=st.sampled_from(OVERDUE_KINDS), grace_days=st.integers(0, 90), per_day=st.integers(0, 100)),
)
NETWORK = NetworkTerms(quota={"": 5, "child": 2}, caps={}, credit=CreditTerms(full=200))


@given(st.lists(st.tuples(IDS, IDS, TERMS), max_size=5, unique_by=(lambda row: row[0], lambda row: row[1])), TERMS, TEXTS)
def test_any_table_can_be_written_and_read(rows: list[tuple[str, str, Terms]], terms: Terms, cap: str) -> None:
    rules = [Rule(id=f"a{rule_id}", item_type=kind, terms=terms) for rule_id, kind, terms in rows]
    network = replace(NETWORK, caps={cap: 1})
    table = PolicyTable(1, (Rule(id="everything", terms=terms), *rules), network, {"JD": "delta", "KS": "delta", "WZ": "湖"})
    assert read_policy(write_policy(table), 1) == table


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "quota", "overdue", "kind", "days", "x"]), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["network", "credit", "groups", "rules", "x"]), JSON))
def test_nonsense_is_a_list_of_faults_and_never_a_crash(data: dict[str, object]) -> None:
    table, faults = read_table(data, 1, KNOWN)
    assert faults or table.rules


def test_the_sentence_of_a_fault_says_what_would_do() -> None:
    fault = Fault("policy_out_of_range", "rules[0].days", {"least": 1, "most": 365})
    assert "365" in sentence(fault.code, fault.error().data, "en")
