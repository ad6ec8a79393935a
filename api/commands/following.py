"""After a command has stored something: the index is made to follow, or it is said that it will."""

from collections.abc import Callable

import click

from api.commands.runtime import Runtime
from api.languages import language_of_locale
from api.messages import sentence
from indexers.catching_up import catch_up
from union_catalog.errors import Busy, SearchUnavailable, UnionCatalogError

# The relay catches up by itself once these are over; whatever else stands in the way, somebody has to mend.
_PASSES = frozenset({"search_server_gone", "search_server_busy", "relay_stuck"})
# Somebody has to mend these, but the server is there: what was stored is stored, and needs no second try.
_MENDED_THERE = frozenset({"index_unusable", "index_unwritable"})
_UNUSABLE = (
    "都已存好，不必再载；索引现在不能用，恢复后会自己跟上，原因见 union-catalog index status / all is stored, load nothing again; "
    "the index cannot be used now and will follow once it can, see: union-catalog index status"
)


def following(runtime: Runtime, up_to: int, progress: Callable[[int], None] = lambda waiting: None) -> UnionCatalogError | None:
    """Waits until what was stored is searchable, as :func:`catch_up`. Answers what stands in its way: what is stored stays so."""
    try:
        catch_up(runtime.relay, up_to, progress)
    except (SearchUnavailable, Busy) as error:
        return error
    return None


def say_behind(error: UnionCatalogError | None) -> None:
    """To be called after the command has told what it did. Raises what does not pass by itself."""
    if error is None:
        return
    if error.code not in _PASSES | _MENDED_THERE:
        raise error
    if error.code in _MENDED_THERE:
        click.echo(_UNUSABLE, err=True)
        return
    told = sentence(error.code, error.data, language_of_locale())
    click.echo(f"都已存好，索引随后会自己跟上 / all is stored, the index will follow: {told}", err=True)
