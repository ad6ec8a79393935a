"""Changes of the network: each is one transaction and leaves an event."""

from collections.abc import Callable
from dataclasses import dataclass

from union_catalog.clock import Clock, instant_text
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotAllowed
from union_catalog.network.changes import compare
from union_catalog.network.file import read_network
from union_catalog.network.model import CIRCULATION, Change, Library, Network
from union_catalog.storage import events, network, outbox, unions
from union_catalog.storage.database import Database
from union_catalog.storage.events import Event


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a network file would change."""

    network: Network
    changes: tuple[Change, ...]


def compare_network(database: Database, text: str) -> Comparison:
    """Reads the file's text and compares, changing nothing. Raises ConfigurationError for a faulty file."""
    with database.read() as connection:
        before = network.read(connection)
    after = read_network(text, {library.code for library in before.libraries}, {branch.code for branch in before.branches})
    return Comparison(after, compare(before, after))


def apply_network(database: Database, clock: Clock, context: Context, text: str, approve: Callable[[Comparison], bool]) -> Comparison:
    """Shows the difference to ``approve`` and carries it out if that says yes; decided and done on one state of the network."""
    comparison = compare_network(database, text)
    if not comparison.changes or not approve(comparison):
        return comparison
    require_network_wide(context)
    now = instant_text(clock.now())
    with database.write() as connection:
        again = compare(network.read(connection), comparison.network)
        moved = network.write(connection, comparison.network, again)
        outbox.put(connection, outbox.TOPIC_UNION, unions.raise_revisions(connection, moved, now), now, context.command_id)
        done = [f"{change.action} {change.kind} {change.code}" for change in again]
        events.append(connection, context, [Event("network.applied", "network:", data={"changes": done})], now)
    return comparison


def add_library(database: Database, clock: Clock, context: Context, code: str, name: str, circulation: str) -> bool:
    """True if it is new; again is no change. Raises InvalidInput for a code that no command could carry."""
    require_network_wide(context)
    if not code or len(code) > 40 or not code.isascii() or not code.replace("-", "").replace("_", "").isalnum():
        raise InvalidInput("bad_library_code", name="code", value=code)
    if circulation not in CIRCULATION:
        raise InvalidInput("bad_circulation", name="circulation", value=circulation)
    with database.write() as connection:
        if not network.add_library(connection, Library(code=code, name=name, circulation=circulation)):
            return False
        event = Event("library.added", f"library:{code}", code, {"circulation": circulation})
        events.append(connection, context, [event], instant_text(clock.now()))
    return True


def require_network_wide(context: Context) -> None:
    """Raises NotAllowed("network_only") for whoever is bound to one library."""
    if context.library:
        raise NotAllowed("network_only", right="network", library=context.library)
