"""What read use cases answer: frozen values for the API, the command line and the pages, which render them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec

from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.matching.work_relations import WorkRelation
from union_catalog.network.hours import OpeningHours, OpenState
from union_catalog.search.engine import SearchPage
from union_catalog.search.reasons import Reason

# What an item is at this moment, documented in docs/glossary.md; rendered by api in words.
ITEM_STATUSES = (
    "available", "on_loan", "in_transit", "on_hold_shelf", "library_use", "online", "in_process", "missing", "lost", "damaged", "unknown",
)  # fmt: skip


class LibraryCount(msgspec.Struct, frozen=True):
    """Items of one record in one library, withdrawn ones left out; ``online`` ones are in neither count."""

    code: str
    name: str
    name_en: str
    items: int
    available: int


class BranchCount(msgspec.Struct, frozen=True):
    """The same for one branch."""

    code: str
    name: str
    name_en: str
    library: str
    items: int
    available: int


class RecordSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a result list. ``responsibility`` is the statement as transcribed, authors' names where there is none."""

    union_id: str = ""
    work_id: str = ""
    title: str
    remainder: str
    volume: str
    title_language: str
    responsibility: str
    author: str
    publisher: str
    year: int | None
    edition: str
    extent: str
    format: str
    language: str
    clc: str
    isbn: tuple[str, ...]
    libraries: tuple[LibraryCount, ...] = ()
    branches: tuple[BranchCount, ...] = ()
    online: int = 0
    library_use: int = 0
    best_status: str = "unknown"
    best_branch: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """The query that was answered in the place of the one that was typed, and how many records the typed one finds."""

    query: str
    exact_total: int


@dataclass(frozen=True, slots=True)
class Offered:
    """A query that may have been meant by one that finds next to nothing, and how many records it finds with the same filters."""

    query: str
    total: int


@dataclass(frozen=True, slots=True)
class NearestBranch:
    """The nearest branch that has an item to lend now, in metres from the reader's place as the crow flies, to 100 m."""

    code: str
    name: str
    name_en: str
    metres: int


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """The editions of a work among the results: how many, and the first of them, the result itself leading."""

    total: int
    editions: tuple[RecordSummary, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of the index joined with the live database, in the order of the index."""

    page: SearchPage
    records: tuple[RecordSummary, ...]
    facet_labels: dict[str, dict[str, tuple[str, str]]]
    """facet name → value → (Chinese, other-language) name, for values that the database names (libraries and branches)."""
    facet_parents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """facet name → value → what it is a part of, for values that the database arranges: whose a branch is."""
    corrected: Corrected | None = None
    offered: Offered | None = None
    nearest: Mapping[str, NearestBranch] = field(default_factory=dict)
    """By union id; a record that no branch near by can lend now is left out. Empty where no place was told."""
    works: Mapping[str, WorkGroup] = field(default_factory=dict)
    """By union id of the result that stands for the work. Empty where results are not grouped."""
    why: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    """By union id. Empty where no reasons were asked for."""


@dataclass(frozen=True, slots=True)
class SourceView:
    """One member record behind a union record."""

    key: str
    library: str
    record_id: str
    version: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """What a cataloguer wrote over a field of one member record.

    ``value`` is the text of a part of the record, or the JSON of a whole field; ``sent`` is what the library itself says there now, as a
    text. It is in force unless ``undone_at`` is told; it sleeps while the record is gone at its library.
    """

    id: str
    key: str
    library: str
    field: str
    value: Any
    sent: str
    reason: str
    actor: str
    made_at: datetime
    undone_by: str
    undone_at: datetime | None
    asleep: bool


@dataclass(frozen=True, slots=True)
class OtherEdition:
    """Another record of the same work, and what it is to the one that is shown."""

    relation: WorkRelation
    summary: RecordSummary


@dataclass(frozen=True, slots=True)
class RecordDetail:
    """A union record: merged description, where each field came from, its sources and the work's other editions."""

    summary: RecordSummary
    record: BibliographicRecord
    provenance: tuple[tuple[str, tuple[str, ...]], ...]
    corrected: tuple[tuple[str, tuple[str, ...]], ...]
    """The fields that a cataloguer wrote over, each with the records in which."""
    sources: tuple[SourceView, ...]
    other_editions: tuple[OtherEdition, ...]
    revision: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item, live. ``status`` is one of ITEM_STATUSES; ``reported_at`` is when the library told of it; ``due_date`` of one on loan."""

    id: str
    library: str
    library_name: str
    library_name_en: str
    barcode: str
    branch: str
    branch_name: str
    branch_name_en: str
    call_number: str
    item_type: str
    lending: str
    status: str
    reported_at: datetime | None
    url: str
    volume: str
    due_date: date | None = None


@dataclass(frozen=True, slots=True)
class LibraryView:
    """``floating``: where its items stay when they are returned there (network.floating)."""

    code: str
    name: str
    name_en: str
    region: str
    region_name: str
    region_name_en: str
    circulation: str
    floating: str
    branches: int
    records: int
    items: int


@dataclass(frozen=True, slots=True)
class BranchView:
    code: str
    name: str
    name_en: str
    library: str
    library_name: str
    library_name_en: str
    kind: str
    lat: float | None
    lng: float | None
    address: str
    offers_pickup: bool
    provisional: bool
    """True for a branch that an export mentioned and the network file has not described yet."""


@dataclass(frozen=True, slots=True)
class BranchDetail:
    """A branch with all that a visitor wants to know. ``hours`` hold no exception that is over; None where nobody has told any.

    ``region`` is that of its library, "" where it has none. ``metres`` are those from the reader's place as the crow flies, to 100 m; None
    where no place was told or nobody knows where the branch is.
    """

    branch: BranchView
    region: str
    region_name: str
    region_name_en: str
    telephone: str
    transport: str
    transport_en: str
    offers: tuple[str, ...]
    hours: OpeningHours | None
    open: OpenState
    metres: int | None = None
