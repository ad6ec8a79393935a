"""Source records: headers to decide on, contents to merge and show."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from union_catalog.errors import InvalidInput, NotFound
from union_catalog.storage.bulk import insert_rows, update_rows
from union_catalog.storage.tables import feed, library, source_content, source_record
from union_catalog.storage.values import one_of


@dataclass(frozen=True, slots=True)
class StoredSource:
    """What is known of a source record before its content is looked at."""

    id: int
    library: str
    record_id: str
    feed_id: int
    digest: str
    version: str
    deleted: bool
    seen_load: str
    union_id: str | None

    @property
    def key(self) -> str:
        """ "JD:JD000000001", unique in the network."""
        return f"{self.library}:{self.record_id}"


_HEADER = (
    source_record.c.id,
    source_record.c.library,
    source_record.c.record_id,
    source_record.c.feed_id,
    source_record.c.digest,
    source_record.c.version,
    source_record.c.deleted_at.is_not(None),
    source_record.c.seen_load,
    source_record.c.union_id,
)


def find(connection: Connection, library_code: str, record_ids: Collection[str]) -> dict[str, StoredSource]:
    """By record id, those of the given ones that are stored, tombstones included."""
    condition = one_of(source_record.c.record_id, record_ids)
    rows = connection.execute(select(*_HEADER).where(source_record.c.library == library_code, condition)).all()
    return {row[2]: StoredSource(*row) for row in rows}


def require(connection: Connection, key: str, name: str = "key") -> StoredSource:
    """The record named "JD:JD000000001", tombstones included. Raises InvalidInput for another form, NotFound for an unknown record."""
    library_code, colon, record_id = key.partition(":")
    if not colon or not library_code or not record_id:
        raise InvalidInput("bad_record_key", name=name, value=key)
    found = find(connection, library_code, {record_id}).get(record_id)
    if found is None:
        raise NotFound("unknown_source_record", kind="source_record", id=key)
    return found


def by_ids(connection: Connection, ids: Collection[int]) -> dict[int, StoredSource]:
    """By internal id; those that do not exist are left out."""
    if not ids:
        return {}
    rows = connection.execute(select(*_HEADER).where(one_of(source_record.c.id, ids))).all()
    return {row[0]: StoredSource(*row) for row in rows}


def features(connection: Connection, ids: Collection[int]) -> dict[int, bytes]:
    """The packed match features of each source record."""
    if not ids:
        return {}
    condition = one_of(source_content.c.source_id, ids)
    rows = connection.execute(select(source_content.c.source_id, source_content.c.features).where(condition)).all()
    return {row[0]: row[1] for row in rows}


def contents(connection: Connection, ids: Collection[int]) -> dict[int, tuple[bytes, str]]:
    """The packed record and the call numbers of each."""
    if not ids:
        return {}
    columns = (source_content.c.source_id, source_content.c.record_z, source_content.c.call_numbers)
    rows = connection.execute(select(*columns).where(one_of(source_content.c.source_id, ids))).all()
    return {row[0]: (row[1], row[2]) for row in rows}


def ranks(connection: Connection) -> dict[str, int]:
    """Each library's place in the order in which sources are asked when records are merged."""
    return {row.code: row.rank for row in connection.execute(select(library.c.code, library.c.rank)).all()}


def feed_id(connection: Connection, library_code: str, name: str) -> int:
    """The feed's id; it is made when first named."""
    condition = (feed.c.library == library_code, feed.c.name == name)
    found = connection.execute(select(feed.c.id).where(*condition)).scalar()
    if found is None:
        found = connection.execute(insert(feed).values(library=library_code, name=name).returning(feed.c.id)).scalar_one()
    return int(found)


Row = dict[str, object]


def add(connection: Connection, headers: Sequence[Row], rows: Sequence[Row]) -> None:
    """New source records with their contents."""
    if headers:
        insert_rows(connection, source_record, headers)
        insert_rows(connection, source_content, rows)


def change(connection: Connection, headers: Sequence[Row], rows: Sequence[Row]) -> None:
    """New contents of known ones; each row holds its ``id`` or ``source_id``."""
    update_rows(connection, source_record, "id", headers)
    update_rows(connection, source_content, "source_id", rows)


def mark_seen(connection: Connection, ids: Collection[int], load_id: str) -> None:
    """The load's file held these, unchanged."""
    if ids:
        connection.execute(update(source_record).where(one_of(source_record.c.id, ids)).values(seen_load=load_id))


def bury(connection: Connection, ids: Collection[int], now: str, load_id: str) -> None:
    """Tombstones: gone at their library."""
    if ids:
        statement = update(source_record).where(one_of(source_record.c.id, ids))
        connection.execute(statement.values(deleted_at=now, seen_load=load_id))


def assign(connection: Connection, union_of: dict[int, str]) -> None:
    """Which union record each belongs to, for records that are stored already."""
    update_rows(connection, source_record, "id", [{"id": id_, "union_id": union_id} for id_, union_id in union_of.items()])


def count_live(connection: Connection, library_code: str) -> int:
    """Records of the library that are not gone."""
    statement = select(func.count()).where(source_record.c.library == library_code, source_record.c.deleted_at.is_(None))
    return int(connection.execute(statement).scalar_one())


def membership(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """(library, record id, union id) of every live source record, ordered, in bounded memory."""
    columns = (source_record.c.library, source_record.c.record_id, source_record.c.union_id)
    statement = select(*columns).where(source_record.c.deleted_at.is_(None)).order_by(*columns[:2])
    for row in connection.execution_options(yield_per=5000).execute(statement):
        yield row[0], row[1], row[2]


def crowded(connection: Connection, more_than: int) -> list[tuple[str, int]]:
    """(union id, live source records) of the union records that have more, the largest first. Counts every record."""
    held = func.count().label("held")
    statement = select(source_record.c.union_id, held).where(source_record.c.deleted_at.is_(None)).group_by(source_record.c.union_id)
    rows = connection.execute(statement.having(held > more_than).order_by(held.desc(), source_record.c.union_id)).all()
    return [(row[0], row[1]) for row in rows]
