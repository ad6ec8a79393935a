"""Taking in: an item is never refused. Where it goes from here follows from what it was and who waits for it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from union_catalog.circulation import endings
from union_catalog.circulation.cases import CheckIn
from union_catalog.circulation.due import due_date
from union_catalog.circulation.plan import Effect, Note, OpenTransitEffect, PlaceItem, Plan, StepHold, StepTransit, TakeStray, Told
from union_catalog.circulation.policy import Question
from union_catalog.circulation.situation import Desk, HoldOnItem, ItemSituation, OpenTransit, UnknownBarcode
from union_catalog.ids import BranchCode

Origin = Literal["loan", "lost", "arrived", "passing", "nobody"]
Where = Literal["home", "to_home", "floats", "shelf", "to_pickup"]

_CASES: dict[tuple[Origin, Where], CheckIn] = {
    ("loan", "home"): CheckIn.HOME,
    ("loan", "to_home"): CheckIn.SENT_HOME,
    ("loan", "floats"): CheckIn.FLOATS,
    ("arrived", "home"): CheckIn.ARRIVED_HOME,
    ("arrived", "to_home"): CheckIn.PASSING_HOME,
    ("arrived", "floats"): CheckIn.FLOATS,
    ("arrived", "shelf"): CheckIn.ARRIVED_FOR_HOLD,
    ("passing", "to_home"): CheckIn.PASSING_HOME,
    ("passing", "to_pickup"): CheckIn.PASSING_TO_PICKUP,
    ("nobody", "home"): CheckIn.NOBODYS_HOME,
    ("nobody", "to_home"): CheckIn.NOBODYS_SENT_HOME,
    ("nobody", "floats"): CheckIn.NOBODYS_FLOATS,
    ("lost", "home"): CheckIn.FOUND_HOME,
    ("lost", "to_home"): CheckIn.FOUND_SENT_HOME,
    ("lost", "floats"): CheckIn.FOUND_FLOATS,
    ("lost", "shelf"): CheckIn.FOUND_FOR_HOLD,
    ("lost", "to_pickup"): CheckIn.FOUND_TO_PICKUP,
}
_SEND = {"placed": ("allocate", "dispatch"), "allocated": ("dispatch",), "in_transit": (), "on_shelf": ("dispatch",)}
_SHELVE = {"placed": ("allocate", "shelve"), "allocated": ("shelve",), "in_transit": ("shelve",), "on_shelf": ()}
_KEPT_APART = ("damaged", "withdrawn")


@dataclass(frozen=True, slots=True)
class _Onward:
    """Where it goes from here, and by which effects."""

    where: Where
    branch: BranchCode
    effects: tuple[Effect, ...] = ()
    hold: HoldOnItem | None = None


def decide_check_in(item: ItemSituation | UnknownBarcode, desk: Desk, *, seen: datetime | None = None) -> Plan:
    """Ends the loan, if there is one that began before, and says where the item belongs now.

    A hold whose pickup is here keeps it; one elsewhere, or its home, sends it on its way; where it floats, it stays.
    ``seen``: when it was at a desk last, of what is told later; what nobody has on loan is then where it was seen.
    """
    if isinstance(item, UnknownBarcode):
        return decide_stray(item, desk.branch)
    if item.loan is not None and item.loan.lent_at > desk.now:
        return Plan(case=CheckIn.LENT_SINCE, told=_told(item, desk.branch))
    if item.loan is None and seen is not None and seen > desk.now:
        return Plan(case=CheckIn.SEEN_SINCE, told=_told(item, desk.branch))
    origin = _origin(item, desk)
    ended = _ended(item, origin, desk)
    onward = _onward(item, origin, desk)
    return Plan(
        case=_case(item, origin, onward, desk),
        effects=(*ended, *onward.effects, *_placed(item, ended, desk)),
        told=_told(item, onward.branch) | _told_of_loan(item) | _told_of_way(onward),
        notes=_notes(item, ended, desk),
    )


def decide_stray(item: UnknownBarcode, branch: BranchCode) -> Plan:
    """Nobody's as far as anybody knows: kept here, and looked into."""
    return Plan(case=CheckIn.UNKNOWN, effects=(TakeStray(barcode=item.barcode),), told={"barcode": item.barcode, "branch": branch})


def _origin(item: ItemSituation, desk: Desk) -> Origin:
    if item.loan is not None:
        return "loan"
    if item.condition in ("lost", "missing"):
        return "lost"
    if item.transit is None or _is_pointless(item, item.transit):
        return "nobody"
    return "arrived" if item.transit.to_branch == desk.branch else "passing"


def _is_pointless(item: ItemSituation, transit: OpenTransit) -> bool:
    """On its way for a hold that has ended meanwhile."""
    return transit.purpose == "to_pickup" and item.hold is None


