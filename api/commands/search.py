"""``union-catalog search``: the API's answer on the command line."""

import click
import msgspec

from api.commands.runtime import Runtime
from api.messages import sentence
from api.resources.search import search_answer
from union_catalog.search.engine import SearchRequest
from union_catalog.search.query import parse
from union_catalog.services.searching.asked import Asked


@click.command()
@click.argument("query", default="")
@click.option("--per-page", type=click.IntRange(1, 100), default=20, show_default=True, help="Results a page.")
@click.option("--cursor", help="next_cursor of the page before.")
@click.option("--exact", is_flag=True, help="Search for QUERY as it is, even if it finds little.")
@click.option("--explain", is_flag=True, help="Say of each result why it stands where it stands.")
@click.option("--json", "as_json", is_flag=True, help="Print the same answer as GET /api/v1/search.")
def search(query: str, per_page: int, cursor: str | None, exact: bool, explain: bool, as_json: bool) -> None:
    """Search the union catalogue for QUERY; without one, everything."""
    catalogue = Runtime.from_environment().catalogue
    request = SearchRequest(parse(query), per_page=per_page, cursor=cursor)
    answer = search_answer(catalogue, Asked(request, exact=exact, explain=explain), "zh")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
        return
    for warning in answer.warnings:
        click.echo(warning.message, err=True)
    if answer.corrected is not None:
        click.echo(sentence("search.corrected", {"typed": query, "query": answer.corrected.query}, "zh"), err=True)
    if answer.did_you_mean is not None:
        click.echo(sentence("search.offered", {"query": answer.did_you_mean.query}, "zh"), err=True)
    click.echo(f"{answer.total} 种")
    for item in answer.items:
        held = " ".join(f"{library.code}:{library.available}/{library.items}" for library in item.libraries)
        click.echo(f"{item.union_id}  {item.title} / {item.responsibility}  {item.publisher} {item.year or ''}  {held}")
        for told in item.why:
            click.echo(f"    {told}")
