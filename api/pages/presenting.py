"""The catalogue of the pages over the read use cases: each of their answers turned into a view in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from zoneinfo import ZoneInfo

from api.classes import class_table
from api.exports import EXPORTS
from api.labels import label
from api.language import current_language
from api.pages.asking import PER_PAGE, SearchRequest
from api.pages.choices import Names, facet_views
from api.pages.facts import LINE_OF_FIELD, facts
from api.pages.marks import found_stretches, other_form
from api.pages.places import branch_view
from api.pages.reason_views import ReasonsView
from api.pages.reasons import reasons_view
from api.pages.views import (
    BranchView,
    CoverView,
    Found,
    HoldingsGroup,
    HoldingsView,
    ItemLine,
    LibraryView,
    RecordView,
    ResultRow,
    SourceLine,
    StatusView,
    WarningView,
)
from api.resources.editions import place_name
from api.resources.explaining import why
from api.translations import gettext
from api.unknown_values import warnings_of
from union_catalog.clock import Clock, business_date
from union_catalog.matching.merging import Provenance
from union_catalog.search.engine import Filters
from union_catalog.search.engine import SearchRequest as EngineRequest
from union_catalog.search.nodes import ParsedQuery
from union_catalog.search.query import parse
from union_catalog.search.selection import AVAILABLE
from union_catalog.services import views
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.explaining import explain_record
from union_catalog.services.searching.asked import Asked, Place
from union_catalog.services.searching.choosing import unfolded

_COUNTED_FOR = timedelta(seconds=10)  # counting a million records takes a good part of a second
_NEVER = datetime.min.replace(tzinfo=UTC)
_RECENT = 8
_LIBRARY = attrgetter("library")
_EDITIONS = 10  # of one work in a list; the record's page has them all


class UnionPages:
    """Implements ``api.pages.catalogue.Catalogue``."""

    def __init__(self, catalogue: Catalogue, clock: Clock, timezone: ZoneInfo) -> None:
        self._catalogue, self._clock, self._timezone = catalogue, clock, timezone
        self._counts: tuple[datetime, tuple[views.LibraryView, ...]] = (_NEVER, ())
        self._branches: tuple[datetime, Mapping[str, views.BranchView]] = (_NEVER, {})

    def search(self, request: SearchRequest) -> Found:
        query = parse(request.q)
        network = self._network()
        asked = self._asked(request, query)
        result = self._catalogue.search(asked)
        page = result.page
        shown = parse(result.corrected.query) if result.corrected else query
        return Found(
            total=page.total,
            rows=tuple(_result(summary, shown, result) for summary in result.records),
            facets=facet_views(page.facets, _names(result.facet_labels, network), {code: b.library for code, b in network.items()}),
            years=tuple((int(c.value), c.count) for c in page.facets.get("year", ()) if c.value.isdigit()),
            available=sum(c.count for c in page.facets.get("available", ()) if c.value == AVAILABLE),
            next_cursor=page.next_cursor,
            warnings=tuple(WarningView(warning.code, warning.part) for warning in warnings_of(asked.request.filters, result)),
            corrected=(result.corrected.query, result.corrected.exact_total) if result.corrected else None,
            offered=result.offered.query if result.offered else "",
            other_form=other_form((_title(summary) for summary in result.records), shown),
            origin=_branch_name(network.get(request.near)) if isinstance(request.near, str) and self._placed(request.near) else "",
            this_year=business_date(self._clock.now(), self._timezone).year,
        )

    def count(self, request: SearchRequest) -> int:
        return self._catalogue.count(self._asked(request, parse(request.q)))

    def record(self, union_id: str, near: Place | str | None) -> RecordView:
        detail, items = self._catalogue.record_and_items(union_id)
        near = self._located(near)
        nearest = self._catalogue.nearest(detail.summary, near) if near else None
        names = self._library_names()
        library_of = {source.key: names.get(source.library, source.library) for source in detail.sources}
        provenance = {field: _distinct(library_of.get(key, key) for key in keys) for field, keys in detail.provenance}
        return RecordView(
            row=_at(nearest, _row(detail.summary), detail.summary),
            work_id=detail.summary.work_id,
            holdings=self._holdings(items),
            agents=tuple(agent.name for agent in detail.record.agents),
            facts=facts(detail.record, provenance),
            sources=tuple(self._source(source, names, detail.corrected) for source in detail.sources),
            editions=tuple(_other_row(other) for other in detail.other_editions),
            exports=tuple(EXPORTS),
            online_url=next((link.url for link in detail.record.links if link.url.startswith(("http://", "https://"))), "")
            if detail.summary.best_status == "online"
            else "",
        )

    def _holdings(self, items: Sequence[views.ItemView]) -> HoldingsView:
        groups = (_group(tuple(held)) for _, held in groupby(sorted(items, key=_LIBRARY), key=_LIBRARY))
        ordered = sorted(groups, key=lambda group: (-group.available, -group.items, group.library_code))
        read_at = self._clock.now().astimezone(self._timezone).replace(second=0, microsecond=0)  # as the page tells it
        return HoldingsView(tuple(ordered), read_at)

    def row(self, union_id: str) -> ResultRow:
        return _row(self._catalogue.live_summary(union_id))

    def reasons(self, union_id: str) -> ReasonsView:
        return reasons_view(explain_record(self._catalogue.database, union_id), self._timezone, _row)

    def cover(self, union_id: str) -> CoverView:
        return cover_of(self._catalogue.live_summary(union_id))

    def libraries(self) -> tuple[LibraryView, ...]:
        return tuple(
            LibraryView(
                code=library.code,
                name=_named(library.name, library.name_en),
                region=_named(library.region_name, library.region_name_en),
                branches=library.branches,
                records=library.records,
                items=library.items,
            )
            for library in self._counted()
        )

    def branches(self) -> tuple[BranchView, ...]:
        return tuple(map(branch_view, self._network().values()))

    def recent(self) -> tuple[ResultRow, ...]:
        return tuple(_row(summary) for summary in self._catalogue.recent(_RECENT))

    def _asked(self, request: SearchRequest, query: ParsedQuery) -> Asked:
        near = self._located(request.near)
        return Asked(_engine_request(request, query), near, exact=request.exact, group=request.group, explain=request.explain)

    def _located(self, near: Place | str | None) -> Place | str | None:
        """What distances are counted from; nothing for a branch of which one does not know where it is."""
        return near if isinstance(near, Place) or self._placed(near) else None

    def _placed(self, code: str | None) -> bool:
        """Whether it is a branch of which one knows where it is."""
        branch = self._network().get(code or "")
        return branch is not None and branch.lat is not None and branch.lng is not None

    def _network(self) -> Mapping[str, views.BranchView]:
        """The branches by code, at most ``_COUNTED_FOR`` old: every list and every record names some."""
        now = self._clock.now()
        read_at, branches = self._branches
        if now - read_at > _COUNTED_FOR:
            branches = {branch.code: branch for branch in self._catalogue.branches()}
            self._branches = (now, branches)
        return branches

    def _counted(self) -> tuple[views.LibraryView, ...]:
        """The libraries with what they hold, at most ``_COUNTED_FOR`` old: every reader's first page shows it."""
        now = self._clock.now()
        counted_at, libraries = self._counts
        if now - counted_at > _COUNTED_FOR:
            libraries = self._catalogue.libraries()
            self._counts = (now, libraries)
        return libraries

    def _library_names(self) -> dict[str, str]:
        """From the branches, for counting what libraries hold takes long."""
        return {branch.library: _named(branch.library_name, branch.library_name_en) for branch in self._network().values()}

    def _source(self, source: views.SourceView, names: Mapping[str, str], corrected: Provenance) -> SourceLine:
        received = business_date(source.received_at, self._timezone)
        lines = _distinct(LINE_OF_FIELD.get(field, "note") for field, keys in corrected if source.key in keys)
        return SourceLine(names.get(source.library, source.library), source.record_id, received, lines)


