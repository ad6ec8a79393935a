"""What readers ask of the catalogue. The index says which records and in what order; what is said of them is read from the database."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import get_args

from sqlalchemy import Connection

from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.clock import parse_instant
from union_catalog.errors import Gone, NotFound, Redirected
from union_catalog.matching.features import Features, features_of
from union_catalog.matching.merging import MergedRecord
from union_catalog.matching.work_relations import WorkRelation, relation
from union_catalog.search.engine import Filters, SearchEngine, SearchRequest
from union_catalog.search.places import asks_for_places, located
from union_catalog.search.query import operators_read_as_words
from union_catalog.search.suggesting import Suggestion, SuggestRequest
from union_catalog.services.branches import branch_view
from union_catalog.services.searching.asked import Asked, Place
from union_catalog.services.searching.choosing import narrowed, with_all_chosen
from union_catalog.services.searching.correcting import Answered, Correcting
from union_catalog.services.searching.explaining import explained
from union_catalog.services.searching.grouping import grouped, ungrouped
from union_catalog.services.searching.nearness import Around, Nearness
from union_catalog.services.summaries import NetworkNames, described, network_names, summaries, summary
from union_catalog.services.views import (
    BranchView,
    ItemView,
    LibraryView,
    NearestBranch,
    OtherEdition,
    RecordDetail,
    RecordSummary,
    SearchResult,
    SourceView,
)
from union_catalog.storage import items, network, reads
from union_catalog.storage.database import Database
from union_catalog.storage.reads import UnionRow
from union_catalog.storage.values import unpack

MOST_EDITIONS = 50


class Catalogue:
    """Read use cases, each on one snapshot of the database. Safe to share between threads."""

    def __init__(self, database: Database, engine: SearchEngine) -> None:
        self.database = database
        self.engine = engine
        self._nearness = Nearness(database)
        self._correcting = Correcting(database, engine)

    def search(self, asked: Asked) -> SearchResult:
        """One page.

        Raises SearchUnavailable when the index cannot be asked, InvalidInput for a foreign cursor or a branch that has no place.
        """
        around = None if asked.near is None else self._nearness.around(asked.near)
        network = _Network(self.database)

        def find(request: SearchRequest) -> Answered:
            request = _located(request, around, network)
            return Answered(request, (grouped if asked.group else ungrouped)(self.engine, request))

        answered = self._correcting.answer(asked.request, find, exact=asked.exact)
        answer, chosen = answered.found, answered.request.filters
        with self.database.read() as connection:
            names = network.names(connection)
            found = summaries(connection, answer.union_ids, names, chosen)
            why = explained(connection, answered.request.query, answer.union_ids) if asked.explain else {}
        groups = answer.shown(found)
        page = with_all_chosen(answer.page, asked.request.filters)
        if not page.total:
            page = replace(page, warnings=(*page.warnings, *operators_read_as_words(asked.request.query)))
        return SearchResult(
            page,
            tuple(group.editions[0] for group in groups),
            {"library": dict(names.libraries), "branch": dict(names.branches)},
            facet_parents={"branch": names.library_of},
            corrected=answered.corrected,
            offered=answered.offered,
            nearest=around.nearest(found, chosen) if around else {},
            works={group.editions[0].union_id: group for group in groups} if asked.group else {},
            why=why,
        )

    def suggest(self, request: SuggestRequest) -> tuple[Suggestion, ...]:
        """What may be meant by what was typed so far. Raises SearchUnavailable. It asks the index alone, as every letter typed asks it."""
        return self.engine.suggest(request)

    def count(self, asked: Asked) -> int:
        """How many records a search finds. Raises SearchUnavailable."""
        around = None if asked.near is None else self._nearness.around(asked.near)
        return self.engine.search(replace(_located(asked.request, around, _Network(self.database)), per_page=1, facets=())).total

    def recent(self, limit: int = 12) -> tuple[RecordSummary, ...]:
        """What came into the catalogue last."""
        with self.database.read() as connection:
            return tuple(summaries(connection, reads.recent(connection, limit), network_names(connection)))

    def live_summary(self, union_id: str) -> RecordSummary:
        """The row of one record. Raises as :meth:`record` does."""
        with self.database.read() as connection:
            live_record(connection, union_id)
            return summaries(connection, [union_id], network_names(connection))[0]

    def record(self, union_id: str) -> RecordDetail:
        """Everything of one record but its items. Raises NotFound, Redirected (with ``target``) or Gone."""
        with self.database.read() as connection:
            return _detail(connection, live_record(connection, union_id))

    def nearest(self, record: RecordSummary, near: Place | str) -> NearestBranch | None:
        """The branch nearest to a place that has an item of a record to lend now. Raises as ``Nearness.around`` does."""
        return self._nearness.around(near).nearest([record], Filters()).get(record.union_id)

    def items(self, union_id: str) -> tuple[ItemView, ...]:
        """Every item, live. Raises as :meth:`record` does."""
        with self.database.read() as connection:
            live_record(connection, union_id)
            return _items(connection, union_id)

    def record_and_items(self, union_id: str) -> tuple[RecordDetail, tuple[ItemView, ...]]:
        """Both, as they are at one moment. Raises as :meth:`record` does."""
        with self.database.read() as connection:
            return _detail(connection, live_record(connection, union_id)), _items(connection, union_id)

    def libraries(self) -> tuple[LibraryView, ...]:
        """Every library with what it holds."""
        with self.database.read() as connection:
            counts = network.counts(connection)
            branches = [row.library for row in reads.branches(connection)]
            return tuple(
                LibraryView(
                    code=row.code,
                    name=row.name,
                    name_en=row.name_en or row.name,
                    region=row.region or "",
                    region_name=row.region_name or "",
                    region_name_en=row.region_name_en or row.region_name or "",
                    circulation=row.circulation,
                    floating=row.floating,
                    branches=branches.count(row.code),
                    records=counts.get(row.code, (0, 0))[0],
                    items=counts.get(row.code, (0, 0))[1],
                )
                for row in reads.libraries(connection)
            )

    def branches(self) -> tuple[BranchView, ...]:
        """Every branch and service point."""
        with self.database.read() as connection:
            return tuple(map(branch_view, reads.branches(connection)))


class _Network:
    """The names of the network, read once a search, however often it looks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read: NetworkNames | None = None

    def names(self, connection: Connection | None = None) -> NetworkNames:
        """Over the connection that is open, or else over one of its own."""
        if self._read is None:
            with nullcontext(connection) if connection else self._database.read() as opened:
                self._read = network_names(opened)
        return self._read


