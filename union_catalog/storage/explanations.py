"""What an explanation of matching is made of: the records of an edition, the links and words of staff between them, and what lies near."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Select, desc, func, literal, or_, select, union_all

from union_catalog.storage.match_graph import StoredEdge
from union_catalog.storage.tables import match_doubt, match_edge, match_verdict, source_content, source_record, union_record
from union_catalog.storage.values import one_of


@dataclass(frozen=True, slots=True)
class StoredMember:
    """A live source record with its packed features and description."""

    id: int
    library: str
    record_id: str
    union_id: str
    features: bytes
    record_z: bytes

    @property
    def key(self) -> str:
        """ "JD:JD000000001", unique in the network."""
        return f"{self.library}:{self.record_id}"


@dataclass(frozen=True, slots=True)
class StoredWord:
    """What staff said of two source records; ``a`` < ``b``. ``undone_at`` is None while it is in force."""

    id: str
    a: int
    b: int
    verdict: str
    reason: str
    actor: str
    decided_at: str


_s = source_record.c
_MEMBER = select(_s.id, _s.library, _s.record_id, _s.union_id, source_content.c.features, source_content.c.record_z).join(
    source_content, source_content.c.source_id == _s.id
)


def count(connection: Connection, union_id: str) -> int:
    """How many live source records an edition has."""
    statement = select(func.count()).where(_s.union_id == union_id, _s.deleted_at.is_(None))
    return int(connection.execute(statement).scalar_one())


def members(connection: Connection, union_ids: Collection[str], limit: int) -> dict[str, list[StoredMember]]:
    """The first ``limit`` live source records of each edition, by library and record id."""
    place = func.row_number().over(partition_by=_s.union_id, order_by=(_s.library, _s.record_id)).label("place")
    statement = _MEMBER.add_columns(place).where(one_of(connection, _s.union_id, union_ids), _s.deleted_at.is_(None))
    ranked = statement.subquery()
    first = select(*[column for column in ranked.c if column.name != "place"]).where(ranked.c.place <= limit)
    found: dict[str, list[StoredMember]] = {}
    for row in connection.execute(first.order_by(ranked.c.union_id, ranked.c.place)).all():
        found.setdefault(row.union_id, []).append(StoredMember(*row))
    return found


def member(connection: Connection, library: str, record_id: str) -> StoredMember | None:
    """One live source record; None where there is no such."""
    row = connection.execute(_MEMBER.where(_s.library == library, _s.record_id == record_id, _s.deleted_at.is_(None))).first()
    return StoredMember(*row) if row else None


def edges_among(connection: Connection, ids: Collection[int]) -> list[StoredEdge]:
    """The stored links with both ends among ``ids``."""
    e = match_edge.c
    statement = select(e.a, e.b, e.strength).where(one_of(connection, e.a, ids), one_of(connection, e.b, ids))
    return [StoredEdge(*row) for row in connection.execute(statement).all()]


def words_on(connection: Connection, ids: Collection[int]) -> list[StoredWord]:
    """What staff said and has not undone of pairs with an end among ``ids``, the latest first."""
    v = match_verdict.c
    statement = select(v.id, v.a, v.b, v.verdict, v.reason, v.actor, v.decided_at)
    condition = or_(one_of(connection, v.a, ids), one_of(connection, v.b, ids))
    rows = connection.execute(statement.where(condition, v.undone_at.is_(None)).order_by(v.decided_at.desc(), v.id)).all()
    return [StoredWord(*row) for row in rows]


def unions_of(connection: Connection, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Source id → (record key, union id) of the live ones among ``ids``."""
    if not ids:
        return {}
    statement = select(_s.id, _s.library, _s.record_id, _s.union_id).where(one_of(connection, _s.id, ids), _s.deleted_at.is_(None))
    return {row[0]: (f"{row[1]}:{row[2]}", row[3] or "") for row in connection.execute(statement).all()}


def neighbours(connection: Connection, ids: Collection[int], limit: int) -> list[int]:
    """Source ids that a doubt or a link ties to one of ``ids`` from outside: doubts first, then the weightiest."""
    d, e = match_doubt.c, match_edge.c
    ends = ((0, d.a, d.b, d.worth), (0, d.b, d.a, d.worth), (1, e.a, e.b, e.strength), (1, e.b, e.a, e.strength))
    found = union_all(*(_outside(connection, ids, *end) for end in ends)).order_by("kind", desc("weight"), "outside").limit(limit)
    return list(dict.fromkeys(row.outside for row in connection.execute(found).all()))


def _outside(
    connection: Connection, ids: Collection[int], kind: int, inside: Column[int], outside: Column[int], weight: Column[int]
) -> Select[int, int, int]:
    columns = (literal(kind).label("kind"), weight.label("weight"), outside.label("outside"))
    return select(*columns).where(one_of(connection, inside, ids), ~one_of(connection, outside, ids))


def siblings(connection: Connection, union_id: str, work_id: str, limit: int) -> Sequence[str]:
    """Other live editions of the same work, the oldest first."""
    u = union_record.c
    statement = select(u.id).where(u.work_id == work_id, u.id != union_id, u.state == "live").order_by(u.born).limit(limit)
    return connection.execute(statement).scalars().all()
