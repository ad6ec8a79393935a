"""``union-catalog tokens``: letting programs in, and shutting programs and staff out again."""

import json

import click

from api.commands.runtime import Runtime
from api.permissions import ROLE_WORDS, role_named
from union_catalog.services import access
from union_catalog.storage.access import StoredToken


@click.group()
def tokens() -> None:
    """Access tokens of programs."""


@tokens.command("add")
@click.argument("name")
@click.option("--role", "roles", type=click.Choice(ROLE_WORDS), multiple=True, required=True, help="What it opens; may be repeated.")
@click.option("--library", default="", help="Only this library's own; the whole network without it.")
def add_token(name: str, roles: tuple[str, ...], library: str) -> None:
    """Make a token for NAME and print it. It is shown this once; only its sum is kept."""
    runtime = Runtime.from_environment()
    issued = access.issue(runtime.database, runtime.clock, name, tuple(dict.fromkeys(map(role_named, roles))), library)
    click.echo(f"编号 {issued.id}；令牌只显示这一次 / id {issued.id}; the token is shown this once", err=True)
    click.echo(issued.secret)


@tokens.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_tokens(as_json: bool) -> None:
    """Show all tokens, those revoked too; none of them can be shown again itself."""
    found = access.tokens(Runtime.from_environment().database)
    if as_json:
        click.echo(json.dumps([_as_data(token) for token in found], ensure_ascii=False, indent=2))
        return
    for token in found:
        state = f"已作废 / revoked {token.revoked_at}" if token.revoked_at else "有效 / in force"
        click.echo(f"{token.id}  {token.name}  {'+'.join(token.roles)}  {token.library or '—'}  {token.created_at}  {state}")
    if not found:
        click.echo("没有令牌 / no tokens")


def _as_data(token: StoredToken) -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "roles": list(token.roles),
        "library": token.library or None,
        "staff": token.staff_id or None,
        "created_at": token.created_at,
        "revoked_at": token.revoked_at,
    }


@tokens.command("revoke")
@click.argument("token_id", metavar="ID")
def revoke_token(token_id: str) -> None:
    """Shut the token ID out, from its next request on and for good."""
    runtime = Runtime.from_environment()
    access.revoke(runtime.database, runtime.clock, token_id)
    click.echo(f"已作废 / revoked: {token_id}")
