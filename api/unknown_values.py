"""Conditions whose code nobody has: they find nothing, and whoever mistyped one should be told why."""

from collections.abc import Iterable, Iterator, Set

from api.classes import class_table
from api.labels import is_named
from union_catalog.search.engine import FacetName, Filters
from union_catalog.search.nodes import QueryWarning
from union_catalog.services.views import SearchResult

_PLACES: tuple[FacetName, ...] = ("library", "branch")
_CODED: tuple[FacetName, ...] = ("language", "format", "audience")


def warnings_of(filters: Filters, result: SearchResult) -> tuple[QueryWarning, ...]:
    """What was told of the query, then an ``unknown_value`` for every value of a filter that is no code, as "library=XX"."""
    unknown = (QueryWarning("unknown_value", f"{name}={value}") for name, value in _unknown(filters, result))
    return (*result.page.warnings, *unknown)


def _unknown(filters: Filters, result: SearchResult) -> Iterator[tuple[str, str]]:
    for name in _PLACES:
        yield from ((name, value) for value in _values(filters, name) if value not in result.facet_labels.get(name, {}))
    for name in _CODED:
        found = _found(result, name)
        yield from ((name, value) for value in _values(filters, name) if value not in found and not is_named(name, value))
    found = _found(result, "clc")
    yield from (("clc", number) for number in filters.clc if number not in found and not _is_class(number))


def _found(result: SearchResult, name: FacetName) -> Set[str]:
    return {one.value for one in result.page.facets.get(name, ()) if one.count}


def _is_class(number: str) -> bool:
    """Whether it is a class, or a number below one: what is added to its letters are digits."""
    nearest = class_table().nearest(number)
    return bool(nearest) and (class_table().is_known(number) or not number[len(nearest) :][:1].isalpha())


def _values(filters: Filters, name: FacetName) -> Iterable[str]:
    values: tuple[str, ...] = getattr(filters, name)
    return values
