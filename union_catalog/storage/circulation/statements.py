"""The two statements that read a situation, put together once: an item with all that binds it, a reader with all that stands against them.

Each is one statement, however much it reads: a desk waits for every round trip.
"""

from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select

from union_catalog.storage.accounts import charged_of
from union_catalog.storage.credit import taken_for_loss
from union_catalog.storage.item_status import is_one_of
from union_catalog.storage.network import floats
from union_catalog.storage.policies import current_version
from union_catalog.storage.tables import (
    account_entry,
    block,
    branch,
    consent,
    desk_action,
    hold,
    item,
    item_state,
    library,
    loan,
    patron,
    person,
    source_record,
    transit,
)
from union_catalog.storage.values import among

OPEN_LOAN = is_one_of(loan.c.state, "open", "claimed_returned")
OPEN_TRANSIT = is_one_of(transit.c.state, "requested", "dispatched")
ALLOCATED = is_one_of(hold.c.state, "allocated", "in_transit", "on_shelf")

_waiting = hold.alias("waiting")
_queue = hold.alias("queue")
_lost = loan.alias("lost")
_losses = loan.alias("losses")
_desk = branch.alias("desk")
_own = library.alias("own")
_lent_at = branch.alias("lent_at_branch")
_pickup = branch.alias("pickup")
_waiting_pickup = branch.alias("waiting_pickup")
_last = desk_action.alias("last")
_done = desk_action.alias("done")

_first_waiting = (
    select(_queue.c.id)
    .where(_queue.c.union_id == source_record.c.union_id, is_one_of(_queue.c.state, "placed", "allocated", "in_transit", "on_shelf"))
    .where(_queue.c.state == "placed")
    .where(or_(_queue.c.item_id.is_(None), _queue.c.item_id == item.c.id))
    .order_by(_queue.c.sequence)
    .limit(1)
    .correlate(source_record, item)
    .scalar_subquery()
)
_latest_loss = (
    select(_losses.c.id)
    .where(_losses.c.item_id == item.c.id, _losses.c.state == "lost")
    .order_by(_losses.c.ended_at.desc())
    .limit(1)
    .correlate(item)
    .scalar_subquery()
)
_latest_action = (
    select(_done.c.id)
    .where(_done.c.item_id == item.c.id, _done.c.undone_at.is_(None))
    .order_by(_done.c.recorded_at.desc(), _done.c.id.desc())
    .limit(1)
    .correlate(item)
    .scalar_subquery()
)


def _prefixed(table: Any, prefix: str, names: tuple[str, ...]) -> list[Any]:
    return [table.c[name].label(f"{prefix}_{name}") for name in names]


LOAN_COLUMNS = (
    "id", "patron_id", "state", "item_library", "lending_branch", "lent_at", "due_date", "renewals", "policy_version", "policy_rule",
)  # fmt: skip
_HOLD_COLUMNS = ("id", "patron_id", "pickup_branch", "state")

