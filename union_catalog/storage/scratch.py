"""A database for a preview: nobody else sees it, and it is gone with its connection, however the process ends.

It holds what ``services.deciding.graph`` looks at, under the names that the catalogue has for it, so that links are made in it as there.
SQLite keeps it in a nameless file of its own, which it writes to where its cache does not suffice.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, Text, create_engine, event
from sqlalchemy.pool import StaticPool

from union_catalog.storage.bulk import insert_rows
from union_catalog.storage.tables import match_doubt, match_edge, match_key
from union_catalog.storage.tables.base import Id
from union_catalog.storage.verdicts import StoredVerdict

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
# Of verdicts and source records what tells whether a verdict holds.
verdict = Table(
    "match_verdict",
    _metadata,
    *(Column(end, Id, primary_key=True, autoincrement=False) for end in ("a", "b")),
    *(Column(name, Text) for name in ("verdict", "undone_at")),
)
source = Table("source_record", _metadata, Column("id", Id, primary_key=True, autoincrement=False), Column("deleted_at", Text))


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


def keep_verdicts(connection: Connection, verdicts: Collection[StoredVerdict]) -> None:
    """What staff said, with the state of the records it names."""
    insert_rows(connection, verdict, [{"a": v.a, "b": v.b, "verdict": v.kind} for v in verdicts])
    gone = {source_id for v in verdicts for source_id in v.gone}
    named = sorted({end for v in verdicts for end in (v.a, v.b)})
    insert_rows(connection, source, [{"id": source_id, "deleted_at": "gone" if source_id in gone else None} for source_id in named])
