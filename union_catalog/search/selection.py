"""What the reader's filters ask of an index, and what its facets count; the same for every engine.

"To be had now" and the libraries chosen are read together: with both, a record counts where one of *those* libraries has an item to lend.
"""

from collections.abc import Callable
from dataclasses import replace

from union_catalog.search.engine import FacetCount, FacetName, Filters
from union_catalog.search.matches import Between, Match, Token, any_of

AVAILABLE = "true"
_NOTHING: dict[FacetName, Callable[[Filters], Filters]] = {
    "library": lambda filters: replace(filters, library=()),
    "language": lambda filters: replace(filters, language=()),
    "format": lambda filters: replace(filters, format=()),
    "year": lambda filters: replace(filters, year_from=None, year_to=None),
    "clc": lambda filters: replace(filters, clc=()),
    "available": lambda filters: replace(filters, available=False),
}


def conditions(filters: Filters) -> tuple[Match, ...]:
    """What must hold of a record, all of it."""
    found: list[Match] = []
    if filters.library:
        found.append(any_of(Token(library_field(filters), code) for code in filters.library))
    if filters.branch:
        field = "available_branch" if filters.available else "branch"
        found.append(any_of(Token(field, code) for code in filters.branch))
    if filters.available and not filters.library and not filters.branch:
        found.append(Token("available", AVAILABLE))
    for field, values in (("language", filters.language), ("format", filters.format), ("clc", _numbers(filters))):
        if values:
            found.append(any_of(Token(field, value) for value in values))
    if filters.year_from is not None or filters.year_to is not None:
        found.append(Between("year", filters.year_from, filters.year_to))
    return tuple(found)


def library_field(filters: Filters) -> str:
    """The field that libraries are chosen and counted by: those that hold it, or those that have it now."""
    return "available_library" if filters.available else "library"


def facet_fields(filters: Filters) -> dict[FacetName, str]:
    """The field whose values each facet counts. "available" has none: it is the number of records that ``available_too`` lets through."""
    return {"library": library_field(filters), "language": "language", "format": "format", "year": "year", "clc": "clc_tree"}


def without(filters: Filters, facet: FacetName) -> Filters:
    """The filters less one facet's own selection: what its counts are counted under."""
    return _NOTHING[facet](filters)


def available_too(filters: Filters) -> Filters:
    """The filters with "to be had now" chosen."""
    return replace(filters, available=True)


def _numbers(filters: Filters) -> tuple[str, ...]:
    return tuple(number.upper() for number in filters.clc)


def chosen(filters: Filters, facet: FacetName) -> tuple[str, ...]:
    """The values that are selected in a facet counted by value. A range of years selects none that has no records."""
    selections: dict[FacetName, tuple[str, ...]] = {
        "library": filters.library,
        "language": filters.language,
        "format": filters.format,
        "clc": _numbers(filters),
        "available": (AVAILABLE,) if filters.available else (),
    }
    return selections.get(facet, ())


def counted(filters: Filters, facet: FacetName, counts: dict[str, int]) -> tuple[FacetCount, ...]:
    """The facet as it is answered: every chosen value is among them, and the order does not depend on the engine."""
    if facet == "year":
        years = sorted(((int(value), count) for value, count in counts.items()), reverse=True)
        return tuple(FacetCount(str(year), count, _in_range(filters, year)) for year, count in years)
    selected = dict.fromkeys(chosen(filters, facet), 0)
    ordered = sorted((selected | counts).items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetCount(value, count, value in selected) for value, count in ordered)


def _in_range(filters: Filters, year: int) -> bool:
    if filters.year_from is None and filters.year_to is None:
        return False
    return (filters.year_from is None or filters.year_from <= year) and (filters.year_to is None or year <= filters.year_to)