ITEMS: Select[Any] = (
    select(item.c.id, item.c.library, item.c.barcode, item.c.item_type, item.c.lending, item.c.price, item.c.branch, item.c.withdrawn_at)
    .add_columns(source_record.c.union_id, library.c.circulation, item.c.reported_status, floats(library, _own).label("floats"))
    .add_columns(item_state.c.item_id.label("touched"), item_state.c.branch.label("seen_at"), item_state.c.condition)
    .add_columns(*_prefixed(loan, "loan", LOAN_COLUMNS), _lent_at.c.hours.label("lending_hours"))
    .add_columns(*_prefixed(transit, "transit", ("id", "from_branch", "to_branch", "purpose", "state", "hold_id")))
    .add_columns(*_prefixed(hold, "hold", _HOLD_COLUMNS), _pickup.c.library.label("hold_library"))
    .add_columns(*_prefixed(_waiting, "waiting", _HOLD_COLUMNS), _waiting_pickup.c.library.label("waiting_library"))
    .add_columns(*_prefixed(_lost, "lost", LOAN_COLUMNS))
    .add_columns(charged_of(_lost.c.patron_id, _lost.c.id).label("charged_fen"))
    .add_columns(taken_for_loss(_lost.c.patron_id, _lost.c.id).label("points_taken"))
    .add_columns(*_prefixed(_last, "last", ("id", "action", "case_number", "branch", "patron_id", "loan_id", "occurred_at", "told")))
    .add_columns(_desk.c.library.label("desk_library"), _desk.c.hours.label("desk_hours"), current_version().label("policy_version"))
    .select_from(item)
    .join(source_record, source_record.c.id == item.c.source_id)
    .join(library, library.c.code == item.c.library)
    .outerjoin(_desk, _desk.c.code == bindparam("desk"))
    .outerjoin(_own, _own.c.code == _desk.c.library)
    .outerjoin(item_state, item_state.c.item_id == item.c.id)
    .outerjoin(loan, and_(loan.c.item_id == item.c.id, OPEN_LOAN))
    .outerjoin(_lent_at, _lent_at.c.code == loan.c.lending_branch)
    .outerjoin(transit, and_(transit.c.item_id == item.c.id, OPEN_TRANSIT))
    .outerjoin(hold, and_(hold.c.item_id == item.c.id, ALLOCATED))
    .outerjoin(_pickup, _pickup.c.code == hold.c.pickup_branch)
    .outerjoin(_waiting, _waiting.c.id == _first_waiting)
    .outerjoin(_waiting_pickup, _waiting_pickup.c.code == _waiting.c.pickup_branch)
    .outerjoin(_lost, and_(item_state.c.condition == "lost", _lost.c.id == _latest_loss))
    .outerjoin(_last, _last.c.id == _latest_action)
    .where(among(item.c.id, "ids"))
)
"""One row an item: the item, what binds it, what was done with it last, and the desk (``desk`` is its branch) at which it is handled."""

_lent_item = item.alias("lent_item")
_lender = branch.alias("lender")
_GUARDED = (
    select(consent.c.id)
    .where(consent.c.patron_id == patron.c.id, consent.c.guardian_id.is_not(None), consent.c.withdrawn_at.is_(None))
    .exists()
)
_owed, _deposited = (
    select(func.coalesce(func.sum(account_entry.c[name]), 0)).where(account_entry.c.patron_id == patron.c.id).scalar_subquery()
    for name in ("owed_fen", "deposit_fen")
)
_BLOCK_COLUMNS = ("id", "library", "code", "scope", "reason", "loan_id", "since", "until")

READER: Select[Any] = (
    select(patron.c.id, patron.c.library, patron.c.category, patron.c.state, patron.c.expires_on, patron.c.credit)
    .add_columns(person.c.birth_date, _GUARDED.label("guarded"))
    .add_columns(_owed.label("owed_fen"), _deposited.label("deposit_fen"))
    .add_columns(*_prefixed(block, "block", _BLOCK_COLUMNS))
    .add_columns(*_prefixed(loan, "loan", (*LOAN_COLUMNS, "item_id")), _lent_item.c.item_type, _lender.c.hours.label("lending_hours"))
    .select_from(patron)
    .outerjoin(person, person.c.patron_id == patron.c.id)
    .outerjoin(block, and_(block.c.patron_id == patron.c.id, block.c.ended_at.is_(None)))
    .outerjoin(loan, and_(loan.c.patron_id == patron.c.id, OPEN_LOAN))
    .outerjoin(_lent_item, _lent_item.c.id == loan.c.item_id)
    .outerjoin(_lender, _lender.c.code == loan.c.lending_branch)
    .where(patron.c.id == bindparam("patron"))
    .order_by(loan.c.due_date, loan.c.id, block.c.since, block.c.id)
)
"""A row for every pair of an open loan and a block in force; few readers have both."""
