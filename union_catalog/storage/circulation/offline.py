"""What devices without a line handed in: batches, their lines with the verdicts, and the keys by which lines are sealed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, text, update

from union_catalog.circulation.cases import CheckIn
from union_catalog.clock import instant_text, parse_instant
from union_catalog.ids import BranchCode, ItemId, new_id
from union_catalog.storage.tables import branch, desk_action, offline_batch, offline_key, offline_line
from union_catalog.storage.tables.offline import HAS_CARD

_l = offline_line.c
_b = offline_batch.c
_CHANGED_NOTHING = (CheckIn.REPEATED, CheckIn.LENT_SINCE, CheckIn.SEEN_SINCE)
TO_LOOK_INTO = ("conflict", "unknown_item", "unknown_card", "recorded_with_blocks", "invalid")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLine:
    """A line and what became of it. ``line`` is the device's id of it; ``occurred_at`` what the device told, ``taken_at`` what was taken.

    ``card`` is "" unless somebody has to look into it; ``card_hash`` is its
    keyed hash, by which it is found where credentials have no more than that. ``notes`` are [code, data]. ``event`` is the desk's action.
    """

    id: str
    batch: str
    branch: BranchCode
    device: str
    line: str
    action: str
    library: str
    barcode: str
    card: str
    card_hash: str
    occurred_at: datetime
    taken_at: datetime
    verdict: str
    case: str
    told: Mapping[str, Any]
    notes: list[list[Any]]
    event: str | None
    loan: str | None
    settled_at: datetime | None = None
    settled_by: str = ""


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """``open`` lines wait to be looked into, of ``lines`` in all."""

    id: str
    branch: BranchCode
    device: str
    actor: str
    received_at: datetime
    lines: int
    open: int


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key pair, each half as it is sent and read again."""

    id: str
    private: bytes
    public: bytes
    made_at: datetime


def add_batch(connection: Connection, at: str, device: str, actor: str, now: datetime) -> str:
    """The id of a new batch of branch ``at``."""
    batch_id = new_id()
    values = {"id": batch_id, "branch": at, "device": device, "actor": actor, "received_at": instant_text(now)}
    connection.execute(insert(offline_batch).values(values))
    return batch_id


def _batches() -> Any:
    waits = (_l.settled_at.is_(None)) & _l.verdict.in_(TO_LOOK_INTO)
    counted = select(*_b, func.count(_l.id).label("lines"), func.count(_l.id).filter(waits).label("open"))
    return counted.select_from(offline_batch.outerjoin(offline_line, _l.batch_id == _b.id)).group_by(*_b)


def batch(connection: Connection, batch_id: str) -> StoredBatch | None:
    """None for an id that no batch has."""
    row = connection.execute(_batches().where(_b.id == batch_id)).mappings().first()
    return _batch(row) if row else None


def batches(connection: Connection, library: str, branches: Collection[str], limit: int) -> list[StoredBatch]:
    """The latest first; of a library, "" for all, and of these branches, none for all."""
    statement = _batches().order_by(_b.received_at.desc(), _b.id.desc()).limit(limit)
    if library:
        statement = statement.where(_b.branch.in_(select(branch.c.code).where(branch.c.library == library)))
    if branches:
        statement = statement.where(_b.branch.in_(branches))
    return [_batch(row) for row in connection.execute(statement).mappings()]


def _batch(row: RowMapping) -> StoredBatch:
    received = parse_instant(row["received_at"])
    return StoredBatch(row["id"], BranchCode(row["branch"]), row["device"], row["actor"], received, row["lines"], row["open"])


def find(connection: Connection, at: str, device: str, line: str) -> StoredLine | None:
    """The line that a device handed in under this id."""
    statement = select(offline_line).where(_l.branch == at, _l.device == device, _l.line == line)
    row = connection.execute(statement).mappings().first()
    return _line(row) if row else None


def by_id(connection: Connection, line_id: str) -> StoredLine | None:
    """Locked until the transaction ends."""
    row = connection.execute(select(offline_line).where(_l.id == line_id).with_for_update()).mappings().first()
    return _line(row) if row else None


def lines_of(connection: Connection, batch_id: str) -> list[StoredLine]:
    """In the order in which they happened."""
    statement = select(offline_line).where(_l.batch_id == batch_id).order_by(_l.occurred_at, _l.id)
    return [_line(row) for row in connection.execute(statement).mappings()]


