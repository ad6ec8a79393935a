"""What desks did: written down with the message that tells the index, read again for a second scan, and taken back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from union_catalog.circulation.cases import CheckIn, Undoing
from union_catalog.clock import instant_text, parse_instant
from union_catalog.errors import Refused
from union_catalog.ids import BranchCode, PatronId, new_id
from union_catalog.patrons.accounts import Entry
from union_catalog.storage import accounts, blocks, credit, forgetting, outbox
from union_catalog.storage.circulation import strays
from union_catalog.storage.circulation.snapshot import LastAction
from union_catalog.storage.credit import CreditEntry
from union_catalog.storage.tables import account_entry, block, credit_entry, desk_action, hold, item_state, loan, transit

_a = desk_action.c
_STEPPED = {"loan": loan, "transit": transit, "hold": hold}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing done at a desk. ``told`` holds codes, ids and the reason of an override; ``before`` is storage.circulation.writer's."""

    id: str
    action: str
    case: str
    branch: BranchCode
    actor: str
    command_id: str
    occurred_at: datetime
    recorded_at: datetime
    item: str | None = None
    barcode: str = ""
    patron: str | None = None
    loan: str | None = None
    told: Mapping[str, Any]
    before: list[list[object]]
    undone_at: datetime | None = None


def add(connection: Connection, action: Action) -> None:
    """Writes it down, and tells whoever shows what can be had."""
    values = {
        "id": action.id,
        "action": action.action,
        "case_number": action.case,
        "branch": action.branch,
        "item_id": action.item,
        "barcode": action.barcode,
        "patron_id": action.patron,
        "loan_id": action.loan,
        "actor": action.actor,
        "command_id": action.command_id,
        "occurred_at": instant_text(action.occurred_at),
        "recorded_at": instant_text(action.recorded_at),
        "told": action.told,
        "before": action.before,
    }
    statement = insert(desk_action).values(values)
    if action.item is None or not action.before:
        connection.execute(statement)
        return
    outbox.put_with(connection, statement, outbox.TOPIC_ITEM, action.item, instant_text(action.recorded_at), action.command_id)


def find(connection: Connection, action_id: str) -> Action | None:
    """None for an id that no action has; locked until the transaction ends."""
    row = connection.execute(select(desk_action).where(_a.id == action_id).with_for_update()).mappings().first()
    return _action(row) if row else None


def of_item(connection: Connection, item_id: str, limit: int) -> list[Action]:
    """What desks did with an item, what was taken back too, the latest first."""
    statement = select(desk_action).where(_a.item_id == item_id).order_by(_a.recorded_at.desc(), _a.id.desc()).limit(limit)
    return [_action(row) for row in connection.execute(statement).mappings()]


def latest_of_actor(connection: Connection, branch: str, actor: str, but: Collection[str]) -> str | None:
    """The id of what somebody did last at a branch and has not taken back, but for these cases."""
    statement = select(_a.id).where(_a.branch == branch, _a.actor == actor, _a.case_number.not_in(sorted(but)), _a.undone_at.is_(None))
    return connection.execute(statement.order_by(_a.recorded_at.desc(), _a.id.desc()).limit(1)).scalar()


def latest_of_item(connection: Connection, item_id: str) -> str | None:
    """The id of what was done last with an item, at any desk, and was not taken back."""
    statement = select(_a.id).where(_a.item_id == item_id, _a.undone_at.is_(None))
    return connection.execute(statement.order_by(_a.recorded_at.desc(), _a.id.desc()).limit(1)).scalar()


def latest(connection: Connection, branch: str, actor: str, limit: int) -> tuple[Action, ...]:
    """What somebody did at a branch and has not taken back, the latest first."""
    statement = select(desk_action).where(_a.branch == branch, _a.actor == actor, _a.undone_at.is_(None))
    rows = connection.execute(statement.order_by(_a.recorded_at.desc(), _a.id.desc()).limit(limit)).mappings()
    return tuple(_action(row) for row in rows)


def with_reader(connection: Connection, branch: str, patron: PatronId, since: datetime) -> tuple[Action, ...]:
    """What was done at a branch with a reader since then and not taken back, the first first."""
    asked = _a.patron_id == patron, _a.branch == branch, _a.recorded_at >= instant_text(since), _a.undone_at.is_(None)
    rows = connection.execute(select(desk_action).where(*asked).order_by(_a.recorded_at, _a.id)).mappings()
    return tuple(_action(row) for row in rows)


