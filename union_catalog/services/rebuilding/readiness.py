"""Whether the match graph may be changed bit by bit: only if it was made whole, under the rules of this version."""

from datetime import datetime

from sqlalchemy import Connection

from union_catalog.clock import instant_text
from union_catalog.errors import Busy, Refused
from union_catalog.matching.rules import rules_digest
from union_catalog.storage import leases, matching_state
from union_catalog.storage.matching_state import MatchingState

LEASE = "rebuild"
_DIGITS = 48


def rules_of(key_limit: int) -> str:
    """The rules in force as the state names them: their digest, and the limit of keys that this installation has chosen."""
    return f"{rules_digest()[:_DIGITS]}:{key_limit}"


def require_ready(connection: Connection, now: datetime, key_limit: int | None = None) -> None:
    """To be called in the transaction that is going to change the graph; whoever adds candidates tells the limit of keys it works with.

    Raises Busy("matching_rebuild_running"), Refused("rebuild_unfinished") after one that was broken off, and Refused("rules_changed") if
    the graph was made under other rules.
    """
    state = matching_state.find(connection)
    if state is None:
        if matching_state.has_records(connection):
            raise Refused("rules_changed")
    elif state.phase != "ready":
        running = leases.holder_of(connection, LEASE, now) is not None
        raise Busy("matching_rebuild_running") if running else Refused("rebuild_unfinished")
    elif not _agrees(state, key_limit):
        raise Refused("rules_changed")


def is_current(connection: Connection) -> bool:
    """Whether the features that are stored, and what was decided by them, are those of this version's rules."""
    state = matching_state.find(connection)
    return state is not None and state.phase == "ready" and _agrees(state, None)


def make_ready(connection: Connection, now: datetime, key_limit: int) -> None:
    """As ``require_ready``, and an empty catalogue begins under the present rules, whatever it began under before."""
    if matching_state.has_records(connection):
        require_ready(connection, now, key_limit)
    else:
        matching_state.put(connection, MatchingState(rules_of(key_limit), "ready"), instant_text(now))


def _agrees(state: MatchingState, key_limit: int | None) -> bool:
    if key_limit is None:
        return state.rules.startswith(f"{rules_digest()[:_DIGITS]}:")
    return state.rules == rules_of(key_limit)