def _line(row: RowMapping) -> StoredLine:
    return StoredLine(
        id=row["id"],
        batch=row["batch_id"],
        branch=BranchCode(row["branch"]),
        device=row["device"],
        line=row["line"],
        action=row["action"],
        library=row["library"],
        barcode=row["barcode"],
        card=row["card"],
        card_hash=row["card_hash"],
        occurred_at=parse_instant(row["occurred_at"]),
        taken_at=parse_instant(row["taken_at"]),
        verdict=row["verdict"],
        case=row["case_number"],
        told=row["told"],
        notes=row["notes"],
        event=row["action_id"],
        loan=row["loan_id"],
        settled_at=parse_instant(row["settled_at"]) if row["settled_at"] else None,
        settled_by=row["settled_by"],
    )


def add_line(connection: Connection, line: StoredLine) -> None:
    """Raises Raced where the same line is being handed in at the same moment."""
    connection.execute(insert(offline_line).values(_values(line)))


def change_line(connection: Connection, line: StoredLine) -> None:
    """Puts down what has become of it since."""
    connection.execute(update(offline_line).where(_l.id == line.id).values(_values(line)))


def settle_returns(connection: Connection, at: str, barcode: str, actor: str, now: datetime) -> None:
    """What was handed in at a branch with a barcode that nobody knew, and was looked into elsewhere than with its batch."""
    waits = _l.branch == at, _l.barcode == barcode, _l.case_number == CheckIn.UNKNOWN, _l.settled_at.is_(None)
    values = {"settled_at": instant_text(now), "settled_by": actor, "card": "", "card_hash": ""}
    connection.execute(update(offline_line).where(*waits).values(values))


def forget_cards(connection: Connection, before: datetime, limit: int) -> int:
    """Takes the number of the card out of up to ``limit`` lines that were handed in before then. Answers how many those were."""
    old = select(_l.id).join(offline_batch, _b.id == _l.batch_id).where(text(HAS_CARD), _b.received_at < instant_text(before)).limit(limit)
    return connection.execute(update(offline_line).where(_l.id.in_(old)).values(card="", card_hash="")).rowcount


def _values(line: StoredLine) -> dict[str, object]:
    return {
        "id": line.id,
        "batch_id": line.batch,
        "branch": line.branch,
        "device": line.device,
        "line": line.line,
        "action": line.action,
        "library": line.library,
        "barcode": line.barcode,
        "card": line.card,
        "card_hash": line.card_hash,
        "occurred_at": instant_text(line.occurred_at),
        "taken_at": instant_text(line.taken_at),
        "verdict": line.verdict,
        "case_number": line.case,
        "told": dict(line.told),
        "notes": line.notes,
        "action_id": line.event,
        "loan_id": line.loan,
        "settled_at": instant_text(line.settled_at) if line.settled_at else None,
        "settled_by": line.settled_by,
    }


def next_return(connection: Connection, item_id: ItemId, after: datetime) -> datetime | None:
    """When an item was first handed in anywhere after an instant; None if it was not."""
    a = desk_action.c
    handed_in = a.item_id == item_id, a.action == "check_in", a.undone_at.is_(None), a.case_number.not_in(_CHANGED_NOTHING)
    statement = select(func.min(a.occurred_at)).where(*handed_in, a.occurred_at > instant_text(after))
    found = connection.execute(statement).scalar()
    return parse_instant(found) if found else None


def last_seen(connection: Connection, item_id: ItemId) -> datetime | None:
    """When an item was last at a desk, whenever that was recorded; None if it never was."""
    a = desk_action.c
    at_desk = a.item_id == item_id, a.undone_at.is_(None), a.action.in_(("check_in", "check_out")), a.case_number.not_in(_CHANGED_NOTHING)
    found = connection.execute(select(func.max(a.occurred_at)).where(*at_desk)).scalar()
    return parse_instant(found) if found else None


def newest_key(connection: Connection) -> StoredKey | None:
    """None before the first was made."""
    statement = select(offline_key).order_by(offline_key.c.made_at.desc(), offline_key.c.id.desc()).limit(1)
    row = connection.execute(statement).mappings().first()
    return _key(row) if row else None


def key(connection: Connection, key_id: str) -> StoredKey | None:
    """None for an id that none of ours has."""
    row = connection.execute(select(offline_key).where(offline_key.c.id == key_id)).mappings().first()
    return _key(row) if row else None


def add_key(connection: Connection, private: bytes, public: bytes, now: datetime) -> StoredKey:
    """A new pair, the newest from now on."""
    made = StoredKey(new_id(), private, public, now)
    values = {"id": made.id, "private_key": private, "public_key": public, "made_at": instant_text(now)}
    connection.execute(insert(offline_key).values(values))
    return made


def _key(row: RowMapping) -> StoredKey:
    return StoredKey(row["id"], row["private_key"], row["public_key"], parse_instant(row["made_at"]))
