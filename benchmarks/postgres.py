"""Databases of a benchmark's own on the PostgreSQL server that tests may fill: UNION_CATALOG_TEST_POSTGRES_URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from union_catalog.ids import new_id


def server() -> URL:
    """Where it is. Raises KeyError where the environment names none."""
    return make_url(os.environ["UNION_CATALOG_TEST_POSTGRES_URL"].replace("postgresql://", "postgresql+psycopg://", 1))


@contextmanager
def own_database(kept: str = "") -> Iterator[tuple[str, bool]]:
    """(the address of a database, whether it was there before): a new one that is removed at the end, or the one named ``kept``."""
    name, admin = kept or f"bench_{new_id().lower()}", create_engine(server(), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        there = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).first() is not None
        if not there:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield server().set(database=name, drivername="postgresql").render_as_string(hide_password=False), there
    finally:
        if not kept:
            with admin.connect() as connection:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()
