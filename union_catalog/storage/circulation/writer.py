"""Plans to rows. What is stepped must still be in the state in which it was found, else the whole command is tried again.

Beside each change it is kept how the row was before, so that the action can be taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from union_catalog.circulation.machines import HOLD, LOAN, TRANSIT
from union_catalog.circulation.plan import (
    ChangeCredit,
    Charge,
    Effect,
    EnterBlock,
    ExtendLoan,
    LiftBlocks,
    OpenLoanEffect,
    OpenTransitEffect,
    PlaceItem,
    Plan,
    StepHold,
    StepLoan,
    StepTransit,
    TakeStray,
)
from union_catalog.clock import instant_text
from union_catalog.errors import Raced
from union_catalog.ids import BranchCode, new_id
from union_catalog.patrons.accounts import Entry
from union_catalog.storage import accounts, blocks, credit
from union_catalog.storage.circulation import strays
from union_catalog.storage.credit import CreditEntry
from union_catalog.storage.tables import hold, item_state, loan, transit


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Where and by whom something is done; ``occurred_at`` is when it happened, ``now`` when it is written down."""

    branch: BranchCode
    actor: str
    occurred_at: datetime
    now: datetime


@dataclass(slots=True)
class Written:
    """What a plan became: the id of the loan and of the transit that it opened, and how the rows it changed were before.

    ``before`` holds [table, key, columns as they were, state that it left]; None for columns where the row is new.
    """

    loan: str = ""
    transit: str = ""
    before: list[list[object]] = field(default_factory=list)


def carry_out(connection: Connection, plan: Plan, moment: Moment) -> Written:
    """All effects in their order. Raises Raced where a row is no longer as the plan found it."""
    written = Written()
    for effect in plan.effects:
        _write(connection, effect, moment, written)
    return written


def _write(connection: Connection, effect: Effect, moment: Moment, written: Written) -> None:
    match effect:
        case OpenLoanEffect():
            _open_loan(connection, effect, moment, written)
        case StepLoan():
            _step_loan(connection, effect, moment, written)
        case ExtendLoan():
            _extend(connection, effect, written)
        case OpenTransitEffect():
            _open_transit(connection, effect, moment, written)
        case StepTransit():
            _step_transit(connection, effect, moment, written)
        case StepHold():
            _step_hold(connection, effect, moment, written)
        case PlaceItem():
            _place(connection, effect, moment, written)
        case TakeStray():
            strays.take(connection, effect.barcode, moment.branch, moment.actor, moment.occurred_at)
        case _:
            _consequence(connection, effect, moment, written)


def _consequence(connection: Connection, effect: EnterBlock | LiftBlocks | ChangeCredit | Charge, moment: Moment, written: Written) -> None:
    match effect:
        case EnterBlock():
            block_id = blocks.enter(connection, effect.patron, effect.block, moment.actor, moment.now)
            written.before.append(["block", block_id, None, ""])
        case LiftBlocks():
            blocks.lift(connection, effect.patron, effect.code, effect.loan, moment.actor, moment.now)
            written.before.append(["lifted", effect.loan, {"code": effect.code, "ended_at": instant_text(moment.now)}, ""])
        case ChangeCredit():
            entry = CreditEntry(
                id=new_id(),
                patron=effect.patron,
                points=effect.points,
                cause=effect.cause,
                loan=effect.loan,
                actor=moment.actor,
                entered_at=moment.now,
            )
            credit.add(connection, [entry])
            written.before.append(["credit_entry", entry.id, None, ""])
        case Charge():
            charged = _charged(effect, moment)
            accounts.add(connection, [charged])
            written.before.append(["account_entry", charged.id, None, ""])


def _charged(effect: Charge, moment: Moment) -> Entry:
    return Entry(
        id=new_id(),
        patron=effect.patron,
        library=effect.library,
        kind="charge",
        cause=effect.kind,
        owed_fen=effect.amount_fen,
        loan=effect.loan,
        actor=moment.actor,
        entered_at=moment.now,
    )


def _open_loan(connection: Connection, effect: OpenLoanEffect, moment: Moment, written: Written) -> None:
    written.loan = new_id()
    values = {
        "id": written.loan,
        "item_id": effect.item,
        "patron_id": effect.patron,
        "state": "open" if effect.ended is None else "returned",
        "item_library": effect.item_library,
        "lending_branch": moment.branch,
        "lent_at": instant_text(moment.occurred_at),
        "due_date": effect.due_date.isoformat(),
        "renewals": 0,
        "policy_version": effect.policy_version,
        "policy_rule": effect.policy_rule,
        "patron_library": effect.patron_library,
        "patron_category": effect.patron_category,
        "age_band": effect.age_band,
        "ended_at": instant_text(effect.ended) if effect.ended else None,
    }
    connection.execute(insert(loan).values(values))
    written.before.append(["loan", written.loan, None, values["state"]])