def _ended(item: ItemSituation, origin: Origin, desk: Desk) -> tuple[Effect, ...]:
    """The loan, or its being lost; and a way that ends here, or that leads nowhere any more."""
    effects: list[Effect] = []
    if item.loan is not None:
        effects += endings.returned(item.loan, desk)
    if origin == "lost" or item.condition in ("lost", "missing"):
        effects += endings.found(item, desk)
    if item.transit is not None and origin != "passing":
        effects.append(StepTransit(transit=item.transit.id, state=item.transit.state, event="receive"))
    return tuple(effects)


def _onward(item: ItemSituation, origin: Origin, desk: Desk) -> _Onward:
    transit = item.transit
    if origin == "passing" and transit is not None:
        effects = (StepTransit(transit=transit.id, state=transit.state, event="dispatch"),) if transit.state == "requested" else ()
        return _Onward("to_home" if transit.purpose == "to_home" else "to_pickup", transit.to_branch, effects, item.hold)
    hold = item.hold or (item.waiting if _may_serve(item) else None)
    if hold is not None:
        return _for_hold(item, hold, desk)
    home = item.home_branch or desk.branch
    if home == desk.branch:
        return _Onward("home", home)
    if item.floats and item.condition not in _KEPT_APART and not item.withdrawn:
        return _Onward("floats", desk.branch)
    return _Onward("to_home", home, (OpenTransitEffect(item=item.id, to_branch=home, purpose="to_home"),))


def _may_serve(item: ItemSituation) -> bool:
    return item.lending == "loan" and not item.withdrawn and not item.remote and item.condition not in _KEPT_APART


def _for_hold(item: ItemSituation, hold: HoldOnItem, desk: Desk) -> _Onward:
    if hold.pickup_branch != desk.branch:
        events = _SEND[hold.state]
        step = (StepHold(hold=hold.id, state=hold.state, events=events, item=item.id),) if events else ()
        way = OpenTransitEffect(item=item.id, to_branch=hold.pickup_branch, purpose="to_pickup", hold=hold.id)
        return _Onward("to_pickup", hold.pickup_branch, (*step, way), hold)
    events = _SHELVE[hold.state]
    kept = StepHold(hold=hold.id, state=hold.state, events=events, item=item.id, shelf_until=_shelf_until(item, desk))
    return _Onward("shelf", desk.branch, (kept,) if events else (), hold)


def _shelf_until(item: ItemSituation, desk: Desk) -> date:
    """The last day on which it lies ready, an open one of the branch where it does."""
    asked = Question(item_library=item.library, item_type=item.item_type, patron_category="", branch=desk.branch)
    return due_date(desk.today, desk.policies.choose(asked).rule.terms.shelf_days, desk.hours.get(desk.branch))


def _placed(item: ItemSituation, ended: tuple[Effect, ...], desk: Desk) -> tuple[Effect, ...]:
    """It is here, even where it was thought to be: from now on its status is circulation's to say."""
    if any(isinstance(effect, PlaceItem) for effect in ended):
        return ()
    return (PlaceItem(item=item.id, branch=desk.branch),)


def _case(item: ItemSituation, origin: Origin, onward: _Onward, desk: Desk) -> CheckIn:
    if onward.where == "home" and (item.withdrawn or item.condition == "withdrawn"):
        return CheckIn.WITHDRAWN
    if onward.where == "home" and item.condition == "damaged":
        return CheckIn.TO_REPAIR
    found = _CASES.get((origin, onward.where))
    if found is not None:
        return found
    if onward.where == "shelf":
        return CheckIn.HOLD_SHELF if onward.effects or origin == "loan" else CheckIn.ON_SHELF_ALREADY
    far = onward.hold is not None and onward.hold.pickup_library != desk.library
    return CheckIn.TO_PICKUP_FAR if far else CheckIn.TO_PICKUP


def _told(item: ItemSituation, branch: BranchCode) -> dict[str, Told]:
    """``branch``: where it goes, or stays."""
    return {"library": item.library, "barcode": item.barcode, "branch": branch}


def _told_of_loan(item: ItemSituation) -> dict[str, Told]:
    """Of the loan that ends, not whose it was."""
    return {"loan": item.loan.id, "due_date": item.loan.due_date.isoformat()} if item.loan is not None else {}


def _told_of_way(onward: _Onward) -> dict[str, Told]:
    until = next((effect.shelf_until for effect in onward.effects if isinstance(effect, StepHold)), None)
    told: dict[str, Told] = {"hold": onward.hold.id} if onward.hold is not None else {}
    return told | {"shelf_until": until.isoformat()} if until is not None else told


def _notes(item: ItemSituation, ended: tuple[Effect, ...], desk: Desk) -> tuple[Note, ...]:
    loan = item.loan or item.lost_loan
    notes = endings.notes_of_ending(loan, ended, desk.today) if loan is not None and ended else ()
    facts = (("damaged", item.condition == "damaged"), ("withdrawn", item.withdrawn), ("remote_item", item.remote))
    return (*notes, *(Note(code) for code, holds in facts if holds))
