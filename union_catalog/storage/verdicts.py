"""What staff said of pairs of source records: in force, asleep while one of the two is gone, and undone."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Select, insert, literal, or_, select, update

from union_catalog.storage.tables import match_verdict, source_record
from union_catalog.storage.values import one_of

Said = Literal["same", "different"]


class StoredVerdict(NamedTuple):
    """One in force; ``a`` < ``b`` are source ids, ``gone`` are those of the two that are tombstones."""

    a: int
    b: int
    kind: Said
    gone: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One with its history. ``asleep``: one of the records is gone, and the verdict waits for its return."""

    id: str
    first: str
    second: str
    verdict: Said
    reason: str
    actor: str
    decided_at: str
    undone_by: str | None
    undone_at: str | None
    asleep: bool


_first, _second = source_record.alias("first"), source_record.alias("second")
_v = match_verdict.c
_IN_FORCE = _v.undone_at.is_(None)
_PAIRED = match_verdict.join(_first, _first.c.id == _v.a).join(_second, _second.c.id == _v.b)
_ROWS: Select[Any] = select(
    _v.id,
    _first.c.library + literal(":") + _first.c.record_id,
    _second.c.library + literal(":") + _second.c.record_id,
    *(_v[name] for name in ("verdict", "reason", "actor", "decided_at", "undone_by", "undone_at")),
    or_(_first.c.deleted_at.is_not(None), _second.c.deleted_at.is_not(None)),
).select_from(_PAIRED)
_HELD = select(_v.a, _v.b, _v.verdict, _first.c.deleted_at, _second.c.deleted_at).select_from(_PAIRED).where(_IN_FORCE)


def are_there(connection: Connection) -> bool:
    """Whether any verdict is in force; asked once a batch, so that a catalogue without verdicts asks nothing more."""
    return connection.execute(select(_v.a).where(_IN_FORCE).limit(1)).first() is not None


def touching(connection: Connection, ids: Collection[int]) -> set[StoredVerdict]:
    """Those in force that name one of these source records, sleeping ones included."""
    if not ids:
        return set()
    statements = [_HELD.where(one_of(end, ids)) for end in (_v.a, _v.b)]
    return {_stored(*row) for statement in statements for row in connection.execute(statement).all()}


def _stored(a: int, b: int, kind: Said, a_gone: str | None, b_gone: str | None) -> StoredVerdict:
    return StoredVerdict(a, b, kind, frozenset(key for key, deleted in ((a, a_gone), (b, b_gone)) if deleted is not None))


def in_force(connection: Connection, a: int, b: int) -> VerdictRow | None:
    """What holds of this pair, whichever of the two is named first."""
    low, high = sorted((a, b))
    row = connection.execute(_ROWS.where(_IN_FORCE, _v.a == low, _v.b == high)).first()
    return VerdictRow(*row) if row else None


def by_id(connection: Connection, verdict_id: str) -> VerdictRow | None:
    """Also one that has been undone."""
    row = connection.execute(_ROWS.where(_v.id == verdict_id)).first()
    return VerdictRow(*row) if row else None


def listed(connection: Connection, after: str, limit: int, *, history: bool) -> list[VerdictRow]:
    """By id after ``after``; with ``history`` also those that have been undone."""
    statement = _ROWS.where(_v.id > after).order_by(_v.id).limit(limit)
    return [VerdictRow(*row) for row in connection.execute(statement if history else statement.where(_IN_FORCE)).all()]


def add(connection: Connection, verdict_id: str, pair: tuple[int, int], kind: Said, reason: str, actor: str, now: str) -> None:
    """A new verdict in force. The pair must not have one."""
    low, high = sorted(pair)
    values = {"a": low, "b": high, "verdict": kind, "reason": reason, "actor": actor, "decided_at": now}
    connection.execute(insert(match_verdict).values(id=verdict_id, **values))


def undo(connection: Connection, verdict_id: str, actor: str, now: str) -> None:
    """It holds no more, and stays as history."""
    connection.execute(update(match_verdict).where(_v.id == verdict_id, _IN_FORCE).values(undone_by=actor, undone_at=now))


def all_in_force(connection: Connection) -> list[StoredVerdict]:
    """Every one that is not undone, sleeping ones included."""
    return [_stored(*row) for row in connection.execute(_HELD).all()]