def _step_loan(connection: Connection, effect: StepLoan, moment: Moment, written: Written) -> None:
    after = LOAN.after(effect.state, effect.event)
    ended = None if after in LOAN.open_states else instant_text(moment.occurred_at)
    earlier = {"state": effect.state, "ended_at": None, "returned_branch": None}
    if effect.state not in LOAN.open_states:
        earlier = _as_it_is(connection, loan, effect.loan, tuple(earlier))
    values = {"state": after, "ended_at": ended, "returned_branch": effect.branch}
    _step(connection, loan, effect.loan, effect.state, values)
    written.before.append(["loan", effect.loan, earlier, after])


def _extend(connection: Connection, effect: ExtendLoan, written: Written) -> None:
    earlier = _as_it_is(connection, loan, effect.loan, ("due_date", "renewals", "state"))
    changed = update(loan).where(loan.c.id == effect.loan, loan.c.renewals == effect.renewals, loan.c.state.in_(LOAN.open_states))
    values = {"due_date": effect.due_date.isoformat(), "renewals": effect.renewals + 1}
    if connection.execute(changed.values(values)).rowcount != 1:
        raise Raced(name="loan")
    written.before.append(["loan", effect.loan, earlier, str(earlier["state"])])


def _open_transit(connection: Connection, effect: OpenTransitEffect, moment: Moment, written: Written) -> None:
    written.transit, at = new_id(), instant_text(moment.occurred_at)
    values = {
        "id": written.transit,
        "item_id": effect.item,
        "from_branch": moment.branch,
        "to_branch": effect.to_branch,
        "purpose": effect.purpose,
        "hold_id": effect.hold,
        "state": "dispatched" if effect.dispatched else "requested",
        "requested_at": at,
        "dispatched_at": at if effect.dispatched else None,
    }
    connection.execute(insert(transit).values(values))
    written.before.append(["transit", written.transit, None, values["state"]])


def _step_transit(connection: Connection, effect: StepTransit, moment: Moment, written: Written) -> None:
    after, at = TRANSIT.after(effect.state, effect.event), instant_text(moment.occurred_at)
    earlier = _as_it_is(connection, transit, effect.transit, ("state", "dispatched_at", "ended_at"))
    values = {"state": after} | ({"dispatched_at": at} if after in TRANSIT.open_states else {"ended_at": at})
    _step(connection, transit, effect.transit, effect.state, values)
    written.before.append(["transit", effect.transit, earlier, after])


def _step_hold(connection: Connection, effect: StepHold, moment: Moment, written: Written) -> None:
    after = effect.state
    for event in effect.events:
        after = HOLD.after(after, event)
    earlier = _as_it_is(connection, hold, effect.hold, ("state", "item_id", "shelf_until", "ended_at"))
    values: dict[str, object] = {"state": after}
    if after == "placed":
        values |= {"item_id": None, "shelf_until": None}
    elif effect.item is not None:
        values["item_id"] = effect.item
    if effect.shelf_until is not None:
        values["shelf_until"] = effect.shelf_until.isoformat()
    if after not in HOLD.open_states:
        values["ended_at"] = instant_text(moment.occurred_at)
    _step(connection, hold, effect.hold, effect.state, values)
    written.before.append(["hold", effect.hold, earlier, after])


def _step(connection: Connection, table: Table, key: str, state: str, values: Mapping[str, object]) -> None:
    changed = update(table).where(table.c.id == key, table.c.state == state)
    if connection.execute(changed.values(values)).rowcount != 1:
        raise Raced(name=table.name)


def _as_it_is(connection: Connection, table: Table, key: str, names: tuple[str, ...]) -> dict[str, Any]:
    row = connection.execute(select(*(table.c[name] for name in names)).where(table.c.id == key)).mappings().first()
    if row is None:
        raise Raced(name=table.name)
    return dict(row)


def _place(connection: Connection, effect: PlaceItem, moment: Moment, written: Written) -> None:
    """A row of its own is made with the first change: until then it is where its library says, and in good condition."""
    s = item_state.c
    row = connection.execute(select(s.branch, s.condition).where(s.item_id == effect.item)).mappings().first()
    new = {"branch": effect.branch, "condition": effect.condition}
    values = {name: value for name, value in new.items() if value is not None} | {"changed_at": instant_text(moment.now)}
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(item_state).values(item_id=effect.item, **values).on_conflict_do_update(index_elements=["item_id"], set_=values)
    connection.execute(statement)
    written.before.append(["item_state", effect.item, dict(row) if row else None, ""])
