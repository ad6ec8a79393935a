"""``union-catalog staff``: who works at the libraries, and how they come in."""

import json
import sys

import click

from api.commands.runtime import Runtime
from union_catalog.clock import instant_text
from union_catalog.errors import InvalidInput, Refused
from union_catalog.services import access, passwords
from union_catalog.services import staff as use_cases
from union_catalog.services.staff import Changes, NewMember
from union_catalog.storage.staff import StaffMember


@click.group()
def staff() -> None:
    """Staff of the libraries: who they are, what they may do, how they come in."""


_from_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it.")


@staff.command("add")
@click.argument("name")
@click.option("--library", default="", help="Where they work; only administrators of the whole network have none.")
@click.option("--branch", "branches", multiple=True, help="At which of its branches; may be repeated; all of them without it.")
@click.option("--role", "roles", type=click.Choice(use_cases.ROLES), multiple=True, required=True, help="May be repeated.")
@click.option("--full-name", default="", help="As pages show them; NAME without it.")
@click.option("--token", is_flag=True, help="Print a token on standard output, this once, instead of asking for a password.")
@_from_stdin
def add_member(
    name: str, library: str, branches: tuple[str, ...], roles: tuple[str, ...], full_name: str, token: bool, password_stdin: bool
) -> None:
    """Take NAME on. Again with --token and the same library, branches and roles: another token for the same member of staff."""
    runtime = Runtime.from_environment()
    database = runtime.database
    kept = "" if token and not password_stdin else use_cases.hashed(_password(password_stdin))
    new = NewMember(username=name, library=library, branches=branches, roles=roles, name=full_name)
    with database.write() as connection:
        found = use_cases.find(connection, name)
        if found is None:
            member = use_cases.add(connection, runtime.clock, runtime.context(), new, kept)
        elif token and not kept and use_cases.is_the_same(found, new):
            member = found
        else:
            raise Refused("staff_exists", id=name)
        issued = access.issue_to(connection, runtime.clock, member) if token else None
    click.echo(_line(member), err=True)
    if issued is not None:
        click.echo(issued.secret)


@staff.command("list")
@click.option("--library", default="", help="Only those of this library.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_staff(library: str, as_json: bool) -> None:
    """Show everybody there ever was, those who were shut out too."""
    with Runtime.from_environment().database.read() as connection:
        found = use_cases.listed(connection, library)
    if as_json:
        click.echo(json.dumps([_as_data(member) for member in found], ensure_ascii=False, indent=2))
        return
    for member in found:
        click.echo(_line(member))
    if not found:
        click.echo("没有馆员 / no staff")


@staff.command("change")
@click.argument("name")
@click.option("--library", help="Where they work from now on; '' for administrators of the whole network.")
@click.option("--branch", "branches", multiple=True, help="At which of its branches, and no others; may be repeated.")
@click.option("--all-branches", is_flag=True, help="At all branches of the library.")
@click.option("--role", "roles", type=click.Choice(use_cases.ROLES), multiple=True, help="These roles and no others; may be repeated.")
def change_member(name: str, library: str | None, branches: tuple[str, ...], all_branches: bool, roles: tuple[str, ...]) -> None:
    """Give NAME other roles, other branches or another library, from the next request on. What is not named stays as it is."""
    if branches and all_branches:
        raise click.UsageError("--branch and --all-branches exclude each other")
    if library is None and not branches and not all_branches and not roles:
        raise click.UsageError("nothing to change: give --role, --branch, --all-branches or --library")
    told = Changes(library=library, branches=branches if branches or all_branches else None, roles=roles or None)
    runtime = Runtime.from_environment()
    with runtime.database.write() as connection:
        click.echo(_line(use_cases.change(connection, runtime.clock, runtime.context(), name, told)))


@staff.command("disable")
@click.argument("name")
def disable_member(name: str) -> None:
    """Shut NAME out from the next request on: sessions, tokens and password. What they did stays theirs."""
    runtime = Runtime.from_environment()
    with runtime.database.write() as connection:
        click.echo(_line(use_cases.disable(connection, runtime.clock, runtime.context(), name)))


@staff.command("password")
@click.argument("name")
@_from_stdin
def set_password(name: str, password_stdin: bool) -> None:
    """Set another password for NAME, who is signed out everywhere; a lock is lifted."""
    runtime = Runtime.from_environment()
    database = runtime.database
    kept = use_cases.hashed(_password(password_stdin))
    with database.write() as connection:
        click.echo(_line(use_cases.set_password(connection, runtime.clock, runtime.context(), name, kept)))


@staff.command("unlock")
@click.argument("name")
def unlock_member(name: str) -> None:
    """Let NAME try the password again at once, after too many wrong ones."""
    runtime = Runtime.from_environment()
    with runtime.database.write() as connection:
        click.echo(_line(use_cases.unlock(connection, runtime.clock, runtime.context(), name)))


def _password(from_stdin: bool) -> str:
    """Asked for twice, or the first line of standard input. Raises InvalidInput where there is nobody to ask."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InvalidInput("password_missing", name="password")
    told: str = click.prompt("密码 / password", hide_input=True, confirmation_prompt=True, err=True)
    return told


def _line(member: StaffMember) -> str:
    state = "已停用 / disabled" if member.disabled_at else f"{passwords.TRIES}次输错 / locked" if member.locked_until else "在岗 / in force"
    place = f"{member.library or '*'}:{'+'.join(member.branches) or '*'}"
    return f"{member.username}  {member.name}  {place}  {'+'.join(member.roles)}  {state}"


def _as_data(member: StaffMember) -> dict[str, object]:
    return {
        "username": member.username,
        "name": member.name,
        "library": member.library or None,
        "branches": list(member.branches),
        "roles": list(member.roles),
        "has_password": member.has_password,
        "locked_until": instant_text(member.locked_until) if member.locked_until else None,
        "created_at": instant_text(member.created_at),
        "disabled_at": instant_text(member.disabled_at) if member.disabled_at else None,
    }
