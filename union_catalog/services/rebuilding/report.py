"""What a rebuild has changed, or would change."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from operator import add

from union_catalog.services.deciding.clusters import Node
from union_catalog.storage.matching_state import Phase


@dataclass(frozen=True, slots=True)
class Moved:
    """A source record that comes under another union record. In a preview ``after`` is "new:1" and so on for one that is not there yet."""

    library: str
    record_id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Advance:
    """How far a run is: ``fraction`` of the phase, and source records dealt with in a second of it."""

    phase: Phase
    fraction: float
    rate: float


@dataclass(frozen=True, slots=True)
class Changes:
    """Counts of one stretch. ``merged`` union records lead to others, ``split`` are new ones; ``moved`` source records changed theirs.

    Of the union records as they were, ``described`` were merged otherwise from their records than they would be now, and ``regrouped`` held
    other keys of works than their description gives now.
    """

    merged: int = 0
    split: int = 0
    moved: int = 0
    described: int = 0
    regrouped: int = 0

    def plus(self, other: "Changes") -> "Changes":
        """Those of both stretches."""
        return Changes(*map(add, astuple(self), astuple(other)))


@dataclass(frozen=True, slots=True)
class Report:
    """Over the whole catalogue: ``clusters_after`` = ``clusters_before`` - merged + split.

    A run that went on where another was broken off (``resumed``) counts what it did itself. ``last_message`` is the highest message id
    that the database has given out; 0 in a preview.
    """

    records: int
    clusters_before: int
    clusters_after: int
    changes: Changes
    seconds: float
    resumed: bool = False
    last_message: int = 0


OnProgress = Callable[[Advance], None]
OnMoved = Callable[[Sequence[Moved]], None]


def moved_of(nodes: Mapping[int, Node], union_of: Mapping[int, str]) -> list[Moved]:
    """The records whose union record is another one than before, by source id."""
    return [
        Moved(*_names(nodes[source_id]), before=nodes[source_id].union_id or "", after=union_of[source_id])
        for source_id in sorted(union_of)
        if union_of[source_id] != nodes[source_id].union_id
    ]


def _names(node: Node) -> tuple[str, str]:
    library, _, record_id = node.key.partition(":")
    return library, record_id


def changes_of(nodes: Mapping[int, Node], union_of: Mapping[int, str], moved: Sequence[Moved]) -> Changes:
    """``nodes`` are whole groups: every record that shared a union record, or shares one from now on."""
    before = {node.union_id for node in nodes.values()} - {None}
    after = set(union_of.values())
    return Changes(merged=len(before - after), split=len(after - before), moved=len(moved))


class Pace:
    """Tells how far a phase is, at most a few times a second."""

    def __init__(self, phase: Phase, last: int, progress: OnProgress) -> None:
        """``last`` is the highest source id."""
        self.phase = phase
        self.last = last
        self.progress = progress
        self.begun = time.monotonic()
        self.dealt_with = 0

    def reached(self, position: int, records: int) -> None:
        """A stretch of so many records ended at the source id ``position``."""
        self.dealt_with += records
        rate = self.dealt_with / max(time.monotonic() - self.begun, 0.001)
        self.progress(Advance(self.phase, min(position / self.last, 1.0) if self.last else 1.0, rate))
