"""The rows of a result list as HTML. There are twenty of them on a page: a template would take several times as long."""

from dataclasses import dataclass
from html import escape

from flask import request
from markupsafe import Markup

from api.language import current_language
from api.pages.pieces import cover_at, imprint_in, owned_in, status_in
from api.pages.results import ResultsView
from api.pages.shell import PAGE_LANGUAGE, address_at, lang_of
from api.pages.views import ResultRow
from api.pages.wording import counted, distance
from api.translations import gettext, ngettext
from union_catalog.context import Language


def result_list(view: ResultsView) -> Markup:
    """The items of the list, in order."""
    asked = view.request
    explained = escape(view.links.explained) if asked.q and not asked.explain else ""
    rows = _Rows(current_language(), request.script_root, explained, _Words(), is_explained=bool(asked.q) and asked.explain)
    return Markup("\n".join([rows.row(row) for row in view.found.rows]))  # noqa: S704  # every text in it was escaped


class _Words:
    """What every row says, escaped."""

    __slots__ = ("asking", "comma", "look", "of_title")

    def __init__(self) -> None:
        self.asking = escape(gettext("为什么有这一条"))
        self.comma = escape(gettext("，"))
        self.look = escape(gettext("看馆藏"))
        self.of_title = escape(gettext("：%(title)s"))


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is the same for all.

    ``mounted`` is where the application is; ``explained`` the escaped address of the list with reasons, "" where none are to be asked for.
    """

    language: Language
    mounted: str
    explained: str
    words: _Words
    is_explained: bool

    def row(self, row: ResultRow) -> str:
        address = self._address(row)
        of_title, cover = self._of_title(row), cover_at(self.mounted, row.union_id, row.cover)
        return (
            f'<li class="row">\n<a href="{address}" tabindex="-1" aria-hidden="true">{cover}</a>\n<div>\n'
            f'<h2{self._lang(row.title, row.title_language)}><a href="{address}">{_marked(row.title, row.marks)}</a></h2>\n'
            f"{self._by(row)}{self._had(row)}{self._editions(row)}{self._reasons(row, of_title)}</div>\n"
            f"{self._button(row, address, of_title)}</li>"
        )

    def _button(self, row: ResultRow, address: str, of_title: str) -> str:
        if row.status.code == "none":
            return ""
        return f'<div class="act"><a class="btn line" href="{address}#holdings">{self.words.look}{of_title}</a></div>\n'

    def _lang(self, text: str, tag: str = "") -> str:
        return lang_of(PAGE_LANGUAGE[self.language], text, tag)

    def _address(self, row: ResultRow) -> str:
        return escape(address_at(self.mounted, "pages.record", union_id=row.union_id))

    def _status(self, row: ResultRow) -> str:
        return status_in(self.language, row.status.code, row.status.day, row.format)

    def _imprint(self, row: ResultRow) -> str:
        return imprint_in(self.language, row.imprint, row.format)

    def _of_title(self, row: ResultRow) -> str:
        """For ears: a link is heard without the row that it stands in."""
        title = f"<span{self._lang(row.title, row.title_language)}>{escape(row.title)}</span>"
        return f'<span class="vh">{self.words.of_title % {"title": title}}</span>'

    def _by(self, row: ResultRow) -> str:
        told = row.responsibility
        by = f'<p class="by clamp"{self._lang(told)}>{escape(told)}</p>\n' if told else ""
        return f'{by}<p class="by">{self._imprint(row)}</p>\n'

    def _had(self, row: ResultRow) -> str:
        """Whether it can be had, where, and how many there are."""
        place = ""
        if row.place:
            away = f'{self.words.comma}<span class="nb num">{escape(distance(row.metres))}</span>' if row.metres is not None else ""
            place = f"<span><span{self._lang(row.place)}>{escape(row.place)}</span>{away}</span>"
        number = f'<p class="by num">{owned_in(self.language, row.libraries, row.items, row.available)}</p>\n' if row.items else ""
        return f'<p class="av">{self._status(row)}{place}</p>\n{number}'

    def _editions(self, row: ResultRow) -> str:
        total = len(row.editions) + row.more
        if not total:
            return ""
        summary = escape(ngettext("另有%(number)s个版本", "另有%(number)s个版本", total, number=f"{total:,}"))
        lines = [self._edition(edition) for edition in row.editions]
        if row.more:
            address = self._address(row)
            more = escape(gettext("还有%(titles)s", titles=counted("title", row.more)))
            lines.append(f'<li><a href="{address}#h-editions">{more}</a></li>')
        listed = "\n".join(lines)
        return f'<details class="editions" id="e-{row.union_id}"><summary>{summary}</summary>\n<ul class="lines">{listed}</ul></details>\n'

    def _edition(self, edition: ResultRow) -> str:
        address = self._address(edition)
        title = f'<h3{self._lang(edition.title, edition.title_language)}><a href="{address}">{escape(edition.title)}</a></h3>'
        return f'<li class="place">{title}{self._status(edition)}\n<p>{self._imprint(edition)}</p></li>'

    def _reasons(self, row: ResultRow, of_title: str) -> str:
        place = f'class="reasons" id="why-{row.union_id}"'
        if self.explained:
            link = f'<a href="{self.explained}#why-{row.union_id}" data-why rel="nofollow">{self.words.asking}{of_title}</a>'
            return f"<p {place}>{link}</p>\n"
        if not self.is_explained:
            return ""
        told = row.why or (gettext("它合乎所有条件，排在这里只看所选的次序。"),)
        reasons = "".join([f"<li>{escape(reason)}</li>" for reason in told])
        return f'<details {place} open><summary>{self.words.asking}</summary>\n<ul class="ways">{reasons}</ul></details>\n'


def _marked(title: str, stretches: tuple[tuple[int, int], ...]) -> str:
    """The title with its found stretches in ``<mark>``."""
    if not stretches:
        return escape(title)
    pieces, end = [], 0
    for start, stop in stretches:
        pieces.append(f"{escape(title[end:start])}<mark>{escape(title[start:stop])}</mark>")
        end = stop
    return "".join(pieces) + escape(title[end:])
