"""The port to a search engine: what is asked, what is answered, and what every engine promises (tests/contracts holds them to it).

Engines differ in how they are run, not in what they answer: the same request gives the same set, the same order and the same counts.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

from union_catalog.search.digests import Digest
from union_catalog.search.document import IndexDocument
from union_catalog.search.nearby import Nearby
from union_catalog.search.nodes import ParsedQuery, QueryWarning
from union_catalog.search.suggesting import Suggestion, SuggestRequest

Sort = Literal["relevance", "year", "-year", "title", "popularity", "distance"]
FacetName = Literal["library", "branch", "available", "near", "language", "format", "audience", "year", "clc", "author", "subject"]

FACETS: tuple[FacetName, ...] = get_args(FacetName)
RELEVANCE_DEPTH = 10_000


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader has chosen. Values of one filter are OR, filters are AND; an empty one narrows nothing.

    ``library`` and ``branch`` are one filter: in one of these libraries or one of these branches. ``clc`` takes class numbers of any
    depth and means everything below them. ``available`` means "to be had now", and where places are chosen too (``library``, ``branch``,
    ``within``), in one of those. Years are inclusive; a record without a year is in no range. ``within`` is one of nearby.RINGS: held by
    a branch so many kilometres from the request's place. ``author`` and ``subject`` are values of those facets.
    ``work`` is a work id, only whose editions are meant.
    """

    library: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    clc: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    available: bool = False
    within: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    work: str = ""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One page of a search.

    ``sort`` "year" is oldest first, "-year" newest first; records without a year come last in both. "popularity" is by how many
    libraries hold it. "distance" is by the ring of the nearest branch that has an item to lend now, then as by relevance; without
    ``nearby`` it is by relevance. ``nearby`` are the branches around the reader's place: by relevance they part what is equally relevant;
    without them ``within`` narrows nothing and there is no facet "near". ``facets`` are those to be counted, ``classes`` the class numbers
    below the second level that "clc" counts besides. ``cursor`` is the ``next_cursor`` of the page before, given back unread. Not
    ``counted``: how many there are is not asked, which is half of the work where words are like many.
    """

    query: ParsedQuery
    filters: Filters = field(default_factory=Filters)
    sort: Sort = "relevance"
    per_page: int = 20
    cursor: str | None = None
    facets: tuple[FacetName, ...] = FACETS
    nearby: Nearby | None = None
    classes: tuple[str, ...] = ()
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; ``score`` is the whole number of scoring.py, 0 where the order is by neither relevance nor distance.

    ``key`` with the score is its place in the order (see cursor.Position). A record that belongs to no work has the work id "".
    """

    union_id: str
    work_id: str
    score: float
    key: int | str = 0


@dataclass(frozen=True, slots=True)
class WorkHits:
    """The editions of one work that a search finds: how many, and the first of them."""

    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class FacetCount:
    value: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """``total`` is exact; of a request that is not counted, the number of ``hits``. ``next_cursor`` is None at the end.

    Facet counts leave out the facet's own selection, most frequent first (years: newest first; near: by distance, all rings, each with
    what is in the nearer ones too); a chosen value is always among them. Libraries and branches leave out each other's selection as well.
    Of authors and subjects the MOST_NAMES most frequent are told. "clc" has the classes of the first two levels, those of the request's
    ``classes`` that hold anything, and the chosen ones. ``warnings`` are the parser's and the engine's: ``relevance_depth`` says that the
    order by relevance or distance ends at RELEVANCE_DEPTH.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[FacetName, tuple[FacetCount, ...]]
    next_cursor: str | None
    warnings: tuple[QueryWarning, ...]


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """``location`` is a folder or an address. ``analysis_version`` is the one that the live index was begun with."""

    engine: str
    documents: int
    schema_version: int
    analysis_version: int
    location: str
    generation: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that the engine will not take, now or later. ``reason`` is the engine's own, for whoever looks into it."""

    union_id: str
    revision: int
    reason: str


class Rebuild(Protocol):
    """An index being built beside the live one. Until ``switch`` returns, searches see the old one; after it, all see the new one."""

    def add(self, documents: Iterable[IndexDocument]) -> tuple[Rejected, ...]:
        """Adds documents whose union ids were not added before; memory stays bounded however many. Answers those it will not take."""

    def apply(self, upserts: Sequence[IndexDocument], deletes: Sequence[tuple[str, int]]) -> tuple[Rejected, ...]:
        """Catches up with changes made since the rebuild began, under the rules of ``SearchEngine.apply``."""

    def switch(self) -> None:
        """Puts the new index in the place of the live one, atomically, and removes the old one."""

    def abandon(self) -> None:
        """Throws the new index away; the live one was never touched. After ``switch`` it does nothing."""


class SearchEngine(Protocol):
    """One union index. Every method raises SearchUnavailable where the index cannot be used; its code says why.

    ``exclusive`` says that one process at a time may write, and that none may while the index is rebuilt by another.
    """

    @property
    def exclusive(self) -> bool: ...

    def search(self, request: SearchRequest) -> SearchPage:
        """Answers one page from the newest committed state. Raises InvalidInput("cursor", …) for a cursor not of this request."""

    def suggest(self, request: SuggestRequest) -> tuple[Suggestion, ...]:
        """Answers what may be meant by what was typed so far, the best first; nothing for what is empty or only signs."""

    def editions(self, request: SearchRequest, work_ids: Sequence[str], most: int) -> Mapping[str, WorkHits]:
        """Of each of these works what the request finds, in its order, at most ``most``. A work of which it finds nothing is left out.

        The request's cursor and facets mean nothing here.
        """

    def apply(self, upserts: Sequence[IndexDocument], deletes: Sequence[tuple[str, int]]) -> tuple[Rejected, ...]:
        """Writes one batch; when it returns, the batch is durable and every later search sees it. Answers what it will never take.

        The highest revision of a union id wins, whatever the order of batches, deletes included: an upsert below the revision of an
        earlier delete changes nothing. An equal revision is applied again (a message may be delivered twice).
        """

    def digests(self) -> Mapping[int, Digest]:
        """Of every document by bucket (see digests.py), made where the documents are; buckets without any are left out."""

    def revisions(self, buckets: Collection[int] | None = None) -> Iterator[tuple[str, int]]:
        """(union_id, revision) of every document, ordered by union_id (code points), in bounded memory; or of these buckets alone."""

    def status(self) -> EngineStatus:
        """What lies in the index now."""

    def create(self) -> bool:
        """Makes an empty index where there is none; False where there was one already."""

    def start_rebuild(self) -> Rebuild:
        """Begins a rebuild and removes what a killed one left behind. Raises Busy while another one runs."""

    def close(self) -> None:
        """Gives back what the engine holds, the writer's lock included. A closed engine opens again when it is used."""
