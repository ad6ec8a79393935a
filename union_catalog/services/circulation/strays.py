"""What was handed in with a barcode that nobody knew lies at a branch until somebody finds out what it is, and that is put down here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from sqlalchemy import Connection

from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotFound, Refused
from union_catalog.services.circulation import finding
from union_catalog.services.circulation.check_in import check_in
from union_catalog.services.circulation.deeds import Deed
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.quick import QuickItem, add_quick_item
from union_catalog.services.circulation.station import Station, in_time
from union_catalog.services.patrons.office import Office
from union_catalog.storage import network
from union_catalog.storage.circulation import offline, strays
from union_catalog.storage.circulation.strays import Resolution, Stray

How = Literal["item", "catalogued", "sent_on", "removed"]
Reason = Literal["not_a_book", "readers_own", "other_network", "discarded"]
RESOLUTIONS: tuple[How, ...] = get_args(How)
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class Belongs:
    """It is this item, whose label was not read or is not known."""

    item: ItemReference


@dataclass(frozen=True, slots=True)
class Catalogued:
    """It is an item of the library at which it lies, without a record so far; its barcode is the one that was scanned."""

    quick: QuickItem
    key_limit: int


@dataclass(frozen=True, slots=True)
class SentOn:
    """To a branch that will know more of it."""

    branch: str


@dataclass(frozen=True, slots=True)
class Removed:
    """It belongs to no library of the network: the reason is a code, as anything else might tell whose it is."""

    reason: str


Found = Belongs | Catalogued | SentOn | Removed


@dataclass(frozen=True, slots=True)
class Resolved:
    """``deed``: what the desk did with an item that it turned out to be, and what it has to do now; None for anything else."""

    stray: Stray
    resolution: Resolution
    deed: Deed | None


def waiting(connection: Connection, context: Context, after: str, limit: int) -> Sequence[Stray]:
    """What lies at the branches where whoever asks may work, the oldest first, after one."""
    return strays.waiting(connection, context.library, context.branches, after, limit)


def resolve(connection: Connection, office: Office, context: Context, stray_id: str, found: Found) -> Resolved:
    """Puts down what it is, or where it went. An item is taken in as of when it was handed in, by the desk where that was.

    Raises NotFound: unknown_stray, unknown_item, unknown_branch; Refused("stray_resolved"), NotAllowed("other_desk"), InvalidInput for a
    reason that is none and a branch where it lies already, and as ``check_in`` and ``add_quick_item``.
    """
    stray = strays.find(connection, stray_id)
    if stray is None:
        raise NotFound("unknown_stray", kind="stray_item", id=stray_id)
    station = Station(office=office, context=context, branch=stray.branch)
    station.find_library(connection)
    if stray.resolution:
        raise Refused("stray_resolved", id=stray_id)
    by, now = str(context.actor), office.now()
    deed: Deed | None = None
    match found:
        case Belongs() | Catalogued():
            deed = _on_record(connection, station, stray, found)
            how: How = "item" if isinstance(found, Belongs) else "catalogued"
            resolution = Resolution(how=how, by=by, at=now, item=deed.item, action=deed.event)
        case SentOn(branch):
            resolution = Resolution(how="sent_on", by=by, at=now, to_branch=_elsewhere(connection, stray, branch))
        case Removed(reason):
            resolution = Resolution(how="removed", by=by, at=now, reason=_known(reason))
    strays.resolve(connection, stray.barcode, stray.branch, resolution)
    offline.settle_returns(connection, stray.branch, stray.barcode, by, now)
    return Resolved(stray, resolution, deed)


def _on_record(connection: Connection, station: Station, stray: Stray, found: Belongs | Catalogued) -> Deed:
    if isinstance(found, Catalogued):
        return add_quick_item(connection, station, replace(found.quick, barcode=stray.barcode), found.key_limit)
    finding.known(connection, found.item)
    then = replace(station, occurred_at=in_time(stray.taken_at, station.office.now()), happened=True)
    return check_in(connection, then, found.item)


def _elsewhere(connection: Connection, stray: Stray, branch: str) -> str:
    if network.library_of_branch(connection, branch) is None:
        raise NotFound("unknown_branch", kind="branch", id=branch)
    if branch == stray.branch:
        raise InvalidInput("stray_lies_here", name="to_branch")
    return branch


def _known(reason: str) -> str:
    if reason not in REASONS:
        raise InvalidInput("parameter.not_among", name="reason", choices=REASONS)
    return reason
