"""What all tests share: the real data, both databases, and that a missing service is a failure where CI demands it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import text

from union_catalog.storage import policies, schema
from union_catalog.storage.database import Database
from union_catalog.storage.tables import metadata

ROOT = Path(__file__).resolve().parent.parent

# No deadlines: what an example takes depends on the machine, and no test of ours is timed.
hypothesis_settings.register_profile("default", deadline=None)
hypothesis_settings.register_profile("long", deadline=None, max_examples=1000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def missing(what: str, variable: str) -> None:
    """Skips the test, or fails it where the environment demands what is missing."""
    if os.environ.get(variable) == "1":
        pytest.fail(f"{variable}=1, but {what}")
    pytest.skip(what)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real catalogues; skips where it is absent, fails where REQUIRE_SHARED_DATA=1 demands it."""
    folder = Path(os.environ.get("UNION_CATALOG_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        missing(f"real data not found at {folder}", "REQUIRE_SHARED_DATA")
    return folder


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty catalogue made by the migrations once; tests copy it."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The server that tests may fill and empty as they like."""
    url = os.environ.get("UNION_CATALOG_TEST_POSTGRES_URL", "")
    if not url:
        missing("UNION_CATALOG_TEST_POSTGRES_URL names no PostgreSQL server", "REQUIRE_POSTGRES")
    return url


@pytest.fixture(scope="session")
def _postgres_schema(postgres_url: str) -> str:
    database = Database(postgres_url)
    with database.write() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    schema.upgrade(database)
    database.close()
    return postgres_url


@pytest.fixture
def sqlite_database(_sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty catalogue on SQLite."""
    path = tmp_path / "catalogue.sqlite3"
    shutil.copy(_sqlite_template, path)
    database = Database(f"sqlite:///{path}", busy_timeout=30)
    yield database
    database.close()


@pytest.fixture
def postgres_database(_postgres_schema: str) -> Iterator[Database]:
    """An empty catalogue on PostgreSQL."""
    database = Database(_postgres_schema)
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    with database.write() as connection:
        connection.execute(text(f"TRUNCATE {names} CASCADE"))
        policies.add_first(connection)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty catalogue, once on each database."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found
