"""What was handed in with a barcode that nobody knew: what lies unresolved where, and what it turned out to be."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from union_catalog.circulation.cases import CheckIn, Undoing
from union_catalog.clock import instant_text, parse_instant
from union_catalog.errors import Refused
from union_catalog.ids import BranchCode, new_id
from union_catalog.storage.tables import branch, desk_action, stray_item

_s = stray_item.c


@dataclass(frozen=True, slots=True)
class Stray:
    """``taken_at`` is when it was handed in first; ``resolution`` is "" while nobody knows what it is."""

    id: str
    barcode: str
    branch: BranchCode
    actor: str
    taken_at: datetime
    resolution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What became of it, how and by whom: ``item`` and the desk's ``action`` where it is one, else a branch or a reason."""

    how: str
    by: str
    at: datetime
    item: str | None = None
    action: str | None = None
    to_branch: str | None = None
    reason: str = ""


def take(connection: Connection, barcode: str, at: str, actor: str, taken_at: datetime) -> None:
    """Puts it down, once as long as it lies there. What lies there is locked, as another desk may just be giving it back."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"id": new_id(), "barcode": barcode, "branch": at, "actor": actor, "taken_at": instant_text(taken_at)}
    put, lying, same = make(stray_item).values(row), _s.resolved_at.is_(None), {"barcode": barcode}
    connection.execute(put.on_conflict_do_update(index_elements=["branch", "barcode"], index_where=lying, set_=same))


def waiting(connection: Connection, library: str, branches: Collection[str], after: str, limit: int) -> list[Stray]:
    """Up to ``limit`` that nobody has resolved, after one, the oldest first; of a library, "" for all, and of these branches, none for
    all."""
    statement = select(stray_item).where(_s.resolved_at.is_(None), _s.id > after).order_by(_s.id).limit(limit)
    if library:
        statement = statement.where(_s.branch.in_(select(branch.c.code).where(branch.c.library == library)))
    if branches:
        statement = statement.where(_s.branch.in_(branches))
    return [_stray(row) for row in connection.execute(statement)]


def find(connection: Connection, stray_id: str) -> Stray | None:
    """None for an id that none has; locked until the transaction ends."""
    row = connection.execute(select(stray_item).where(_s.id == stray_id).with_for_update()).first()
    return _stray(row) if row else None


def _stray(row: Row[Any]) -> Stray:
    taken_at = parse_instant(row.taken_at)
    return Stray(row.id, row.barcode, BranchCode(row.branch), row.actor, taken_at, row.resolution)


def resolve(connection: Connection, barcode: str, at: str, found: Resolution) -> None:
    """Nobody has to look into what lies at a branch under this barcode any more."""
    lying = _s.branch == at, _s.barcode == barcode, _s.resolved_at.is_(None)
    values = {
        "resolution": found.how,
        "reason": found.reason,
        "item_id": found.item,
        "action_id": found.action,
        "to_branch": found.to_branch,
        "resolved_by": found.by,
        "resolved_at": instant_text(found.at),
    }
    connection.execute(update(stray_item).where(*lying).values(values))


def reopen(connection: Connection, action_id: str) -> None:
    """The desk's action by which it was resolved is taken back: it lies there again, unless it was handed in anew meanwhile."""
    other = stray_item.alias("other").c
    anew = select(other.id).where(other.branch == _s.branch, other.barcode == _s.barcode, other.resolved_at.is_(None)).exists()
    values = {"resolution": "", "item_id": None, "action_id": None, "resolved_by": "", "resolved_at": None}
    connection.execute(update(stray_item).where(_s.action_id == action_id, ~anew).values(values))


def give_back(connection: Connection, barcode: str, at: str) -> None:
    """The scan by which it was taken in is taken back: it lies there no more, unless another scan has it lie there.

    Raises Refused("changed_since") where somebody has found out meanwhile what it is.
    """
    here = _s.branch == at, _s.barcode == barcode, _s.resolved_at.is_(None)
    lying = connection.execute(select(_s.id, _s.taken_at).where(*here).with_for_update()).first()
    if lying is None:
        raise Refused("changed_since", case=Undoing.NOT_THE_LAST, kind="stray_item")
    a = desk_action.c
    standing = a.branch == at, a.barcode == barcode, a.case_number == CheckIn.UNKNOWN, a.undone_at.is_(None)
    if connection.execute(select(a.id).where(*standing, a.recorded_at >= lying.taken_at).limit(1)).first() is None:
        connection.execute(delete(stray_item).where(_s.id == lying.id))
