"""Branches as pages show them: open or not in one line, the week, and the map of each region."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Protocol
from zoneinfo import ZoneInfo

from flask_babel import format_date

from api.labels import label
from api.language import current_language
from api.pages.mapping import Chart, Spot, chart
from api.pages.views import BranchView
from api.translations import gettext
from union_catalog.clock import Clock
from union_catalog.errors import InvalidInput, NotFound
from union_catalog.network.distance import metres
from union_catalog.network.hours import DayHours, OpeningHours, Special, clock_text
from union_catalog.services import views
from union_catalog.services.searching.asked import Place
from union_catalog.services.searching.nearness import told_metres
from union_catalog.services.views import BranchDetail

MOST_NEIGHBOURS = 6
_NEIGHBOURHOOD = 50_000.0


class Details(Protocol):
    """What the pages ask of the branches: union_catalog.services.branches.Branches answers it."""

    def all(self, near: Place | str | None = None) -> tuple[BranchDetail, ...]:
        """Every branch, by library. Raises InvalidInput for a branch that cannot be counted from."""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A branch as a place to go to. ``open_state`` is "open", "closed" or "unknown", ``open_line`` says it; ``offers`` are names."""

    branch: BranchView
    telephone: str
    transport: str
    offers: tuple[str, ...]
    open_state: str
    open_line: str
    metres: int | None = None


@dataclass(frozen=True, slots=True)
class HoursLine:
    """A day of the week or some announced days, and when it is open then; ``today`` where today is one of them."""

    days: str
    spans: str
    note: str = ""
    today: bool = False


@dataclass(frozen=True, slots=True)
class RegionView:
    """The places of a region, by library, and its map where several have a position. ``code`` names its section of the page.

    ``closed`` are the codes of those that are closed now.
    """

    code: str
    name: str
    libraries: tuple[tuple[PlaceView, ...], ...]
    places: int
    map: Chart | None
    closed: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlacePage:
    """One place with what lies next to it. ``exceptions`` before ``week``; both empty where nobody has told hours."""

    place: PlaceView
    exceptions: tuple[HoursLine, ...]
    week: tuple[HoursLine, ...]
    neighbours: tuple[PlaceView, ...]
    map: Chart | None
    closed: frozenset[str]


class Places:
    """Makes the views. ``timezone`` is the one that the clocks of the places show."""

    def __init__(self, details: Details, clock: Clock, timezone: ZoneInfo) -> None:
        self._details = details
        self._clock = clock
        self._timezone = timezone

    def regions(self, near: Place | str | None) -> tuple[RegionView, ...]:
        """All places, by region and library; a library without a region is one by itself."""
        now = self._now()
        groups = groupby(self._all(near), key=lambda detail: (detail.region, "" if detail.region else detail.branch.library))
        found: dict[tuple[str, str], list[BranchDetail]] = {}
        for key, details in groups:
            found.setdefault(key, []).extend(details)
        return tuple(_region(details, now) for details in found.values())

    def place(self, code: str, near: Place | str | None) -> PlacePage:
        """One place. Raises NotFound."""
        details, now = self._all(near), self._now()
        detail = next((one for one in details if one.branch.code == code), None)
        if detail is None:
            raise NotFound("unknown_branch", kind="branch", id=code)
        neighbours = _neighbours(detail, details, now)
        spots = _spots([_view(detail, now), *neighbours])
        hours = detail.hours
        return PlacePage(
            place=_view(detail, now),
            exceptions=tuple(_exception(special, now.date()) for special in _in_order(hours)),
            week=tuple(_weekday(hours, number, now.date()) for number in range(7)) if hours else (),
            neighbours=neighbours,
            map=chart(spots, code) if len(spots) > 1 else None,
            closed=_closed([_view(detail, now), *neighbours]),
        )

    def _all(self, near: Place | str | None) -> tuple[BranchDetail, ...]:
        """With distances where the place can be counted from: a branch that the reader chose long ago may be gone."""
        try:
            return self._details.all(near)
        except InvalidInput:
            return self._details.all()

    def _now(self) -> datetime:
        return self._clock.now().astimezone(self._timezone)


def branch_view(branch: views.BranchView) -> BranchView:
    """A branch in the reader's language."""
    return BranchView(
        code=branch.code,
        name=_named(branch.name, branch.name_en),
        library=_named(branch.library_name, branch.library_name_en),
        library_code=branch.library,
        kind=branch.kind,
        address=branch.address,
        lat=branch.lat,
        lng=branch.lng,
        offers_pickup=branch.offers_pickup,
        provisional=branch.provisional,
    )


def _region(details: list[BranchDetail], now: datetime) -> RegionView:
    places = [_view(detail, now) for detail in details]
    first = details[0]
    by_library = (tuple(held) for _, held in groupby(places, key=lambda place: place.branch.library_code))
    spots = _spots(places)
    return RegionView(
        code=f"region-{first.region}" if first.region else "",
        name=_named(first.region_name, first.region_name_en) or places[0].branch.library,
        libraries=tuple(by_library),
        places=len(places),
        map=chart(spots) if len(spots) > 1 else None,
        closed=_closed(places),
    )


