"""Pieces of HTML that stand on a page many times: as macros of a template they would take longer than all the rest of it.

Each is a function of what it is told and of the reader's language, so what was made once may be kept: nothing in it can grow old.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from html import escape

from flask import request
from markupsafe import Markup

from api.language import current_language
from api.pages.icons import icon
from api.pages.shell import PAGE_LANGUAGE, address_at, lang_of
from api.pages.views import CoverView, ResultRow, StatusView
from api.pages.wording import coded, counted_in, status_look, status_words
from api.translations import gettext
from union_catalog.context import Language


def cover(union_id: str, view: CoverView) -> Markup:
    """The drawn cover, for people who see it: it says nothing that its title does not."""
    return cover_at(request.script_root, union_id, view)


def cover_at(mounted: str, union_id: str, view: CoverView) -> Markup:
    """The same where the application is mounted, which the caller knows already."""
    address = address_at(mounted, "pages.cover", union_id=union_id, digest=view.digest)
    return Markup(f'<img class="cover" src="{escape(address)}" width="120" height="180" alt="" loading="lazy">')  # noqa: S704  # escaped


def status(view: StatusView, record_format: str = "", items: int = 0) -> Markup:
    """What can be done, by icon and words; ``items`` are told from two on."""
    return status_in(current_language(), view.code, view.day, record_format, items)


@lru_cache(maxsize=2048)
def status_in(language: Language, code: str, day: date | None, record_format: str, items: int = 0) -> Markup:
    """The same in the language of this request, which the caller knows already."""
    look = status_look(code)
    number = f"·{counted_in(language, 'item', items)}" if items > 1 else ""
    said = escape(f"{status_words(code, day, record_format)}{number}")
    return Markup(f'<span class="st {look.tone}">{icon(look.icon)}{said}</span>')  # noqa: S704  # escaped


def imprint(row: ResultRow) -> Markup:
    """Publisher, year and the like in one line, and the form. A comma stays with what it follows: it could begin a line else."""
    return imprint_in(current_language(), row.imprint, row.format)


@lru_cache(maxsize=4096)
def imprint_in(language: Language, parts: tuple[str, ...], record_format: str) -> Markup:
    """The same in the language of this request, which the caller knows already."""
    comma, page = gettext("，"), PAGE_LANGUAGE[language]
    boxes = [f"<span{lang_of(page, part)}>{escape(part)}</span>" for part in parts]
    between = f"{comma.rstrip()}</span>{' ' if comma.endswith(' ') else ''}"
    said = between.join([f'<span class="nb">{box}' for box in boxes]) + ("</span>" if boxes else "")
    badge = f' <span class="badge">{escape(coded("format", record_format))}</span>' if record_format else ""
    return Markup(f"{said}{badge}")  # noqa: S704  # escaped


def owned(row: ResultRow) -> Markup:
    """How many items there are in how many libraries, and how many can be had."""
    return owned_in(current_language(), row.libraries, row.items, row.available)


@lru_cache(maxsize=2048)
def owned_in(language: Language, libraries: int, items: int, available: int) -> Markup:
    """The same in the language of this request, which the caller knows already."""
    said = gettext(
        "%(libraries)s共%(items)s，%(available)s可借",
        libraries=counted_in(language, "library", libraries),
        items=counted_in(language, "item", items),
        available=counted_in(language, "bare", available),
    )
    return Markup(escape(said))  # noqa: S704  # escaped


PIECES: Mapping[str, Callable[..., Markup]] = {"icon": icon, "cover": cover, "status": status, "imprint": imprint, "owned": owned}
