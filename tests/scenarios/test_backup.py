"""Backup and restoring as docs/operations.md tells it: its very commands, on both databases."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenarios.installations import ROOT, Installation
from tests.scenarios.servers import own_database

OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")


def told(beginning: str) -> str:
    """The command of the document that begins so."""
    [command] = re.findall(rf"^    ({re.escape(beginning)}.*)$", OPERATIONS, re.MULTILINE)
    return str(command)


def shell(command: str, folder: Path, database: str = "") -> None:
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
    path = os.pathsep.join([str(Path(sys.executable).parent), *map(str, tools), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "UNION_CATALOG_DATABASE_URL": database}
    subprocess.run(command, shell=True, cwd=folder, env=environment, check=True, capture_output=True, timeout=120)


def set_up_again(restored: Installation) -> None:
    """What the document says to do afterwards, on both databases."""
    for command in ("init", "index rebuild", "index verify"):
        assert told(f"union-catalog {command}")
        restored.done(*command.split())


def test_a_backup_of_sqlite_is_the_whole_catalogue(demo: Installation, tmp_path: Path) -> None:
    before, found = demo.clusters(), demo.done("search", "红楼梦", "--json").json["total"]
    shell(told("python3 -c"), demo.home)
    demo.done("libraries", "add", "XX", "后来的图书馆")
    restored = Installation(tmp_path / "restored")
    restored.home.mkdir()
    shutil.copy(demo.home / "backup.sqlite3", restored.home / "catalogue.sqlite3")
    set_up_again(restored)
    assert restored.clusters() == before
    assert restored.done("search", "红楼梦", "--json").json["total"] == found > 0
    assert "后来的图书馆" not in restored.done("libraries", "list").out


@pytest.mark.postgres
def test_a_backup_of_postgresql_is_the_whole_catalogue(postgres_url: str, demo_exports: list[list[object]], tmp_path: Path) -> None:
    with own_database(postgres_url) as kept, own_database(postgres_url) as lost_and_made_anew:
        running = Installation(tmp_path / "running", {"database_url": kept})
        running.done("init")
        running.done("network", "apply", ROOT / "demo" / "network.toml")
        for arguments in demo_exports[:2]:
            running.done("load", *arguments)
        before, found = running.clusters(), running.done("search", "红楼梦", "--json").json["total"]
        shell(told("pg_dump"), tmp_path, plain(kept))
        running.done("load", *demo_exports[2])
        shell(told("pg_restore"), tmp_path, plain(lost_and_made_anew))
        restored = Installation(tmp_path / "restored", {"database_url": lost_and_made_anew})
        set_up_again(restored)
        assert restored.clusters() == before != running.clusters()
        assert restored.done("search", "红楼梦", "--json").json["total"] == found > 0
        restored.done("load", *demo_exports[2])
        assert restored.partition() == running.partition()


def plain(url: str) -> str:
    """The address as the tools of PostgreSQL take it."""
    return url.replace("+psycopg", "")
