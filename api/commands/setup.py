"""``union-catalog init``, ``network`` and ``libraries``: setting an installation up."""

from pathlib import Path

import click

from api.commands.runtime import Runtime
from union_catalog.errors import ConfigurationError
from union_catalog.network.model import CIRCULATION, Change
from union_catalog.services import network as use_cases
from union_catalog.services.network import Comparison
from union_catalog.storage import schema

_ACTIONS = {"add": "+", "change": "~"}


@click.command()
def init() -> None:
    """Make or migrate the database and an empty index; again is no change."""
    runtime = Runtime.from_environment()
    migrated = schema.upgrade(runtime.unchecked_database)
    created = runtime.engine.create()
    click.echo("数据库已就绪 / database ready" if migrated else "数据库已是最新，没有改动 / database up to date, no change")
    click.echo("索引已建立 / index created" if created else "索引已存在，没有改动 / index there, no change")


@click.group()
def network() -> None:
    """Regions, libraries and branches."""


@network.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show the difference and change nothing.")
def apply_network(file: Path, dry_run: bool) -> None:
    """Bring the network to what FILE (TOML) says; the difference is shown first."""
    runtime = Runtime.from_environment()

    def approve(comparison: Comparison) -> bool:
        for change in comparison.changes:
            click.echo(_line(change))
        return not dry_run

    found = use_cases.apply_network(runtime.database, runtime.clock, runtime.context(), _text(file), approve)
    if not found.changes:
        click.echo("网络没有改动 / no change")
    elif not dry_run:
        click.echo(f"已应用 {len(found.changes)} 处改动 / {len(found.changes)} changes applied")


def _line(change: Change) -> str:
    told = "; ".join(f"{name}: {before or '—'} → {after or '—'}" for name, before, after in change.fields)
    return f"{_ACTIONS[change.action]} {change.kind} {change.code}  {told}".rstrip()


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise ConfigurationError("network_unreadable", path=str(file)) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError("network_not_utf8", path=str(file)) from error


@click.group()
def libraries() -> None:
    """Member libraries."""


@libraries.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--circulation", type=click.Choice(CIRCULATION), default="native", show_default=True, help="Who lends its items.")
def add_library(code: str, name: str, circulation: str) -> None:
    """Add the library NAME under CODE; again is no change."""
    runtime = Runtime.from_environment()
    added = use_cases.add_library(runtime.database, runtime.clock, runtime.context(), code, name, circulation)
    click.echo(f"已加入 / added: {code} {name}" if added else f"已在册，没有改动 / there already, no change: {code}")


@libraries.command("list")
def list_libraries() -> None:
    """Show the libraries with what they hold."""
    for library in Runtime.from_environment().catalogue.libraries():
        click.echo(f"{library.code}\t{library.name}\t{library.circulation}\t{library.records}\t{library.items}")
