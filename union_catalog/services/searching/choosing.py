"""What a reader's choice in a tree means: a branch narrows its library, a class opens what is below it."""

from collections.abc import Mapping
from dataclasses import replace

from union_catalog.bibliographic.classes import ClassTable
from union_catalog.search.engine import FacetCount, FacetName, Filters, SearchPage


def narrowed(filters: Filters, library_of: Mapping[str, str]) -> Filters:
    """The filters without the libraries of which a branch is chosen too: JD and JD-MAIN mean JD-MAIN, JD and JX-1 either."""
    named = {library_of.get(branch) for branch in filters.branch}
    return replace(filters, library=tuple(library for library in filters.library if library not in named))


def is_chosen(filters: Filters, library: str, branch: str) -> bool:
    """Whether a branch is in one of the chosen places; every one is where none are chosen. Of filters as ``narrowed`` leaves them."""
    return library in filters.library or branch in filters.branch or not (filters.library or filters.branch)


def with_all_chosen(page: SearchPage, filters: Filters) -> SearchPage:
    """The page with every library that was chosen among its libraries, and selected, also those that ``narrowed`` left out."""
    told = page.facets.get("library")
    if told is None or not filters.library:
        return page
    counts = dict.fromkeys(filters.library, 0) | {one.value: one.count for one in told}
    chosen = {one.value for one in told if one.selected}.union(filters.library)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    facets: dict[FacetName, tuple[FacetCount, ...]] = {
        **page.facets,
        "library": tuple(FacetCount(value, count, value in chosen) for value, count in ordered),
    }
    return replace(page, facets=facets)


def unfolded(chosen: tuple[str, ...], table: ClassTable) -> tuple[str, ...]:
    """The classes that a tree shows for the chosen ones: on the way down to each of them, beside that way, and right below it."""
    shown: dict[str, None] = {}
    for number in chosen:
        code = table.nearest(number)
        while code:
            shown |= dict.fromkeys(table.children(code))
            code = table.parent(code)
    return tuple(shown)
