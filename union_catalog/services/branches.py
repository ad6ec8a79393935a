"""Branches for whoever wants to go there: whether they are open, how to get there, how far it is."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from union_catalog.clock import Clock
from union_catalog.errors import NotFound
from union_catalog.network.couriers import Call, Route, calls
from union_catalog.network.distance import metres
from union_catalog.network.hours import OpeningHours, open_state
from union_catalog.services.searching.asked import Place
from union_catalog.services.searching.nearness import Nearness, told_metres
from union_catalog.services.views import BranchDetail, BranchView
from union_catalog.storage import network, reads
from union_catalog.storage.database import Database


class Branches:
    """Read use cases of branches. ``timezone`` is the one that their clocks show. Safe to share between threads."""

    def __init__(self, database: Database, clock: Clock, timezone: ZoneInfo) -> None:
        self._database = database
        self._clock = clock
        self._timezone = timezone
        self._nearness = Nearness(database)

    def all(self, near: Place | str | None = None) -> tuple[BranchDetail, ...]:
        """By library and code. Raises InvalidInput for a branch that cannot be counted from (see Nearness.around)."""
        with self._database.read() as connection:
            rows = reads.branches(connection)
        return self._details(rows, near)

    def one(self, code: str, near: Place | str | None = None) -> BranchDetail:
        """Raises NotFound("unknown_branch"), and InvalidInput as :meth:`all` does."""
        with self._database.read() as connection:
            row = reads.branch_of(connection, code)
        if row is None:
            raise NotFound("unknown_branch", kind="branch", id=code)
        return self._details([row], near)[0]

    def calls(self, code: str) -> tuple[tuple[Call, Route], ...]:
        """When vans call at a branch within the next eight days, on which route, the soonest first. Raises NotFound("unknown_branch")."""
        with self._database.read() as connection:
            if reads.branch_of(connection, code) is None:
                raise NotFound("unknown_branch", kind="branch", id=code)
            routes = {route.code: route for route in network.routes(connection)}
        found = calls(routes.values(), code, self._clock.now().astimezone(self._timezone))
        return tuple((call, routes[call.route]) for call in found)

    def _details(self, rows: Iterable[Any], near: Place | str | None) -> tuple[BranchDetail, ...]:
        origin = None if near is None else self._nearness.origin(near)
        now = self._clock.now().astimezone(self._timezone)
        return tuple(_detail(row, now, origin) for row in rows)


def branch_view(row: Any) -> BranchView:
    """A row of ``reads.branches`` as readers see it."""
    return BranchView(
        code=row.code,
        name=row.name,
        name_en=row.name_en or row.name,
        library=row.library,
        library_name=row.library_name,
        library_name_en=row.library_name_en or row.library_name,
        kind=row.kind,
        lat=row.lat,
        lng=row.lng,
        address=row.address,
        offers_pickup=bool(row.offers_pickup),
        provisional=bool(row.provisional),
    )


def _detail(row: Any, now: datetime, origin: tuple[float, float] | None) -> BranchDetail:
    hours = network.unpack_hours(row.hours)
    placed = row.lat is not None and row.lng is not None
    return BranchDetail(
        branch=branch_view(row),
        region=row.region or "",
        region_name=row.region_name or "",
        region_name_en=row.region_name_en or row.region_name or "",
        telephone=row.telephone,
        transport=row.transport,
        transport_en=row.transport_en or row.transport,
        offers=network.unpack_offers(row.offers),
        hours=_to_come(hours, now) if hours else None,
        open=open_state(hours, now),
        metres=told_metres(metres(*origin, row.lat, row.lng)) if origin and placed else None,
    )


def _to_come(hours: OpeningHours, now: datetime) -> OpeningHours:
    return replace(hours, specials=tuple(special for special in hours.specials if special.last >= now.date()))
