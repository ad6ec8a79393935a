"""What is asked of a database, for tests that count it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event as database_event

from union_catalog.storage.database import Database


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    database_event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        database_event.remove(database.engine, "before_cursor_execute", note)
