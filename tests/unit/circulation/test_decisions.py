"""What is decided of which situation: every case of a check-out, a check-in, a renewal and an item, without a database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.unit.circulation import situations as s
from tests.unit.circulation.situations import FAR, HOME, NEAR, OTHER, READER, desk, entered, hold, item, loan, reader, way
from union_catalog.circulation.cases import OUTCOMES, REFUSED_CHECK_OUT, REFUSED_RENEWAL, CheckIn
from union_catalog.circulation.check_in import decide_check_in
from union_catalog.circulation.check_out import decide_check_out
from union_catalog.circulation.items import decide_claim, decide_damaged, decide_found, decide_lost, decide_repaired, decide_withdrawn
from union_catalog.circulation.machines import HOLD, LOAN, TRANSIT
from union_catalog.circulation.overriding import Override, may_override
from union_catalog.circulation.plan import ExtendLoan, OpenLoanEffect, OpenTransitEffect, PlaceItem, Plan, StepHold, StepLoan, StepTransit
from union_catalog.circulation.renew import decide_renewal
from union_catalog.circulation.situation import ItemSituation, PatronSituation, UnknownBarcode
from union_catalog.circulation.status import status_of
from union_catalog.errors import IllegalTransition
from union_catalog.patrons.blocks import KINDS

HINDERED: dict[str, tuple[ItemSituation, PatronSituation]] = {
    "card_lost": (item(), reader(card_state="lost")),
    "card_replaced": (item(), reader(card_state="replaced")),
    "card_expired": (item(), reader(expires_on=date(2026, 11, 19))),
    "patron_pending": (item(), reader(state="pending")),
    "guardian_consent_missing": (item(), reader(guardian_consent=False)),
    "suspended": (item(), reader(blocks=(entered("suspended"),))),
    "overdue_loans": (item(), reader(loans=(loan(due_date=date(2026, 11, 19)),))),
    "lost_item": (item(), reader(blocks=(entered("lost_item"),))),
    "debt": (item(), reader(owed_fen=2001)),
    "credit_too_low": (item(), reader(credit=19, deposit_fen=10_000)),
    "deposit_needed": (item(), reader(credit=59, deposit_fen=9_999)),
    "staff_block": (item(), reader(blocks=(entered("staff_block"),))),
    "quota_reached": (item(), reader(credit=59, deposit_fen=10_000, loans=(loan(item_library=s.JX), loan(item_library=s.JX)))),
    "rule_quota_reached": (item(), reader(loans=tuple(loan(item_library=s.JX) for _ in range(5)))),
    "library_cap_reached": (item(), reader(loans=(loan(), loan(), loan()))),
    "library_use_only": (item(lending="library_use"), reader()),
    "online_only": (item(lending="online"), reader()),
    "lent_to_other": (item(loan=loan(OTHER)), reader()),
    "lent_to_same": (item(loan=loan()), reader()),
    "kept_for_other": (item(hold=hold(state="on_shelf")), reader()),
    "in_transit": (item(transit=way(FAR)), reader()),
    "item_lost": (item(condition="lost"), reader()),
    "item_missing": (item(condition="missing"), reader()),
    "item_damaged": (item(condition="damaged"), reader()),
    "item_withdrawn": (item(withdrawn=True), reader()),
    "remote_item": (item(remote=True), reader()),
}


def test_everything_that_hinders_a_loan_is_tried() -> None:
    assert HINDERED.keys() == REFUSED_CHECK_OUT.keys()


@pytest.mark.parametrize("code", HINDERED)
def test_each_hindrance_refuses_and_is_gone_past_by_who_may(code: str) -> None:
    what, who = HINDERED[code]
    refused = decide_check_out(what, who, desk())
    told = [block.code for block in refused.blocks]
    assert code in told
    assert (refused.case, refused.effects) == (REFUSED_CHECK_OUT[told[0]], ())
    past = Override(frozenset(told), "reason")
    for right in ("circulation", "manager", "network"):
        plan = decide_check_out(what, who, desk(rights=frozenset({right})), past)
        allowed = all(may_override(one, {right}) for one in told)
        assert plan.refused != allowed
        assert not allowed or any(isinstance(effect, OpenLoanEffect) for effect in plan.effects)


def test_a_block_of_one_library_or_of_the_past_is_none() -> None:
    over = entered("suspended")
    for block in (
        replace(over, until=date(2026, 11, 19)),
        replace(over, scope="library"),
    ):
        assert decide_check_out(item(), reader(blocks=(block,)), desk()).case == "CO-1"
    last_day = decide_check_out(item(), reader(blocks=(replace(over, until=s.TODAY),)), desk())
    assert last_day.case == REFUSED_CHECK_OUT["suspended"]


def test_a_partial_override_is_none() -> None:
    what, who = item(lending="library_use"), reader(owed_fen=5000)
    plan = decide_check_out(what, who, desk(rights=frozenset({"manager"})), Override(frozenset({"debt"}), "r"))
    assert [block.code for block in plan.blocks] == ["debt", "library_use_only"]


@pytest.mark.parametrize("state", ["placed", "allocated", "in_transit", "on_shelf"])
def test_a_readers_own_hold_is_fulfilled_from_any_state(state: str) -> None:
    kept = hold(READER, state=state)
    what = item(waiting=kept) if state == "placed" else item(hold=kept, transit=way(FAR, "to_pickup") if state == "in_transit" else None)
    plan = decide_check_out(what, reader(), desk())
    step = next(effect for effect in plan.effects if isinstance(effect, StepHold))
    assert plan.case == "CO-2"
    assert walked(state, step.events) == "fulfilled"


def walked(state: str, events: tuple[str, ...]) -> str:
    for event in events:
        state = HOLD.after(state, event)
    return state


CHECK_INS: list[tuple[str, ItemSituation, object]] = [
    ("CI-1", item(loan=loan()), HOME),
    ("CI-2", item(loan=loan()), FAR),
    ("CI-3", item(loan=loan(), floats=True), NEAR),
    ("CI-4", item(loan=loan(), waiting=hold()), HOME),
    ("CI-5", item(loan=loan(), waiting=hold(pickup=NEAR)), HOME),
    ("CI-6", item(loan=loan(), waiting=hold(pickup=FAR)), HOME),
    ("CI-7", item(transit=way(HOME), branch=NEAR), HOME),
    ("CI-8", item(transit=way(HOME, "to_pickup"), hold=hold(state="in_transit")), HOME),
    ("CI-9", item(transit=way(HOME)), FAR),
    ("CI-10", item(transit=way(FAR, "to_pickup"), hold=hold(pickup=FAR, state="in_transit")), NEAR),
    ("CI-11", item(), HOME),
    ("CI-12", item(), FAR),
    ("CI-13", item(floats=True), NEAR),
    ("CI-14", item(condition="lost", lost_loan=loan(state="lost")), HOME),
    ("CI-15", item(condition="missing"), FAR),
    ("CI-16", item(condition="lost", floats=True), NEAR),
    ("CI-17", item(condition="lost", waiting=hold()), HOME),
    ("CI-18", item(condition="lost", waiting=hold(pickup=FAR)), HOME),
    ("CI-22", item(loan=loan(lent_at=s.NOW + timedelta(hours=1))), HOME),
    ("CI-23", item(hold=hold(state="on_shelf")), HOME),
    ("CI-24", item(loan=loan(), condition="damaged"), HOME),
    ("CI-25", item(loan=loan(), withdrawn=True), HOME),
]


def test_every_check_in_that_is_decided_is_tried() -> None:
    decided = set(CheckIn) - {CheckIn.REPEATED, CheckIn.UNKNOWN, CheckIn.AMBIGUOUS, CheckIn.SEEN_SINCE}
    assert {number for number, _, _ in CHECK_INS} == decided


@pytest.mark.parametrize(("case", "what", "at"), CHECK_INS, ids=[number for number, _, _ in CHECK_INS])
def test_where_an_item_goes(case: str, what: ItemSituation, at: object) -> None:
    plan = decide_check_in(what, desk(at))  # type: ignore[arg-type]  # a branch
    assert (plan.case, plan.refused) == (case, False)
    ends = [effect for effect in plan.effects if isinstance(effect, StepLoan)]
    assert bool(ends) == (case not in ("CI-22",) and (what.loan is not None or what.lost_loan is not None))
    opened = [effect for effect in plan.effects if isinstance(effect, OpenTransitEffect)]
    assert len(opened) == (case in {"CI-2", "CI-5", "CI-6", "CI-12", "CI-15", "CI-18"})
    assert all(effect.to_branch != at for effect in opened)
    if case not in ("CI-22",):
        assert any(isinstance(effect, PlaceItem) and effect.branch == at for effect in plan.effects)
    assert OUTCOMES[CheckIn(plan.case)]


def test_a_return_told_late_moves_nothing_that_was_seen_since() -> None:
    since = s.NOW + timedelta(minutes=1)
    assert decide_check_in(item(), desk(FAR), seen=since) == Plan(
        case="CI-26", told={"library": item().library, "barcode": item().barcode, "branch": FAR}
    )
    assert decide_check_in(item(), desk(FAR), seen=s.NOW).case == "CI-12"
    assert decide_check_in(item(loan=loan()), desk(FAR), seen=since).case == "CI-2"


def test_a_barcode_that_nobody_knows_is_kept() -> None:
    assert decide_check_in(UnknownBarcode("4711"), desk()).case == "CI-20"


def test_nobody_is_served_by_what_is_not_lent() -> None:
    for apart in (
        item(condition="damaged", waiting=hold()),
        item(lending="library_use", waiting=hold()),
        item(withdrawn=True, waiting=hold()),
    ):
        plan = decide_check_in(apart, desk(FAR))
        assert plan.told["branch"] == HOME


def test_the_first_look_at_a_transit_that_waits_sends_it() -> None:
    plan = decide_check_in(item(transit=way(FAR, state="requested")), desk(NEAR))
    step = next(effect for effect in plan.effects if isinstance(effect, StepTransit))
    assert TRANSIT.after(step.state, step.event) == "dispatched"


RENEWALS: dict[str, tuple[ItemSituation, dict[str, Any], PatronSituation]] = {
    "renewals_used": (item(), {"renewals": 1}, reader()),
    "hold_waiting": (item(waiting=hold()), {}, reader()),
    "claimed_returned": (item(), {"state": "claimed_returned"}, reader()),
    "not_later": (item(), {"due_date": date(2026, 12, 20)}, reader()),
    "remote_item": (item(remote=True), {}, reader()),
    **{code: (item(), {}, HINDERED[code][1]) for code in REFUSED_RENEWAL if code in HINDERED and code != "remote_item"},
}


@pytest.mark.parametrize("code", REFUSED_RENEWAL)
def test_each_hindrance_refuses_a_renewal(code: str) -> None:
    what, facts, who = RENEWALS[code]
    plan = decide_renewal(what, loan(**facts), who, desk())
    assert (plan.case, [block.code for block in plan.blocks]) == (REFUSED_RENEWAL[code], [code])


def test_a_renewal_counts_from_today() -> None:
    plan = decide_renewal(item(), loan(), reader(), desk())
    assert plan.effects == (ExtendLoan(loan=loan().id, renewals=0, due_date=date(2026, 12, 20)),)


def test_what_is_said_of_items() -> None:
    lent, lost, damaged = item(loan=loan()), item(condition="lost"), item(condition="damaged")
    said = [
        decide_lost(lent, desk()),
        decide_lost(item(), desk()),
        decide_lost(item(), desk(), missing=True),
        decide_found(item(condition="lost", lost_loan=loan(state="lost")), desk()),
        decide_found(lost, desk()),
        decide_claim(lent),
        decide_claim(item(loan=loan(state="claimed_returned")), withdrawn=True),
        decide_damaged(lent, desk(), 50),
        decide_damaged(item(), desk()),
        decide_repaired(damaged, desk()),
        decide_withdrawn(item()),
    ]
    assert [plan.case for plan in said] == [f"IT-{number}" for number in (*range(1, 11), 12)]
    assert all(plan.effects for plan in said)
    wrong = [
        (decide_claim(item()), 21),
        (decide_found(item(), desk()), 22),
        (decide_lost(lost, desk()), 23),
        (decide_withdrawn(lent), 25),
        (decide_repaired(item(), desk()), 26),
        (decide_claim(item(loan=loan(state="claimed_returned"))), 27),
        (decide_withdrawn(item(condition="withdrawn")), 28),
        (decide_damaged(damaged, desk()), 29),
    ]
    assert [(plan.case, plan.effects) for plan, _ in wrong] == [(f"IT-{number}", ()) for _, number in wrong]


@pytest.mark.parametrize(
    ("what", "touched", "status"),
    [
        (item(), False, "missing"),
        (item(), True, "available"),
        (item(lending="library_use"), True, "library_use"),
        (item(lending="online"), True, "online"),
        (item(loan=loan()), False, "on_loan"),
        (item(condition="lost"), True, "lost"),
        (item(transit=way(FAR)), True, "in_transit"),
        (item(hold=hold(state="on_shelf")), True, "on_hold_shelf"),
        (item(loan=loan(), remote=True), True, "missing"),
    ],
)
def test_the_status_of_an_item_is_derived(what: ItemSituation, touched: bool, status: str) -> None:
    assert status_of(what, "missing", touched=touched) == status


def test_every_block_has_somebody_who_may_or_nobody() -> None:
    assert {kind.override for kind in KINDS.values()} == {"", "circulation", "manager"}
    assert not any(may_override(code, {"manager", "network", "circulation"}) for code, kind in KINDS.items() if not kind.override)


@pytest.mark.parametrize("machine", [LOAN, HOLD, TRANSIT], ids=["loan", "hold", "transit"])
def test_a_machine_takes_no_step_that_it_does_not_have(machine: object) -> None:
    with pytest.raises(IllegalTransition):
        machine.after("nowhere", "anything")  # type: ignore[attr-defined]  # a machine
