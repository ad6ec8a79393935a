"""The view of a result list: chips, sorting, bars of years and pages as links, made of a search and its answer."""

from dataclasses import dataclass

from msgspec.structs import replace

from api.pages.asking import (
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
from api.pages.choices import value_label
from api.pages.views import BarView, Chip, Choice, FacetValue, FacetView, Found, PagerView
from api.pages.wording import SORTS as SORT_WORDS
from api.pages.wording import named
from api.pages.years import year_bars
from api.resources.editions import place_name
from api.translations import gettext
from union_catalog.search.engine import Sort
from union_catalog.services.searching.asked import Place

_SHOWN_SORTS: tuple[Sort, ...] = ("relevance", "distance", "-year", "year", "popularity", "title")
_MOST_WAYS = 6  # each costs a search


@dataclass(frozen=True, slots=True)
class ResultsView:
    """Everything that the page of results shows.

    ``query`` are the words that were answered, which are not always those of ``request``. ``located``: it is known from where distances
    are counted. ``meant`` are corrections that find something where nothing was found.
    """

    request: SearchRequest
    found: Found
    query: str
    located: bool
    facets: dict[str, FacetView]
    bars: tuple[BarView, ...]
    chips: tuple[Chip, ...]
    sorts: tuple[Choice, ...]
    pager: PagerView
    errors: dict[str, str]
    fewer: tuple[Chip, ...]
    meant: tuple[Chip, ...]
    links: "Links"


@dataclass(frozen=True, slots=True)
class Links:
    """The same search in other ways, as addresses.

    ``bare`` without any condition; ``exact`` only what was typed; ``tolerant`` what is like it as well; ``offered`` what may be meant;
    ``grouped`` the other way round
    than now; ``explained`` with reasons; ``here`` from its first page; ``placeless`` without what needs a place.
    """

    bare: str
    exact: str
    tolerant: str
    offered: str
    grouped: str
    explained: str
    here: str
    by_distance: str
    placeless: str


def results_view(catalogue: Catalogue, path: str, request: SearchRequest, errors: dict[str, str]) -> ResultsView:
    """Asks the catalogue and arranges its answer. ``errors`` are sentences by field, ``path`` is the address of searches."""
    found = catalogue.search(request)
    names = _names(catalogue, request, found)
    tried = [(_label(condition, request, names), without(request, condition)) for condition in conditions(request)]
    return ResultsView(
        request=request,
        found=found,
        query=found.corrected[0] if found.corrected else request.q,
        located=isinstance(request.near, Place) or bool(found.origin),
        facets={facet.name: facet for facet in found.facets},
        bars=year_bars(path, request, found.years, found.this_year),
        chips=tuple(Chip(label, address(path, fewer)) for label, fewer in tried),
        sorts=_sorts(path, request),
        pager=_pager(path, request, found),
        errors=errors,
        fewer=() if found.total else _fewer(catalogue, path, request, tried),
        meant=() if found.total else _meant(catalogue, path, request, found),
        links=_links(path, request, found.offered),
    )


def _links(path: str, request: SearchRequest, offered: str) -> Links:
    fresh = first_page(request)
    ways = {
        "bare": without_conditions(request),
        "exact": replace(fresh, exact=True),
        "tolerant": replace(fresh, exact=False),
        "offered": replace(fresh, q=offered or request.q),
        "grouped": replace(fresh, group=not request.group),
        "explained": replace(request, explain=True),
        "here": fresh,
        "by_distance": replace(fresh, sort="distance"),
        "placeless": replace(fresh, within=None, sort="relevance" if request.sort == "distance" else request.sort),
    }
    return Links(**{name: address(path, way) for name, way in ways.items()})


def _names(catalogue: Catalogue, request: SearchRequest, found: Found) -> dict[Condition, str]:
    """What chosen values are called: by the facets, and branches with their libraries."""
    if next(conditions(request), None) is None:
        return {}
    names = {Condition(one.name, one.value): one.label for facet in found.facets for one in _all(facet.values)}
    if request.branch:
        names |= {Condition("branch", branch.code): place_name(branch.library, branch.name) for branch in catalogue.branches()}
    return names


def _all(values: tuple[FacetValue, ...]) -> list[FacetValue]:
    return [one for value in values for one in (value, *_all(value.children))]


def _label(condition: Condition, request: SearchRequest, names: dict[Condition, str]) -> str:
    """A condition as its chip says it."""
    match condition.name:
        case "available":
            return gettext("此刻在架")
        case "year":
            return _years_label(request.year_from, request.year_to)
        case "within":
            return value_label("within", str(request.within), {})
        case "library" | "branch":
            return names.get(condition, condition.value)
        case _:
            return names.get(condition) or value_label(condition.name, condition.value, {})


def _years_label(first: int | None, last: int | None) -> str:
    if last is None:
        return gettext("%(year)s年以后", year=first)
    if first is None:
        return gettext("%(year)s年以前", year=last)
    if first == last:
        return gettext("%(year)s年", year=first)
    return gettext("%(first)s至%(last)s年", first=first, last=last)


def _sorts(path: str, request: SearchRequest) -> tuple[Choice, ...]:
    fresh = first_page(request)
    return tuple(
        Choice(named(SORT_WORDS, sort), address(path, replace(fresh, sort=sort)), current=sort == request.sort, name=sort)
        for sort in _SHOWN_SORTS
    )


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
        works=request.group,
        cut_off=any(warning.code == "relevance_depth" for warning in found.warnings),
    )


def _fewer(catalogue: Catalogue, path: str, request: SearchRequest, tried: list[tuple[str, SearchRequest]]) -> tuple[Chip, ...]:
    """For an empty list: each condition whose removal finds something, with what it finds, at last all of them together ("")."""
    ways = tried[:_MOST_WAYS]
    if len(tried) > 1:
        ways.append(("", without_conditions(request)))
    chips = (Chip(label, address(path, fewer), catalogue.count(fewer)) for label, fewer in ways)
    return tuple(chip for chip in chips if chip.total)


def _meant(catalogue: Catalogue, path: str, request: SearchRequest, found: Found) -> tuple[Chip, ...]:
    """For an empty list: the corrected words without any condition, if they find something."""
    if not found.corrected:
        return ()
    words = replace(without_conditions(request), q=found.corrected[0])
    total = catalogue.count(words)
    return (Chip(words.q, address(path, words), total),) if total else ()
