"""Every answer of the JSON API: what is encoded is what is documented, for both are made of these structs."""

from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from api.schemas.circulation import HindranceAnswer, ItemKey
from union_catalog.bibliographic.record import Format
from union_catalog.matching.work_relations import WorkRelation
from union_catalog.search.engine import FACETS
from union_catalog.services.views import ITEM_STATUSES

REFERENCE = "#/components/schemas/{name}"


class Answerer(msgspec.Struct, frozen=True):
    """Who answered: today only "union", the index of all libraries; live targets will stand beside it."""

    name: str
    state: Literal["answered", "pending", "failed"]


class LibraryHolding(msgspec.Struct, frozen=True):
    """One library's items of an edition. Those that are read online are in neither count."""

    code: str
    name: str
    items: Annotated[int, Meta(description="Items held, withdrawn ones left out.")]
    available: Annotated[int, Meta(description="How many of them can be borrowed now.")]


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """One edition in a list."""

    union_id: Annotated[str, Meta(description="Opaque; may redirect to another id later, never means another edition.")]
    work_id: Annotated[str, Meta(description="Editions of one work share it; opaque.")]
    title: Annotated[str, Meta(description="Title proper, plain.")]
    remainder: Annotated[str, Meta(description="Other title information (副题名).")]
    volume: str
    responsibility: str
    edition: str
    publisher: str
    year: int | None
    extent: str
    format: Annotated[str, Meta(description="Format or carrier.", extra_json_schema={"enum": list(get_args(Format))})]
    language: Annotated[str, Meta(description="ISO 639-2/B.")]
    clc: Annotated[str, Meta(description="Number of the Chinese Library Classification.")]
    isbn: Annotated[tuple[str, ...], Meta(description="13 digits without hyphens.")]
    origin: tuple[Answerer, ...]
    libraries: tuple[LibraryHolding, ...]
    online: Annotated[int, Meta(description="Copies read or listened to online.")]


class OtherEditionAnswer(Edition, frozen=True, kw_only=True):
    """Another record of the work, and what it is to the one that was asked for."""

    relation: Annotated[
        str,
        Meta(
            description="Another edition, volume, the whole set, a text in another language or by another translator, another carrier.",
            extra_json_schema={"enum": list(get_args(WorkRelation))},
        ),
    ]
    relation_label: Annotated[str, Meta(description="In the language of the request.")]


class NearestAnswer(msgspec.Struct, frozen=True):
    """The nearest branch that has an item to lend now, as the crow flies."""

    code: str
    name: str
    metres: Annotated[int, Meta(description="To 100 m.")]


class EditionsAnswer(msgspec.Struct, frozen=True):
    """The editions of one work that a search finds."""

    total: Annotated[int, Meta(description="How many it finds.")]
    items: Annotated[tuple[Edition, ...], Meta(description="The first of them in the order of the search, the result itself leading.")]


class FoundEdition(Edition, frozen=True, kw_only=True):
    """One edition in the answer to a search."""

    editions: Annotated[EditionsAnswer | None, Meta(description="What stands inside the result with `group=work`; null without.")]

    why: Annotated[
        tuple[str, ...],
        Meta(description="Why it stands where it stands, in sentences, the weightiest first; empty unless `explain` asks for it."),
    ]

    nearest: Annotated[
        NearestAnswer | None,
        Meta(
            description="Where it can be had nearest to the place told, of the chosen libraries and branches where any are chosen; null "
            "without a place, and where none of them within 50 km can lend it."
        ),
    ]


class FacetValue(msgspec.Struct, frozen=True):
    """``count`` leaves out the facet's own selection; a selected value is always listed."""

    value: Annotated[str, Meta(description="What the parameter of the same name takes; of `near` what `within` takes.")]
    label: Annotated[str, Meta(description="The value in the language of the request.")]
    count: int
    selected: bool
    parent: Annotated[str | None, Meta(description="The value it is below: of a branch its library, of a class the one above it.")]


class Warned(msgspec.Struct, frozen=True):
    """Something in the query was read otherwise than it was written; the search was made all the same."""

    code: str
    part: Annotated[str, Meta(description='The piece of the query meant, "" for the whole.')]
    message: str


class CorrectedAnswer(msgspec.Struct, frozen=True):
    """The query that was answered in the place of the one that was typed, which found little; `exact=true` asks for that one."""

    query: Annotated[str, Meta(description="In the query language; what is in `items` is what it finds.")]
    exact_total: Annotated[int, Meta(description="How many records the typed query finds.")]


class OfferedAnswer(msgspec.Struct, frozen=True):
    """A query that may have been meant by one that finds next to nothing. It was not answered: ask for it."""

    query: Annotated[str, Meta(description="In the query language.")]
    total: Annotated[int, Meta(description="How many records it finds, with the same filters.")]


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One page of results."""

    total: Annotated[int, Meta(description="Exact.")]
    items: tuple[FoundEdition, ...]
    facets: Annotated[
        dict[str, tuple[FacetValue, ...]],
        Meta(description=f"{', '.join(FACETS)} → values; `near` only where a place is told."),
    ]
    next_cursor: Annotated[str | None, Meta(description="Give it back as `cursor` for the next page; null at the end.")]
    warnings: tuple[Warned, ...]
    corrected: Annotated[CorrectedAnswer | None, Meta(description="null where the query was answered as it was typed.")]
    did_you_mean: Annotated[
        OfferedAnswer | None,
        Meta(
            description="Only where the query finds 1 to 3 records and another ten times as many; or none, and some are found by the title "
            "without its volume, or by what could be read of the query."
        ),
    ]
    targets: Annotated[tuple[Answerer, ...], Meta(description="Who was asked.")]


class SourceRecordAnswer(msgspec.Struct, frozen=True):
    """A member library's record behind a union record."""

    key: Annotated[str, Meta(description="LIBRARY:record_id, as it stands in `provenance`.")]
    library: str
    record_id: str
    version: Annotated[str, Meta(description='The member\'s own version, "" where it gives none.')]
    received_at: Annotated[str, Meta(description="UTC, ISO 8601 with microseconds.")]


