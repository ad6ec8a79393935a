"""Lending an item to the reader of a card or of a desk session."""

from dataclasses import dataclass

from sqlalchemy import Connection

from union_catalog.circulation.check_out import decide_check_out
from union_catalog.circulation.overriding import NO_OVERRIDE, Override
from union_catalog.circulation.situation import PatronSituation
from union_catalog.clock import business_date
from union_catalog.errors import InvalidInput, NotFound
from union_catalog.patrons.blocks import KINDS
from union_catalog.services.circulation import finding
from union_catalog.services.circulation.deeds import About, Deed, again, do, is_second_scan
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.station import Station
from union_catalog.services.patrons import lookup, office
from union_catalog.services.patrons.lookup import Shown
from union_catalog.storage.circulation import offline, snapshot
from union_catalog.storage.circulation.snapshot import Hours
from union_catalog.storage.circulation.writer import Moment

ACTION = "check_out"
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutAsked:
    """Either ``card`` or ``session`` says who; ``issuer``: whose number the card has, None where it need not be said."""

    item: ItemReference
    card: str = ""
    issuer: str | None = None
    session: str = ""
    override: Override = NO_OVERRIDE


def check_out(connection: Connection, station: Station, asked: CheckOutAsked) -> Deed:
    """Lends it, or raises Blocked with everything that stands in the way. A second scan within ten seconds is told what the first was.

    Raises also what ``lookup.by_card`` and ``by_session`` do, NotFound("unknown_item", "unknown_branch"), Refused("ambiguous_item"),
    NotAllowed("other_desk"), InvalidInput for an override without a reason and for a moment that cannot be.
    """
    demand_reason(asked.override)
    shown = _shown(connection, station, asked)
    patron = office.lock(connection, shown.patron)
    found = finding.wanted(connection, asked.item, locked=True)
    moment = station.moment()  # under the locks, so that what is done later is also written down as later
    handled = finding.at_desk(connection, station, found)
    last = handled.last
    if last is not None and is_second_scan(last, ACTION, moment) and last.patron == patron.id:
        return again(last, found.id)
    reader, hours = _reader(connection, station, shown, moment)
    desk = station.desk(connection, handled, moment, hours)
    returned = offline.next_return(connection, found.id, moment.occurred_at) if station.happened else None
    plan = decide_check_out(handled.item, reader, desk, asked.override, happened=station.happened, returned=returned)
    about = About(
        action=ACTION,
        command_id=station.context.command_id,
        item=found.id,
        barcode=handled.item.barcode,
        patron=patron.id,
        reason=asked.override.reason,
    )
    return do(connection, plan, moment, about)


def demand_reason(override: Override) -> None:
    """Raises InvalidInput: unknown_block_code, override_reason."""
    if override.codes - KINDS.keys():
        raise InvalidInput("unknown_block_code", name="override.codes", value=", ".join(sorted(override.codes - KINDS.keys())))
    if override.codes and not 0 < len(override.reason.strip()) <= LONGEST_REASON:
        raise InvalidInput("override_reason", name="override.reason", most=LONGEST_REASON)


def _shown(connection: Connection, station: Station, asked: CheckOutAsked) -> Shown:
    if bool(asked.card) == bool(asked.session):
        raise InvalidInput("card_or_session", name="card")
    if asked.card:
        return lookup.by_card(connection, station.office, asked.card, asked.issuer)
    session = lookup.by_session(connection, station.office, asked.session, station.branch)
    return Shown(session.patron, "session", "valid")


def _reader(connection: Connection, station: Station, shown: Shown, moment: Moment) -> tuple[PatronSituation, Hours]:
    found = snapshot.reader(connection, shown.patron, shown.state, business_date(moment.occurred_at, station.office.timezone))
    if found is None:
        raise NotFound("unknown_patron", kind="patron", id=shown.patron)
    return found
