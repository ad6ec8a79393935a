"""What the reader's filters ask of an index; the same for every engine.

"To be had now" and the places chosen are read together: with both, a record counts where one of *those* places has an item to lend.
"""

from collections.abc import Callable
from dataclasses import replace

from union_catalog.bibliographic.classes import shipped
from union_catalog.search.engine import FacetName, Filters
from union_catalog.search.matches import AnyToken, Between, Match, Token, any_of
from union_catalog.search.nearby import Nearby

AVAILABLE = "true"
_OWN: dict[FacetName, Callable[[Filters], Filters]] = {
    "library": lambda filters: replace(filters, library=(), branch=()),
    "branch": lambda filters: replace(filters, library=(), branch=()),
    "available": lambda filters: replace(filters, available=False),
    "near": lambda filters: replace(filters, within=None),
    "language": lambda filters: replace(filters, language=()),
    "format": lambda filters: replace(filters, format=()),
    "audience": lambda filters: replace(filters, audience=()),
    "year": lambda filters: replace(filters, year_from=None, year_to=None),
    "clc": lambda filters: replace(filters, clc=()),
    "author": lambda filters: replace(filters, author=()),
    "subject": lambda filters: replace(filters, subject=()),
}


def conditions(filters: Filters, nearby: Nearby | None = None) -> tuple[Match, ...]:
    """What must hold of a record, all of it. ``within`` needs the branches near by; without them it narrows nothing."""
    found = _places(filters, nearby)
    if filters.available and not found:
        found.append(Token("available", AVAILABLE))
    for field, values in (
        ("language", filters.language),
        ("format", filters.format),
        ("audience", filters.audience),
        ("author_name", filters.author),
        ("subject_name", filters.subject),
    ):
        if values:
            found.append(any_of(Token(field, value) for value in values))
    if filters.clc:
        found.append(any_of(below(number) for number in filters.clc))
    if filters.year_from is not None or filters.year_to is not None:
        found.append(Between("year", filters.year_from, filters.year_to))
    if filters.work:
        found.append(Token("work_id", filters.work))
    return tuple(found)


def _places(filters: Filters, nearby: Nearby | None) -> list[Match]:
    library, branch = place_field("library", filters), place_field("branch", filters)
    chosen = [*(Token(library, code) for code in filters.library), *(Token(branch, code) for code in filters.branch)]
    found = [any_of(chosen)] if chosen else []
    if filters.within is not None and nearby is not None:
        found.append(AnyToken(branch, nearby.within(filters.within)))
    return found


def place_field(kind: str, filters: Filters) -> str:
    """The field that libraries or branches are chosen and counted by: those that hold it, or those that have it now."""
    return f"available_{kind}" if filters.available else kind


def below(number: str) -> Match:
    """In a class or below it. A class of the first two levels is the one that the facet counts: F5 is not F59, which stands beside it."""
    table, number = shipped(), number.upper()
    if table.is_known(number):
        return Token("clc_tree", number)
    return any_of(Token("clc", beginning) for beginning in table.beginnings(number))


def without(filters: Filters, facet: FacetName) -> Filters:
    """The filters less one facet's own selection: what its counts are counted under. Libraries and branches are one facet in this."""
    return _OWN[facet](filters)
