"""What the facets of a search count, and how they are answered; the same for every engine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from union_catalog.bibliographic.classes import shipped
from union_catalog.search.engine import FacetCount, FacetName, Filters, SearchRequest
from union_catalog.search.frequent import MOST_NAMES
from union_catalog.search.matches import AnyToken, Match, Token
from union_catalog.search.nearby import RINGS
from union_catalog.search.selection import AVAILABLE, below, conditions, place_field, without

Counts = dict[FacetName, dict[str, int]]

NAME_FIELDS: dict[FacetName, str] = {"author": "author_name", "subject": "subject_name"}
_FIELDS: dict[FacetName, str] = {
    "language": "language", "format": "format", "audience": "audience", "year": "year", "clc": "clc_tree", **NAME_FIELDS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ByValue:
    """The counts of every value of a field under conditions; of ``names`` only the most frequent are wanted, for there are too many."""

    facet: FacetName
    field: str
    conditions: tuple[Match, ...]

    @property
    def names(self) -> bool:
        return self.facet in NAME_FIELDS


@dataclass(frozen=True, slots=True)
class Single:
    """The number of records under conditions: the count of one value that no field holds, or that a field holds with too many others."""

    facet: FacetName
    value: str
    conditions: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that is to be counted for one request, beside the query itself."""

    by_value: tuple[ByValue, ...]
    singles: tuple[Single, ...]


def wanted(request: SearchRequest) -> Wanted:
    """What is to be counted for the facets that a request asks for."""
    asked = dict.fromkeys(request.facets)
    by_value = [
        ByValue(facet, _field(facet, request.filters), _others(request, facet)) for facet in asked if facet not in ("available", "near")
    ]
    return Wanted(tuple(by_value), tuple(single for facet in asked for single in _singles(request, facet)))


def _field(facet: FacetName, filters: Filters) -> str:
    return place_field(facet, filters) if facet in ("library", "branch") else _FIELDS[facet]


def _others(request: SearchRequest, facet: FacetName) -> tuple[Match, ...]:
    return conditions(without(request.filters, facet), request.nearby)


def _singles(request: SearchRequest, facet: FacetName) -> Iterator[Single]:
    filters, others = request.filters, _others(request, facet)
    if facet == "available":
        yield Single(facet, AVAILABLE, conditions(replace(filters, available=True), request.nearby))
    elif facet == "near" and request.nearby is not None:
        branch = place_field("branch", filters)
        for kilometres in RINGS:
            yield Single(facet, str(kilometres), (*others, AnyToken(branch, request.nearby.within(kilometres))))
    elif facet == "clc":
        for number in dict.fromkeys((*_numbers(filters), *request.classes)):
            if not shipped().is_known(number):
                yield Single(facet, number, (*others, below(number)))
    elif facet in NAME_FIELDS:
        for name in chosen(filters, facet):
            yield Single(facet, name, (*others, Token(NAME_FIELDS[facet], name)))


def chosen(filters: Filters, facet: FacetName) -> tuple[str, ...]:
    """The values that are selected in a facet. A range of years selects none that has no records."""
    selections: dict[FacetName, tuple[str, ...]] = {
        "library": filters.library,
        "branch": filters.branch,
        "available": (AVAILABLE,) if filters.available else (),
        "near": (str(filters.within),) if filters.within is not None else (),
        "language": filters.language,
        "format": filters.format,
        "audience": filters.audience,
        "clc": _numbers(filters),
        "author": filters.author,
        "subject": filters.subject,
    }
    return selections.get(facet, ())


def answered(request: SearchRequest, counts: Counts) -> Mapping[FacetName, tuple[FacetCount, ...]]:
    """The facets as they are answered: every chosen value is among them, and the order does not depend on the engine."""
    return {facet: _ordered(request.filters, facet, counts.get(facet, {})) for facet in request.facets if _is_told(request, facet)}


def _is_told(request: SearchRequest, facet: FacetName) -> bool:
    return facet != "near" or request.nearby is not None


def _ordered(filters: Filters, facet: FacetName, counts: dict[str, int]) -> tuple[FacetCount, ...]:
    if facet == "year":
        years = sorted(((int(value), count) for value, count in counts.items()), reverse=True)
        return tuple(FacetCount(str(year), count, _in_range(filters, year)) for year, count in years)
    selected = dict.fromkeys(chosen(filters, facet), 0)
    if facet == "near":
        return tuple(FacetCount(str(km), counts.get(str(km), 0), str(km) in selected) for km in RINGS)
    ordered = sorted((selected | counts).items(), key=lambda item: (-item[1], item[0]))
    most = {value for value, _ in ordered[:MOST_NAMES]} if facet in NAME_FIELDS else counts.keys()
    return tuple(
        FacetCount(value, count, value in selected)
        for value, count in ordered
        if value in selected or (count and value in most) or facet == "available"
    )


def _numbers(filters: Filters) -> tuple[str, ...]:
    return tuple(number.upper() for number in filters.clc)


def _in_range(filters: Filters, year: int) -> bool:
    if filters.year_from is None and filters.year_to is None:
        return False
    return (filters.year_from is None or filters.year_from <= year) and (filters.year_to is None or year <= filters.year_to)
