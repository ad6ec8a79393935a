"""Lending: to whom, until when, past what; and taking down what was lent already."""

from dataclasses import replace
from datetime import datetime

from union_catalog.circulation import endings, hindrances
from union_catalog.circulation.cases import REFUSED_CHECK_OUT, CheckOut, Recorded
from union_catalog.circulation.due import due_date
from union_catalog.circulation.overriding import NO_OVERRIDE, Override, overridden
from union_catalog.circulation.plan import (
    Effect,
    Note,
    OpenLoanEffect,
    PlaceItem,
    Plan,
    StepHold,
    StepLoan,
    StepTransit,
    Told,
    flagged,
)
from union_catalog.circulation.policy import Question, Rule
from union_catalog.circulation.situation import Desk, ItemSituation, OpenLoan, PatronSituation
from union_catalog.patrons.blocks import Block

# What says how the item is now, not how it was when it went out.
_OF_SINCE = ("lent_to_other", "lent_to_same", "kept_for_other", "in_transit", "item_lost", "item_missing", "item_damaged")
# What is left to go through until a hold in this state is fulfilled.
_UNTIL_FULFILLED = {
    "placed": ("allocate", "shelve", "fulfil"),
    "allocated": ("shelve", "fulfil"),
    "in_transit": ("shelve", "fulfil"),
    "on_shelf": ("fulfil",),
}


def decide_check_out(
    item: ItemSituation,
    patron: PatronSituation,
    desk: Desk,
    override: Override = NO_OVERRIDE,
    *,
    happened: bool = False,
    returned: datetime | None = None,
) -> Plan:
    """Lends the item, or says everything that stands in the way.

    Past blocks only where ``override`` names all that there are and the desk has the right to each. ``happened``: the reader has left
    with it; then nothing is refused, and what stood in the way is noted. ``returned``: when the item was next handed in, if it was.
    """
    rule = _rule(item, patron, desk)
    blocks = hindrances.in_order(
        (
            *hindrances.of_card(patron),
            *hindrances.of_reader(patron, desk, item.library),
            *hindrances.of_amount(patron, desk, item.library, rule),
            *hindrances.of_item(item, patron, desk),
        )
    )
    if happened:
        return _recorded(item, patron, desk, rule, blocks, returned)
    if not overridden(blocks, override, desk.rights):
        return Plan(case=REFUSED_CHECK_OUT[blocks[0].code], told=_told_of_item(item), blocks=blocks)
    case = CheckOut.LENT_PAST_BLOCKS if blocks else _case(item, patron)
    if any(block.code in ("item_lost", "item_missing") for block in blocks):
        case = CheckOut.LENT_WHEN_FOUND
    return _lent(case, item, patron, desk, rule, blocks)


def _rule(item: ItemSituation, patron: PatronSituation, desk: Desk) -> Rule:
    asked = Question(item_library=item.library, item_type=item.item_type, patron_category=patron.category, branch=desk.branch)
    return desk.policies.choose(asked).rule


def _case(item: ItemSituation, patron: PatronSituation) -> CheckOut:
    if _own_hold(item, patron) is not None:
        return CheckOut.LENT_FROM_HOLD
    return CheckOut.LENT_ON_ARRIVAL if item.transit is not None else CheckOut.LENT


def _own_hold(item: ItemSituation, patron: PatronSituation) -> StepHold | None:
    """The reader's hold is fulfilled, whether the item was kept for it or it was first in the queue."""
    hold = item.hold or item.waiting
    if hold is None or hold.patron != patron.id:
        return None
    return StepHold(hold=hold.id, state=hold.state, events=_UNTIL_FULFILLED[hold.state], item=item.id)


def _lent(
    case: CheckOut,
    item: ItemSituation,
    patron: PatronSituation,
    desk: Desk,
    rule: Rule,
    passed: tuple[Block, ...] = (),
    *,
    notes: tuple[Note, ...] = (),
) -> Plan:
    opened = _opened(item, patron, desk, rule)
    effects = (*_cleared(item, patron, desk), opened)
    told = _told_of_item(item) | {"due_date": opened.due_date.isoformat(), "renewals_left": rule.terms.renewals}
    return Plan(case=case, effects=effects, told=told, overridden=passed, notes=(*notes, *_notes(item)))


