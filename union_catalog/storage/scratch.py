"""A database for a preview: nobody else sees it, and it is gone with its connection, however the process ends.

It holds the tables of the match graph, so that the functions of ``storage.match_graph`` and ``storage.sources.features`` work on it as on
the catalogue. SQLite keeps it in a nameless file of its own, which it writes to where its cache does not suffice.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, create_engine, event
from sqlalchemy.pool import StaticPool

from union_catalog.storage.bulk import insert_rows
from union_catalog.storage.tables import match_doubt, match_edge, match_key
from union_catalog.storage.tables.base import Id

_metadata = MetaData()
for _table in (match_key, match_edge, match_doubt):
    _table.to_metadata(_metadata)
# Of the contents nothing but what pairs are judged by.
content = Table(
    "source_content",
    _metadata,
    Column("source_id", Id, primary_key=True, autoincrement=False),
    Column("features", LargeBinary, nullable=False),
)


@contextmanager
def scratch() -> Iterator[Connection]:
    """An empty one. The folder is that of temporary files (TMPDIR)."""
    engine = create_engine("sqlite://", creator=_open, poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    try:
        with engine.connect() as connection:
            _metadata.create_all(connection)
            yield connection
    finally:
        engine.dispose()


def _open() -> sqlite3.Connection:
    connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def keep_features(connection: Connection, features: Mapping[int, bytes]) -> None:
    """Packed match features of records that it does not hold yet."""
    insert_rows(connection, content, [{"source_id": source_id, "features": packed} for source_id, packed in features.items()])
