"""Parameters and answers of the network: regions, libraries, branches and when they are open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from marshmallow import ValidationError, post_load, validates_schema
from msgspec import Meta

from api.schemas.fields import code_list, word, yes_no
from api.schemas.places import PlaceArguments, place_of
from union_catalog.network.hours import WEEKDAYS
from union_catalog.network.model import BRANCH_KINDS, OFFERS
from union_catalog.services.searching.asked import Place

SORTS = ("library", "name", "distance")


@dataclass(frozen=True, slots=True)
class AskedBranches:
    """Which branches in what order, and from where distances are counted."""

    libraries: tuple[str, ...]
    open_now: bool
    sort: str
    near: Place | str | None


class BranchArguments(PlaceArguments):
    """``load`` gives the place alone: a Place, the code of a branch, or None."""

    @post_load
    def as_place(self, data: Mapping[str, Any], **_: object) -> Place | str | None:
        """Where the reader is."""
        return place_of(data)


class BranchesArguments(PlaceArguments):
    """``load`` gives an AskedBranches."""

    library = code_list("Code of a library whose branches are wanted.")
    open_now = yes_no("true: only those that are open at this moment.")
    sort = word("`distance` needs a place; what has no position comes last.", SORTS, "library")

    @validates_schema
    def place_for_distances(self, data: Mapping[str, Any], **_: object) -> None:
        """Complains of an order by distance from nowhere."""
        if data.get("sort") == "distance" and data.get("lat") is None and data.get("lng") is None and not data.get("near"):
            raise ValidationError("parameter.needs_place", "sort")

    @post_load
    def as_asked(self, data: Mapping[str, Any], **_: object) -> AskedBranches:
        """What is wanted."""
        return AskedBranches(tuple(data["library"]), data["open_now"], data["sort"], place_of(data))


class RegionAnswer(msgspec.Struct, frozen=True):
    """The administrative region that a library serves."""

    code: str
    name: str


class LibraryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A member library with what it holds."""

    code: str
    name: str
    name_en: str
    region: RegionAnswer | None
    circulation: Annotated[str, Meta(description="native: lends through this system; remote: through its own.")]
    floating: Annotated[
        str, Meta(description="Where its items stay when they are returned there: home, library, or group:NAME of libraries that share it.")
    ]
    branches: int
    records: int
    items: int


class LibrariesAnswer(msgspec.Struct, frozen=True):
    """Every member library."""

    libraries: tuple[LibraryAnswer, ...]


class OfferAnswer(msgspec.Struct, frozen=True):
    """Something that a branch offers beside lending."""

    code: Annotated[str, Meta(extra_json_schema={"enum": list(OFFERS)})]
    label: Annotated[str, Meta(description="In the language of the request.")]


class SpanAnswer(msgspec.Struct, frozen=True):
    """Open from … to …; what closes no later than it opens closes on the next day."""

    opens: Annotated[str, Meta(description="HH:MM by the clock of the network.")]
    closes: Annotated[str, Meta(description="HH:MM, 24:00 at the end of the day.")]


class DayAnswer(msgspec.Struct, frozen=True):
    """A weekday; without spans it is closed."""

    day: Annotated[str, Meta(extra_json_schema={"enum": list(WEEKDAYS)})]
    spans: tuple[SpanAnswer, ...]


class ExceptionAnswer(msgspec.Struct, frozen=True):
    """Other hours on some days, announced; without spans it is closed."""

    first: Annotated[str, Meta(description="YYYY-MM-DD.")]
    last: Annotated[str, Meta(description="Included.")]
    spans: tuple[SpanAnswer, ...]
    note: str


class HoursAnswer(msgspec.Struct, frozen=True):
    """The week from Monday to Sunday, and what is announced from today on."""

    week: tuple[DayAnswer, ...]
    exceptions: tuple[ExceptionAnswer, ...]


class OpenAnswer(msgspec.Struct, frozen=True):
    """Whether it is open at this moment."""

    state: Literal["open", "closed", "unknown"]
    until: Annotated[str | None, Meta(description="When it closes or opens next, ISO 8601 with offset; null: always so, or not known.")]
    note: Annotated[str, Meta(description='Why today is an exception, "" where it is none.')]


class BranchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A branch or service point. ``provisional``: an export names it, the network file has not
    described it yet."""

    code: str
    name: str
    name_en: str
    library: str
    library_name: str
    region: RegionAnswer | None
    kind: Annotated[str, Meta(description="Kind of place.", extra_json_schema={"enum": list(BRANCH_KINDS)})]
    kind_label: Annotated[str, Meta(description="The kind in the language of the request.")]
    lat: Annotated[float | None, Meta(description="WGS-84.")]
    lng: Annotated[float | None, Meta(description="WGS-84.")]
    metres: Annotated[
        int | None, Meta(description="From the place told, as the crow flies, to 100 m; null without one or without a position.")
    ]
    address: str
    telephone: str
    transport: Annotated[str, Meta(description="How to get there, in words.")]
    offers_pickup: bool
    offers: tuple[OfferAnswer, ...]
    open: OpenAnswer
    hours: Annotated[HoursAnswer | None, Meta(description="null: nobody has told them.")]
    provisional: bool


class BranchesAnswer(msgspec.Struct, frozen=True):
    """Branches and service points of the network."""

    branches: tuple[BranchAnswer, ...]


class CourierCallAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One time that a van calls."""

    route: str
    name: str
    at: Annotated[str, Meta(description="ISO 8601 with offset.")]


class CouriersAnswer(msgspec.Struct, frozen=True):
    """When vans call at a branch within the next eight days, the soonest first."""

    branch: str
    calls: tuple[CourierCallAnswer, ...]