def stray(connection: Connection, barcode: str, branch: BranchCode, since: datetime, until: datetime) -> LastAction | None:
    """The latest check-in at a branch of a barcode that nobody knows, in a span of time, that stands. What happened was recorded then, or
    later."""
    when = _a.recorded_at >= instant_text(since), _a.occurred_at.between(instant_text(since), instant_text(until))
    at_branch = _a.branch == branch, _a.action == "check_in", _a.barcode == barcode, _a.item_id.is_(None), _a.undone_at.is_(None)
    statement = select(desk_action).where(*at_branch, *when).order_by(_a.occurred_at.desc()).limit(1)
    row = connection.execute(statement).mappings().first()
    if row is None:
        return None
    return LastAction(
        id=row["id"],
        action=row["action"],
        case=row["case_number"],
        branch=branch,
        patron=None,
        loan=None,
        occurred_at=parse_instant(row["occurred_at"]),
        told=row["told"],
    )


def _action(row: RowMapping) -> Action:
    return Action(
        id=row["id"],
        action=row["action"],
        case=row["case_number"],
        branch=BranchCode(row["branch"]),
        actor=row["actor"],
        command_id=row["command_id"],
        occurred_at=parse_instant(row["occurred_at"]),
        recorded_at=parse_instant(row["recorded_at"]),
        item=row["item_id"],
        barcode=row["barcode"],
        patron=row["patron_id"],
        loan=row["loan_id"],
        told=row["told"],
        before=row["before"],
        undone_at=parse_instant(row["undone_at"]) if row["undone_at"] else None,
    )


def moved_points(connection: Connection, action: Action) -> dict[PatronId, int]:
    """By how much an action has moved the scores of readers, all together."""
    c, entries = credit_entry.c, [str(key) for table, key, *_ in action.before if table == "credit_entry"]
    sums = select(c.patron_id, func.sum(c.points)).where(c.id.in_(entries)).group_by(c.patron_id)
    return {PatronId(patron): int(points) for patron, points in connection.execute(sums)} if entries else {}


def take_back(connection: Connection, action: Action, actor: str, now: datetime) -> None:
    """The rows are as they were before; what went into a log gets an entry that takes it back. The action stays on record.

    Raises Refused("changed_since") where somebody changed one of them meanwhile.
    """
    for table, key, before, after in reversed(action.before):
        _restore(connection, str(table), str(key), before, str(after), actor, now)
    connection.execute(update(desk_action).where(_a.id == action.id).values(undone_at=instant_text(now)))
    strays.reopen(connection, action.id)
    if action.case == CheckIn.UNKNOWN:
        strays.give_back(connection, action.barcode, action.branch)
    if action.item is not None:
        outbox.put(connection, outbox.TOPIC_ITEM, [(action.item, 0)], instant_text(now), action.command_id)


def _restore(connection: Connection, table: str, key: str, before: Any, after: str, actor: str, now: datetime) -> None:
    if table in _STEPPED:
        stepped = _STEPPED[table]
        as_left = stepped.c.id == key, stepped.c.state == after
        statement = delete(stepped).where(*as_left) if before is None else update(stepped).where(*as_left).values(before)
        if connection.execute(statement).rowcount != 1:
            raise Refused("changed_since", case=Undoing.NOT_THE_LAST, kind=table)
        return
    match table:
        case "item_state":
            _restore_place(connection, key, before)
        case "block":
            blocks.end(connection, key, actor, now, "undone")
        case "lifted":
            brought = block.c.loan_id == key, block.c.code == before["code"], block.c.ended_at == before["ended_at"]
            connection.execute(update(block).where(*brought).values(ended_at=None, ended_by=None, ended_reason=""))
        case "credit_entry":
            _reverse_points(connection, key, actor, now)
        case "account_entry":
            _reverse_charge(connection, key, actor, now)
        case forgetting.FORGOTTEN:
            raise Refused("changed_since", case=Undoing.NOT_THE_LAST, kind="loan")


def _restore_place(connection: Connection, item_id: str, before: Any) -> None:
    """A row that is there stays: circulation has touched the item."""
    values = before or {"branch": None, "condition": "good"}
    connection.execute(update(item_state).where(item_state.c.item_id == item_id).values(values))


def _reverse_points(connection: Connection, entry_id: str, actor: str, now: datetime) -> None:
    row = connection.execute(select(credit_entry).where(credit_entry.c.id == entry_id)).one()
    entry = CreditEntry(
        id=new_id(),
        patron=PatronId(row.patron_id),
        points=-row.points,
        cause="reversed",
        loan=row.loan_id,
        reverses=entry_id,
        actor=actor,
        entered_at=now,
    )
    credit.add(connection, [entry])


def _reverse_charge(connection: Connection, entry_id: str, actor: str, now: datetime) -> None:
    row = connection.execute(select(account_entry).where(account_entry.c.id == entry_id)).one()
    entry = Entry(
        id=new_id(),
        patron=PatronId(row.patron_id),
        library=row.library,
        kind="reversal",
        cause=row.cause,
        owed_fen=-row.owed_fen,
        loan=row.loan_id,
        reverses=entry_id,
        actor=actor,
        entered_at=now,
    )
    accounts.add(connection, [entry])
