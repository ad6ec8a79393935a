"""Taking an item in, whoever hands it in and wherever it belongs."""

from sqlalchemy import Connection

from union_catalog.circulation.cases import CheckIn
from union_catalog.circulation.check_in import decide_check_in, decide_stray
from union_catalog.circulation.situation import UnknownBarcode
from union_catalog.errors import Raced
from union_catalog.services.circulation import finding
from union_catalog.services.circulation.deeds import SECOND_SCAN, About, Deed, again, do, is_second_scan
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.station import Station
from union_catalog.storage import patrons
from union_catalog.storage.circulation import actions, offline, resolving
from union_catalog.storage.circulation.resolving import Candidate
from union_catalog.storage.circulation.snapshot import Handled
from union_catalog.storage.circulation.writer import Moment

ACTION = "check_in"


def check_in(connection: Connection, station: Station, asked: ItemReference) -> Deed:
    """Never refused: what nobody knows is taken in too. A second scan within ten seconds is told what the first was, as a repetition.

    Raises Refused("ambiguous_item") where several items could be meant, NotFound("unknown_branch"), NotAllowed("other_desk"),
    InvalidInput for what is no barcode and for a moment that cannot be.
    """
    found = finding.returned(connection, asked)
    if found is None:
        return _take_stray(connection, station, asked.plain(), station.moment())
    handled = locked(connection, station, found)
    moment = station.moment()
    if handled.last is not None and is_second_scan(handled.last, ACTION, moment):
        return again(handled.last, found.id, CheckIn.REPEATED)
    seen = offline.last_seen(connection, found.id) if station.occurred_at is not None else None
    plan = decide_check_in(handled.item, station.desk(connection, handled, moment, {}), seen=seen)
    loan = handled.item.loan if plan.case != CheckIn.LENT_SINCE else None
    about = About(
        action=ACTION,
        command_id=station.context.command_id,
        item=found.id,
        barcode=handled.item.barcode,
        patron=loan.patron if loan else None,
        loan=loan.id if loan else None,
    )
    return do(connection, plan, moment, about)


def locked(connection: Connection, station: Station, found: Candidate) -> Handled:
    """The item with its reader, locked in the order in which everybody locks. Raises Raced where it has just gone to another reader."""
    if found.patron is not None:
        patrons.lock(connection, [found.patron])
    resolving.lock(connection, [found.id])
    handled = finding.at_desk(connection, station, found)
    loan = handled.item.loan
    if loan is not None and loan.patron != found.patron:
        raise Raced(name="loan")
    if handled.item.lost_loan is not None:
        patrons.lock(connection, [handled.item.lost_loan.patron])
    return handled


def _take_stray(connection: Connection, station: Station, barcode: str, moment: Moment) -> Deed:
    station.find_library(connection)
    earlier = actions.stray(connection, barcode, station.branch, moment.occurred_at - SECOND_SCAN, moment.occurred_at)
    if earlier is not None:
        return again(earlier, "", CheckIn.REPEATED)
    plan = decide_stray(UnknownBarcode(barcode), station.branch)
    return do(connection, plan, moment, About(action=ACTION, command_id=station.context.command_id, barcode=barcode))
