"""The queue of doubtful pairs: kept with the match graph, read by what a decision is worth."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Select, and_, delete, func, literal, or_, select, tuple_, update
from sqlalchemy import bindparam as bind

from union_catalog.storage.bulk import insert_rows
from union_catalog.storage.tables import item, match_doubt, match_verdict, source_content, source_record
from union_catalog.storage.values import one_of

DoubtKind = Literal["unsure", "parted"]
_d = match_doubt.c


class StoredDoubt(NamedTuple):
    """``a`` < ``b`` are source ids; ``doubt`` in thousandths, ``worth`` is doubt × copies."""

    a: int
    b: int
    kind: DoubtKind
    doubt: int
    worth: int = 0


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """One of the queue, with what its two records say of themselves, and the union records they stand in."""

    doubt: StoredDoubt
    first: str
    second: str
    first_union: str
    second_union: str
    first_z: bytes
    second_z: bytes


def add(connection: Connection, doubts: Collection[StoredDoubt]) -> None:
    """Pairs that are not there yet."""
    insert_rows(connection, match_doubt, [doubt._asdict() for doubt in doubts])


def of(connection: Connection, ids: Collection[int]) -> set[StoredDoubt]:
    """All with an end among ``ids``."""
    if not ids:
        return set()
    found: set[StoredDoubt] = set()
    for end in (_d.a, _d.b):
        found.update(StoredDoubt(*row) for row in connection.execute(select(match_doubt).where(one_of(end, ids))).all())
    return found


def remove_of(connection: Connection, ids: Collection[int]) -> None:
    """Forgets every one with an end among ``ids``."""
    if ids:
        connection.execute(delete(match_doubt).where(or_(one_of(_d.a, ids), one_of(_d.b, ids))))


def remove(connection: Connection, doubts: Iterable[StoredDoubt]) -> None:
    """Forgets these."""
    rows = [{"first": doubt.a, "second": doubt.b} for doubt in doubts]
    if rows:
        connection.execute(delete(match_doubt).where(and_(_d.a == bind("first"), _d.b == bind("second"))), rows)


def weigh(connection: Connection, doubts: Iterable[StoredDoubt]) -> None:
    """Writes their worth down anew."""
    rows = [{"first": doubt.a, "second": doubt.b, "now": doubt.worth} for doubt in doubts]
    if rows:
        statement = update(match_doubt).where(and_(_d.a == bind("first"), _d.b == bind("second"))).values(worth=bind("now"))
        connection.execute(statement, rows)


def copies(connection: Connection, ids: Collection[int]) -> dict[int, tuple[str, int]]:
    """Of each live source record the union record it stands in, and how many items of that are not withdrawn."""
    end, member = source_record.alias("end"), source_record.alias("member")
    held = (
        select(func.count(item.c.id))
        .join_from(member, item, item.c.source_id == member.c.id)
        .where(member.c.union_id == end.c.union_id, item.c.withdrawn_at.is_(None))
        .scalar_subquery()
    )
    statement = select(end.c.id, end.c.union_id, held).where(one_of(end.c.id, ids), end.c.deleted_at.is_(None))
    return {row[0]: (row[1], row[2]) for row in connection.execute(statement).all()}


def union_mates(connection: Connection, ids: Collection[int]) -> set[int]:
    """The live source records that stand in one union record with any of these."""
    mine, mate = source_record.alias("mine"), source_record.alias("mate")
    statement = select(mate.c.id).join_from(mine, mate, mate.c.union_id == mine.c.union_id).where(mate.c.deleted_at.is_(None))
    return set(connection.execute(statement.where(one_of(mine.c.id, ids))).scalars())


def page(connection: Connection, after: tuple[int, int, int] | None, limit: int, library: str) -> list[DoubtRow]:
    """The queue from the most worth, after ``(worth, a, b)``; with ``library`` only what concerns a record of it.

    Pairs that have come together in one union record are left out, and those of which staff has spoken.
    """
    statement = _QUEUE.order_by(_d.worth.desc(), _d.a.desc(), _d.b.desc()).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(_d.worth, _d.a, _d.b) < tuple_(*map(literal, after)))
    if library:
        statement = statement.where(or_(_first.c.library == library, _second.c.library == library))
    rows = connection.execute(statement).all()
    return [DoubtRow(StoredDoubt(*row[:5]), *row[5:]) for row in rows]


def _queue() -> Select[Any]:
    spoken = select(match_verdict.c.id).where(match_verdict.c.a == _d.a, match_verdict.c.b == _d.b, match_verdict.c.undone_at.is_(None))
    first_content, second_content = source_content.alias("first_content"), source_content.alias("second_content")
    columns = (
        *(_d[name] for name in StoredDoubt._fields),
        _first.c.library + literal(":") + _first.c.record_id,
        _second.c.library + literal(":") + _second.c.record_id,
        _first.c.union_id,
        _second.c.union_id,
        first_content.c.record_z,
        second_content.c.record_z,
    )
    return (
        select(*columns)
        .join(_first, _first.c.id == _d.a)
        .join(_second, _second.c.id == _d.b)
        .join(first_content, first_content.c.source_id == _d.a)
        .join(second_content, second_content.c.source_id == _d.b)
        .where(_first.c.deleted_at.is_(None), _second.c.deleted_at.is_(None), _first.c.union_id != _second.c.union_id, ~spoken.exists())
    )


_first, _second = source_record.alias("first"), source_record.alias("second")
_QUEUE = _queue()
