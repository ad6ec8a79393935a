"""What an explanation of matching is made of: the records of an edition, the links and words of staff between them, and what lies near."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Column, Connection, Select, bindparam, desc, func, literal, or_, select, union_all

from union_catalog.storage.match_graph import StoredEdge
from union_catalog.storage.tables import match_doubt, match_edge, match_verdict, source_content, source_record, union_record
from union_catalog.storage.values import among


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
_e, _v, _d, _u = match_edge.c, match_verdict.c, match_doubt.c, union_record.c
_MOST: BindParameter[int] = bindparam("most")


def _first_members() -> Select[Any]:
    place = func.row_number().over(partition_by=_s.union_id, order_by=(_s.library, _s.record_id)).label("place")
    ranked = _MEMBER.add_columns(place).where(among(_s.union_id, "union_ids"), _s.deleted_at.is_(None)).subquery()
    first = select(*[column for column in ranked.c if column.name != "place"]).where(ranked.c.place <= _MOST)
    return first.order_by(ranked.c.union_id, ranked.c.place)


def _outside(kind: int, inside: Column[int], outside: Column[int], weight: Column[int]) -> Select[int, int, int]:
    columns = (literal(kind).label("kind"), weight.label("weight"), outside.label("outside"))
    return select(*columns).where(among(inside, "ids"), ~among(outside, "ids"))


# Put together once: that takes longer than asking them.
_FIRST_MEMBERS = _first_members()
_EDGES_AMONG = select(_e.a, _e.b, _e.strength).where(among(_e.a, "ids"), among(_e.b, "ids"))
_WORDS_ON = (
    select(_v.id, _v.a, _v.b, _v.verdict, _v.reason, _v.actor, _v.decided_at)
    .where(or_(among(_v.a, "ids"), among(_v.b, "ids")), _v.undone_at.is_(None))
    .order_by(_v.decided_at.desc(), _v.id)
)
_UNIONS_OF = select(_s.id, _s.library, _s.record_id, _s.union_id).where(among(_s.id, "ids"), _s.deleted_at.is_(None))
_ENDS = ((0, _d.a, _d.b, _d.worth), (0, _d.b, _d.a, _d.worth), (1, _e.a, _e.b, _e.strength), (1, _e.b, _e.a, _e.strength))
_NEIGHBOURS = union_all(*(_outside(*end) for end in _ENDS)).order_by("kind", desc("weight"), "outside").limit(_MOST)
_SIBLINGS = (
    select(_u.id)
    .where(_u.work_id == bindparam("work_id"), _u.id != bindparam("union_id"), _u.state == "live")
    .order_by(_u.born)
    .limit(_MOST)
)


def count(connection: Connection, union_id: str) -> int:
    """How many live source records an edition has."""
    statement = select(func.count()).where(_s.union_id == union_id, _s.deleted_at.is_(None))
    return int(connection.execute(statement).scalar_one())


def members(connection: Connection, union_ids: Collection[str], limit: int) -> dict[str, list[StoredMember]]:
    """The first ``limit`` live source records of each edition, by library and record id."""
    found: dict[str, list[StoredMember]] = {}
    for row in connection.execute(_FIRST_MEMBERS, {"union_ids": union_ids, "most": limit}).all():
        found.setdefault(row.union_id, []).append(StoredMember(*row))
    return found


def member(connection: Connection, library: str, record_id: str) -> StoredMember | None:
    """One live source record; None where there is no such."""
    row = connection.execute(_MEMBER.where(_s.library == library, _s.record_id == record_id, _s.deleted_at.is_(None))).first()
    return StoredMember(*row) if row else None


def edges_among(connection: Connection, ids: Collection[int]) -> list[StoredEdge]:
    """The stored links with both ends among ``ids``."""
    return [StoredEdge(*row) for row in connection.execute(_EDGES_AMONG, {"ids": ids}).all()]


def words_on(connection: Connection, ids: Collection[int]) -> list[StoredWord]:
    """What staff said and has not undone of pairs with an end among ``ids``, the latest first."""
    return [StoredWord(*row) for row in connection.execute(_WORDS_ON, {"ids": ids}).all()]


def unions_of(connection: Connection, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Source id → (record key, union id) of the live ones among ``ids``."""
    if not ids:
        return {}
    return {row[0]: (f"{row[1]}:{row[2]}", row[3] or "") for row in connection.execute(_UNIONS_OF, {"ids": ids}).all()}


def neighbours(connection: Connection, ids: Collection[int], limit: int) -> list[int]:
    """Source ids that a doubt or a link ties to one of ``ids`` from outside: doubts first, then the weightiest."""
    return list(dict.fromkeys(row.outside for row in connection.execute(_NEIGHBOURS, {"ids": ids, "most": limit}).all()))


def siblings(connection: Connection, union_id: str, work_id: str, limit: int) -> Sequence[str]:
    """Other live editions of the same work, the oldest first."""
    return connection.execute(_SIBLINGS, {"work_id": work_id, "union_id": union_id, "most": limit}).scalars().all()
