"""Keeping an item for longer: by the rule under which it was lent, and only while nobody waits for it."""

from collections.abc import Iterator

from union_catalog.circulation import hindrances
from union_catalog.circulation.cases import REFUSED_RENEWAL, Renewal
from union_catalog.circulation.due import due_date
from union_catalog.circulation.overriding import NO_OVERRIDE, Override, overridden
from union_catalog.circulation.plan import ExtendLoan, Plan
from union_catalog.circulation.situation import Desk, ItemSituation, OpenLoan, PatronSituation
from union_catalog.patrons.blocks import Block


def decide_renewal(item: ItemSituation, loan: OpenLoan, patron: PatronSituation, desk: Desk, override: Override = NO_OVERRIDE) -> Plan:
    """``loan`` is the open loan of ``item``. The new date counts from today, on open days of the branch that lent it.

    Staff may go past blocks as in a check-out; a reader's own renewal has no rights, and goes past none.
    """
    terms = desk.terms_of(loan)
    due = due_date(desk.today, terms.renewal_days, desk.hours.get(loan.lending_branch))
    told = {"loan": loan.id, "library": item.library, "barcode": item.barcode}
    of_loan = _of_loan(item, loan, terms.renewals)
    later = () if due > loan.due_date else (Block(code="not_later", library=loan.item_library, until=loan.due_date),)
    blocks = hindrances.in_order((*hindrances.of_reader(patron, desk, loan.item_library), *of_loan, *later))
    if not overridden(blocks, override, desk.rights):
        return Plan(case=REFUSED_RENEWAL[blocks[0].code], told=told, blocks=blocks)
    return Plan(
        case=Renewal.RENEWED_PAST_BLOCKS if blocks else Renewal.RENEWED,
        effects=(ExtendLoan(loan=loan.id, renewals=loan.renewals, due_date=due),),
        told=told | {"due_date": due.isoformat(), "renewals_left": max(terms.renewals - loan.renewals - 1, 0)},
        overridden=blocks,
    )


def _of_loan(item: ItemSituation, loan: OpenLoan, most: int) -> Iterator[Block]:
    own = loan.item_library
    if loan.renewals >= most:
        yield Block(code="renewals_used", library=own, count=loan.renewals, limit=most)
    waiting = item.hold or item.waiting
    if waiting is not None and waiting.patron != loan.patron:
        yield Block(code="hold_waiting", library=own)
    if loan.state == "claimed_returned":
        yield Block(code="claimed_returned", library=own)
    if item.remote:
        yield Block(code="remote_item", library=own)