def _closed(places: Iterable[PlaceView]) -> frozenset[str]:
    return frozenset(place.branch.code for place in places if place.open_state == "closed")


def _spots(places: Iterable[PlaceView]) -> tuple[Spot, ...]:
    branches = (place.branch for place in places)
    return tuple(Spot(one.code, one.name, one.kind, one.lat, one.lng) for one in branches if one.lat is not None and one.lng is not None)


def _neighbours(detail: BranchDetail, others: Iterable[BranchDetail], now: datetime) -> tuple[PlaceView, ...]:
    """The places next to one, the nearest first, each with its distance from there."""
    here = detail.branch
    if here.lat is None or here.lng is None:
        return ()
    far = []
    for other in others:
        there = other.branch
        if there.code != here.code and there.lat is not None and there.lng is not None:
            far.append((metres(here.lat, here.lng, there.lat, there.lng), there.code, other))
    nearest = [
        (distance, other) for distance, _, other in sorted(far, key=lambda one: one[:2])[:MOST_NEIGHBOURS] if distance < _NEIGHBOURHOOD
    ]
    return tuple(_view(other, now, told_metres(distance)) for distance, other in nearest)


def _view(detail: BranchDetail, now: datetime, far: int | None = None) -> PlaceView:
    return PlaceView(
        branch=branch_view(detail.branch),
        telephone=detail.telephone,
        transport=_named(detail.transport, detail.transport_en),
        offers=tuple(label("offer", code, current_language()) for code in detail.offers),
        open_state=detail.open.state,
        open_line=_open_line(detail, now),
        metres=detail.metres if far is None else far,
    )


def _open_line(detail: BranchDetail, now: datetime) -> str:
    """ "开放至20:30", "今天闭馆，周二 9:00 开放"; "" where nobody has told hours."""
    state = detail.open
    if state.state == "unknown" or detail.hours is None:
        return ""
    if state.state == "open":
        return gettext("开放至%(time)s", time=_moment(state.until, now)) if state.until else gettext("全天开放")
    closed = gettext("现在闭馆") if detail.hours.of(now.date()) else gettext("今天闭馆")
    if state.until is None:
        return closed
    return gettext("%(closed)s，%(time)s开放", closed=closed, time=_moment(state.until, now))


def _moment(moment: datetime, now: datetime) -> str:
    """A time of today by itself, one of this week with its weekday, a later one with its day; midnight ends a day."""
    ahead = (moment.date() - now.date()).days
    time = clock_text(moment.hour * 60 + moment.minute)
    if ahead == 0 or (ahead == 1 and moment.hour < 6):
        return "24:00" if ahead and time == "0:00" else time
    day = weekday(moment.date(), short=True) if ahead < 7 else short_day(moment.date(), now.date())
    return gettext("%(day)s %(time)s", day=day, time=time)


def weekday(day: date, *, short: bool = False) -> str:
    """周二, Tuesday; short: Tue."""
    english = current_language() == "en"
    return str(format_date(day, "EEE" if short or not english else "EEEE", rebase=False))


def short_day(day: date, today: date) -> str:
    """12月3日, 3 Dec; in another year than today's 2027年2月5日, 5 Feb 2027."""
    plain, dated = ("d MMM", "d MMM y") if current_language() == "en" else ("M月d日", "y年M月d日")
    return str(format_date(day, plain if day.year == today.year else dated, rebase=False))


def _weekday(hours: OpeningHours | None, number: int, today: date) -> HoursLine:
    monday = today.toordinal() - today.weekday()
    spans = hours.week[number] if hours else ()
    return HoursLine(weekday(date.fromordinal(monday + number)), _spans(spans), today=number == today.weekday())


def _in_order(hours: OpeningHours | None) -> list[Special]:
    return sorted(hours.specials, key=lambda special: special.first) if hours else []


def _exception(special: Special, today: date) -> HoursLine:
    first, last = (_dated(day, today) for day in (special.first, special.last))
    days = first if special.first == special.last else gettext("%(first)s至%(last)s", first=first, last=last)
    return HoursLine(days, _spans(special.spans), _named(special.note, special.note_en), special.first <= today <= special.last)


def _dated(day: date, today: date) -> str:
    """11月24日 周二, Tue 24 Nov."""
    parts = (short_day(day, today), weekday(day, short=True))
    return " ".join(parts if current_language() != "en" else parts[::-1])


def _spans(spans: DayHours) -> str:
    return gettext("、").join(f"{clock_text(span.opens)}–{clock_text(span.closes)}" for span in spans) or gettext("闭馆")


def _named(name: str, name_en: str) -> str:
    return name_en if current_language() == "en" and name_en else name
