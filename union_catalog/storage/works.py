"""Works: the key that each stands for, and the union records under it."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from union_catalog.storage.bulk import insert_rows, update_rows
from union_catalog.storage.tables import union_record, work
from union_catalog.storage.values import one_of


class StoredWork(NamedTuple):
    """A work that stands for a key; ``born`` orders works by age."""

    id: str
    key: int
    born: int


_WORK = (work.c.id, work.c.key, work.c.born)


def by_keys(connection: Connection, keys: Collection[int]) -> dict[int, StoredWork]:
    """The work of each key that has one."""
    if not keys:
        return {}
    rows = connection.execute(select(*_WORK).where(one_of(connection, work.c.key, keys))).all()
    return {row[1]: StoredWork(*row) for row in rows}


def of_unions(connection: Connection, union_ids: Collection[str]) -> dict[str, StoredWork]:
    """The work of each live union record among these."""
    if not union_ids:
        return {}
    statement = select(union_record.c.id, *_WORK).join(work, work.c.id == union_record.c.work_id)
    rows = connection.execute(statement.where(one_of(connection, union_record.c.id, union_ids), union_record.c.state == "live")).all()
    return {row[0]: StoredWork(*row[1:]) for row in rows}


def live_counts(connection: Connection, work_ids: Collection[str]) -> dict[str, int]:
    """How many live union records each has."""
    u = union_record.c
    statement = select(u.work_id, func.count()).where(one_of(connection, u.work_id, work_ids), u.state == "live").group_by(u.work_id)
    return {row[0]: row[1] for row in connection.execute(statement).all()}


def live_members(connection: Connection, work_ids: Collection[str]) -> dict[str, str]:
    """union id → work id of all live union records under these works."""
    if not work_ids:
        return {}
    u = union_record.c
    rows = connection.execute(select(u.id, u.work_id).where(one_of(connection, u.work_id, work_ids), u.state == "live")).all()
    return {row[0]: row[1] for row in rows}


def create(connection: Connection, made: Collection[StoredWork]) -> None:
    """New works."""
    insert_rows(connection, work, [entry._asdict() for entry in made])


def change(connection: Connection, keys: Mapping[str, int], redirects: Mapping[str, str]) -> None:
    """Works that stand for another key, and works that lead to others; older redirects to these are led on."""
    # First out of the way, then to the new place: two works may change places, and a key is held once.
    parked: list[dict[str, object]] = [{"id": work_id, "key": None, "target": work_id} for work_id in keys]
    update_rows(connection, work, "id", parked)
    update_rows(connection, work, "id", [{"id": old, "key": None, "target": new} for old, new in redirects.items()])
    for old, new in redirects.items():
        connection.execute(update(work).where(work.c.target == old).values(target=new))
    update_rows(connection, work, "id", [{"id": work_id, "key": key, "target": None} for work_id, key in keys.items()])
