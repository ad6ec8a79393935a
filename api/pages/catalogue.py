"""What the pages ask of the catalogue."""

from typing import Protocol

from api.pages.asking import SearchRequest
from api.pages.reason_views import ReasonsView
from api.pages.views import (
    BranchView,
    CoverView,
    Found,
    LibraryView,
    RecordView,
    ResultRow,
)
from union_catalog.services.searching.asked import Place


class Catalogue(Protocol):
    """Answers in the language of the request. Every method may raise SearchUnavailable or StorageUnavailable."""

    def search(self, request: SearchRequest) -> Found:
        """One page of ``asking.PER_PAGE`` titles with all facets; chosen values are among them, also with the count 0."""

    def count(self, request: SearchRequest) -> int:
        """How many titles the same conditions find."""

    def record(self, union_id: str, near: Place | str | None) -> RecordView:
        """The edition with every library's items, live, the library with most available items first.

        Its row tells the branch nearest to ``near`` that can lend it, where one is in reach.

        Raises NotFound, Redirected (with ``target``) or Gone (with ``title`` where it is known).
        """

    def row(self, union_id: str) -> ResultRow:
        """What a list says of it. Raises as :meth:`record` does."""

    def reasons(self, union_id: str) -> ReasonsView:
        """Why its records are one and what was kept apart. Raises as :meth:`record` does."""

    def cover(self, union_id: str) -> CoverView:
        """The inputs of the drawing. Raises as :meth:`record` does."""

    def libraries(self) -> tuple[LibraryView, ...]:
        """The members by region and code."""

    def branches(self) -> tuple[BranchView, ...]:
        """All places, by library and then by kind and name."""

    def recent(self) -> tuple[ResultRow, ...]:
        """At most eight editions that came into the catalogue last and can be had now, newest first."""
