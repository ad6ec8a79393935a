"""What a desk says of an item: lost, missing, found, claimed returned, damaged, repaired, withdrawn, another barcode."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import Connection

from union_catalog.circulation import items as decisions
from union_catalog.circulation.cases import ItemCase
from union_catalog.circulation.plan import Plan
from union_catalog.circulation.situation import Desk, ItemSituation
from union_catalog.clock import instant_text
from union_catalog.errors import InvalidInput, NotAllowed, Refused
from union_catalog.services.circulation import finding
from union_catalog.services.circulation.check_in import locked
from union_catalog.services.circulation.deeds import About, Deed, do
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.scanning import new_label
from union_catalog.services.circulation.station import Station
from union_catalog.storage.circulation import barcodes

Said = Literal["lost", "missing", "found", "claimed_returned", "claim_withdrawn", "damaged", "repaired", "withdrawn"]
SAID: tuple[Said, ...] = get_args(Said)
_REFUSED = tuple(case for case in ItemCase if int(case.removeprefix("IT-")) > 20)


@dataclass(frozen=True, slots=True)
class Saying:
    """``percent`` of its price is asked of the reader for damage."""

    what: Said
    percent: int = 0


_DECISIONS: dict[Said, Callable[[ItemSituation, Desk, int], Plan]] = {
    "lost": lambda item, desk, percent: decisions.decide_lost(item, desk),
    "missing": lambda item, desk, percent: decisions.decide_lost(item, desk, missing=True),
    "found": lambda item, desk, percent: decisions.decide_found(item, desk),
    "claimed_returned": lambda item, desk, percent: decisions.decide_claim(item),
    "claim_withdrawn": lambda item, desk, percent: decisions.decide_claim(item, withdrawn=True),
    "damaged": decisions.decide_damaged,
    "repaired": lambda item, desk, percent: decisions.decide_repaired(item, desk),
    "withdrawn": lambda item, desk, percent: decisions.decide_withdrawn(item),
}


def say(connection: Connection, station: Station, asked: ItemReference, saying: Saying) -> Deed:
    """Any desk may say it, but for "withdrawn", which is the owner's.

    Raises Refused("not_as_said") with its ``case`` where it does not hold, and as ``finding.wanted`` and ``finding.at_desk``.
    """
    found = finding.wanted(connection, asked)
    handled = locked(connection, station, found)
    moment = station.moment()
    if saying.what == "withdrawn":
        _demand_owner(station, handled.item.library)
    plan = _DECISIONS[saying.what](handled.item, station.desk(connection, handled, moment, {}), saying.percent)
    loan = handled.item.loan or handled.item.lost_loan
    if plan.case in _REFUSED:
        raise Refused("not_as_said", case=plan.case, barcode=handled.item.barcode)
    about = About(
        action=saying.what,
        command_id=station.context.command_id,
        item=found.id,
        barcode=handled.item.barcode,
        patron=loan.patron if loan else None,
        loan=loan.id if loan else None,
    )
    return do(connection, plan, moment, about)


def rebarcode(connection: Connection, station: Station, asked: ItemReference, barcode: str) -> Deed:
    """Another label on the same item; its old one still finds it.

    Raises Refused("barcode_taken"), InvalidInput for the same barcode and as ``scanning.new_label``.
    """
    found = finding.wanted(connection, asked)
    handled = locked(connection, station, found)
    moment = station.moment()
    _demand_owner(station, handled.item.library)
    if ItemReference(barcode).plain() == handled.item.barcode:
        raise InvalidInput("same_barcode", name="barcode")
    new = new_label(connection, station.office, barcode)
    if barcodes.is_taken(connection, found.library, new):
        raise Refused("barcode_taken", case=ItemCase.BARCODE_TAKEN, barcode=new)
    barcodes.give(connection, found.id, found.library, handled.item.barcode, new, instant_text(moment.now))
    told = {"library": found.library, "barcode": new, "before": handled.item.barcode}
    about = About(action="barcode", command_id=station.context.command_id, item=found.id, barcode=new)
    return do(connection, Plan(case=ItemCase.REBARCODED, told=told), moment, about)


def _demand_owner(station: Station, library: str) -> None:
    if station.context.library not in ("", library):
        raise NotAllowed("other_library", right="items", library=library)
