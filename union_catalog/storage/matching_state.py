"""Under which rules the match graph was made, and where a rebuild stands: one row, none in a catalogue that never held a record."""

from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import Connection, delete, insert, select

from union_catalog.storage.tables import match_doubt, match_edge, match_key, matching_state, source_record

Phase = Literal["ready", "linking", "settling"]
_STATE = select(matching_state.c.rules, matching_state.c.phase, matching_state.c.position)


@dataclass(frozen=True, slots=True)
class MatchingState:
    """``position`` is the last source id that the phase has dealt with; 0 when it has not begun, and when all is ready."""

    rules: str
    phase: Phase
    position: int = 0


def find(connection: Connection) -> MatchingState | None:
    """The state as of now; None where nothing has been decided yet, or by a version that kept no state."""
    row = connection.execute(_STATE).first()
    return MatchingState(row.rules, cast(Phase, row.phase), row.position) if row else None


def put(connection: Connection, state: MatchingState, now: str) -> None:
    """The state from the end of this transaction on."""
    connection.execute(delete(matching_state))
    values = {"id": 1, "rules": state.rules, "phase": state.phase, "position": state.position, "changed_at": now}
    connection.execute(insert(matching_state).values(values))


def has_records(connection: Connection) -> bool:
    """Whether any source record was ever stored, tombstones included."""
    return connection.execute(select(source_record.c.id).limit(1)).first() is not None


def empty_graph(connection: Connection) -> None:
    """Takes away every key, link and doubt; what staff said stays."""
    for table in (match_key, match_edge, match_doubt):
        connection.execute(delete(table))
