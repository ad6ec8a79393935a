"""Where matching stands, for whoever runs the installation."""

from dataclasses import dataclass

from union_catalog.clock import Clock
from union_catalog.services.rebuilding.readiness import LEASE, rules_of
from union_catalog.storage import leases, matching_state, stretches
from union_catalog.storage.database import Database
from union_catalog.storage.matching_state import Phase


@dataclass(frozen=True, slots=True)
class MatchingStatus:
    """``is_current``: the graph was made, or is being made, under the rules of this version. ``fraction`` of the phase that is done."""

    phase: Phase
    is_current: bool
    running: bool
    fraction: float


def matching_status(database: Database, clock: Clock, key_limit: int) -> MatchingStatus:
    """As of now. A catalogue that never held a record is ready; one of an older version without a state is not current."""
    with database.read() as connection:
        state, last = matching_state.find(connection), stretches.last_id(connection)
        running = leases.holder_of(connection, LEASE, clock.now()) is not None
    if state is None:
        return MatchingStatus("ready", last == 0, running, 1.0)
    done = 1.0 if state.phase == "ready" or not last else state.position / last
    return MatchingStatus(state.phase, last == 0 or state.rules == rules_of(key_limit), running, done)
