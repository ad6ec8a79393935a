"""The network as values."""

from dataclasses import dataclass, field

from union_catalog.network.couriers import Route
from union_catalog.network.hours import OpeningHours

# Kinds of branches and service points; docs/glossary.md has the Chinese beside each.
BRANCH_KINDS = (
    "main", "town", "village", "farmhouse", "wojia_study", "wojia_space", "workers", "self_service", "locker", "other",
)  # fmt: skip
# What a place offers beside lending; docs/glossary.md has the Chinese beside each.
OFFERS = (
    "return_box", "self_service", "children", "reading_room", "study_room", "newspapers", "computers", "wifi", "printing", "events",
    "large_print", "braille", "step_free", "nursing_room", "water",
)  # fmt: skip
CIRCULATION = ("native", "remote")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """``circulation``: "native" here, "remote" in the library's own system. ``rank``: the lower is asked first when sources are merged.

    ``floating``: where its items stay when they are returned there: "home" at their home branch alone, "library" at every branch of the
    library, "group:NAME" at every branch of the libraries that name the same group.
    """

    code: str
    name: str
    name_en: str = ""
    region: str | None = None
    circulation: str = "native"
    rank: int = 100
    floating: str = "home"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """``code`` is unique in the network; ``lat`` and ``lng`` are WGS-84.

    ``transport`` says in words how to get there; ``offers`` are some of OFFERS; ``hours`` are None where nobody has told them.
    """

    code: str
    library: str
    name: str
    name_en: str = ""
    kind: str = "other"
    lat: float | None = None
    lng: float | None = None
    address: str = ""
    offers_pickup: bool = False
    local_codes: tuple[str, ...] = ()
    telephone: str = ""
    transport: str = ""
    transport_en: str = ""
    offers: tuple[str, ...] = ()
    hours: OpeningHours | None = None


@dataclass(frozen=True, slots=True)
class Network:
    regions: tuple[Region, ...] = ()
    libraries: tuple[Library, ...] = ()
    branches: tuple[Branch, ...] = ()
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """``action`` "add" or "change"; ``fields`` are (name, before, after) of a change, empty for an addition."""

    kind: str
    code: str
    action: str
    fields: tuple[tuple[str, str, str], ...] = field(default=())
