"""The choices of a facet as HTML. A page has some hundred of them: a template would take several times as long as all the rest of it.

Ids keep the focus and what was opened when the list is replaced.
"""

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from api.language import current_language
from api.pages.shell import PAGE_LANGUAGE, lang_of, run_of
from api.pages.views import FacetValue
from api.pages.wording import counted_in, number
from api.translations import gettext
from union_catalog.context import Language

_OPEN = 6  # shown before the rest is asked for; all that are chosen are
_WORTH_SEARCHING = 30


def choice_list(values: Sequence[FacetValue], id_: str) -> Markup:
    """The values of a facet as boxes to tick, those beyond the first behind "more". ``id_`` is of the whole, and needs no escaping."""
    return Markup(_list(current_language(), values, id_))  # noqa: S704  # every text in it was escaped


def _list(language: Language, values: Sequence[FacetValue], id_: str) -> str:
    chosen = [value for value in values if value.chosen]
    others = [value for value in values if not value.chosen]
    room = max(_OPEN - len(chosen), 0)
    is_tree = any(value.children for value in values)
    shown = _ticks(language, [*chosen, *others[:room]], is_tree=is_tree)
    rest = others[room:]
    if not rest:
        return shown
    more = escape(gettext("更多（%(number)s）", number=len(rest)))
    find = _find() if len(values) > _WORTH_SEARCHING else ""
    return (
        f'{shown}<details class="more-choices{" tree" if is_tree else ""}" id="{id_}-more"><summary>{more}</summary>{find}'
        f"{_ticks(language, rest, is_tree=is_tree)}</details>"
    )


def _find() -> str:
    label = escape(gettext("在这些里面找"))
    return f'<p class="find" hidden><input type="search" data-find autocomplete="off" aria-label="{label}" placeholder="{label}"></p>'


def _ticks(language: Language, values: Sequence[FacetValue], *, is_tree: bool) -> str:
    ticks = "\n".join([_tick(language, value) for value in values])
    return f'<ul class="tree">{ticks}</ul>' if is_tree else f"<ul>{ticks}</ul>"


def _tick(language: Language, one: FacetValue) -> str:
    id_ = _id(one.name, one.value)
    partly = one.partly
    state = " checked" if one.selected else ' class="partly"' if partly else ""
    note = gettext("（选了其中一部分）") if partly else ""
    said = f'<span class="vh">{escape(note)}</span>' if note else ""
    return (
        f'<li><label class="check"><input type="checkbox" id="{id_}" name="{one.name}" value="{escape(one.value)}"{state}>\n'
        f"<span><span{lang_of(PAGE_LANGUAGE[language], one.label)}>{escape(one.label)}</span>{said}</span>"
        f'<span class="n"><span aria-hidden="true">{number(one.count)}</span>'
        f'<span class="vh">{escape(counted_in(language, "title", one.count))}</span></span></label>'
        f"{_within(language, one, id_)}</li>"
    )


def _within(language: Language, one: FacetValue, id_: str) -> str:
    """What is below it, opened where something there is chosen."""
    if not one.children:
        return ""
    said = str(escape(gettext("%(name)s以下"))) % {"name": run_of(PAGE_LANGUAGE[language], one.label)}
    opened = " open" if one.chosen else ""
    return (
        f'<details class="within" id="d-{id_}"{opened}><summary><span class="vh">{said}</span></summary>'
        f"{_list(language, one.children, f'm-{id_}')}</details>"
    )


@lru_cache(maxsize=8192)
def _id(name: str, value: str) -> str:
    return f"f-{name}-{quote(value)}"
