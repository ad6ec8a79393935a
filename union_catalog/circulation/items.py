"""What a desk says of an item that nobody brings or takes: lost, found, claimed returned, damaged, another barcode, withdrawn."""

from datetime import date

from union_catalog.circulation import endings
from union_catalog.circulation.cases import ItemCase
from union_catalog.circulation.consequences import consequences_of_damage, consequences_of_loss, notes_of
from union_catalog.circulation.due import open_days_late
from union_catalog.circulation.plan import Effect, PlaceItem, Plan, StepHold, StepLoan, StepTransit, Told
from union_catalog.circulation.policy import Terms
from union_catalog.circulation.situation import Desk, ItemSituation, OpenLoan
from union_catalog.network.hours import OpeningHours


def decide_lost(item: ItemSituation, desk: Desk, *, missing: bool = False) -> Plan:
    """On loan: the loan ends, and its reader owes for the item. Not on loan: nobody does.

    ``missing``: not where it should be, and looked for; of a loan nothing is missing but the item, so it is lost.
    """
    if item.loan is not None:
        return _lost_on_loan(item, item.loan, desk, ItemCase.LOST_ON_LOAN)
    condition = "missing" if missing else "lost"
    if item.condition in ("lost", condition):
        return Plan(case=ItemCase.LOST_ALREADY, told=_told(item))
    effects = (*_let_go(item), PlaceItem(item=item.id, condition=condition))
    return Plan(case=ItemCase.MISSING if missing else ItemCase.LOST, effects=effects, told=_told(item))


def decide_long_overdue(item: ItemSituation, loan: OpenLoan, desk: Desk) -> Plan | None:
    """What is late for longer than the rule under which it was lent lets it be counts as lost, with all that follows from a loss.

    None for what is not, and for what its reader says was returned: that is looked for, and not late meanwhile.
    """
    if loan.state != "open" or not is_long_overdue(loan.due_date, desk.today, desk.terms_of(loan), desk.hours.get(loan.lending_branch)):
        return None
    return _lost_on_loan(item, loan, desk, ItemCase.LOST_OVERDUE)


def is_long_overdue(due: date, today: date, terms: Terms, hours: OpeningHours | None) -> bool:
    """Whether more open days of the lending branch than the rule's ``lost_after`` have passed since then."""
    longest = (today - due).days
    return 0 < terms.lost_after < longest and open_days_late(due, today, hours) > terms.lost_after


def _lost_on_loan(item: ItemSituation, loan: OpenLoan, desk: Desk, case: ItemCase) -> Plan:
    ended = StepLoan(loan=loan.id, state=loan.state, event="lose")
    follows = consequences_of_loss(loan, desk.terms_of(loan), desk.policies.network.credit, item.price_fen, desk.now)
    gone = PlaceItem(item=item.id, condition="lost")
    return Plan(case=case, effects=(ended, *follows, gone), told=_told(item) | {"loan": loan.id}, notes=notes_of(follows))


def decide_found(item: ItemSituation, desk: Desk) -> Plan:
    """What was held for lost or missing lies at this desk; a loan that ended so is returned late, not lost."""
    if item.condition not in ("lost", "missing"):
        return Plan(case=ItemCase.NOT_LOST, told=_told(item))
    effects = endings.found(item, desk)
    case = ItemCase.FOUND_LOAN if item.lost_loan is not None else ItemCase.FOUND
    notes = endings.notes_of_ending(item.lost_loan, effects, desk.today) if item.lost_loan is not None else ()
    return Plan(case=case, effects=effects, told=_told(item), notes=notes)


def decide_claim(item: ItemSituation, *, withdrawn: bool = False) -> Plan:
    """The reader says that it was returned: it is looked for on the shelves, and is not late meanwhile. ``withdrawn``: it turned up."""
    loan = item.loan
    if loan is None:
        return Plan(case=ItemCase.NOT_ON_LOAN, told=_told(item))
    told = _told(item) | {"loan": loan.id, "due_date": loan.due_date.isoformat()}
    if (loan.state == "claimed_returned") != withdrawn:
        return Plan(case=ItemCase.NOT_ON_LOAN if withdrawn else ItemCase.CLAIMED_ALREADY, told=told)
    event = "withdraw_claim" if withdrawn else "claim_returned"
    case = ItemCase.CLAIM_WITHDRAWN if withdrawn else ItemCase.CLAIMED
    return Plan(case=case, effects=(StepLoan(loan=loan.id, state=loan.state, event=event),), told=told)


def decide_damaged(item: ItemSituation, desk: Desk, percent: int = 0) -> Plan:
    """To be repaired. ``percent`` of its price is asked of the reader who has it on loan; of anybody else nothing is."""
    if item.condition != "good":
        return Plan(case=ItemCase.DAMAGED_ALREADY if item.condition == "damaged" else ItemCase.LOST_ALREADY, told=_told(item))
    here = PlaceItem(item=item.id, branch=desk.branch if item.loan is None else None, condition="damaged")
    if item.loan is None:
        return Plan(case=ItemCase.DAMAGED, effects=(*_let_go(item), here), told=_told(item))
    follows = consequences_of_damage(item.loan, desk.terms_of(item.loan), desk.policies.network.credit, item.price_fen, percent)
    told = _told(item) | {"loan": item.loan.id}
    return Plan(case=ItemCase.DAMAGED_ON_LOAN, effects=(*follows, here), told=told, notes=notes_of(follows))


def decide_repaired(item: ItemSituation, desk: Desk) -> Plan:
    """It may be lent again."""
    if item.condition != "damaged":
        return Plan(case=ItemCase.NOT_DAMAGED, told=_told(item))
    return Plan(case=ItemCase.REPAIRED, effects=(PlaceItem(item=item.id, branch=desk.branch, condition="good"),), told=_told(item))


def decide_withdrawn(item: ItemSituation) -> Plan:
    """It leaves the collection, unless somebody has it or waits for it on a shelf, or it is on its way."""
    if item.condition == "withdrawn":
        return Plan(case=ItemCase.WITHDRAWN_ALREADY, told=_told(item))
    if item.loan is not None or item.transit is not None or item.hold is not None:
        return Plan(case=ItemCase.IN_USE, told=_told(item))
    return Plan(case=ItemCase.WITHDRAWN, effects=(PlaceItem(item=item.id, condition="withdrawn"),), told=_told(item))


def _let_go(item: ItemSituation) -> tuple[Effect, ...]:
    """Its way ends, and whoever it was kept for waits again, with the same place in the queue."""
    effects: list[Effect] = []
    if item.transit is not None:
        event = "lose" if item.transit.state == "dispatched" else "cancel"
        effects.append(StepTransit(transit=item.transit.id, state=item.transit.state, event=event))
    if item.hold is not None:
        effects.append(StepHold(hold=item.hold.id, state=item.hold.state, events=("decline",)))
    return tuple(effects)


def _told(item: ItemSituation) -> dict[str, Told]:
    return {"library": item.library, "barcode": item.barcode}
