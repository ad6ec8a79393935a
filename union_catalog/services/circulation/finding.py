"""Which item is meant by what was scanned."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from union_catalog.errors import InvalidInput, NotFound, Refused
from union_catalog.identifiers import barcode
from union_catalog.ids import BranchCode
from union_catalog.services.circulation.station import Station
from union_catalog.storage.circulation import resolving
from union_catalog.storage.circulation.resolving import Candidate
from union_catalog.storage.circulation.snapshot import Handled, handled

MOST_TYPED = 200


@dataclass(frozen=True, slots=True)
class ItemReference:
    """As it was scanned or typed. ``library`` is a hint: it decides where several libraries have the barcode."""

    barcode: str
    library: str = ""

    def plain(self) -> str:
        """The barcode as loads store it. Raises InvalidInput("bad_barcode") for what no label says."""
        plain = barcode(self.barcode)
        if not plain or len(self.barcode) > MOST_TYPED or not plain.isprintable():
            raise InvalidInput("bad_barcode", name="barcode", most=MOST_TYPED)
        return plain


def wanted(connection: Connection, asked: ItemReference, *, locked: bool = False) -> Candidate:
    """The item of the library that is named, else the only one that has the barcode.

    Raises NotFound("unknown_item"), and Refused("ambiguous_item") with the ``libraries`` that have it.
    """
    scanned = asked.plain()
    found = resolving.candidates(connection, scanned, locked=locked) or resolving.candidates_once(connection, scanned)
    chosen = _chosen(found, asked.library)
    if chosen is None:
        raise NotFound("unknown_item", kind="item", id=scanned)
    return chosen


def returned(connection: Connection, asked: ItemReference) -> Candidate | None:
    """As :func:`wanted`, and of several the only one on loan, else the only one on its way. None for a barcode that nobody has."""
    scanned = asked.plain()
    found = resolving.candidates(connection, scanned) or resolving.candidates_once(connection, scanned)
    for likely in ([one for one in found if one.patron is not None], [one for one in found if one.moving]):
        if len(likely) == 1 and not any(one.library == asked.library for one in found):
            return likely[0]
    return _chosen(found, asked.library)


def known(connection: Connection, asked: ItemReference) -> Candidate:
    """As :func:`returned`. Raises NotFound("unknown_item") for a barcode that nobody has."""
    found = returned(connection, asked)
    if found is None:
        raise NotFound("unknown_item", kind="item", id=asked.plain())
    return found


def _chosen(found: Sequence[Candidate], library: str) -> Candidate | None:
    of_library = [one for one in found if one.library == library]
    left = of_library or [one for one in found if not one.withdrawn] or found
    if len(left) > 1:
        raise Refused("ambiguous_item", barcode=left[0].barcode, libraries=tuple(one.library for one in left))
    return left[0] if left else None


def at_desk(connection: Connection, station: Station, found: Candidate) -> Handled:
    """The item as it is at this desk, under lock. Raises NotFound("unknown_branch"), NotAllowed("other_desk")."""
    one = handled(connection, [found.id], BranchCode(station.branch))[found.id]
    if not one.desk_library:
        raise NotFound("unknown_branch", kind="branch", id=station.branch)
    station.demand_here(one.desk_library)
    return one
