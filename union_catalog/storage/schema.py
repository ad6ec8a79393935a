"""Brings a database to the schema of this version, and tells where it stands."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from union_catalog.storage import policies
from union_catalog.storage.database import Database
from union_catalog.storage.tables import metadata


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision that this version of the program needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def current(connection: Connection) -> str | None:
    """The revision that the database has; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database) -> bool:
    """Runs the migrations that are missing. True if there were any; again is no change."""
    with database.write() as connection:
        before = current(connection)
        if before == newest():
            return False
        command.upgrade(_config(connection), "head")
        policies.add_first(connection)
        return True


def differences(database: Database) -> list[str]:
    """What the tables declared in code have that the migrations do not make, or the other way round: empty when they agree."""
    with database.read() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    return [repr(difference) for difference in found]


def make_revision(database: Database, message: str) -> None:
    """Writes the draft of a new migration from what :func:`differences` finds (for developers)."""
    with database.write() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)