class RecordAnswer(Edition, frozen=True, kw_only=True):
    """A union record: the merged description and where each field of it came from."""

    revision: Annotated[int, Meta(description="Rises with every change; never runs backward.")]
    updated_at: Annotated[str, Meta(description="UTC, ISO 8601 with microseconds.")]
    record: Annotated[
        dict[str, Any],
        Meta(
            description="The merged fields. All are told; of each value in them, what is not empty.",
            extra_json_schema={"$ref": REFERENCE.format(name="BibliographicRecord")},
        ),
    ]
    provenance: Annotated[
        dict[str, tuple[str, ...]],
        Meta(description="Field of `record` → keys of the source records it is from."),
    ]
    corrected: Annotated[
        dict[str, tuple[str, ...]],
        Meta(description="Field of `record` → keys of the source records in which a cataloguer wrote over it; see `/corrections`."),
    ]
    source_records: tuple[SourceRecordAnswer, ...]
    other_editions: tuple[OtherEditionAnswer, ...]


class ItemAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One item as the database knows it at this moment."""

    id: Annotated[str, Meta(description="Opaque.")]
    library: str
    library_name: str
    barcode: Annotated[str, Meta(description='"" for an item read online.')]
    branch: str
    branch_name: str
    call_number: str
    volume: str
    status: Annotated[
        str,
        Meta(description="A fixed list; see the glossary.", extra_json_schema={"enum": list(ITEM_STATUSES)}),
    ]
    status_label: Annotated[str, Meta(description="The status in the language of the request.")]
    lending: Annotated[str, Meta(description="loan, library_use or online.")]
    item_type: str
    reported_at: Annotated[str | None, Meta(description="When the library told of this item; null where it did not say.")]
    due_date: Annotated[str | None, Meta(description="Of an item on loan; ISO 8601.")]
    url: str


class ItemsAnswer(msgspec.Struct, frozen=True):
    """All items of a union record, in all libraries, withdrawn ones left out."""

    items: tuple[ItemAnswer, ...]


class Fault(msgspec.Struct, frozen=True):
    """One thing wrong with a request. ``place`` is query, path, header or body."""

    place: str = msgspec.field(name="in")
    name: str = ""
    message: str = ""


class ProblemAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error by RFC 9457 (application/problem+json)."""

    type: Annotated[str, Meta(description="about:blank: `status` and `code` tell the kind.")]
    title: str
    status: int
    detail: Annotated[str, Meta(description="What happened and what to do, in the language of the request.")]
    code: Annotated[str, Meta(description="Stable; programs decide by it.")]
    errors: tuple[Fault, ...]
    request_id: Annotated[str, Meta(description="Tell it when you ask for help.")]
    chain: Annotated[
        tuple[str, ...],
        Meta(description="Of verdicts that contradict: those in force that stand against it, from record to record (= same, ≠ different)."),
    ] = ()
    id: Annotated[str, Meta(description="The reader of whom it speaks: of `patron_exists` the one who is enrolled already.")] = ""
    target: Annotated[str, Meta(description="Where it has gone: of `patron_merged` the record to be used.")] = ""
    until: Annotated[str, Meta(description="Of `pin_locked`: until when nothing is tried.")] = ""
    candidates: Annotated[
        tuple[str | ItemKey, ...],
        Meta(description="Of `possible_duplicate`: the records that may be the same person's; of `ambiguous_item`: the items it may be."),
    ] = ()
    loans: Annotated[tuple[str, ...], Meta(description="Of `erasure_refused`: the loans that are open.")] = ()
    holds: Annotated[tuple[str, ...], Meta(description="Of `erasure_refused`: the holds that are open.")] = ()
    wards: Annotated[tuple[str, ...], Meta(description="Of `erasure_refused`: the children for whom the reader stands.")] = ()
    owed_fen: Annotated[int, Meta(description="Of `erasure_refused`: what is owed.")] = 0
    deposit_fen: Annotated[int, Meta(description="Of `erasure_refused`: the deposit that was not given back.")] = 0
    issuers: Annotated[tuple[str, ...], Meta(description="Of `ambiguous_card`: the libraries that have issued the number.")] = ()
    libraries: Annotated[tuple[str, ...], Meta(description="Of `ambiguous_item`: the libraries that have the barcode.")] = ()
    case: Annotated[str, Meta(description="Number of the case of a refused action, as docs/circulation.md lists them.")] = ""
    instruction: Annotated[str, Meta(description="Of a refused action: what to do with the item.")] = ""
    blocks: Annotated[tuple[HindranceAnswer, ...], Meta(description="Of `blocked`: everything that stands in the way.")] = ()
