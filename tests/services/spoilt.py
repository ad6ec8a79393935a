"""Catalogues as other rules would have left them, and what can be compared of two."""

from itertools import pairwise

from sqlalchemy import delete, insert, select, update

from union_catalog.storage.database import Database
from union_catalog.storage.tables import match_edge, match_key, metadata, source_content, source_record, union_record
from union_catalog.storage.tables import matching_state as state_table

Graph = tuple[set[tuple[str, str, int]], dict[str, bytes], set[tuple[int, str]]]


def contents(database: Database) -> dict[str, list[str]]:
    """Every row of every table."""
    with database.read() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in metadata.sorted_tables}


def graph(database: Database) -> Graph:
    """Links, features and keys by record key, so that two catalogues can be compared."""
    s = source_record.c
    with database.read() as connection:
        names = {row.id: f"{row.library}:{row.record_id}" for row in connection.execute(select(s.id, s.library, s.record_id))}
        pairs = connection.execute(select(match_edge)).all()
        edges = {(*sorted((names[edge.a], names[edge.b])), edge.strength) for edge in pairs}
        packed = connection.execute(select(source_content.c.source_id, source_content.c.features)).all()
        keys = {(row.key, names[row.source_id]) for row in connection.execute(select(match_key))}
    return edges, {names[row.source_id]: bytes(row.features) for row in packed}, keys


def forget_rules(database: Database) -> None:
    """As if an older version had made the graph."""
    with database.write() as connection:
        connection.execute(update(state_table).values(rules="other rules"))


def spoil(database: Database) -> None:
    """A graph as other rules would have made it: features and keys of another make, no true link, and false ones."""
    with database.write() as connection:
        ids = list(connection.execute(select(source_record.c.id).order_by(source_record.c.id)).scalars())
        connection.execute(update(source_content).values(features=b"\x90"))
        connection.execute(delete(match_edge))
        connection.execute(delete(match_key))
        connection.execute(insert(match_key), [{"key": 7, "source_id": source_id} for source_id in ids])
        connection.execute(insert(match_edge), [{"a": a, "b": b, "strength": 990} for a, b in pairwise(ids)])
    forget_rules(database)


def under(database: Database, key: str, union_id: str) -> None:
    """Puts a record wrongly under another union record; the one it leaves leads there if nothing else is left."""
    library, _, record_id = key.partition(":")
    s, u = source_record.c, union_record.c
    with database.write() as connection:
        before = connection.execute(select(s.union_id).where(s.library == library, s.record_id == record_id)).scalar_one()
        connection.execute(update(source_record).where(s.library == library, s.record_id == record_id).values(union_id=union_id))
        if connection.execute(select(s.id).where(s.union_id == before)).first() is None:
            connection.execute(update(union_record).where(u.id == before).values(state="redirected", target=union_id))