def _opened(item: ItemSituation, patron: PatronSituation, desk: Desk, rule: Rule) -> OpenLoanEffect:
    return OpenLoanEffect(
        item=item.id,
        item_library=item.library,
        patron=patron.id,
        patron_library=patron.library,
        patron_category=patron.category,
        age_band=patron.age_band,
        due_date=due_date(desk.today, rule.terms.days, desk.hours.get(desk.branch)),
        policy_version=desk.policies.version,
        policy_rule=rule.id,
    )


def _cleared(item: ItemSituation, patron: PatronSituation, desk: Desk) -> tuple[Effect, ...]:
    """What ends because the item goes into the reader's hands: its way elsewhere, a hold for it, its being lost."""
    effects = [*unbound(item, desk, _own_hold(item, patron))]
    if item.condition == "lost":
        effects += endings.found(item, desk)
    elif item.condition != "good":
        effects.append(PlaceItem(item=item.id, branch=desk.branch, condition=None if item.condition == "damaged" else "good"))
    return tuple(effects)


def unbound(item: ItemSituation, desk: Desk, own: StepHold | None) -> tuple[Effect, ...]:
    """Its way ends, and the hold for which it was kept: fulfilled by ``own``, else back in the queue."""
    effects: list[Effect] = []
    if item.transit is not None:
        event = "cancel" if item.transit.state == "requested" and item.transit.to_branch != desk.branch else "receive"
        effects.append(StepTransit(transit=item.transit.id, state=item.transit.state, event=event))
    if own is not None:
        effects.append(own)
    elif item.hold is not None:
        effects.append(StepHold(hold=item.hold.id, state=item.hold.state, events=("decline",)))
    return tuple(effects)


def _recorded(
    item: ItemSituation, patron: PatronSituation, desk: Desk, rule: Rule, blocks: tuple[Block, ...], returned: datetime | None
) -> Plan:
    """Taken down as it happened: each block is flagged, none keeps the loan from being on record."""
    earlier = item.loan
    if returned is not None and (earlier is None or earlier.lent_at >= returned):
        past = _ended(_opened(item, patron, desk, rule), returned)
        flags = flagged(block for block in blocks if block.code not in _OF_SINCE)
        return Plan(case=Recorded.RETURNED_SINCE, effects=(past,), told=_told_of_item(item), notes=flags)
    if earlier is not None and earlier.patron == patron.id:
        return _already(item, earlier)
    flags = flagged(blocks)
    if earlier is None:
        return _lent(CheckOut.RECORDED_WITH_BLOCKS if flags else CheckOut.RECORDED, item, patron, desk, rule, notes=flags)
    if earlier.lent_at > desk.now:
        past = _ended(_opened(item, patron, desk, rule), earlier.lent_at)
        return Plan(case=CheckOut.LENT_ON_SINCE, effects=(past,), told=_told_of_item(item), notes=flags)
    ended = StepLoan(loan=earlier.id, state=earlier.state, event="return", branch=desk.branch)
    plan = _lent(CheckOut.RECORDED_AFTER_RETURN, item, patron, desk, rule, notes=flags)
    return replace(plan, effects=(ended, *plan.effects))


def _already(item: ItemSituation, loan: OpenLoan) -> Plan:
    told: dict[str, Told] = {"loan": loan.id, "due_date": loan.due_date.isoformat()}
    return Plan(case=CheckOut.ALREADY_LENT, told=_told_of_item(item) | told)


def _ended(opened: OpenLoanEffect, ended: datetime) -> OpenLoanEffect:
    """A loan of which only its end is missing: it came back, before the next began if there is one."""
    return replace(opened, ended=ended)


def _told_of_item(item: ItemSituation) -> dict[str, Told]:
    return {"library": item.library, "barcode": item.barcode}


def _notes(item: ItemSituation) -> tuple[Note, ...]:
    return (Note("damaged"),) if item.condition == "damaged" else ()
