"""Where the branches are from the reader's place: the rings that a search is narrowed and ordered by, and who can lend next to it."""

import time
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from union_catalog.errors import InvalidInput
from union_catalog.network.distance import metres
from union_catalog.search.engine import Filters
from union_catalog.search.nearby import RINGS, Nearby
from union_catalog.services.searching.asked import Place
from union_catalog.services.searching.choosing import is_chosen
from union_catalog.services.views import NearestBranch, RecordSummary
from union_catalog.storage import reads
from union_catalog.storage.database import Database

_KEPT_SECONDS = 30.0
_TOLD_METRES = 100


@dataclass(frozen=True, slots=True)
class Position:
    """A branch that has a place on the map."""

    code: str
    name: str
    name_en: str
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Around:
    """The branches around one place: in rings for the engine, in metres for whoever shows them."""

    nearby: Nearby
    metres: Mapping[str, float]
    positions: Mapping[str, Position]

    def nearest(self, records: Iterable[RecordSummary], chosen: Filters) -> dict[str, NearestBranch]:
        """By union id, the nearest branch within the last ring that has an item to lend now; records that none has are left out.

        Where libraries or branches are chosen, it is the nearest of these.
        """
        found = {}
        for record in records:
            places = [branch for branch in record.branches if branch.available and is_chosen(chosen, branch.library, branch.code)]
            lending = [branch.code for branch in places if branch.code in self.metres]
            if lending:
                found[record.union_id] = self.told(min(lending, key=lambda code: (self.metres[code], code)))
        return found

    def told(self, code: str) -> NearestBranch:
        """A branch of ``metres`` with its distance as readers are told it."""
        position = self.positions[code]
        return NearestBranch(code, position.name, position.name_en, told_metres(self.metres[code]))


class Nearness:
    """The positions of a network, read from the database at most every ``_KEPT_SECONDS``. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read: tuple[float, Mapping[str, Position]] | None = None

    def around(self, near: Place | str) -> Around:
        """What lies around a place, or around a branch.

        Raises InvalidInput("unknown_place" or "place_without_position") with ``name`` "near" for a branch that cannot be counted from.
        """
        lat, lng = self.origin(near)
        positions = self._positions()
        far = {code: metres(lat, lng, one.lat, one.lng) for code, one in positions.items() if abs(one.lat - lat) < _LAST_RING_DEGREES}
        return Around(_rings(far), {code: distance for code, distance in far.items() if distance < _BOUNDS[-1]}, positions)

    def origin(self, near: Place | str) -> tuple[float, float]:
        """(latitude, longitude) of what ``around`` counts from. Raises as that does."""
        if isinstance(near, Place):
            return near.lat, near.lng
        position = self._positions().get(near) or self._positions(anew=True).get(near)
        if position is None:
            with self._database.read() as connection:
                known = any(row.code == near for row in reads.branches(connection))
            raise InvalidInput("place_without_position" if known else "unknown_place", name="near", value=near)
        return position.lat, position.lng

    def _positions(self, *, anew: bool = False) -> Mapping[str, Position]:
        kept = self._read
        if kept is None or anew or time.monotonic() - kept[0] > _KEPT_SECONDS:
            with self._database.read() as connection:
                rows = [row for row in reads.branches(connection) if row.lat is not None and row.lng is not None]
            kept = (time.monotonic(), {row.code: Position(row.code, row.name, row.name_en or row.name, row.lat, row.lng) for row in rows})
            self._read = kept
        return kept[1]


def told_metres(distance: float) -> int:
    """To 100 m, which is as exact as the reader's own place is known."""
    return round(distance / _TOLD_METRES) * _TOLD_METRES


_BOUNDS = tuple(kilometres * 1000.0 for kilometres in RINGS)
_LAST_RING_DEGREES = _BOUNDS[-1] / 110_000  # a degree of latitude is 110.6 km or more


def _rings(far: Mapping[str, float]) -> Nearby:
    rings: list[list[str]] = [[] for _ in RINGS]
    for code, distance in far.items():
        ring = bisect_right(_BOUNDS, distance)
        if ring < len(rings):
            rings[ring].append(code)
    return Nearby(tuple(tuple(sorted(ring)) for ring in rings))
