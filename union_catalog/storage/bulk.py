"""Many rows at once, without the per-row work of compiled statements: a load writes some twenty rows a record.

Rows are dictionaries with the same keys; values must be what the driver takes as it is (no JSON columns).
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table

Rows = Sequence[dict[str, object]]


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Inserts all of them; nothing for none."""
    if rows:
        names = tuple(rows[0])
        values = _values(names)
        connection.exec_driver_sql(_insert(table.name, names, _place(connection)), [values(row) for row in rows])


def update_rows(connection: Connection, table: Table, key: str, rows: Rows) -> None:
    """Updates by one column, ``key``, which each row holds beside the new values."""
    if rows:
        names = tuple(name for name in rows[0] if name != key)
        values = _values((*names, key))
        connection.exec_driver_sql(_update(table.name, key, names, _place(connection)), [values(row) for row in rows])


def _place(connection: Connection) -> str:
    return "%s" if connection.dialect.name == "postgresql" else "?"


@lru_cache(maxsize=100)
def _values(names: tuple[str, ...]) -> Callable[[dict[str, object]], tuple[Any, ...]]:
    """A row as a tuple in this order: drivers bind values by place in two thirds of the time that names take."""
    return itemgetter(*names)


@lru_cache(maxsize=100)
def _insert(table: str, names: tuple[str, ...], place: str) -> str:
    # Names are those of our own columns, never anything from outside.
    columns, places = ", ".join(f'"{name}"' for name in names), ", ".join([place] * len(names))
    return f'INSERT INTO "{table}" ({columns}) VALUES ({places})'  # noqa: S608 - as said


@lru_cache(maxsize=100)
def _update(table: str, key: str, names: tuple[str, ...], place: str) -> str:
    settings = ", ".join(f'"{name}" = {place}' for name in names)
    return f'UPDATE "{table}" SET {settings} WHERE "{key}" = {place}'  # noqa: S608 - as said
