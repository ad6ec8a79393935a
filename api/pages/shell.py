"""What surrounds every page: the reader's display wishes, links that keep the page, and addresses of files that change with them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from flask import Request, Response, request, url_for
from markupsafe import Markup

from api.caching import asset
from api.language import COOKIE, PARAMETER, current_language
from api.languages import known_language
from api.pages import wording
from api.pages.asking import read_words
from union_catalog.context import Language

TYPES = ("normal", "large")
THEMES = ("auto", "light", "dark")
# What a form sends empty where the reader wrote nothing.
_SAID_BY_A_VALUE = ("q", "within", "year_from", "year_to")
_SAFE_IN_PATHS = "!$&'()*+,:;=@"  # beside letters and digits (RFC 3986, 3.3)
_YEAR_OF_SECONDS = 365 * 24 * 3600
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_KANA = re.compile(r"[\u3041-\u30fe]")
PAGE_LANGUAGE: Mapping[Language, str] = {"zh": "zh-Hans", "en": "en"}


def page_language() -> str:
    """The language of the page as ``<html lang>`` says it."""
    return PAGE_LANGUAGE[current_language()]


def wish(name: str, choices: tuple[str, ...]) -> str:
    """What the reader chose for "type" or "theme"; the first choice where nothing valid was."""
    chosen = request.cookies.get(name, "")
    return chosen if chosen in choices else choices[0]


def remember(response: Response, name: str, value: str) -> None:
    """Keeps a wish for a year. It holds no personal value and is read by the server alone."""
    response.set_cookie(name, value, max_age=_YEAR_OF_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure, path="/")


def remember_language(response: Response) -> Response:
    """A language asked for in the address is kept for the following pages."""
    asked = known_language(request.args.get(PARAMETER, ""))
    if asked is not None and request.cookies.get(COOKIE) != asked:
        remember(response, COOKIE, asked)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def here(**changed: str) -> str:
    """The address of this page with some parameters changed."""
    said = ((name, value) for name, value in request.args.items(multi=True) if value or name not in _SAID_BY_A_VALUE)
    kept = [(name, _readable(name, value)) for name, value in said if name not in changed]
    return f"{request.path}?{urlencode([*kept, *changed.items()])}" if kept or changed else request.path


def _readable(name: str, value: str) -> str:
    """The words of a query as far as they are searched; every link of a page repeats them."""
    return read_words(value)[0] if name == "q" else value


def safe_return(target: str) -> str:
    """``target`` if it is an address of this site, else the home page: nobody is sent elsewhere by a form of ours."""
    parts = urlsplit(target)
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc)
    return target if inside and target.isprintable() else page_address("pages.home")


def results_before(asked: Request) -> str:
    """The address of the result list from which the reader came, "" where it was none."""
    came = urlsplit(asked.referrer or "")
    if came.netloc != asked.host or came.path != page_address("pages.search"):
        return ""
    return f"{came.path}?{came.query}" if came.query else came.path


def query_of(result_list: str) -> str:
    """The words that were searched on the result list at an address."""
    return read_words(dict(parse_qsl(urlsplit(result_list).query)).get("q", ""))[0]


def _run_language(page: str, text: str, tag: str) -> str:
    """The language of a run of text as a BCP 47 tag, "" where it is that of the page or cannot be told."""
    told = tag or _read_language(text)
    return "" if told in (page, page.split("-", maxsplit=1)[0]) else told


def _read_language(text: str) -> str:
    if _KANA.search(text):
        return "ja"
    return "zh-Hans" if _HAN.search(text) else ""


@lru_cache(maxsize=8192)  # names of libraries, branches and facets come again on every page
def lang_of(page: str, text: str, tag: str = "") -> Markup:
    """A ``lang`` attribute for an element that holds ``text``, or nothing."""
    told = _run_language(page, text, tag)
    return Markup(' lang="{}"').format(told) if told else Markup("")


def run_of(page: str, text: str, tag: str = "") -> Markup:
    """A text inside a sentence of another language, with its own language where that differs."""
    told = _run_language(page, text, tag)
    return Markup('<span lang="{}">{}</span>').format(told, text) if told else Markup.escape(text)


def with_links(statement: str, names: tuple[str, ...]) -> Markup:
    """A statement of responsibility in which the first mention of each name searches for it."""
    spots = sorted((statement.find(name), name) for name in set(names) if name and name in statement)
    pieces, end = [], 0
    for start, name in spots:
        if start >= end:
            link = Markup('<a href="{}">{}</a>').format(search_address(q=name), name)
            pieces += [Markup.escape(statement[end:start]), link]
            end = start + len(name)
    return Markup("").join([*pieces, Markup.escape(statement[end:])])


@lru_cache(maxsize=256)  # of those in use: where the application is mounted, a page and the names of what stands in its address
def _address_form(mounted: str, endpoint: str, names: tuple[str, ...]) -> str:  # noqa: ARG001  # an address begins with it
    holes: dict[str, Any] = {name: f"~{name}~" for name in names}
    return url_for(endpoint, **holes)


def page_address(endpoint: str, **values: str) -> str:
    """The address of a page of ours; ``values`` are those in its path."""
    return address_at(request.script_root, endpoint, **values)


def address_at(mounted: str, endpoint: str, **values: str) -> str:
    """The same where the application is mounted, which who writes many knows already."""
    address = _address_form(mounted, endpoint, tuple(values))
    for name, value in values.items():
        address = address.replace(f"~{name}~", _in_path(value))
    return address


@lru_cache(maxsize=8192)
def _in_path(value: str) -> str:
    return quote(value, safe=_SAFE_IN_PATHS)


def page_with(endpoint: str, **parameters: str) -> str:
    """The address of a page with parameters."""
    return f"{page_address(endpoint)}?{urlencode(parameters)}"


def search_address(**conditions: str) -> str:
    """The address of a search for words (``q``) or one value of a facet."""
    return page_with("pages.search", **conditions)


def lang(text: str, tag: str = "") -> Markup:
    """:func:`lang_of` on the page being made."""
    return lang_of(page_language(), text, tag)


def run(text: str, tag: str = "") -> Markup:
    """:func:`run_of` on the page being made."""
    return run_of(page_language(), text, tag)


# What every template and every macro may use.
WORDS: Mapping[str, object] = {
    "here": here,
    "asset": asset,
    "lang": lang,
    "run": run,
    "with_links": with_links,
    "page_address": page_address,
    "page_with": page_with,
    "search_address": search_address,
    "words": wording,
}


def wishes() -> dict[str, object]:
    """What a template knows of the reader; a macro is told it where it needs it."""
    return {
        "page_language": page_language(),
        "language": current_language(),
        "type_wish": wish("type", TYPES),
        "theme_wish": wish("theme", THEMES),
    }
