"""Two libraries loaded at the same time by two processes: the same clusters as one after the other, on both databases."""

from pathlib import Path

import pytest

from tests.scenarios.conftest import LIBRARIES
from tests.scenarios.installations import Installation, ended
from union_catalog.storage.database import Database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest, tmp_path: Path, installation: Installation) -> Installation:
    """An empty installation on each database."""
    if request.param == "sqlite":
        return installation
    database: Database = request.getfixturevalue("postgres_database")
    url = database.url.render_as_string(hide_password=False)
    on_postgres = Installation(tmp_path / "postgres", {"database_url": url})
    on_postgres.done("init")
    for code, name in LIBRARIES:
        on_postgres.done("libraries", "add", code, name)
    return on_postgres


def test_two_libraries_at_the_same_time(either: Installation, demo: Installation, demo_exports: list[list[object]]) -> None:
    jiading, jiaxing, *others = demo_exports
    processes = [either.start("load", *arguments, load_batch="25") for arguments in (jiading, jiaxing)]
    for process in processes:
        outcome = ended(process)
        assert outcome.code == 0, outcome
    for arguments in others:
        either.done("load", *arguments, "--no-wait")
    assert either.partition() == demo.partition()
    assert either.index_agrees()
    assert counted(either) == counted(demo)


def counted(installation: Installation) -> list[list[str]]:
    """Libraries with their records and items."""
    lines = (line.split("\t") for line in installation.done("libraries", "list").out.splitlines())
    return sorted([code, records, items] for code, _, _, records, items in lines)
