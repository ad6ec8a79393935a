"""Many rows at once, without the per-row work of compiled statements: a load writes some twenty rows a record.

Rows are dictionaries with the same keys; values must be what the driver takes as it is (no JSON columns).
"""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Connection, Table

Rows = Sequence[dict[str, object]]


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Inserts all of them; nothing for none."""
    if rows:
        connection.exec_driver_sql(_insert(table.name, tuple(rows[0]), _style(connection)), list(rows))


def update_rows(connection: Connection, table: Table, key: str, rows: Rows) -> None:
    """Updates by one column, ``key``, which each row holds beside the new values."""
    if rows:
        names = tuple(name for name in rows[0] if name != key)
        connection.exec_driver_sql(_update(table.name, key, names, _style(connection)), list(rows))


def _style(connection: Connection) -> str:
    return "%({})s" if connection.dialect.name == "postgresql" else ":{}"


@lru_cache(maxsize=100)
def _insert(table: str, names: tuple[str, ...], style: str) -> str:
    # Names are those of our own columns, never anything from outside.
    columns, places = ", ".join(f'"{name}"' for name in names), ", ".join(style.format(name) for name in names)
    return f'INSERT INTO "{table}" ({columns}) VALUES ({places})'  # noqa: S608 - as said


@lru_cache(maxsize=100)
def _update(table: str, key: str, names: tuple[str, ...], style: str) -> str:
    settings = ", ".join(f'"{name}" = {style.format(name)}' for name in names)
    return f'UPDATE "{table}" SET {settings} WHERE "{key}" = {style.format(key)}'  # noqa: S608 - as said
