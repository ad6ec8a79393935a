"""Works, the keys that union records hold of them, and the union records under them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, bindparam, delete, select, update

from union_catalog.storage.bulk import insert_rows, update_rows
from union_catalog.storage.tables import union_content, union_record, union_work_key, work
from union_catalog.storage.values import one_of, table_of


class StoredWork(NamedTuple):
    """``born`` orders works by age."""

    id: str
    born: int


class HeldKey(NamedTuple):
    """The work behind a key, and whether it has a live union record that holds it; else it waits for one."""

    work: StoredWork
    live: bool


def by_keys(connection: Connection, keys: Collection[int]) -> dict[int, HeldKey]:
    """The work of each key that is held: all who hold a key are under one work, so the first of them tells it."""
    if not keys:
        return {}
    asked, value = table_of(connection, keys, BigInteger())
    first = select(union_work_key.c.union_id).where(union_work_key.c.key == value).limit(1).scalar_subquery()
    statement = select(value, work.c.id, work.c.born, union_record.c.state).select_from(asked)
    statement = statement.join(union_record, union_record.c.id == first).join(work, work.c.id == union_record.c.work_id)
    return {row[0]: HeldKey(StoredWork(row[1], row[2]), row[3] == "live") for row in connection.execute(statement).all()}


def of_unions(connection: Connection, union_ids: Collection[str]) -> dict[str, StoredWork]:
    """The work of each live union record among these."""
    if not union_ids:
        return {}
    u = union_record.c
    statement = select(u.id, work.c.id, work.c.born).join(work, work.c.id == u.work_id)
    rows = connection.execute(statement.where(one_of(u.id, union_ids), u.state == "live")).all()
    return {row[0]: StoredWork(row[1], row[2]) for row in rows}


def keys_of(connection: Connection, union_ids: Collection[str]) -> dict[str, set[int]]:
    """The stored keys of each that has any."""
    if not union_ids:
        return {}
    k = union_work_key.c
    found: dict[str, set[int]] = defaultdict(set)
    for key, union_id in connection.execute(select(k.key, k.union_id).where(one_of(k.union_id, union_ids))).all():
        found[union_id].add(key)
    return found


def live_members(connection: Connection, work_ids: Collection[str]) -> dict[str, str]:
    """union id → work id of all live union records under these works."""
    if not work_ids:
        return {}
    u = union_record.c
    rows = connection.execute(select(u.id, u.work_id).where(one_of(u.work_id, work_ids), u.state == "live")).all()
    return {row[0]: row[1] for row in rows}


def descriptions(connection: Connection, union_ids: Collection[str]) -> dict[str, bytes]:
    """The packed MergedRecord of each."""
    if not union_ids:
        return {}
    c = union_content.c
    rows = connection.execute(select(c.union_id, c.merged_z).where(one_of(c.union_id, union_ids))).all()
    return {row[0]: row[1] for row in rows}


def create(connection: Connection, made: Collection[StoredWork]) -> None:
    """New works."""
    insert_rows(connection, work, [entry._asdict() for entry in made])


def redirect(connection: Connection, targets: Mapping[str, str]) -> None:
    """Works that lead to others from now on; older redirects to these are led on."""
    update_rows(connection, work, "id", [{"id": old, "target": new} for old, new in targets.items()])
    for old, new in targets.items():
        connection.execute(update(work).where(work.c.target == old).values(target=new))


def add_keys(connection: Connection, pairs: Iterable[tuple[int, str]]) -> None:
    """(key, union id) that are not there yet."""
    insert_rows(connection, union_work_key, [{"key": key, "union_id": union_id} for key, union_id in sorted(pairs)])


def remove_keys(connection: Connection, pairs: Iterable[tuple[int, str]]) -> None:
    """(key, union id) no longer held."""
    rows = [{"gone_key": key, "holder": union_id} for key, union_id in pairs]
    if rows:
        k = union_work_key.c
        connection.execute(delete(union_work_key).where(k.key == bindparam("gone_key"), k.union_id == bindparam("holder")), rows)


def forget_waiting(connection: Connection, work_ids: Collection[str]) -> None:
    """The keys of union records that are gone and stood under these works."""
    if work_ids:
        u = union_record.c
        gone = select(u.id).where(one_of(u.work_id, work_ids), u.state == "gone")
        connection.execute(delete(union_work_key).where(union_work_key.c.union_id.in_(gone)))