def _named(name: str, name_en: str) -> str:
    return name_en if current_language() == "en" and name_en else name


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _engine_request(request: SearchRequest, query: ParsedQuery) -> EngineRequest:
    filters = Filters(
        library=request.library,
        branch=request.branch,
        language=request.language,
        format=request.format,
        audience=request.audience,
        clc=tuple(number.upper() for number in request.clc),
        author=request.author,
        subject=request.subject,
        available=request.available,
        within=request.within,
        year_from=request.year_from,
        year_to=request.year_to,
    )
    classes = unfolded(filters.clc, class_table())
    return EngineRequest(query, filters, request.sort, PER_PAGE, request.cursor or None, classes=classes)


def _result(summary: views.RecordSummary, query: ParsedQuery, result: views.SearchResult) -> ResultRow:
    """A row with what only this search says of it: where it is near by, the editions of its work, and why it is there."""
    nearest = result.nearest.get(summary.union_id)
    row = _at(nearest, _row(summary, query), summary)
    work = result.works.get(summary.union_id)
    if work:
        others = [_row(edition, query) for edition in work.editions if edition.union_id != summary.union_id][:_EDITIONS]
        row = replace(row, editions=tuple(others), more=max(work.total - 1 - len(others), 0))
    reasons = result.why.get(summary.union_id)
    return replace(row, why=why(summary, reasons, nearest, current_language())) if reasons else row


