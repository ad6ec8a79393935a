"""Lending that happened and of which nobody knows to whom: the card that was scanned is no reader's."""

from datetime import datetime

from union_catalog.circulation.cases import Recorded
from union_catalog.circulation.check_out import unbound
from union_catalog.circulation.plan import Effect, PlaceItem, Plan, StepLoan
from union_catalog.circulation.situation import Desk, ItemSituation

_TELLS_MORE = ("lost", "damaged", "withdrawn")


def decide_stray_loan(item: ItemSituation, desk: Desk, returned: datetime | None) -> Plan:
    """No loan, as a loan has a reader: the item is put down as missing, so that nobody is sent to fetch it. Handed in again, it is found.

    Nothing changes where it came back since (``returned``), or was lent to somebody else since.
    """
    told = {"library": item.library, "barcode": item.barcode}
    earlier = item.loan
    if returned is not None or (earlier is not None and earlier.lent_at > desk.now):
        return Plan(case=Recorded.UNKNOWN_READER, told=told)
    effects: list[Effect] = []
    if earlier is not None:
        effects.append(StepLoan(loan=earlier.id, state=earlier.state, event="return", branch=desk.branch))
    condition = None if item.condition in _TELLS_MORE else "missing"
    gone = PlaceItem(item=item.id, branch=desk.branch, condition=condition)
    return Plan(case=Recorded.UNKNOWN_READER, effects=(*effects, *unbound(item, desk, None), gone), told=told)
