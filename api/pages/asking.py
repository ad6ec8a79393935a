"""A search as a page asks it: read from an address, changed by one condition, written to an address again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

import msgspec
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict

from api.pages.views import FieldError
from union_catalog.search.engine import Sort
from union_catalog.search.nearby import RINGS
from union_catalog.services.searching.asked import Place

LONGEST_QUERY = 256
PER_PAGE = 20
SORTS: tuple[Sort, ...] = ("relevance", "-year", "year", "title", "popularity", "distance")
# Addresses grow by one cursor a page; past this many the oldest are dropped, and "first page" remains.
MOST_CURSORS = 12
_YEAR = re.compile(r"\d{1,4}", re.ASCII)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
# What a form can carry but no catalogue holds: control characters and halves of surrogate pairs.
_UNSEARCHABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")


class SearchRequest(msgspec.Struct, frozen=True):
    """Conditions of one search. A tuple's values are alternatives; ``cursor`` "" is the first page.

    ``within`` is one of ``RINGS``, in kilometres from ``near``: the reader's place or the code of a branch. ``near`` is never part of an
    address, so that no one hands on where they are; it comes from a cookie (see ``nearness``). ``exact``, ``group`` and ``explain`` are
    those of ``Asked``. ``trail`` are the cursors of the pages before this one, nearest last; ``offset`` titles came before.
    """

    q: str = ""
    library: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    clc: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    available: bool = False
    within: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    sort: Sort = "relevance"
    exact: bool = False
    group: bool = False
    explain: bool = False
    cursor: str = ""
    trail: tuple[str, ...] = ()
    offset: int = 0
    near: Place | str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that can be taken away from a search. ``name`` is the parameter, "year" for the two years together."""

    name: str
    value: str = ""


REPEATED = ("library", "branch", "format", "audience", "clc", "language", "author", "subject")
_YES = ("true", "1", "yes")


def read_request(arguments: MultiDict[str, str], near: Place | str | None = None) -> tuple[SearchRequest, tuple[FieldError, ...]]:
    """The search that an address or a form asks for from ``near``, and what in it could not be understood (and was left out)."""
    said = arguments.to_dict()  # of several values the first
    query, query_error = read_words(said.get("q", ""))
    year_from, from_error = _year("year_from", said.get("year_from", ""))
    year_to, to_error = _year("year_to", said.get("year_to", ""))
    errors = [error for error in (query_error, from_error, to_error) if error]
    if year_from is not None and year_to is not None and year_from > year_to:
        year_from, year_to = year_to, year_from
        errors.append(FieldError("year_from", "years_reversed"))
    offset = said.get("offset", "")
    asked = SearchRequest(
        q=query,
        **{name: _values(arguments, name) for name in REPEATED},
        available=said.get("available", "") in _YES,
        within=next((ring for ring in RINGS if said.get("within", "") == str(ring)), None),
        year_from=year_from,
        year_to=year_to,
        sort=_sort(said.get("sort", ""), near),
        exact=said.get("exact", "") in _YES,
        group=said.get("group", "") == "work",
        explain=said.get("explain", "") in _YES,
        cursor=said.get("cursor", ""),
        trail=tuple(arguments.getlist("trail"))[-MOST_CURSORS:],
        offset=int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 9 else 0,
        near=near,
    )
    return asked, tuple(errors)


def _sort(asked: str, near: Place | str | None) -> Sort:
    """An order that nobody knows is none; nor is that by distance where no place is told, as in a link that somebody else sent."""
    known: Sort = next((sort for sort in SORTS if sort == asked), "relevance")
    return "relevance" if known == "distance" and near is None else known


def read_words(text: str) -> tuple[str, FieldError | None]:
    """The words of a query as they are searched, at most ``LONGEST_QUERY`` characters, and whether some were left out."""
    query = " ".join(_UNSEARCHABLE.sub(" ", text).split())
    if len(query) <= LONGEST_QUERY:
        return query, None
    return query[:LONGEST_QUERY].rstrip(), FieldError("q", "too_long")


def _year(name: str, text: str) -> tuple[int | None, FieldError | None]:
    year = text.strip().translate(_FULL_WIDTH)
    if not year:
        return None, None
    return (int(year), None) if _YEAR.fullmatch(year) else (None, FieldError(name, "not_a_year"))


def _values(arguments: MultiDict[str, str], name: str) -> tuple[str, ...]:
    cleaned = (_UNSEARCHABLE.sub("", value).strip() for value in arguments.getlist(name))
    return tuple(dict.fromkeys(value for value in cleaned if value))


def conditions(request: SearchRequest) -> Iterator[Condition]:
    """Every condition beside the words themselves, in the order of the page."""
    if request.available:
        yield Condition("available")
    if request.within is not None:
        yield Condition("within")
    for name in REPEATED:
        for value in getattr(request, name):
            yield Condition(name, value)
    if request.year_from is not None or request.year_to is not None:
        yield Condition("year")


def without(request: SearchRequest, condition: Condition) -> SearchRequest:
    """The same search, from its first page, less one condition."""
    fresh = first_page(request)
    match condition.name:
        case "available":
            return replace(fresh, available=False)
        case "within":
            return replace(fresh, within=None)
        case "year":
            return replace(fresh, year_from=None, year_to=None)
    left = tuple(value for value in getattr(request, condition.name) if value != condition.value)
    changed: dict[str, Any] = {condition.name: left}
    return replace(fresh, **changed)


def without_conditions(request: SearchRequest) -> SearchRequest:
    """Only the words, their order, and how the answer is given."""
    return SearchRequest(q=request.q, sort=request.sort, exact=request.exact, group=request.group, near=request.near)


def first_page(request: SearchRequest) -> SearchRequest:
    """The same search from its beginning, without reasons."""
    return replace(request, cursor="", trail=(), offset=0, explain=False)


def next_page(request: SearchRequest, cursor: str, shown: int) -> SearchRequest:
    """The page after one that showed ``shown`` titles."""
    trail = (*request.trail, request.cursor)[-MOST_CURSORS:]
    return replace(request, cursor=cursor, trail=trail, offset=request.offset + shown, explain=False)


def previous_page(request: SearchRequest) -> SearchRequest | None:
    """The page before, None where the address does not remember one."""
    if not request.trail:
        return None
    offset = max(0, request.offset - PER_PAGE)
    return replace(request, cursor=request.trail[-1], trail=request.trail[:-1], offset=offset, explain=False)


def pairs(request: SearchRequest) -> list[tuple[str, str]]:
    """The parameters of an address, only those that say something; never where the reader is."""
    said = [("q", request.q)] if request.q else []
    said += [(name, value) for name in REPEATED for value in getattr(request, name)]
    said += [("available", "true")] if request.available else []
    said += [("within", str(request.within))] if request.within is not None else []
    years = (("year_from", request.year_from), ("year_to", request.year_to))
    said += [(name, str(year)) for name, year in years if year is not None]
    said += [("sort", request.sort)] if request.sort != "relevance" else []
    said += [("group", "work")] if request.group else []
    wishes = (("exact", request.exact), ("explain", request.explain))
    said += [(name, "true") for name, wished in wishes if wished]
    if request.cursor or request.offset:
        said += [("cursor", request.cursor), ("offset", str(request.offset))]
        said += [("trail", cursor) for cursor in request.trail]
    return said


def address(path: str, request: SearchRequest) -> str:
    """A relative address that asks this search."""
    said = "&".join([f"{name}={_quoted(value)}" for name, value in pairs(request)])
    return f"{path}?{said}" if said else path


_quoted = lru_cache(maxsize=1024)(quote_plus)  # the links of a list, some thirty, all say the same words
