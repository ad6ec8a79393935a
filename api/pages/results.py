"""The view of a result list: chips, sorting, decades and pages as links, made of a search and its answer."""

from collections import Counter
from dataclasses import dataclass, replace

from api.pages.asking import (
    SORTS,
    Condition,
    SearchRequest,
    address,
    conditions,
    first_page,
    next_page,
    previous_page,
    without,
    without_conditions,
)
from api.pages.catalogue import Catalogue
from api.pages.views import Chip, Choice, DecadeView, FacetView, Found, PagerView
from api.pages.wording import SORTS as SORT_WORDS
from api.pages.wording import class_label, coded, named, place_name
from api.translations import gettext

_TALLEST_BAR = 56
_MOST_DECADES = 12
_MOST_WAYS = 6  # each costs a search


@dataclass(frozen=True, slots=True)
class ResultsView:
    """Everything that the page of results shows."""

    request: SearchRequest
    found: Found
    facets: dict[str, FacetView]
    decades: tuple[DecadeView, ...]
    chips: tuple[Chip, ...]
    sorts: tuple[Choice, ...]
    pager: PagerView
    errors: dict[str, str]
    fewer: tuple[Chip, ...]
    all_address: str


def results_view(catalogue: Catalogue, path: str, request: SearchRequest, errors: dict[str, str]) -> ResultsView:
    """Asks the catalogue and arranges its answer. ``errors`` are sentences by field, ``path`` is the address of searches."""
    found = catalogue.search(request)
    names = _names(catalogue, request, found)
    tried = [(_label(condition, request, names), without(request, condition)) for condition in conditions(request)]
    return ResultsView(
        request=request,
        found=found,
        facets={facet.name: facet for facet in found.facets},
        decades=_decades(path, request, found),
        chips=tuple(Chip(label, address(path, fewer)) for label, fewer in tried),
        sorts=_sorts(path, request),
        pager=_pager(path, request, found),
        errors=errors,
        fewer=() if found.total else _fewer(catalogue, path, request, tried),
        all_address=address(path, without_conditions(request)),
    )


def _names(catalogue: Catalogue, request: SearchRequest, found: Found) -> dict[Condition, str]:
    """What chosen libraries and branches are called."""
    names = {Condition(facet.name, one.value): one.label for facet in found.facets for one in facet.values if facet.name == "library"}
    if request.branch:
        names |= {Condition("branch", branch.code): place_name(branch.library, branch.name) for branch in catalogue.branches()}
    return names


def _label(condition: Condition, request: SearchRequest, names: dict[Condition, str]) -> str:
    """A condition as its chip says it."""
    match condition.name:
        case "available":
            return gettext("此刻在架")
        case "year":
            return _years_label(request.year_from, request.year_to)
        case "clc":
            return class_label(condition.value)
        case "library" | "branch":
            return names.get(condition, condition.value)
        case _:
            return coded(condition.name, condition.value)


def _years_label(first: int | None, last: int | None) -> str:
    if last is None:
        return gettext("%(year)s年以后", year=first)
    if first is None:
        return gettext("%(year)s年以前", year=last)
    if first == last:
        return gettext("%(year)s年", year=first)
    return gettext("%(first)s至%(last)s年", first=first, last=last)


def _decades(path: str, request: SearchRequest, found: Found) -> tuple[DecadeView, ...]:
    counts: Counter[int] = Counter()
    for year, titles in found.years:
        counts[year // 10 * 10] += titles
    shown = sorted(counts)[-_MOST_DECADES:]
    if len(shown) < 2:
        return ()
    highest = max(counts[decade] for decade in shown)
    low, high = request.year_from or 0, request.year_to or 9999
    fresh = first_page(request)
    return tuple(
        DecadeView(
            year=decade,
            count=counts[decade],
            height=max(2, round(_TALLEST_BAR * counts[decade] / highest)),
            selected=decade + 9 >= low and decade <= high,
            address=address(path, replace(fresh, year_from=decade, year_to=decade + 9)),
        )
        for decade in shown
    )


def _sorts(path: str, request: SearchRequest) -> tuple[Choice, ...]:
    fresh = first_page(request)
    return tuple(Choice(named(SORT_WORDS, sort), address(path, replace(fresh, sort=sort)), current=sort == request.sort) for sort in SORTS)


def _pager(path: str, request: SearchRequest, found: Found) -> PagerView:
    first = min(request.offset, max(found.total - len(found.rows), 0)) + 1
    last = first + len(found.rows) - 1
    before = previous_page(request)
    after = next_page(request, found.next_cursor, len(found.rows)) if found.next_cursor else None
    return PagerView(
        first=first,
        last=last,
        total=found.total,
        previous_address=address(path, before) if before else "",
        first_address=address(path, first_page(request)) if request.cursor else "",
        next_address=address(path, after) if after else "",
        cut_off=bool(found.rows) and found.next_cursor is None and last < found.total,
    )


def _fewer(catalogue: Catalogue, path: str, request: SearchRequest, tried: list[tuple[str, SearchRequest]]) -> tuple[Chip, ...]:
    """For an empty list: each condition whose removal finds something, with what it finds, at last all of them together ("")."""
    ways = tried[:_MOST_WAYS]
    if len(tried) > 1:
        ways.append(("", without_conditions(request)))
    chips = (Chip(label, address(path, fewer), catalogue.count(fewer)) for label, fewer in ways)
    return tuple(chip for chip in chips if chip.total)
