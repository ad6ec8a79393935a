"""The choices of a facet as HTML. A page has some hundred of them: a template would take several times as long as all the rest of it.

Ids keep the focus and what was opened when the list is replaced.
"""

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from urllib.parse import quote

from markupsafe import Markup

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
    others = [value for value in values if not value.chosen] if chosen else values
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
    id_, box, said = _named(language, one.name, one.value, one.label)
    state, note = _state(one)
    return f"{box}{state}>\n<span>{said}{note}</span>{_count(language, one.count)}{_within(language, one, id_)}</li>"


@lru_cache(maxsize=8192)
def _named(language: Language, name: str, value: str, label: str) -> tuple[str, str, str]:
    """The id of a box, the box up to its state, and what stands beside it."""
    id_ = f"f-{name}-{quote(value)}"
    box = f'<li><label class="check"><input type="checkbox" id="{id_}" name="{name}" value="{escape(value)}"'
    return id_, box, f"<span{lang_of(PAGE_LANGUAGE[language], label)}>{escape(label)}</span>"


def _state(one: FacetValue) -> tuple[str, str]:
    """What the box says by itself, and what is said beside it for ears."""
    if one.selected:
        return " checked", ""
    if not one.partly:
        return "", ""
    note = gettext("（选了其中一部分）")
    return ' class="partly"', f'<span class="vh">{escape(note)}</span>'


@lru_cache(maxsize=4096)
def _count(language: Language, count: int) -> str:
    said = escape(counted_in(language, "title", count))
    return f'<span class="n"><span aria-hidden="true">{number(count)}</span><span class="vh">{said}</span></span></label>'


def _within(language: Language, one: FacetValue, id_: str) -> str:
    """What is below it, opened where something there is chosen."""
    if not one.children:
        return ""
    opened = " open" if one.chosen else ""
    return (
        f'<details class="within" id="d-{id_}"{opened}><summary><span class="vh">{_below(language, one.label)}</span></summary>'
        f"{_list(language, one.children, f'm-{id_}')}</details>"
    )


@lru_cache(maxsize=1024)
def _below(language: Language, label: str) -> str:
    said = gettext("%(name)s以下")
    return escape(said) % {"name": run_of(PAGE_LANGUAGE[language], label)}
