"""``union-catalog policies``: the rules of lending as a file, what a change of them would do, and why a loan has its terms."""

from pathlib import Path

import click

from api.commands.runtime import Runtime
from api.labels import label
from api.languages import language_of_locale
from api.messages import sentence
from api.policy_words import beaten_words, check_words, difference_words, explanation_words
from union_catalog.circulation.policy_check import Check, Difference
from union_catalog.circulation.policy_file import Fault
from union_catalog.errors import ConfigurationError
from union_catalog.services import lending_terms
from union_catalog.services import policies as use_cases
from union_catalog.services.circulation.finding import ItemReference

_FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group()
def policies() -> None:
    """The rules of lending: show, check, apply, explain."""


@policies.command()
@click.option("--version", type=int, help="An earlier one, by its number.")
@click.option("--versions", is_flag=True, help="List all versions instead.")
def show(version: int | None, versions: bool) -> None:
    """Write the policy file in force to standard output."""
    with Runtime.from_environment().database.read() as connection:
        found = use_cases.in_force(connection, version)
    if not versions:
        click.echo(found.text, nl=not found.text.endswith("\n"))
        return
    for one in found.versions:
        click.echo(f"{one.version}\t{one.in_force_from}\t{one.actor}\t{one.note}".rstrip())


@policies.command()
@_FILE
def check(file: Path) -> None:
    """Say what FILE (TOML) is wrong with, or what it would change; nothing is changed."""
    runtime = Runtime.from_environment()
    with runtime.database.read() as connection:
        found = use_cases.check_policy(connection, _text(file))
    if found.faults:
        _refuse(found.faults)
    if found.check is not None:
        _tell(found.check, found.based_on)


@policies.command("apply")
@_FILE
@click.option("--note", default="", help="What it changes and why, for the list of versions.")
def apply_file(file: Path, note: str) -> None:
    """Bring FILE (TOML) in force; what it changes is shown. Open loans keep their terms."""
    runtime = Runtime.from_environment()
    text = _text(file)
    with runtime.database.write() as connection:
        if faults := use_cases.faults_of(connection, text):
            _refuse(faults)
        before = use_cases.table(connection).version
        done = use_cases.put_policy(connection, runtime.clock, runtime.context(), text, before, note)
    if not done.changed:
        click.echo("政策没有改动 / no change")
        return
    _tell(done.check, before)
    click.echo(f"第{done.version}版政策已生效 / version {done.version} is in force")


@policies.command()
@click.option("--branch", required=True, help="The lending branch.")
@click.option("--patron", default="", help="Id of the reader; or --category.")
@click.option("--category", default="", help="Category of reader, such as adult.")
@click.option("--barcode", default="", help="Barcode of the item; or --library and --type.")
@click.option("--library", default="", help="Library of the item.")
@click.option("--type", "item_type", default="", help="Type of the item, such as book.")
@click.option("--version", type=int, help="An earlier policy, by its number.")
def explain(branch: str, patron: str, category: str, barcode: str, library: str, item_type: str, version: int | None) -> None:
    """Say which rule decides a loan, what it grants, and why the others do not."""
    asked = lending_terms.Asked(
        branch=branch,
        patron=patron,
        category=category,
        item=ItemReference(barcode, library) if barcode else None,
        item_library=library,
        item_type=item_type,
        version=version,
    )
    with Runtime.from_environment().database.read() as connection:
        found = lending_terms.explained(connection, asked)
    language = language_of_locale()
    for line in explanation_words(found, language):
        click.echo(line)
    for line in beaten_words(found, language).values():
        click.echo(f"- {line}")


def _tell(found: Check, based_on: int) -> None:
    language = language_of_locale()
    for change in found.rules:
        click.echo(f"{label('rule_action', change.action, language)} {change.rule}")
        _list(change.differences)
    _list((*found.network, *found.groups))
    for line in check_words(found, based_on, language):
        click.echo(line)


def _list(differences: tuple[Difference, ...]) -> None:
    for difference in differences:
        click.echo(f"  {difference_words(difference, language_of_locale())}")


def _refuse(faults: tuple[Fault, ...]) -> None:
    """Tells all faults but the first, which ends the command."""
    for fault in faults[1:]:
        click.echo(sentence(fault.code, fault.error().data, language_of_locale()), err=True)
    raise faults[0].error()


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise ConfigurationError("policy_unreadable", path=str(file)) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError("policy_not_utf8", path=str(file)) from error
