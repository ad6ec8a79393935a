"""The bars of years as HTML. There are up to two dozen on a page, each with its words."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from markupsafe import Markup

from api.language import current_language
from api.pages.views import BarView
from api.pages.wording import counted_in
from api.translations import gettext
from union_catalog.context import Language


def histogram(bars: Sequence[BarView]) -> Markup:
    """Bars that lead to their years; nothing where there are none."""
    if not bars:
        return Markup("")
    first, last, language = bars[0], bars[-1], current_language()
    begin, end = escape(gettext("起始年")), escape(gettext("截止年"))
    is_open = " data-open" if first.open_below else ""
    data = f'data-first="{first.first}" data-last="{last.last}"{is_open} data-from="{begin}" data-to="{end}"'
    drawn = "\n".join([_bar(language, bar) for bar in bars])
    oldest = escape(gettext("%(year)s年以前", year=first.last + 1)) if first.open_below else first.first
    span = f'<p class="span" aria-hidden="true"><span>{oldest}</span><span>{last.last}</span></p>'
    return Markup(f'<div class="histogram" {data}>\n<ul class="hist">\n{drawn}\n</ul>\n{span}\n</div>')  # noqa: S704  # escaped


def _bar(language: Language, bar: BarView) -> str:
    state = ' class="on"' if bar.selected else ""
    years = f'<li data-first="{bar.first}" data-last="{bar.last}"{state}>'
    if not bar.count:
        return f"{years}</li>"
    name = _name(language, bar.first, bar.last, open_below=bar.open_below)
    said = escape(gettext("%(years)s，%(titles)s", years=name, titles=counted_in(language, "title", bar.count)))
    return (
        f'{years}<a href="{escape(bar.address)}" aria-label="{said}" title="{escape(name)}">\n'
        f'<svg width="100%" height="{bar.height}" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect width="1" height="1" fill="currentColor"/></svg></a></li>'
    )


@lru_cache(maxsize=1024)
def _name(language: Language, first: int, last: int, *, open_below: bool) -> str:  # noqa: ARG001  # gettext answers in that of the request
    if first == last:
        return gettext("%(year)s年", year=first)
    return gettext("%(decade)s年代及更早", decade=first) if open_below else gettext("%(decade)s年代", decade=first)