def _located(request: SearchRequest, around: Around | None, network: _Network) -> SearchRequest:
    """The request with the codes of the places that it names and means, and with the branches around the reader's place."""
    filters, query = request.filters, request.query
    if around:
        request = replace(request, nearby=around.nearby)
    if not asks_for_places(query) and not (filters.library and filters.branch):
        return request
    names = network.names()
    query = located(query, names.libraries, names.branches) if asks_for_places(query) else query
    return replace(request, query=query, filters=narrowed(filters, names.library_of))


def live_record(connection: Connection, union_id: str) -> UnionRow:
    """The stored row of a record that is there. Raises NotFound, Redirected (with ``target``) or Gone."""
    row = reads.unions(connection, [union_id]).get(union_id)
    if row is None:
        raise NotFound("unknown_record", kind="record", id=union_id)
    if row.state == "redirected":
        raise Redirected(id=union_id, target=row.target)
    if row.state == "gone":
        record = unpack(row.merged_z, MergedRecord).record
        raise Gone(id=union_id, title=record.title_proper.text if record.title_proper else "")
    return row


def _detail(connection: Connection, row: UnionRow) -> RecordDetail:
    merged = unpack(row.merged_z, MergedRecord)
    held = items.holdings(connection, [row.id]).get(row.id, [])
    names = network_names(connection)
    return RecordDetail(
        summary=summary(row, held, names),
        record=merged.record,
        provenance=merged.provenance,
        corrected=merged.corrected,
        sources=_sources(connection, row.id),
        other_editions=_other_editions(connection, row, merged.record, names),
        revision=row.revision,
        updated_at=parse_instant(row.updated_at),
    )


def _items(connection: Connection, union_id: str) -> tuple[ItemView, ...]:
    return tuple(
        ItemView(
            id=row.id,
            library=row.library,
            library_name=row.library_name,
            library_name_en=row.library_name_en or row.library_name,
            barcode=row.barcode or "",
            branch=row.place or "",
            branch_name=row.branch_name or "",
            branch_name_en=row.branch_name_en or row.branch_name or "",
            call_number=row.call_number,
            item_type=row.item_type,
            lending=row.lending,
            status=_status(row.lending, row.status),
            due_date=date.fromisoformat(row.due_date) if row.due_date else None,
            reported_at=parse_instant(row.reported_at),
            url=row.url,
            volume=row.volume,
        )
        for row in reads.items_of(connection, union_id)
    )


def _status(lending: str, status: str) -> str:
    """One word for what can be done with the item: an item for use in the library is that only while it is in the library."""
    if lending == "online":
        return "online"
    return "library_use" if lending == "library_use" and status == "available" else status


def _sources(connection: Connection, union_id: str) -> tuple[SourceView, ...]:
    rows = reads.sources_of(connection, union_id)
    return tuple(SourceView(f"{r.library}:{r.record_id}", r.library, r.record_id, r.version, parse_instant(r.received_at)) for r in rows)


def _other_editions(connection: Connection, row: UnionRow, record: BibliographicRecord, names: NetworkNames) -> tuple[OtherEdition, ...]:
    """By what they are to the record, the latest first."""
    if not row.work_id:
        return ()
    ids = [union_id for union_id in reads.editions(connection, row.work_id, MOST_EDITIONS + 1) if union_id != row.id][:MOST_EDITIONS]
    shown, own = described(connection, ids, names), features_of(record)
    found = [OtherEdition(relation(own, _features(merged_z)), summary) for summary, merged_z in shown]
    return tuple(sorted(found, key=lambda o: (_ORDER[o.relation], -(o.summary.year or 0), o.summary.union_id)))


@lru_cache(maxsize=1024)  # some five kilobytes each
def _features(merged_z: bytes) -> Features:
    """Of a packed MergedRecord; kept by its bytes, so that they can never be those of another state."""
    return features_of(unpack(merged_z, MergedRecord).record)


_ORDER: dict[WorkRelation, int] = {code: place for place, code in enumerate(get_args(WorkRelation))}
