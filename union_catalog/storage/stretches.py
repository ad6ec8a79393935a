"""Source records in stretches of their ids, for whoever goes through all of them."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from union_catalog.storage.bulk import update_rows
from union_catalog.storage.tables import source_content, source_record, union_record
from union_catalog.storage.values import one_of


class Described(NamedTuple):
    """A source record with its packed description; ``gone`` for a tombstone."""

    id: int
    gone: bool
    record_z: bytes
    features: bytes


def described(connection: Connection, after: int, limit: int) -> list[Described]:
    """The next ones by id, tombstones included."""
    s, c = source_record.c, source_content.c
    statement = select(s.id, s.deleted_at.is_not(None), c.record_z, c.features).join(source_content, c.source_id == s.id)
    return [Described(*row) for row in connection.execute(statement.where(s.id > after).order_by(s.id).limit(limit)).all()]


def live_ids(connection: Connection, after: int, limit: int) -> list[int]:
    """The next live ones by id."""
    s = source_record.c
    statement = select(s.id).where(s.id > after, s.deleted_at.is_(None)).order_by(s.id).limit(limit)
    return list(connection.execute(statement).scalars())


def members(connection: Connection, union_ids: Collection[str]) -> list[int]:
    """The live source records that stand under these union records."""
    if not union_ids:
        return []
    s = source_record.c
    statement = select(s.id).where(one_of(s.union_id, union_ids), s.deleted_at.is_(None))
    return list(connection.execute(statement).scalars())


def last_id(connection: Connection) -> int:
    """The highest id there is; 0 in an empty catalogue."""
    return int(connection.execute(select(func.max(source_record.c.id))).scalar() or 0)


def count_live(connection: Connection) -> tuple[int, int]:
    """How many source records are not gone, and how many union records are live."""
    sources = select(func.count()).select_from(source_record).where(source_record.c.deleted_at.is_(None))
    unions = select(func.count()).select_from(union_record).where(union_record.c.state == "live")
    return int(connection.execute(sources).scalar_one()), int(connection.execute(unions).scalar_one())


def keep_features(connection: Connection, features: Mapping[int, bytes]) -> None:
    """Packed match features in place of those that are stored."""
    update_rows(connection, source_content, "source_id", [{"source_id": i, "features": packed} for i, packed in features.items()])
