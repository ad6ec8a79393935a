"""Connections and transactions on SQLite and PostgreSQL, and what their failures mean.

SQLite: WAL, foreign keys on, ``BEGIN IMMEDIATE`` for whoever is going to write (a read lock that is upgraded later can only fail).
PostgreSQL: read committed; writers lock the rows they decide on.
"""

import os
import sqlite3
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from union_catalog.errors import Busy, ConfigurationError, Raced, StorageUnavailable, UnionCatalogError

_SQLITE_SETUP = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-65536",
    "PRAGMA mmap_size=268435456",
)


RESTED = 1.0  # seconds


class Database:
    """One database. Cheap to make: nothing is opened before the first transaction, and nothing open crosses a fork."""

    def __init__(self, url: str, busy_timeout: int = 30) -> None:
        """Raises ConfigurationError("bad_database_url") for a URL of no database known here."""
        try:
            self.url = make_url(_with_driver(url))
            self.engine = self._make_engine(busy_timeout)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise ConfigurationError("bad_database_url", name="UNION_CATALOG_DATABASE_URL") from error
        os.register_at_fork(after_in_child=partial(_forget_connections, weakref.ref(self.engine)))

    def _make_engine(self, busy_timeout: int) -> Engine:
        if not self.is_sqlite:
            server = create_engine(self.url, pool_size=10, hide_parameters=True)
            _ask_the_rested(server)
            return server
        connect_args = {"timeout": busy_timeout, "check_same_thread": False}
        engine = create_engine(self.url, connect_args=connect_args, pool_size=10, hide_parameters=True)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that writes: committed at the end, rolled back on any exception."""
        with self._connection(writes=True) as connection, _transaction(connection):
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot to read from; nothing written in it is kept."""
        with self._connection(writes=False) as connection:
            yield connection

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """For one statement that reads, which needs no transaction around it: two trips to a server less than ``read``."""
        with self._connection(writes=False) as connection:
            yield connection if self.is_sqlite else connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """As ``read``, and all statements see one state of the database, however long it takes; writers are not kept waiting."""
        with self._connection(writes=False) as connection:
            yield connection if self.is_sqlite else connection.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def _connection(self, *, writes: bool) -> Iterator[Connection]:
        self._make_folder()
        try:
            with self.engine.connect() as connection:
                yield connection.execution_options(union_catalog_writes=writes)
        except (DBAPIError, sqlite3.Error) as error:
            raise _meaning_of(error) from error

    def _make_folder(self) -> None:
        if not self.is_sqlite or not self.url.database or self.url.database == ":memory:":
            return
        try:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageUnavailable("folder_unusable", path=str(Path(self.url.database).parent)) from error

    def close(self) -> None:
        """Lets go of every open connection."""
        self.engine.dispose()


def _forget_connections(made: "weakref.ref[Engine]") -> None:
    """In a child: what is open belongs to the parent, and is not closed here. The fork's hook outlives the engine, and must not keep it."""
    engine = made()
    if engine is not None:
        engine.dispose(close=False)


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    with connection.begin():
        yield


def _with_driver(url: str) -> str:
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _ask_the_rested(engine: Engine) -> None:
    """A connection that lay in the pool for RESTED seconds is asked whether it is alive before it is used, and made anew if it is not. One
    that was used a moment ago is not: under load, where it matters, that would be a trip to the server in every transaction."""

    def put_back(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info["put_back"] = time.monotonic()

    def take_out(taken: DBAPIConnection, entry: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
        now = time.monotonic()
        if now - entry.info.get("put_back", now) < RESTED:
            return
        try:
            engine.dialect.do_ping(taken)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    event.listen(engine, "checkin", put_back)
    event.listen(engine, "checkout", take_out)


def _set_up_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver's guess
    for statement in _SQLITE_SETUP:
        connection.execute(statement)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("union_catalog_writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _meaning_of(error: Exception) -> UnionCatalogError:
    """What a failure of the driver means to the user: try again, wait, free the disk, migrate, or call for help."""
    raced = _raced_at(error.orig) if isinstance(error, DBAPIError) else ""
    if raced:
        return Raced(name=raced)
    words = str(error).lower()
    for fragment, meaning in _MEANINGS:
        if fragment in words:
            return meaning[0](meaning[1])
    return StorageUnavailable("database_failed", reason=type(error).__name__)


def _raced_at(cause: Any) -> str:
    """The constraint, or the kind of lock, at which another transaction was first; "" for a failure of another kind.

    What is unique or refers to a row was looked at before it was written, so a violation says that somebody was there in between.
    """
    if isinstance(cause, sqlite3.Error):
        return str(cause).rpartition(": ")[2] if getattr(cause, "sqlite_errorname", "") in _VIOLATIONS else ""
    state = getattr(cause, "sqlstate", "")  # of psycopg, which is not loaded where nobody uses it
    return str(cause.diag.constraint_name) if state in _VIOLATIONS else _LOST.get(state, "")


_VIOLATIONS = {"23505", "23503", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_FOREIGNKEY"}
_LOST = {"40001": "serialization", "40P01": "deadlock"}

_MEANINGS: tuple[tuple[str, tuple[type[UnionCatalogError], str]], ...] = (
    ("database is locked", (Busy, "database_locked")),
    ("database table is locked", (Busy, "database_locked")),
    ("lock timeout", (Busy, "database_locked")),
    ("disk is full", (StorageUnavailable, "disk_full")),
    ("no space left", (StorageUnavailable, "disk_full")),
    ("no such table", (StorageUnavailable, "not_initialised")),
    ("undefinedtable", (StorageUnavailable, "not_initialised")),
    ("no such column", (StorageUnavailable, "schema_differs")),
    ("has no column named", (StorageUnavailable, "schema_differs")),
    ("undefinedcolumn", (StorageUnavailable, "schema_differs")),
    ("unable to open", (StorageUnavailable, "database_unreachable")),
    ("readonly database", (StorageUnavailable, "database_unreachable")),
    ("connection refused", (StorageUnavailable, "database_unreachable")),
    ("connection failed", (StorageUnavailable, "database_unreachable")),
    ("file is not a database", (StorageUnavailable, "database_damaged")),
    ("malformed", (StorageUnavailable, "database_damaged")),
)


def lock_matching(connection: Connection) -> None:
    """Until the transaction ends nobody else decides clusters: two loads that cannot see each other's records would not match them."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(7466001)"))
