"""Taking back what a desk did last."""

from datetime import timedelta

from sqlalchemy import Connection

from union_catalog.circulation.cases import UNCHANGING, UNDOABLE, Undoing
from union_catalog.context import Context
from union_catalog.errors import NotFound, Refused
from union_catalog.ids import ItemId, PatronId
from union_catalog.services import credit
from union_catalog.services.circulation.deeds import Deed
from union_catalog.services.circulation.station import Station
from union_catalog.services.patrons.office import Office
from union_catalog.storage import patrons
from union_catalog.storage.circulation import actions, resolving
from union_catalog.storage.circulation.actions import Action

WHILE = timedelta(minutes=15)


def undo(connection: Connection, office: Office, context: Context, event: str) -> Deed:
    """Everything is as it was before the action, which stays on record as taken back.

    Only what was done last, of all that changed something: by this actor at this branch, and with this item at any.

    Raises NotFound("unknown_event"), NotAllowed("other_desk"), Refused: undone_already, not_undoable, too_late, not_the_last,
    changed_since; each names its ``case``.
    """
    seen = _action(connection, event)
    Station(office=office, context=context, branch=seen.branch).find_library(connection)
    if seen.patron is not None:
        patrons.lock(connection, [PatronId(seen.patron)])
    if seen.item is not None:
        resolving.lock(connection, [ItemId(seen.item)])
    action, now = _action(connection, event), office.now()
    _demand_undoable(action)
    if now - action.recorded_at > WHILE:
        raise Refused("too_late", case=Undoing.TOO_LATE, minutes=int(WHILE.total_seconds()) // 60)
    latest = actions.latest_of_actor(connection, action.branch, action.actor, UNCHANGING)
    if latest != action.id or (action.item and actions.latest_of_item(connection, action.item) != action.id):
        raise Refused("not_the_last", case=Undoing.NOT_THE_LAST)
    actions.take_back(connection, action, str(context.actor), now)
    for patron, points in sorted(actions.moved_points(connection, action).items()):
        credit.settle_undone(connection, office.clock, str(context.actor), patron, -points, action.id)
    told = {name: action.told["told"].get(name) for name in ("library", "barcode")} | {"case": action.case}
    return Deed(event=action.id, case=Undoing.UNDONE, told=told, item=action.item or "", patron=action.patron or "", first=action.case)


def undo_last(connection: Connection, office: Office, context: Context, branch: str) -> Deed:
    """As :func:`undo` of whatever this actor did last at a branch, passing over what changed nothing.

    Raises NotFound("unknown_event") where nothing is left, and as ``undo``: what cannot be taken back is not passed over.
    """
    event = actions.latest_of_actor(connection, branch, str(context.actor), UNCHANGING)
    if event is None:
        raise NotFound("unknown_event", kind="case_event", id="")
    return undo(connection, office, context, event)


def _action(connection: Connection, event: str) -> Action:
    found = actions.find(connection, event)
    if found is None:
        raise NotFound("unknown_event", kind="case_event", id=event)
    return found


def _demand_undoable(action: Action) -> None:
    if action.undone_at is not None:
        raise Refused("undone_already", case=Undoing.UNDONE_ALREADY)
    if action.case not in UNDOABLE:
        raise Refused("not_undoable", case=Undoing.FOR_GOOD, done=action.case)