def _at(nearest: views.NearestBranch | None, row: ResultRow, summary: views.RecordSummary) -> ResultRow:
    """The row with the nearest branch that can lend it, and how far that is, in place of the best of all."""
    if nearest is None:
        return row
    branch = next((one for one in summary.branches if one.code == nearest.code), None)
    place = _place(summary, branch) if branch else _named(nearest.name, nearest.name_en)
    return replace(row, status=StatusView("available"), place=place, branch=nearest.code, metres=nearest.metres)


def _names(told: Names, network: Mapping[str, views.BranchView]) -> Names:
    """What the values of facets are called; branches by their own names, as they stand below their libraries."""
    return {**told, "branch": {code: (branch.name, branch.name_en) for code, branch in network.items()}}


def _branch_name(branch: views.BranchView | None) -> str:
    if branch is None:
        return ""
    return place_name(_named(branch.library_name, branch.library_name_en), _named(branch.name, branch.name_en))


def _row(summary: views.RecordSummary, query: ParsedQuery | None = None) -> ResultRow:
    title = _title(summary)
    branch = next((b for b in summary.branches if b.code == summary.best_branch), None)
    items = sum(library.items for library in summary.libraries)
    imprint = (summary.publisher, str(summary.year or ""), summary.edition, summary.extent)
    return ResultRow(
        union_id=summary.union_id,
        title=title,
        cover=cover_of(summary),
        status=StatusView(summary.best_status if items or summary.online else "none"),
        title_language=summary.title_language,
        responsibility=summary.responsibility,
        imprint=tuple(part for part in imprint if part),
        format=summary.format,
        place=_place(summary, branch) if branch else "",
        branch=branch.code if branch else "",
        libraries=len(summary.libraries),
        items=items,
        available=sum(library.available for library in summary.libraries),
        marks=found_stretches(title, query) if query else (),
    )


def _other_row(other: views.OtherEdition) -> ResultRow:
    row = _row(other.summary)
    if other.relation == "edition":  # what the heading says already
        return row
    return replace(row, imprint=(label("relation", other.relation, current_language()), *row.imprint))


def _title(summary: views.RecordSummary) -> str:
    """As a list shows it: title, other title information and volume; a record without a title is said to have none."""
    whole = "：".join(part for part in (summary.title, summary.remainder) if part)
    return " ".join(part for part in (whole, summary.volume) if part) or gettext("[无题名]")


def _place(summary: views.RecordSummary, branch: views.BranchCount) -> str:
    library = next((one for one in summary.libraries if one.code == branch.library), None)
    return place_name(_named(library.name, library.name_en) if library else "", _named(branch.name, branch.name_en))


def cover_of(summary: views.RecordSummary) -> CoverView:
    """What its drawn cover says."""
    return CoverView(summary.title or gettext("[无题名]"), summary.author, summary.clc, summary.format, str(summary.year or ""))


def _group(items: tuple[views.ItemView, ...]) -> HoldingsGroup:
    """A library's items, those alike counted in one line."""
    lines: dict[tuple[str, ...], ItemLine] = {}
    for item in items:
        key = (item.branch, item.call_number, item.volume, item.status, item.url)
        known = lines.get(key)
        lines[key] = replace(known, items=known.items + 1) if known else _line(item)
    first = items[0]
    return HoldingsGroup(
        library=_named(first.library_name, first.library_name_en),
        library_code=first.library,
        items=len(items),
        available=sum(item.status == "available" for item in items),
        lines=tuple(lines.values()),
    )


def _line(item: views.ItemView) -> ItemLine:
    web = item.url if item.url.startswith(("http://", "https://")) else ""
    return ItemLine(
        branch=_named(item.branch_name, item.branch_name_en),
        branch_code=item.branch,
        status=StatusView(item.status, item.due_date),
        call_number=item.call_number,
        volume=item.volume,
        url=web if item.status == "online" else "",
    )
