"""The cash sheet: what was done at a branch's till on one day of the network's calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from union_catalog.errors import NotFound
from union_catalog.ids import BranchCode, LibraryCode
from union_catalog.patrons.accounts import Entry
from union_catalog.patrons.cash import Totals, totals
from union_catalog.storage import accounts as rows
from union_catalog.storage import network


@dataclass(frozen=True, slots=True, kw_only=True)
class CashSheet:
    """``entries`` in the order in which they were made, those too that moved no money: waivers, and copies taken instead of money."""

    branch: BranchCode
    library: LibraryCode
    day: date
    entries: tuple[Entry, ...]
    totals: Totals


def library_of(connection: Connection, branch: str) -> LibraryCode:
    """Whose till it is. Raises NotFound("unknown_branch")."""
    library = network.library_of_branch(connection, branch)
    if library is None:
        raise NotFound("unknown_branch", kind="branch", id=branch)
    return LibraryCode(library)


def cash_sheet(connection: Connection, branch: str, day: date, zone: ZoneInfo) -> CashSheet:
    """From midnight to midnight where the network is. Raises NotFound("unknown_branch")."""
    library = library_of(connection, branch)
    start, end = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    entries = rows.at_till(connection, BranchCode(branch), start, end)
    return CashSheet(branch=BranchCode(branch), library=library, day=day, entries=entries, totals=totals(entries))
