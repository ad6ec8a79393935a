"""Keeping items for longer: one loan, or all that a reader has, each decided by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from union_catalog.circulation.overriding import NO_OVERRIDE, Override
from union_catalog.circulation.plan import Plan
from union_catalog.circulation.renew import decide_renewal
from union_catalog.circulation.situation import OpenLoan, PatronSituation
from union_catalog.clock import business_date
from union_catalog.errors import NotAllowed, NotFound, Raced
from union_catalog.ids import BranchCode, LoanId, PatronId
from union_catalog.services.circulation.check_out import demand_reason
from union_catalog.services.circulation.deeds import About, Deed, do
from union_catalog.services.circulation.station import Station
from union_catalog.services.patrons import office
from union_catalog.storage.circulation import loans, resolving, snapshot
from union_catalog.storage.circulation.snapshot import Handled, Hours

ACTION = "renewal"


@dataclass(frozen=True, slots=True)
class Renewed:
    """``deed`` is None where ``plan`` is refused: then it has all the blocks."""

    loan: LoanId
    plan: Plan
    deed: Deed | None


def renew_one(connection: Connection, station: Station, loan_id: LoanId, override: Override = NO_OVERRIDE) -> tuple[Renewed, ...]:
    """Of an open loan. Raises NotFound("unknown_loan") for any other, and NotAllowed for a reader who has not got it."""
    patron_id = loans.patron_of(connection, loan_id)
    if patron_id is None:
        raise NotFound("unknown_loan", kind="loan", id=loan_id)
    return _renew(connection, station, patron_id, override, loan_id)


def renew_all(connection: Connection, station: Station, patron_id: PatronId) -> tuple[Renewed, ...]:
    """Of every open loan of the reader, those due first first. Raises as ``office.lock``, and NotAllowed for another reader."""
    return _renew(connection, station, patron_id, NO_OVERRIDE)


def _renew(
    connection: Connection, station: Station, patron_id: PatronId, override: Override, loan_id: LoanId | None = None
) -> tuple[Renewed, ...]:
    demand_reason(override)
    actor = station.context.actor
    if actor.kind == "patron" and actor.id != patron_id:
        raise NotAllowed("other_readers_loan", right="own_loans")
    office.lock(connection, patron_id)
    moment = station.moment()
    today = business_date(moment.occurred_at, station.office.timezone)
    found = snapshot.reader(connection, patron_id, "valid", today)
    if found is None:
        raise NotFound("unknown_patron", kind="patron", id=patron_id)
    patron, hours = found
    chosen = [loan for loan in patron.loans if loan_id in (None, loan.id)]
    if not chosen and loan_id is not None:
        raise Raced(name="loan")
    resolving.lock(connection, [loan.item for loan in chosen])
    handled = _items(connection, station, chosen)
    return tuple(_one(connection, station, handled[loan.item], loan, patron, hours, override) for loan in chosen)


def _items(connection: Connection, station: Station, chosen: Sequence[OpenLoan]) -> dict[str, Handled]:
    """Each as at this desk; a reader who renews stands at none, and is taken for one at the desk that lent it."""
    if station.branch:
        found = snapshot.handled(connection, [loan.item for loan in chosen], station.branch)
        for one in found.values():
            if not one.desk_library:
                raise NotFound("unknown_branch", kind="branch", id=station.branch)
            station.demand_here(one.desk_library)
    else:
        found = {}
        for branch in sorted({loan.lending_branch for loan in chosen}):
            found |= snapshot.handled(connection, [loan.item for loan in chosen if loan.lending_branch == branch], branch)
    return {str(item_id): one for item_id, one in found.items()}


def _one(
    connection: Connection,
    station: Station,
    handled: Handled,
    loan: OpenLoan,
    patron: PatronSituation,
    hours: Hours,
    override: Override,
) -> Renewed:
    here = replace(station, branch=BranchCode(station.branch or loan.lending_branch))
    moment = here.moment()
    plan = decide_renewal(handled.item, loan, patron, here.desk(connection, handled, moment, hours, [loan]), override)
    if plan.refused:
        return Renewed(loan.id, plan, None)
    about = About(
        action=ACTION,
        command_id=station.context.command_id,
        item=loan.item,
        barcode=handled.item.barcode,
        patron=patron.id,
        loan=loan.id,
        reason=override.reason,
    )
    return Renewed(loan.id, plan, do(connection, plan, moment, about))
