"""The stored part of matching: which record holds which key, which pairs are one edition, and which pairs are open questions."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, func, or_, select, union_all
from sqlalchemy import bindparam as bind

from union_catalog.storage.bulk import insert_rows
from union_catalog.storage.tables import match_edge, match_key
from union_catalog.storage.values import one_of


class StoredEdge(NamedTuple):
    """Two records judged to be one edition; ``a`` < ``b``."""

    a: int
    b: int
    strength: int


def add_keys(connection: Connection, keys: Iterable[tuple[int, int]]) -> None:
    """(key, source id) pairs that are not there yet."""
    insert_rows(connection, match_key, [{"key": key, "source_id": source_id} for key, source_id in keys])


def remove_keys(connection: Connection, keys: Iterable[tuple[int, int]]) -> None:
    """(key, source id) pairs that no longer hold."""
    rows = [{"k": key, "s": source_id} for key, source_id in keys]
    if rows:
        connection.execute(delete(match_key).where(and_(match_key.c.key == bind("k"), match_key.c.source_id == bind("s"))), rows)


def key_counts(connection: Connection, keys: Collection[int]) -> dict[int, int]:
    """How many records hold each key."""
    statement = select(match_key.c.key, func.count()).where(one_of(match_key.c.key, keys)).group_by(match_key.c.key)
    return {row[0]: row[1] for row in connection.execute(statement).all()}


def key_holders(connection: Connection, keys: Collection[int]) -> dict[int, list[int]]:
    """Which records hold each key."""
    holders: dict[int, list[int]] = defaultdict(list)
    statement = select(match_key.c.key, match_key.c.source_id).where(one_of(match_key.c.key, keys))
    for key, source_id in connection.execute(statement).all():
        holders[key].append(source_id)
    return holders


def edges_of(connection: Connection, ids: Collection[int]) -> set[StoredEdge]:
    """All edges with an end among ``ids``."""
    if not ids:
        return set()
    columns = (match_edge.c.a, match_edge.c.b, match_edge.c.strength)
    statement = union_all(
        select(*columns).where(one_of(match_edge.c.a, ids)),
        select(*columns).where(one_of(match_edge.c.b, ids)),
    )
    return {StoredEdge(*row) for row in connection.execute(statement).all()}


def add_edges(connection: Connection, edges: Collection[StoredEdge]) -> None:
    """Edges that are not there yet."""
    insert_rows(connection, match_edge, [edge._asdict() for edge in edges])


def remove_edges_of(connection: Connection, ids: Collection[int]) -> None:
    """Forgets every edge with an end among ``ids``."""
    if ids:
        condition = or_(one_of(match_edge.c.a, ids), one_of(match_edge.c.b, ids))
        connection.execute(delete(match_edge).where(condition))
