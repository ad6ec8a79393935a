"""What the documents say is what the program does: settings, commands, schedules, make targets, links."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest

from api.cli import COMMANDS, cli
from api.jobs.schedules import schedules
from api.wiring import open_engine
from tests.architecture.sources import ROOT
from union_catalog.clock import SystemClock
from union_catalog.network.model import BRANCH_KINDS
from union_catalog.services.index_feed import IndexFeed
from union_catalog.services.views import ITEM_STATUSES
from union_catalog.settings import Settings, documented
from union_catalog.storage.database import Database
from union_catalog.storage.events import KINDS as EVENT_KINDS
from union_catalog.storage.schema import differences

GLOSSARY = ROOT / "docs" / "glossary.md"
OPERATIONS = ROOT / "docs" / "operations.md"
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def table(document: Path, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = document.read_text("utf-8").split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().replace("`", "") for cell in row] for row in rows[2:]]


def test_every_setting_is_listed_with_its_default() -> None:
    listed = [(name, default, about) for name, default, about in table(OPERATIONS, "## Settings")]
    assert listed == [(name, default, about.replace("`", "")) for name, default, about in documented()]


def make_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text("utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / ".ci" / "run"], ids=lambda path: path.name)
def test_every_make_target_named_exists(document: Path) -> None:
    named = set(re.findall(r"(?:`|^ {4}|^)make ([a-z-]+)", document.read_text("utf-8"), re.MULTILINE))
    assert named <= make_targets()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_document_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    pages = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md") if path.name != "README.md"]
    assert [str(page) for page in pages if f"({page})" not in index] == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers[0] == 1
    assert all(right - left == 1 for left, right in pairwise(numbers))


def test_the_locks_hold_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-dev.lock": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
    }
    for lock, requirements in wanted.items():
        pinned = set(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==", (ROOT / lock).read_text("utf-8"), re.MULTILINE))
        names = {re.split(r"[\[<>=!~; ]", requirement)[0] for requirement in requirements}
        assert names <= pinned


def first_cells(document: Path, heading: str) -> list[str]:
    return [row[0] for row in table(document, heading)]


def test_statuses_kinds_and_events_stand_in_the_glossary() -> None:
    assert first_cells(GLOSSARY, "## Item statuses") == list(ITEM_STATUSES)
    assert first_cells(GLOSSARY, "## Kinds of branches") == list(BRANCH_KINDS)
    assert first_cells(GLOSSARY, "## Events") == list(EVENT_KINDS)


def test_every_job_is_listed_with_its_time(sqlite_database: Database) -> None:
    settings = Settings.from_environment({})
    feed = IndexFeed(sqlite_database, SystemClock(), 15)
    known = [(item.name, str(item.when)) for item in schedules(settings, sqlite_database, feed, open_engine(settings))]
    assert [(row[0], row[1]) for row in table(OPERATIONS, "## Background jobs")] == known


def commands(group: click.Group, prefix: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield prefix + name


def test_the_overview_says_of_a_command_what_it_says_of_itself() -> None:
    told = {name: cli.get_command(click.Context(cli), name) for name in COMMANDS}
    assert {name: command.get_short_help_str(200) for name, command in told.items() if command} == {
        name: about for name, (_, about) in COMMANDS.items()
    }


def test_the_overview_loads_no_dictionary_and_no_engine() -> None:
    heavy = "pypinyin", "rjieba", "opencc", "sqlalchemy", "elasticsearch", "tantivy", "flask"
    loaded = f"[name for name in {heavy} if name in sys.modules]"
    code = f"import sys\nfrom api.cli import main\ntry:\n main(['--help'])\nfinally:\n sys.exit(str({loaded}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "quarantine" in done.stdout
    assert done.stderr.strip() == "[]"


def test_every_command_is_listed() -> None:
    assert sorted(first_cells(OPERATIONS, "## Commands")) == sorted(commands(cli))


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "Makefile"], ids=lambda path: path.name)
def test_every_command_named_exists(document: Path) -> None:
    named = set(re.findall(r"union-catalog ([a-z]+)", document.read_text("utf-8")))
    assert named <= {command.split()[0] for command in commands(cli)}


def test_the_backup_that_is_documented_works(sqlite_database: Database, tmp_path: Path) -> None:
    line = next(line for line in OPERATIONS.read_text("utf-8").splitlines() if "VACUUM INTO" in line)
    with sqlite_database.write():
        subprocess.run(["bash", "-c", line.replace("python3", sys.executable)], cwd=tmp_path, check=True)
    copy = Database(f"sqlite:///{tmp_path / 'backup.sqlite3'}")
    assert differences(copy) == []
    copy.close()
